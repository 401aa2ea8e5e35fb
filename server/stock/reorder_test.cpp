#include "server/stock/reorder.hpp"

#include <map>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

Need need(std::string site, Quantity on_hand) {
  return {.sku = "MUG",
          .site = std::move(site),
          .on_hand = on_hand,
          .demand_milli = 2'000,
          .lead_days = 5,
          .review_days = 7,
          .safety_days = 3,
          .pack = 12,
          .minimum = 24,
          .supplier = "acme",
          .supplier_sku = "A-77"};
}

TEST(Reorder, OrdersToTheTargetInWholePacksAtThePoint) {
  const auto at = reorder(need("ulm", 16)).value();
  EXPECT_EQ(at.point, 16);
  EXPECT_EQ(at.target, 30);
  EXPECT_EQ(at.wanted, 14);
  EXPECT_EQ(at.order, 24) << "the minimum";
  EXPECT_EQ(reorder(need("ulm", 17))->order, 0) << "above the point";
  auto n = need("ulm", 16);
  n.reserved = 10;
  n.backordered = 6;
  EXPECT_EQ(reorder(n)->order, 36) << "thirty are wanted, in packs of twelve";
  n.on_order = 17;
  EXPECT_EQ(reorder(n)->order, 0) << "enough is on its way";
}

TEST(Reorder, WithoutDemandOnlyWhatIsOwedIsOrdered) {
  auto n = need("ulm", 0);
  n.demand_milli = 0;
  EXPECT_EQ(reorder(n)->order, 0);
  n.backordered = 3;
  EXPECT_EQ(reorder(n)->wanted, 3);
}

TEST(Reorder, RefusesSettingsOutOfBoundsByName) {
  auto n = need("ulm", 0);
  n.pack = 0;
  EXPECT_NE(reorder(n).error().detail.find("MUG at ulm: a pack"), std::string::npos);
  n = need("ulm", 0);
  n.lead_days = -1;
  EXPECT_NE(reorder(n).error().detail.find("lead time"), std::string::npos);
  n = need("ulm", kPiecesMax + 1);
  EXPECT_FALSE(reorder(n).has_value());
  n = need("ulm", 0);
  n.demand_milli = kRateMilliMax + 1;
  EXPECT_FALSE(replenish(std::vector{n}).has_value());
}

TEST(Reorder, AnotherSiteGivesBeforeAnythingIsBought) {
  const auto got = replenish(std::vector{need("ulm", 0), need("hull", 40)}).value();
  ASSERT_EQ(got.transfers.size(), 1U);
  EXPECT_EQ(got.transfers[0].from_site, "hull");
  EXPECT_EQ(got.transfers[0].pieces, 23) << "hull keeps more than its point of sixteen";
  EXPECT_TRUE(got.purchases.empty()) << "twenty-three are above ulm's point";
  const auto less = replenish(std::vector{need("ulm", 0), need("hull", 20)}).value();
  ASSERT_EQ(less.purchases.size(), 1U);
  EXPECT_EQ(less.purchases[0].site, "ulm");
  EXPECT_EQ(less.purchases[0].lines[0].pieces, 36);
}

TEST(Reorder, PurchasesGoToThePreferredSupplierPerSite) {
  auto other = need("ulm", 0);
  other.sku = "CUP";
  auto orphan = need("ulm", 0);
  orphan.sku = "BOWL";
  orphan.supplier.clear();
  const auto got = replenish(std::vector{need("ulm", 0), other, orphan}).value();
  ASSERT_EQ(got.purchases.size(), 2U);
  EXPECT_EQ(got.purchases[0].supplier, "") << "for a person";
  EXPECT_EQ(got.purchases[1].lines[0].sku, "CUP");
  EXPECT_EQ(got.purchases[1].lines[1].sku, "MUG");
  EXPECT_EQ(got.purchases[1].lines[1].packs, 3);
}

TEST(Reorder, AfterReplenishingAllReachTheirTargetAndNobodyGaveTooMuch) {
  base::Prng prng(2'024);
  for (int round = 0; round < 4'000; ++round) {
    std::vector<Need> needs;
    for (int n = 0; n < 5; ++n) {
      auto one = need("s" + std::to_string(n), prng.between(-3, 90));
      one.reserved = prng.between(0, 20);
      one.backordered = prng.between(0, 5);
      one.on_order = prng.between(0, 20);
      one.demand_milli = prng.between(0, 5'000);
      one.pack = prng.between(1, 15);
      one.minimum = prng.between(0, 40);
      needs.push_back(one);
    }
    const auto got = replenish(needs).value();
    ASSERT_EQ(got.transfers.size(), transfers(needs)->size());
    std::map<std::string, Quantity> gave, gets;
    for (const auto& t : got.transfers) {
      ASSERT_GT(t.pieces, 0);
      gave[t.from_site] += t.pieces;
      gets[t.to_site] += t.pieces;
    }
    for (const auto& purchase : got.purchases) gets[purchase.site] += purchase.lines[0].pieces;
    for (const auto& n : needs) {
      const auto r = reorder(n).value();
      const auto left = n.on_hand - n.reserved - n.backordered - gave[n.site];
      if (gave[n.site] > 0) {
        ASSERT_GT(left, r.point) << "round " << round;
        ASSERT_EQ(gets[n.site], 0) << "nobody gives and takes";
      }
      ASSERT_GE(left + n.on_order + gets[n.site], r.point) << "round " << round;
      ASSERT_TRUE(r.order == 0 || (r.order % n.pack == 0 && r.order >= n.minimum &&
                                   r.position + r.order >= r.target));
      ASSERT_TRUE(r.order == 0 || r.order - n.pack < std::max(r.wanted, n.minimum));
    }
  }
}

}  // namespace
}  // namespace dockline::server::stock
