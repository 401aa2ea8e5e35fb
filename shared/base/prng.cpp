#include "shared/base/prng.hpp"

#include <bit>

#include "shared/base/check.hpp"

namespace dockline::base {
namespace {

std::string format_uuid(std::uint64_t hi, std::uint64_t lo) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out(36, '-');
  std::size_t pos = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) ++pos;
    const std::uint64_t word = nibble < 16 ? hi : lo;
    out[pos++] = kHex[(word >> (60 - 4 * (nibble % 16))) & 15];
  }
  return out;
}

constexpr std::uint64_t kVariantMask = 0x3fffffffffffffffULL;
constexpr std::uint64_t kVariant = 0x8000000000000000ULL;

}  // namespace

Prng::Prng(std::uint64_t seed) : state_{} {
  for (auto& word : state_) {  // SplitMix64 spreads the seed over the state
    seed += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    word = z ^ (z >> 31);
  }
}

std::uint64_t Prng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Prng::below(std::uint64_t bound) {
  CHECK(bound > 0);
  const std::uint64_t limit = bound * (UINT64_MAX / bound);
  std::uint64_t value = next();
  while (value >= limit) value = next();
  return value % bound;
}

std::int64_t Prng::between(std::int64_t lo, std::int64_t hi) {
  CHECK(lo <= hi);
  return lo + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(hi - lo) + 1));
}

bool Prng::chance(std::uint32_t per_mille) { return below(1000) < per_mille; }

std::string uuid7(Prng& prng, std::int64_t wall_ms) {
  const std::uint64_t hi =
      (static_cast<std::uint64_t>(wall_ms) << 16) | 0x7000 | (prng.next() & 0x0fff);
  return format_uuid(hi, (prng.next() & kVariantMask) | kVariant);
}

std::string uuid4(Prng& prng) {
  const std::uint64_t hi = (prng.next() & ~std::uint64_t{0xf000}) | 0x4000;
  return format_uuid(hi, (prng.next() & kVariantMask) | kVariant);
}

}  // namespace dockline::base
