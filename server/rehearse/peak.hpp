// The busiest stretch of a log, and what a rehearsal makes of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::rehearse {

inline constexpr std::int64_t kPeakMs = 3'600'000;
inline constexpr std::int64_t kPeakOrdersMin = 2;             // fewer tell nothing of a rate
inline constexpr std::int64_t kRehearsedOrdersMax = 200'000;  // of one factor
inline constexpr std::int64_t kFactorMax = 1'000;

struct Arrival {
  std::int64_t at_ms = 0;  // wall clock: when the server took it in
  std::int64_t ord = 0;    // of the order in the log
};

struct Peak {
  std::int64_t from_ms = 0, to_ms = 0;  // to: not included
  std::vector<Arrival> arrivals;
};

// The hour that holds most orders; of equals the last. `from` and `to` choose another stretch.
// Fault::reject when there is none: no orders, or too few to speak of a rate.
[[nodiscard]] base::Result<Peak> find_peak(std::vector<Arrival> arrivals,
                                           std::optional<std::int64_t> from_ms,
                                           std::optional<std::int64_t> to_ms);

// The same stretch at `factor` times its rate: each order so many times, its copies spread evenly
// until the next order comes. Times are from 0. Fault::reject beyond kRehearsedOrdersMax.
struct Coming {
  std::int64_t at_ms = 0;
  std::int64_t ord = 0, copy = 0;
};
[[nodiscard]] base::Result<std::vector<Coming>> at_factor(const Peak& peak, std::int64_t factor);

}  // namespace dockline::server::rehearse
