#include "shared/ledger/mirror.hpp"

#include <charconv>

#include "shared/base/bytes.hpp"

namespace dockline::ledger {
namespace {

constexpr std::size_t kEntry = 18;
constexpr std::string_view kHex = "0123456789abcdef";

std::string joined(const MirrorKey& key) {
  std::string out(key.place);
  out += '\n';
  out += key.sku;
  return out;
}

template <class T>
bool from_hex(std::string_view text, T& out) {
  if (text.find_first_not_of(kHex) != std::string_view::npos) return false;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return failed == std::errc{} && end == text.data() + text.size();
}

void put_hex(std::string& out, std::uint64_t value, int digits) {
  for (int at = digits - 1; at >= 0; --at) {
    out += kHex[static_cast<std::size_t>((value >> (4 * at)) & 15U)];
  }
}

}  // namespace

std::uint8_t mirror_bucket(const MirrorKey& key) { return base::sha256(joined(key))[0]; }

std::uint64_t mirror_weight(const MirrorKey& key, domain::Quantity quantity) {
  if (quantity == 0) return 0;
  const auto sum = base::sha256(joined(key), "\n" + std::to_string(quantity));
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = (out << 8) | sum[i];
  return out;
}

std::string to_text(const MirrorSums& sums) {
  std::string out;
  for (std::size_t bucket = 0; bucket < kMirrorBuckets; ++bucket) {
    if (sums[bucket] == 0) continue;
    put_hex(out, bucket, 2);
    put_hex(out, sums[bucket], 16);
  }
  return out;
}

std::optional<MirrorSums> mirror_sums(std::string_view text) {
  MirrorSums out{};
  if (text.size() % kEntry != 0 || text.size() / kEntry > kMirrorBuckets) return std::nullopt;
  for (; !text.empty(); text.remove_prefix(kEntry)) {
    unsigned bucket = 0;
    std::uint64_t sum = 0;
    if (!from_hex(text.substr(0, 2), bucket) || !from_hex(text.substr(2, 16), sum)) {
      return std::nullopt;
    }
    out[bucket] = sum;
  }
  return out;
}

}  // namespace dockline::ledger
