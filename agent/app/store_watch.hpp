// Watches whether the store takes commits. While it does not, nothing counts: the page says so, the
// stop sound repeats, and a probe row is written every kStoreRetryMs until one is committed. Works
// again by itself.
//
// The owner of the Turn tells it what was rejected and what was committed. Thread rule: one lane.
#pragma once

#include <cstdint>
#include <optional>

#include "agent/app/inputs.hpp"
#include "agent/app/station_app.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace dockline::agent {

class StoreWatch {
 public:
  explicit StoreWatch(StationProcess& process) : process_(process) {}

  // A turn was committed. True: the trouble is over (tell the page, sound `back`).
  bool committed(base::Instant now, bool wrote);
  // An input was refused. True: the packer must hear `stop`.
  bool rejected(base::Instant now, const StationInput& input, const base::Error& why,
                std::int64_t free_bytes);
  // A probe is due; arms the next.
  bool probe_due(base::Instant now);
  [[nodiscard]] bool in_trouble() const { return process_.trouble.has_value(); }
  [[nodiscard]] std::optional<std::int64_t> wake_ms() const;

 private:
  StationProcess& process_;
  std::int64_t next_probe_ms_ = 0, last_saved_ms_ = 0, records_ = 0;
};

}  // namespace dockline::agent
