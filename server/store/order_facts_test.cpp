#include "server/store/order_facts.hpp"

#include <gtest/gtest.h>

#include "server/store/store.hpp"
#include "tests/hub/query_plan.hpp"

namespace dockline::server::store {
namespace {

// A large shop is asked about what it was told of lately, not about all that it ever sold.
TEST(OrderFacts, WhatWasToldLatelyIsFoundByWhenItWasTold) {
  auto store = Store::open(":memory:", "").value();
  const auto plan = server::testing::plan_of(store->db(), kToldOrders, "shop", std::int64_t{5},
                                             std::int64_t{9}, std::int64_t{50});
  EXPECT_NE(plan.find("p_order_told (channel=? AND fulfilled_ms>?)"), std::string::npos) << plan;
}

TEST(OrderFacts, OnlyWhatWasToldSinceThenTheNewestOrderFirst) {
  auto store = Store::open(":memory:", "").value();
  for (int n = 1; n <= 5; ++n) {
    const auto number = std::to_string(n);
    ASSERT_EQ(
        store->orders.insert({.id = "shop:" + number, .channel = "shop", .number = number}, 0), n);
  }
  ASSERT_TRUE(store->db()
                  .exec("UPDATE p_order SET fulfilled_ms = ord * 100 WHERE ord > 1;"
                        "UPDATE p_order SET state = 'cancelled' WHERE ord = 4")
                  .has_value());
  OrderFacts facts(store->db());
  const auto told = facts.told("shop", 250, 9, 50);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].number, "5");
  EXPECT_EQ(told[1].number, "3");
  EXPECT_EQ(facts.told("shop", 250, 5, 50).size(), 1U);
  EXPECT_EQ(facts.told("shop", 250, 9, 1).size(), 1U);
  EXPECT_TRUE(facts.trouble().has_value());
}

}  // namespace
}  // namespace dockline::server::store
