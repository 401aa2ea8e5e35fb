// What a station and the server both believe the station moved and holds, so that a difference is
// found (PROTOCOL.md section 14): a quantity per (SKU, place), and for each of 256 buckets the sum
// modulo 2^64 of a weight of every row. Both ends keep the sums up to date row by row: a change of
// a row changes one sum by the difference of two weights. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/domain/types.hpp"

namespace dockline::ledger {

// Pieces of the leases a station holds; the other places are shelf() and packed() of its site.
inline constexpr std::string_view kLeased = "leased";

inline constexpr std::size_t kMirrorBuckets = 256;
using MirrorSums = std::array<std::uint64_t, kMirrorBuckets>;

struct MirrorKey {
  std::string_view sku, place;
};
[[nodiscard]] std::uint8_t mirror_bucket(const MirrorKey& key);
// First eight bytes of SHA-256 of key and quantity; 0 for a row that is not there (quantity 0).
[[nodiscard]] std::uint64_t mirror_weight(const MirrorKey& key, domain::Quantity quantity);

// "bb" and 16 hex digits for each sum that is not zero, ascending.
[[nodiscard]] std::string to_text(const MirrorSums& sums);
[[nodiscard]] std::optional<MirrorSums> mirror_sums(std::string_view text);

}  // namespace dockline::ledger
