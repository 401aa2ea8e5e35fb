#include "server/routing/arrivals.hpp"

namespace dockline::server::routing {

std::optional<std::int64_t> reliability_per_mille(const Arrivals& seen) {
  if (seen.parcels < kArrivalsMin) return std::nullopt;
  return seen.in_time * 1'000 / seen.parcels;
}

std::string in_words(const Arrivals& seen) {
  return std::to_string(reliability_per_mille(seen).value_or(0)) +
         " of 1000 parcels came as said, of " + std::to_string(seen.parcels) + " in " +
         std::to_string(kArrivalDays) + " days";
}

}  // namespace dockline::server::routing
