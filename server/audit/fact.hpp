// What the audit reads of one fact: its own, flat view of the JSON, not that of shared/wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dockline::server::audit {

struct FactLot {
  std::string lot, serial;
  std::int64_t expires_ms = 0, pieces = 0;
};
struct FactOwn {
  std::string lot, serial, ownership, owner;
  std::int64_t expires_ms = 0;
};
struct FactLine {
  std::int64_t line = 0, quantity = 0, packed = 0;
  std::string sku, site, to;
  FactOwn own{};  // its lot, of a line that came back
  bool has_own = false;
  std::vector<FactLot> lots;  // of a box: what was scanned of them
};

struct Fact {
  bool readable = false;
  std::string id, type, source, subject, correlation, inc;
  std::int64_t seq = 0;
  // Members of `data`; empty or zero when absent.
  std::string order, lease, site, station, reason, sku, from, to, kind, outcome, about, channel,
      number, tracking, sscc, exception, listing, location, holder, box, field, what, delivery,
      supplier, transfer, from_site, to_site, task, purchase, action, lot, serial, ownership, owner,
      bin, from_bin, to_bin;
  bool has_lines = false, has_address = false, corrected = false, has_lot = false;
  std::int64_t expires_ms = 0, time_ms = 0;  // of its lot; of the fact, by the log
  std::int64_t epoch = 0, quantity = 0, part = 0, damaged = 0, counted = 0;
  // When it was done: the origin's hybrid logical clock, or its corrected wall clock in its unit;
  // by the log at the latest when it was heard.
  std::int64_t moment = 0;
  std::int64_t heard_ms = 0;
  std::vector<FactLine> lines;        // lines of orders, boxes, cancellations
  std::vector<FactLine> allocations;  // of a routing decision
  std::vector<FactLine> parts;        // of a kit; quantity: pieces in one
  std::vector<std::string> orders;    // that go in one parcel
};

// Reuses the memory of `out`. Unreadable bytes: readable is false and the rest is empty.
void read_fact(std::string_view bytes, Fact& out);

}  // namespace dockline::server::audit
