// Which order comes first, what may be promised without stock, and when a step becomes late. Pure;
// wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/orders/units.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::orders {

struct Rank {
  std::string order;
  bool vip = false;
  std::optional<std::int64_t> promised_ms;
  std::int64_t placed_ms = 0;
};
// VIP first, then the earlier promise (none counts as last), then the earlier order, then by name:
// a strict order, the same everywhere.
[[nodiscard]] bool goes_before(const Rank& a, const Rank& b);

// How many pieces may be sold that are not there.
struct Waiting {
  Quantity most = 0;             // backorders outstanding of the SKU, at most
  bool preorder = false;         // it may be bought before it is released
  std::int64_t released_ms = 0;  // from when on it can be shipped; 0: it always could
  Quantity preorder_most = 0;    // preorders outstanding, at most
};
struct Admission {
  Quantity now = 0;          // from stock
  Quantity backordered = 0;  // waits for stock
  Quantity preordered = 0;   // waits for its release
  Quantity refused = 0;      // a person must tell the buyer; the four sum to the quantity
  std::string why;           // of what is refused
};
// `available`: what may be promised of the SKU now, below zero counts as none. `outstanding`: of
// its backorders or, before the release, preorders. Before the release nothing is taken from stock.
// Fault::reject: quantity below 1, a negative limit or count.
[[nodiscard]] base::Result<Admission> admit(Quantity quantity, Quantity available,
                                            Quantity outstanding, const Waiting& waiting,
                                            std::int64_t now_ms);

// The way of an order: what each step still takes and how many wait before it.
struct Step {
  std::string name;           // "route", "pick", "pack", "hand over", ...
  std::int64_t takes_ms = 0;  // for one order, once it is its turn
  std::int64_t ahead = 0;     // orders that go first at this step
  std::int64_t each_ms = 0;   // between two of them, as of late
  // The carrier's collections, ascending: the step ends with the first one it reaches. Empty: it
  // ends when it is done.
  std::vector<std::int64_t> collections_ms;
};
struct StepTime {
  std::string name;
  std::int64_t deadline_ms = 0;   // done by then, or the promise breaks
  std::int64_t predicted_ms = 0;  // done by then, as things are
};
enum class Outlook { on_time, at_risk, late };
[[nodiscard]] std::string_view name(Outlook outlook);
struct Forecast {
  Outlook outlook = Outlook::on_time;
  std::int64_t slack_ms = 0;  // between prediction and promise; below zero: late by so much
  std::vector<StepTime> steps;
  std::string worst;  // the step that costs most time; empty without steps
};
// Deadlines are counted back from the promise, predictions forward from now, both with the
// collections between; after the last known one nothing leaves for a year. At risk: the slack is
// below `margin_ms`. Fault::reject: a negative time or count.
[[nodiscard]] base::Result<Forecast> forecast(std::span<const Step> left, std::int64_t promised_ms,
                                              std::int64_t margin_ms, std::int64_t now_ms);

}  // namespace dockline::server::orders
