#include "server/routing/hours.hpp"

#include <algorithm>

#include "shared/base/plant.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 86'400'000, kSecondMs = 1'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::int64_t offset_ms(const Hours& hours, std::int64_t utc_ms) {
  if (hours.offsets.empty() || PLANT("cut-off-in-utc")) return 0;
  auto after = std::upper_bound(hours.offsets.begin(), hours.offsets.end(), utc_ms,
                                [](std::int64_t t, const Offset& o) { return t < o.from_ms; });
  return (after == hours.offsets.begin() ? *after : *std::prev(after)).seconds * kSecondMs;
}

// The first instant at which the clock on the wall shows this; of a skipped time the instant it
// would have been without the skip.
std::int64_t utc_of(const Hours& hours, std::int64_t local_ms) {
  std::int64_t skipped = local_ms - offset_ms(hours, local_ms - kDayMs);
  for (const std::int64_t around : {local_ms - kDayMs, local_ms, local_ms + kDayMs}) {
    const std::int64_t utc = local_ms - offset_ms(hours, around);
    if (utc + offset_ms(hours, utc) == local_ms) return utc;
  }
  return skipped;
}

}  // namespace

std::vector<Window> windows_of(const Hours& hours, std::int64_t now_ms, std::int64_t days) {
  const std::int64_t today = floor_div(now_ms + offset_ms(hours, now_ms), kDayMs);
  std::vector<Window> windows;
  for (std::int64_t date = today; date < today + days; ++date) {
    if (std::binary_search(hours.closed.begin(), hours.closed.end(), date)) continue;
    // 1970-01-01 was a Thursday.
    const std::int64_t weekday = date + 3 - 7 * floor_div(date + 3, 7);
    const Day& day = hours.week[static_cast<std::size_t>(weekday)];
    if (day.cut_off <= day.opens) continue;
    windows.push_back({utc_of(hours, date * kDayMs + day.opens * kMinuteMs),
                       utc_of(hours, date * kDayMs + day.cut_off * kMinuteMs)});
  }
  return windows;
}

}  // namespace dockline::server::routing
