// Clock comparison and the hybrid logical clock (PROTOCOL.md section 12). Neither decides an order
// of facts: the stream does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shared/base/time.hpp"

namespace dockline::sync {

// Offset of the other machine's clock to ours: add offset_ms to our wall time to get theirs.
struct ClockOffset {
  std::int64_t offset_ms = 0;
  std::int64_t error_ms = 0;  // half the round trip
  friend bool operator==(const ClockOffset&, const ClockOffset&) = default;
};

class ClockSamples {
 public:
  // t1 sent by us, t2 heard and t3 answered by the other, t4 heard by us. Nonsense is left out.
  void add(std::int64_t t1, std::int64_t t2, std::int64_t t3, std::int64_t t4);
  // Of the last 16 samples the one with the least round trip.
  [[nodiscard]] std::optional<ClockOffset> best() const;

 private:
  std::array<ClockOffset, 16> samples_{};
  std::uint64_t count_ = 0;
};

// 48 bits of milliseconds, 16 bits of counter.
class HybridClock {
 public:
  explicit HybridClock(std::uint64_t last = 0) : last_(last) {}
  [[nodiscard]] std::uint64_t tick(std::int64_t wall_ms);
  // False: more than kClockFollowMaxMs ahead of our own clock, not followed; raise `clock`.
  [[nodiscard]] bool hear(std::uint64_t heard, std::int64_t wall_ms);
  // What was ticked or heard last: to be kept, and given to the next HybridClock.
  [[nodiscard]] std::uint64_t last() const { return last_; }

 private:
  std::uint64_t last_;
};

}  // namespace dockline::sync
