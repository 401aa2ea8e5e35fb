// Seeded randomness (xoshiro256**, Blackman and Vigna). The core never asks the system for random
// numbers: a Prng is passed in, so that a simulated run repeats. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace dockline::base {

class Prng {
 public:
  explicit Prng(std::uint64_t seed);
  [[nodiscard]] std::uint64_t next();
  // Uniform in [0, bound); bound > 0. No modulo bias.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  // Uniform in [lo, hi].
  [[nodiscard]] std::int64_t between(std::int64_t lo, std::int64_t hi);
  [[nodiscard]] bool chance(std::uint32_t per_mille);

 private:
  std::array<std::uint64_t, 4> state_;
};

// UUID version 7 (RFC 9562 section 5.7): 48 bits of wall_ms, then random. Lower case, 36
// characters.
[[nodiscard]] std::string uuid7(Prng& prng, std::int64_t wall_ms);
// UUID version 4 (RFC 9562 section 5.4).
[[nodiscard]] std::string uuid4(Prng& prng);

}  // namespace dockline::base
