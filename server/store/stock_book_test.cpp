// Figures of all sites in two questions: what each shelf holds and what is promised of it.
#include <gtest/gtest.h>

#include "server/store/store.hpp"

namespace dockline::server::store {
namespace {

// "ulm-2/shelf" is before "ulm/shelf", while "ulm" is before "ulm-2".
TEST(StockBook, SitesOfWhichOneIsNamedAsAnotherBegins) {
  auto store = Store::open(":memory:", "").value();
  ASSERT_TRUE(store->db()
                  .exec("INSERT INTO p_balance(sku, place, quantity, as_of_ms) VALUES"
                        "('MUG', 'ulm/shelf', 5, 7), ('MUG', 'ulm-2/shelf', 8, 9), "
                        "('MUG', 'ulm-2/damaged', 1, 9)")
                  .has_value());
  store->orders.reserve(1, {.line = 1, .site = "ulm", .lease = "", .sku = "MUG", .quantity = 2});
  store->orders.reserve(1, {.line = 1, .site = "ulm-2", .lease = "", .sku = "MUG", .quantity = 3});
  store->orders.reserve(1, {.line = 1, .site = "kiel", .lease = "", .sku = "MUG", .quantity = 4});
  const auto sites = store->stock.pieces("MUG");
  ASSERT_EQ(sites.size(), 3U);
  EXPECT_EQ(sites[0].site, "kiel");
  EXPECT_EQ(sites[0].on_hand, 0);
  EXPECT_EQ(sites[0].reserved, 4);
  EXPECT_EQ(sites[1].site, "ulm");
  EXPECT_EQ(sites[1].on_hand, 5);
  EXPECT_EQ(sites[1].reserved, 2);
  EXPECT_EQ(sites[1].as_of_ms, 7);
  EXPECT_EQ(sites[2].site, "ulm-2");
  EXPECT_EQ(sites[2].on_hand, 8);
  EXPECT_EQ(sites[2].reserved, 3);
}

}  // namespace
}  // namespace dockline::server::store
