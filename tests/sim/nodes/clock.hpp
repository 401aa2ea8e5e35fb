// The clocks of one simulated computer: a monotonic one that starts again at each boot and may run
// fast or slow, and a wall clock that may also jump or be years off.
#pragma once

#include <cstdint>
#include <utility>

#include "shared/base/time.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {

// True time of the world: what a right clock shows at virtual millisecond 0.
inline constexpr std::int64_t kWallStartMs = 1'790'000'000'000;

class Clock {
 public:
  explicit Clock(World& world) : world_(world) {}

  [[nodiscard]] base::Instant now() const {
    const auto age = world_.now_ms() - since_ms_;
    const auto gone = age + age * drift_ppm_ / 1'000'000;
    return {mono_ms_ + gone, wall_ms_ + gone};
  }
  // How long the world takes for so much of this computer's time.
  [[nodiscard]] std::int64_t world_ms(std::int64_t delay_ms) const {
    return delay_ms - delay_ms * drift_ppm_ / 1'000'000;
  }
  void reboot() {
    settle();
    mono_ms_ = kUptimeMs;
  }
  void jump(std::int64_t by_ms) { wall_ms_ += by_ms; }
  void set_drift(std::int64_t ppm) {
    settle();
    drift_ppm_ = ppm;
  }
  // As set by a person or NTP. By how much, in ms.
  std::int64_t set_right() {
    settle();
    drift_ppm_ = 0;
    const auto right_ms = kWallStartMs + world_.now_ms();
    return right_ms - std::exchange(wall_ms_, right_ms);
  }

 private:
  static constexpr std::int64_t kUptimeMs = 20'000;  // of the computer when programs start
  void settle() {
    const auto now_is = now();
    mono_ms_ = now_is.mono_ms;
    wall_ms_ = now_is.wall_ms;
    since_ms_ = world_.now_ms();
  }

  World& world_;
  std::int64_t since_ms_ = 0, mono_ms_ = kUptimeMs, wall_ms_ = kWallStartMs, drift_ppm_ = 0;
};

}  // namespace dockline::sim
