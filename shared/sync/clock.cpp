#include "shared/sync/clock.hpp"

#include <algorithm>
#include <cstdlib>

#include "shared/base/limits.hpp"

namespace dockline::sync {
namespace {
constexpr std::int64_t kDriftMs = 200;  // two sound clocks part by less while 16 samples are taken
}  // namespace

void ClockSamples::add(std::int64_t t1, std::int64_t t2, std::int64_t t3, std::int64_t t4) {
  const std::int64_t rtt = (t4 - t1) - (t3 - t2);
  if (t1 <= 0 || t2 <= 0 || t3 < t2 || rtt < 0) return;
  const ClockOffset fresh{((t2 - t1) + (t3 - t4)) / 2, (rtt + 1) / 2};
  // Two samples that cannot both be true: a clock was set in between. The old ones say nothing now.
  if (const auto known = best(); known && std::abs(fresh.offset_ms - known->offset_ms) >
                                              fresh.error_ms + known->error_ms + kDriftMs) {
    count_ = 0;
  }
  samples_[count_ % samples_.size()] = fresh;
  ++count_;
}

std::optional<ClockOffset> ClockSamples::best() const {
  if (count_ == 0) return std::nullopt;
  const auto end = samples_.begin() +
                   static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(count_, samples_.size()));
  return *std::min_element(samples_.begin(), end,
                           [](const auto& a, const auto& b) { return a.error_ms < b.error_ms; });
}

std::uint64_t HybridClock::tick(std::int64_t wall_ms) {
  const auto own = static_cast<std::uint64_t>(std::max<std::int64_t>(wall_ms, 0)) << 16;
  // Our own clock was that far ahead and has been set right: what others would not follow, we do
  // not keep either, or every fact would show the wrong year for years.
  if (static_cast<std::int64_t>(last_ >> 16) > wall_ms + base::limits::kClockFollowMaxMs) last_ = 0;
  last_ = std::max(own, last_ + 1);
  return last_;
}

bool HybridClock::hear(std::uint64_t heard, std::int64_t wall_ms) {
  if (static_cast<std::int64_t>(heard >> 16) > wall_ms + base::limits::kClockFollowMaxMs)
    return false;
  last_ = std::max(last_, heard);
  return true;
}

}  // namespace dockline::sync
