// When each step of an order must be done, when it will be, and what is late before it happens.
// Pure; wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::server::orders {

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
