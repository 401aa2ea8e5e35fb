#include "server/stock/lots.hpp"

#include <gtest/gtest.h>

#include "server/stock/bounds.hpp"

namespace dockline::server::stock {
namespace {

constexpr std::int64_t kNow = 20'000 * kDayMs;

TEST(Places, HaveTheNamesOfTheLedgerAndOnlyTheShelfSells) {
  EXPECT_EQ(place("ulm", PlaceKind::transit), "ulm/transit");
  EXPECT_EQ(kind_of("ulm/quarantine"), PlaceKind::quarantine);
  EXPECT_EQ(kind_of("a/b/shelf"), PlaceKind::shelf);
  EXPECT_FALSE(kind_of("supplier").has_value());
  EXPECT_FALSE(kind_of("/shelf").has_value());
  EXPECT_FALSE(kind_of("ulm/roof").has_value());
  EXPECT_TRUE(sellable(PlaceKind::shelf));
  for (const auto kind : {PlaceKind::staging, PlaceKind::packed, PlaceKind::quarantine,
                          PlaceKind::damaged, PlaceKind::transit}) {
    EXPECT_FALSE(sellable(kind));
    EXPECT_EQ(kind_of(place("ulm", kind)), kind);
  }
}

TEST(Lots, WhatHasExpiredIsNotSold) {
  Lot lot;
  EXPECT_EQ(withheld(lot, kNow), "") << "without an expiry it is good";
  lot.expires_ms = kNow + 1;
  EXPECT_EQ(withheld(lot, kNow), "");
  lot.expires_ms = kNow;
  EXPECT_NE(withheld(lot, kNow).find("expired on"), std::string::npos);
}

TEST(Lots, ACustomersGoodsAreNotSoldAndASuppliersAre) {
  Lot lot{.kind = PlaceKind::shelf,
          .expires_ms = {},
          .ownership = Ownership::customer,
          .owner = "anna"};
  EXPECT_EQ(withheld(lot, kNow), "belongs to anna");
  lot.owner.clear();
  EXPECT_EQ(withheld(lot, kNow), "belongs to a customer who is not named");
  lot.ownership = ownership_of("consignment");
  EXPECT_EQ(withheld(lot, kNow), "");
  EXPECT_EQ(ownership_of("customer"), Ownership::customer);
  EXPECT_EQ(ownership_of(""), Ownership::own);
}

TEST(Lots, WhatLiesOffTheShelfIsNotSold) {
  for (const auto kind : {PlaceKind::staging, PlaceKind::packed, PlaceKind::quarantine,
                          PlaceKind::damaged, PlaceKind::transit}) {
    EXPECT_NE(withheld({.kind = kind, .expires_ms = {}, .owner = {}}, kNow), "") << name(kind);
  }
}

}  // namespace
}  // namespace dockline::server::stock
