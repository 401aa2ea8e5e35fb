// Facts made by the server about leases that a person or a restore decides about (events.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

// ---------------------------------------------------------------- log: leases and boxes
// PROTOCOL.md sections 9 and 11.
struct StationRef {
  std::string site, station;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("station", s.station);
  }
};

// The server found itself restored: no grants until every station named has answered the census or
// was written off.
struct RestoreBegun {
  static constexpr std::string_view kType = "dockline.restore.begun.v1";
  std::string census;
  std::int64_t generation = 0;
  std::string reason;  // command, boot, fork
  std::string detail;
  std::vector<StationRef> stations;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("census", s.census);
    v("generation", s.generation);
    v("reason", s.reason);
    v("detail", s.detail);
    v("stations", s.stations);
  }
};

struct RestoreEnded {
  static constexpr std::string_view kType = "dockline.restore.ended.v1";
  std::string census;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("census", s.census);
  }
};

// A person says that a station will not answer: its leases are free, whatever it still does under
// them is fenced.
struct StationWrittenOff {
  static constexpr std::string_view kType = "dockline.station.written.off.v1";
  std::string site, station;
  std::optional<std::string> census;  // absent: not in a restore
  std::string reason;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("station", s.station);
    v("census", s.census);
    v("reason", s.reason);
    v("by", s.by);
  }
};

// The lost future of a restored server: a lease that a station holds, taken into the books.
struct AdoptedLine {
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

struct LeaseAdopted {
  static constexpr std::string_view kType = "dockline.lease.adopted.v1";
  std::string order;
  domain::LeaseRef work;
  std::string site, station, holder;
  domain::ShippingLabel label;
  std::vector<AdoptedLine> lines;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("site", s.site);
    v("station", s.station);
    v("holder", s.holder);
    v("label", s.label);
    v("lines", s.lines);
  }
};

// A box that was closed under a lease not in force counts for its order after all: a person said
// so, or it belongs to the lost future of a restored server.
struct PackAccepted {
  static constexpr std::string_view kType = "dockline.pack.accepted.v1";
  std::string order;
  domain::LeaseRef work;
  std::string box;  // id of the pack.closed fact
  std::string reason;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("box", s.box);
    v("reason", s.reason);
    v("by", s.by);
  }
};

// A person opened a closed box and put pieces of it back on the shelf.
struct PackPutBack {
  static constexpr std::string_view kType = "dockline.pack.put.back.v1";
  std::string order;
  std::string box;    // id of the pack.closed fact of a fenced box; else empty
  std::string lease;  // of the box
  std::string site;
  std::string exception;  // kind that asked for it
  std::string by;
  std::vector<AdoptedLine> lines;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("box", s.box);
    v("lease", s.lease);
    v("site", s.site);
    v("exception", s.exception);
    v("by", s.by);
    v("lines", s.lines);
  }
};

}  // namespace dockline::wire
