// One-shot timers on the lane's monotonic clock.
#pragma once

#include <cstdint>
#include <functional>

#include "shared/base/time.hpp"

namespace dockline::ports {

using TimerId = std::uint64_t;

class Timers {
 public:
  virtual ~Timers() = default;
  // Runs `fire` on the lane after delay_ms (>= 0). The id stays valid until it fired.
  virtual TimerId after(std::int64_t delay_ms, std::function<void()> fire) = 0;
  virtual void cancel(TimerId id) = 0;  // unknown or fired ids are ignored
  [[nodiscard]] virtual base::Instant now() const = 0;
};

}  // namespace dockline::ports
