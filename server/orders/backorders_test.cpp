#include "server/orders/backorders.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

TEST(Backorders, StockFirstThenBackordersUpToTheirLimitThenNo) {
  const auto got = admit(10, 4, 3, {.most = 5}, 0).value();
  EXPECT_EQ(got.now, 4);
  EXPECT_EQ(got.backordered, 2);
  EXPECT_EQ(got.refused, 4);
  EXPECT_EQ(got.why, "no more backorders are taken");
  EXPECT_EQ(admit(3, -5, 0, {}, 0)->refused, 3);
  EXPECT_EQ(admit(3, -5, 0, {}, 0)->why, "it is not sold without stock");
  EXPECT_FALSE(admit(0, 1, 0, {}, 0).has_value());
  EXPECT_FALSE(admit(1, 1, -1, {}, 0).has_value());
}

TEST(Backorders, BeforeItsReleaseNothingIsTakenFromStock) {
  const Waiting game{.most = 5, .preorder = true, .released_ms = 100, .preorder_most = 20};
  const auto before = admit(10, 50, 15, game, 99).value();
  EXPECT_EQ(before.now, 0);
  EXPECT_EQ(before.preordered, 5);
  EXPECT_EQ(before.refused, 5);
  EXPECT_EQ(admit(10, 50, 0, game, 100)->now, 10);
  EXPECT_EQ(admit(1, 50, 0, {.released_ms = 100}, 99)->why, "it is not released yet");
}

TEST(Backorders, EveryPieceHasOneAnswerAndNoLimitIsPassed) {
  base::Prng prng(55);
  for (int round = 0; round < 5'000; ++round) {
    const Waiting w{.most = prng.between(0, 9),
                    .preorder = prng.chance(500),
                    .released_ms = prng.between(0, 2),
                    .preorder_most = prng.between(0, 9)};
    const auto quantity = prng.between(1, 20), available = prng.between(-4, 12);
    const auto outstanding = prng.between(0, 12);
    const auto got = admit(quantity, available, outstanding, w, 1).value();
    ASSERT_EQ(got.now + got.backordered + got.preordered + got.refused, quantity);
    ASSERT_GE(std::min({got.now, got.backordered, got.preordered, got.refused}), 0);
    ASSERT_LE(got.now, std::max<Quantity>(0, available));
    ASSERT_TRUE(got.backordered == 0 || outstanding + got.backordered <= w.most);
    ASSERT_TRUE(got.preordered == 0 || outstanding + got.preordered <= w.preorder_most);
    ASSERT_EQ(got.why.empty(), got.refused == 0);
  }
}

}  // namespace
}  // namespace dockline::server::orders
