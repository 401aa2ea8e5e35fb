#include "server/orders/priority.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

TEST(Priority, VipFirstThenTheEarlierPromiseThenTheEarlierOrder) {
  std::vector<Rank> ranks = {{"late", false, 200, 1},
                             {"none", false, {}, 0},
                             {"soon", false, 100, 9},
                             {"older", false, 100, 2},
                             {"vip", true, 900, 9}};
  std::sort(ranks.begin(), ranks.end(), goes_before);
  std::string order;
  for (const auto& r : ranks) order += r.order + " ";
  EXPECT_EQ(order, "vip older soon late none ");
  EXPECT_FALSE(goes_before(ranks[0], ranks[0]));
}

TEST(Priority, IsAStrictOrderOfAnyOrders) {
  base::Prng prng(3);
  std::vector<Rank> ranks;
  for (int i = 0; i < 60; ++i) {
    Rank r{std::to_string(i), prng.chance(300), {}, prng.between(0, 3)};
    if (prng.chance(700)) r.promised_ms = prng.between(0, 3);
    ranks.push_back(r);
  }
  for (const auto& a : ranks) {
    for (const auto& b : ranks) {
      ASSERT_EQ(goes_before(a, b) + goes_before(b, a), a.order == b.order ? 0 : 1);
      for (const auto& c : ranks) {
        if (goes_before(a, b) && goes_before(b, c)) {
          ASSERT_TRUE(goes_before(a, c));
        }
      }
    }
  }
}

}  // namespace
}  // namespace dockline::server::orders
