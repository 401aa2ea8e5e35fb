#include "shared/ledger/mirror.hpp"

#include <map>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::ledger {
namespace {

TEST(Mirror, SumsKeptRowByRowAreThoseOfTheRows) {
  base::Prng prng(7);
  MirrorSums kept{};
  std::map<std::pair<std::string, std::string>, domain::Quantity> rows;
  for (int i = 0; i < 3'000; ++i) {
    const std::string sku = "SKU-" + std::to_string(prng.below(40));
    const std::string place = prng.chance(500) ? "leipzig/shelf" : std::string(kLeased);
    const MirrorKey key{sku, place};
    auto& quantity = rows[{sku, place}];
    const auto next = quantity + prng.between(-3, 3);
    kept[mirror_bucket(key)] += mirror_weight(key, next) - mirror_weight(key, quantity);
    quantity = next;
  }
  MirrorSums made{};
  for (const auto& [key, quantity] : rows) {
    const MirrorKey k{key.first, key.second};
    made[mirror_bucket(k)] += mirror_weight(k, quantity);
  }
  EXPECT_EQ(kept, made);
}

TEST(Mirror, TheTextOfTheSumsComesBack) {
  MirrorSums sums{};
  sums[0] = 1;
  sums[10] = 0xfedcba9876543210;
  sums[255] = ~std::uint64_t{0};
  const auto text = to_text(sums);
  EXPECT_EQ(text, "0000000000000000010afedcba9876543210ffffffffffffffffff");
  EXPECT_EQ(mirror_sums(text), sums);
  EXPECT_EQ(mirror_sums(""), MirrorSums{});
  EXPECT_FALSE(mirror_sums("00").has_value());
  EXPECT_FALSE(mirror_sums("zz0000000000000001").has_value());
  EXPECT_FALSE(mirror_sums(std::string(18 * 257, '0')).has_value());
}

TEST(Mirror, SkuAndPlaceAreToldApart) {
  EXPECT_NE(mirror_weight({"AB", "C"}, 1), mirror_weight({"B", "CA"}, 1));
  EXPECT_NE(mirror_weight({"A", "B"}, 1), mirror_weight({"A", "B"}, -1));
  EXPECT_EQ(mirror_weight({"A", "B"}, 0), 0U);
}

}  // namespace
}  // namespace dockline::ledger
