#include "server/orders/deadlines.hpp"

#include <algorithm>
#include <iterator>

namespace dockline::server::orders {
namespace {

using base::Fault;

constexpr std::int64_t kStepMsMax = std::int64_t{365} * 86'400'000;  // of one step
constexpr std::int64_t kAheadMax = 10'000'000;
constexpr std::size_t kStepsMax = 32;

base::Status check(const Step& step) {
  const bool fits = step.takes_ms >= 0 && step.takes_ms <= kStepMsMax && step.ahead >= 0 &&
                    step.ahead <= kAheadMax && step.each_ms >= 0 && step.each_ms <= kStepMsMax &&
                    std::is_sorted(step.collections_ms.begin(), step.collections_ms.end());
  if (fits) return {};
  return base::fail(Fault::reject, "step " + step.name +
                                       ": times and orders ahead are not within "
                                       "bounds");
}

// Waiting for those ahead and the work itself, at most a year.
std::int64_t span(const Step& step) {
  const auto queue = step.each_ms == 0 || step.ahead <= kStepMsMax / step.each_ms
                         ? step.ahead * step.each_ms
                         : kStepMsMax;
  return std::min(kStepMsMax, queue + step.takes_ms);
}

std::int64_t collected(const Step& step, std::int64_t ready_ms) {
  const auto& all = step.collections_ms;
  if (all.empty()) return ready_ms;
  const auto next = std::lower_bound(all.begin(), all.end(), ready_ms);
  return next == all.end() ? ready_ms + kStepMsMax : *next;
}

}  // namespace

std::string_view name(Outlook outlook) {
  switch (outlook) {
    case Outlook::on_time:
      return "on_time";
    case Outlook::at_risk:
      return "at_risk";
    case Outlook::late:
      return "late";
  }
  return "";
}

base::Result<Forecast> forecast(std::span<const Step> left, std::int64_t promised_ms,
                                std::int64_t margin_ms, std::int64_t now_ms) {
  if (left.size() > kStepsMax) return base::fail(Fault::reject, "too many steps");
  Forecast out;
  std::int64_t at = now_ms, worst = -1;
  for (const auto& step : left) {
    if (auto ok = check(step); !ok) return base::pass(ok.error());
    const auto began = at;
    at += span(step);
    at = collected(step, at);
    out.steps.push_back({.name = step.name, .deadline_ms = 0, .predicted_ms = at});
    if (at - began > worst) {
      worst = at - began;
      out.worst = step.name;
    }
  }
  // Back from the promise: a step must leave those after it their own time, without any queue.
  auto deadline = promised_ms;
  for (std::size_t i = left.size(); i > 0; --i) {
    const auto& collections = left[i - 1].collections_ms;
    const auto after = std::upper_bound(collections.begin(), collections.end(), deadline);
    if (after != collections.begin()) deadline = *std::prev(after);
    out.steps[i - 1].deadline_ms = deadline;
    deadline -= left[i - 1].takes_ms;
  }
  out.slack_ms = promised_ms - at;
  out.outlook = out.slack_ms < 0           ? Outlook::late
                : out.slack_ms < margin_ms ? Outlook::at_risk
                                           : Outlook::on_time;
  return out;
}

}  // namespace dockline::server::orders
