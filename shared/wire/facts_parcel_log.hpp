// Facts made by the server about parcels after their boxes were closed: handed over to the carrier,
// delivered, back again (events.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

// The carrier's driver took the box: it is the house's no more.
struct ParcelHandedOver {
  static constexpr std::string_view kType = "dockline.parcel.handed.over.v1";
  std::string order;
  std::string box;  // the lease under which it was closed
  std::string site, carrier, tracking;
  std::int64_t handed_ms = 0;  // when it was taken, by whoever saw it
  std::string manifest;        // the collection it went with; empty: none was named
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("box", s.box);
    v("site", s.site);
    v("carrier", s.carrier);
    v("tracking", s.tracking);
    v("handed_ms", s.handed_ms);
    v("manifest", s.manifest);
    v("by", s.by);
  }
};

// It stands at its site after all, closed: left behind, refused by the driver, recorded by mistake.
struct ParcelTakenBack {
  static constexpr std::string_view kType = "dockline.parcel.taken.back.v1";
  std::string order, box, tracking;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("box", s.box);
    v("tracking", s.tracking);
    v("why", s.why);
    v("by", s.by);
  }
};

// The carrier says that the buyer has it.
struct ParcelDelivered {
  static constexpr std::string_view kType = "dockline.parcel.delivered.v1";
  std::string order, box, tracking;
  std::int64_t delivered_ms = 0;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("box", s.box);
    v("tracking", s.tracking);
    v("delivered_ms", s.delivered_ms);
    v("by", s.by);
  }
};

struct ReturnedLine {
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  std::string to;  // kind of place by what was found: "shelf", "quarantine", "damaged"
  std::optional<domain::Lot> lot = std::nullopt;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("to", s.to);
    v("lot", s.lot);
  }
};

// Pieces came back and were looked at: from now on they lie at the site again.
struct OrderReturned {
  static constexpr std::string_view kType = "dockline.order.returned.v1";
  std::string order;
  std::string site;
  std::vector<ReturnedLine> lines;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("site", s.site);
    v("lines", s.lines);
    v("why", s.why);
    v("by", s.by);
  }
};

}  // namespace dockline::wire
