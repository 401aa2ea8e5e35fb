#include "server/routing/day.hpp"

namespace dockline::server::routing {

std::int64_t midnight_ms(const DeclaredSite& site, std::int64_t now_ms) {
  constexpr std::int64_t kDayMs = 86'400'000;
  std::int64_t offset_ms = 0;
  if (site.hours) {
    for (const auto& o : site.hours->offsets) {
      if (o.from_ms <= now_ms) offset_ms = o.seconds * 1'000;
    }
  }
  const std::int64_t local = now_ms + offset_ms;
  return local - local % kDayMs - offset_ms;
}

}  // namespace dockline::server::routing
