#include "server/rehearse/peak.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/time.hpp"

namespace dockline::server::rehearse {

using base::Fault;

base::Result<Peak> find_peak(std::vector<Arrival> arrivals, std::optional<std::int64_t> from_ms,
                             std::optional<std::int64_t> to_ms) {
  std::ranges::sort(arrivals, {}, [](const Arrival& a) { return std::pair(a.at_ms, a.ord); });
  if (arrivals.empty()) {
    return base::fail(Fault::reject,
                      "the log holds no order, so it has no peak. Rehearse when some have come in");
  }
  Peak peak;
  if (from_ms || to_ms) {
    peak.from_ms = from_ms.value_or(arrivals.front().at_ms);
    peak.to_ms = to_ms.value_or(peak.from_ms + kPeakMs);
    if (peak.to_ms <= peak.from_ms) {
      return base::fail(Fault::reject, "--to must be later than --from");
    }
  } else {
    std::size_t first = 0, most = 0;
    for (std::size_t last = 0; last < arrivals.size(); ++last) {
      while (arrivals[last].at_ms - arrivals[first].at_ms >= kPeakMs) ++first;
      if (last - first + 1 < most) continue;
      most = last - first + 1;
      peak.from_ms = arrivals[first].at_ms;
    }
    peak.to_ms = peak.from_ms + kPeakMs;
  }
  for (const auto& one : arrivals) {
    if (one.at_ms >= peak.from_ms && one.at_ms < peak.to_ms) peak.arrivals.push_back(one);
  }
  if (static_cast<std::int64_t>(peak.arrivals.size()) < kPeakOrdersMin) {
    return base::fail(Fault::reject,
                      std::to_string(peak.arrivals.size()) + " orders came from " +
                          base::to_rfc3339(peak.from_ms) + " to " + base::to_rfc3339(peak.to_ms) +
                          ": too few for a rate. Choose another stretch with --from and --to");
  }
  return peak;
}

base::Result<std::vector<Coming>> at_factor(const Peak& peak, std::int64_t factor) {
  const auto orders = static_cast<std::int64_t>(peak.arrivals.size()) * factor;
  if (orders > kRehearsedOrdersMax) {
    return base::fail(Fault::reject,
                      std::to_string(orders) + " orders are too many for one rehearsal (at most " +
                          std::to_string(kRehearsedOrdersMax) +
                          "). Choose a shorter stretch with --from and --to, or a smaller factor");
  }
  std::vector<Coming> out;
  out.reserve(static_cast<std::size_t>(orders));
  for (std::size_t i = 0; i < peak.arrivals.size(); ++i) {
    const auto at = peak.arrivals[i].at_ms - peak.from_ms;
    const auto next = i + 1 < peak.arrivals.size() ? peak.arrivals[i + 1].at_ms - peak.from_ms
                                                   : peak.to_ms - peak.from_ms;
    for (std::int64_t copy = 0; copy < factor; ++copy) {
      out.push_back({at + (next - at) * copy / factor, peak.arrivals[i].ord, copy});
    }
  }
  return out;
}

}  // namespace dockline::server::rehearse
