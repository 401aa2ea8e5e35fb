// What became of the parcels of a carrier's service: how many of those that are known to have
// arrived came when it had been said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace dockline::server::routing {

struct Arrivals {
  std::string carrier, service;
  std::int64_t parcels = 0, in_time = 0;  // arrived; of these, no later than said
};

inline constexpr std::int64_t kArrivalDays = 28;  // looked back
inline constexpr std::int64_t kArrivalsMin = 20;  // fewer say nothing of the next one
inline constexpr std::int64_t kArrivalDayMs = 86'400'000;

// Parcels of 1000 that come as said. Nothing: too few have arrived.
[[nodiscard]] std::optional<std::int64_t> reliability_per_mille(const Arrivals& seen);
// "962 of 1000 parcels came as said, of 1203 in 28 days"
[[nodiscard]] std::string in_words(const Arrivals& seen);

}  // namespace dockline::server::routing
