// Facts that the server sends to stations, and a station's answer that quotes them (events.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

// ---------------------------------------------------------------- down: what the server promised
struct LeaseGranted {
  static constexpr std::string_view kType = "dockline.lease.granted.v1";
  std::string order;  // order id, unique over channels: "vendure:ABC123"
  domain::LeaseRef work;
  std::string number;  // what people and barcodes say: "ABC123"
  std::string channel;
  domain::Address ship_to;
  std::vector<domain::WorkLine> lines;
  domain::ShippingLabel label;
  std::optional<std::int64_t> due_ms;      // carrier leaves, wall clock
  std::optional<std::string> tote;         // barcode of the tote that holds the pieces
  std::optional<std::string> holder;       // up incarnation it is granted to; absent: any
  std::optional<std::string> external_id;  // the channel's id of the order
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("number", s.number);
    v("channel", s.channel);
    v("ship_to", s.ship_to);
    v("lines", s.lines);
    v("label", s.label);
    v("due_ms", s.due_ms);
    v("tote", s.tote);
    v("holder", s.holder);
    v("external_id", s.external_id);
  }
};

struct LeaseRevoked {
  static constexpr std::string_view kType = "dockline.lease.revoked.v1";
  std::string order;
  domain::LeaseRef work;
  std::string reason;              // cancelled, moved, done, forced
  std::optional<std::string> why;  // forced: what the person said
  std::optional<std::string> by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("reason", s.reason);
    v("why", s.why);
    v("by", s.by);
  }
};

// Asks a station which leases it holds; answered by lease.held. Those granted after `epoch` are
// told with their whole grant: the server has forgotten them.
struct LeaseCensus {
  static constexpr std::string_view kType = "dockline.lease.census.v1";
  std::string census;  // id
  std::int64_t generation = 0;
  std::int64_t epoch = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("census", s.census);
    v("generation", s.generation);
    v("epoch", s.epoch);
  }
};

// Asks for one bucket of a station's mirror; answered by sync.listing.
struct SyncQuery {
  static constexpr std::string_view kType = "dockline.sync.query.v1";
  std::string query;  // id
  std::int64_t bucket = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("query", s.query);
    v("bucket", s.bucket);
  }
};

// Down and log: one line of a mirror was found different; `change` pieces are added to it on one
// side. Never an overwrite: what happened meanwhile stays in.
struct SyncCorrected {
  static constexpr std::string_view kType = "dockline.sync.corrected.v1";
  std::string query;
  std::string site, station;
  std::string side;  // server, station
  std::string sku;
  std::string place;
  Quantity change = 0;
  Quantity believed = 0;  // what the server's books come to
  std::string why;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("query", s.query);
    v("site", s.site);
    v("station", s.station);
    v("side", s.side);
    v("sku", s.sku);
    v("place", s.place);
    v("change", s.change);
    v("believed", s.believed);
    v("why", s.why);
  }
};

// Item master and bin for one site, so that a station recognises any barcode offline.
struct CatalogueItem {
  static constexpr std::string_view kType = "dockline.catalogue.item.v1";
  domain::Item item;
  std::optional<std::string> bin;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("item", s.item);
    v("bin", s.bin);
  }
};

// ---------------------------------------------------------------- up: answers
struct HeldLease {
  std::string order;
  domain::LeaseRef work;
  std::string state;  // open, held (in a box), done, revoked
  std::optional<LeaseGranted> grant;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("state", s.state);
    v("grant", s.grant);
  }
};

// Up: what a station holds. The first fact of each incarnation (reason start or fork), where it
// also says that the station's mirror begins anew; and the answer to a census.
struct LeaseHeld {
  static constexpr std::string_view kType = "dockline.lease.held.v1";
  std::optional<std::string> census;
  std::string reason;   // start, fork, census, differs
  std::string process;  // boot.nonce of the process that made the incarnation, or answers
  std::string down_inc;
  std::int64_t down = 0;  // down facts through here are taken into account
  std::int64_t part = 1, parts = 1;
  std::vector<HeldLease> held;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("census", s.census);
    v("reason", s.reason);
    v("process", s.process);
    v("down_inc", s.down_inc);
    v("down", s.down);
    v("part", s.part);
    v("parts", s.parts);
    v("held", s.held);
  }
};

}  // namespace dockline::wire
