// What routing knows about one order and about every site that could ship it. Plain values; the
// server gathers them (server/app), nothing here reads a store or a clock. An absent value means
// "not known", never "fine": each rule says what it does then.
//
// Each type lists its fields once, in visit(): the canonical JSON (json.hpp) comes from that list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server::routing {

using Quantity = domain::Quantity;
using Minor = std::int64_t;  // money in minor units of the order's currency

struct Need {
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
  }
};

struct Goods {
  std::string sku;
  std::optional<std::int64_t> weight_g = std::nullopt;  // of one piece
  std::optional<bool> hazardous = std::nullopt;
  std::optional<bool> cold_chain = std::nullopt;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("weight_g", s.weight_g);
    v("hazardous", s.hazardous);
    v("cold_chain", s.cold_chain);
  }
};

// What one site can promise of one SKU.
struct Figure {
  std::string sku;
  Quantity atp = 0;
  std::int64_t as_of_ms = 0;  // of the newest move behind it; 0: never moved there
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("atp", s.atp);
    v("as_of_ms", s.as_of_ms);
  }
};

// One opening of a site, as instants: hours.hpp makes them from a table in the site's own zone.
struct Window {
  std::int64_t opens_ms = 0;
  std::int64_t cut_off_ms = 0;  // what is routed later leaves with the next window's carrier
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("opens_ms", s.opens_ms);
    v("cut_off_ms", s.cut_off_ms);
  }
};

// What was heard of a site's benches.
struct Alive {
  std::int64_t stations = 0;  // that work
  std::int64_t printers = 0;  // that are ready
  std::int64_t heard_ms = 0;  // when any of them was last heard
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("stations", s.stations);
    v("printers", s.printers);
    v("heard_ms", s.heard_ms);
  }
};

// What one parcel of at most this weight costs to this zone.
struct Rate {
  std::string zone;
  std::int64_t up_to_g = 0;
  Minor minor = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("zone", s.zone);
    v("up_to_g", s.up_to_g);
    v("minor", s.minor);
  }
};

struct Service {
  std::string carrier;
  std::string service;
  std::optional<std::vector<std::string>> countries = std::nullopt;  // delivered to; sorted
  std::optional<bool> hazardous = std::nullopt;                      // taken along
  std::optional<bool> cold_chain = std::nullopt;
  std::optional<std::int64_t> transit_ms = std::nullopt;             // cut-off to door
  std::optional<std::int64_t> reliability_per_mille = std::nullopt;  // delivered as said
  std::optional<std::int64_t> disruption_per_mille = std::nullopt;   // of the order's region now
  std::vector<Rate> rates = {};                                      // by zone, then weight
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("carrier", s.carrier);
    v("service", s.service);
    v("countries", s.countries);
    v("hazardous", s.hazardous);
    v("cold_chain", s.cold_chain);
    v("transit_ms", s.transit_ms);
    v("reliability_per_mille", s.reliability_per_mille);
    v("disruption_per_mille", s.disruption_per_mille);
    v("rates", s.rates);
  }
};

struct Site {
  std::string site;
  std::int64_t priority = 100;                     // the lowest number is tried first
  std::vector<Figure> figures = {};                // one per needed SKU, sorted by SKU
  std::optional<std::string> zone = std::nullopt;  // of the destination, seen from here
  std::optional<std::int64_t> distance_km = std::nullopt;
  std::optional<std::vector<Window>> windows = std::nullopt;  // from now on, in time order
  std::optional<std::int64_t> capacity_left = std::nullopt;   // orders it can still pack today
  std::optional<std::int64_t> load_per_mille = std::nullopt;  // of what it packs in a day
  std::optional<Alive> alive = std::nullopt;
  std::optional<bool> hazardous = std::nullopt;  // may handle such goods
  std::optional<bool> cold_chain = std::nullopt;
  std::optional<std::vector<std::int64_t>> services = std::nullopt;  // places in Facts::services
  std::optional<Minor> handling_parcel_minor = std::nullopt;
  std::optional<Minor> handling_piece_minor = std::nullopt;
  std::optional<std::int64_t> load_as_of_ms = std::nullopt;
  std::optional<std::string> excluded = std::nullopt;  // why it takes no part, whatever rules say
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("priority", s.priority);
    v("figures", s.figures);
    v("zone", s.zone);
    v("distance_km", s.distance_km);
    v("windows", s.windows);
    v("capacity_left", s.capacity_left);
    v("load_per_mille", s.load_per_mille);
    v("alive", s.alive);
    v("hazardous", s.hazardous);
    v("cold_chain", s.cold_chain);
    v("services", s.services);
    v("handling_parcel_minor", s.handling_parcel_minor);
    v("handling_piece_minor", s.handling_piece_minor);
    v("load_as_of_ms", s.load_as_of_ms);
    v("excluded", s.excluded);
  }
};

struct Facts {
  std::string order;
  std::vector<Need> needs;  // what is open or backordered
  std::vector<Site> sites;  // by priority, then name
  std::string again;        // why it is decided again; empty the first time
  std::int64_t now_ms = 0;
  std::string channel = {};                                                  // empty: not known
  std::optional<std::string> country = std::nullopt, region = std::nullopt;  // it goes to
  std::optional<std::int64_t> placed_ms = std::nullopt, promised_ms = std::nullopt;
  std::optional<std::int64_t> priority_class = std::nullopt;  // the lowest number comes first
  std::optional<std::string> currency = std::nullopt;
  std::optional<Minor> margin_minor = std::nullopt;  // what is left of it before shipping
  std::vector<Goods> goods = {};                     // sorted by SKU
  std::vector<Service> services = {};
  std::optional<std::string> postal_code = std::nullopt;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("needs", s.needs);
    v("sites", s.sites);
    v("again", s.again);
    v("now_ms", s.now_ms);
    v("channel", s.channel);
    v("country", s.country);
    v("region", s.region);
    v("placed_ms", s.placed_ms);
    v("promised_ms", s.promised_ms);
    v("priority_class", s.priority_class);
    v("currency", s.currency);
    v("margin_minor", s.margin_minor);
    v("goods", s.goods);
    v("services", s.services);
    v("postal_code", s.postal_code);
  }
};

}  // namespace dockline::server::routing
