#include "server/stock/reservations.hpp"

#include <map>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

TEST(Reservations, AreSummedPerSkuAndSite) {
  const std::vector<Reservation> rows = {{"A", 1, "MUG", "leipzig", 2, 10},
                                         {"B", 1, "MUG", "leipzig", 3, 30},
                                         {"B", 2, "MUG", "ulm", 5, 20},
                                         {"B", 3, "CUP", "leipzig", 7, 40}};
  EXPECT_EQ(reserved(rows, "MUG", "leipzig").value, 5);
  EXPECT_EQ(reserved(rows, "MUG", "leipzig").as_of_ms, 30);
  EXPECT_EQ(reserved(rows, "MUG", "hull").value, 0);
}

TEST(Reservations, DriftNamesTheOrderAndWhatToDo) {
  const std::vector<Reservation> rows = {{"A", 1, "MUG", "leipzig", 2, 10},
                                         {"B", 1, "MUG", "leipzig", 3, 30},
                                         {"C", 1, "MUG", "leipzig", 0, 30}};
  const std::vector<Claim> claims = {{"A", 1, "MUG", "leipzig", 2}, {"D", 1, "CUP", "ulm", 1}};
  const auto found = drift(rows, claims);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].order, "B");
  EXPECT_EQ(found[0].rows, 3);
  EXPECT_NE(found[0].remedy.find("release"), std::string::npos);
  EXPECT_EQ(found[1].order, "D");
  EXPECT_NE(found[1].remedy.find("route it again"), std::string::npos);
}

// A stored counter of reserved pieces drifts from the rows it should be the sum of: a reservation
// taken back twice lowers it twice, one made again raises it again. The counter is kept beside the
// rows here, as those programs keep it, to show that it would drift; the figure does not.
TEST(Reservations, ReservedCountersThatDrift_odoo_62139_medusa_12401) {
  base::Prng prng(62'139);
  std::map<std::string, Reservation> table;
  Quantity counter = 0;
  bool drifted = false;
  for (int step = 0; step < 5'000; ++step) {
    const auto order = "order-" + std::to_string(prng.below(40));
    if (prng.chance(500)) {
      const auto pieces = prng.between(1, 5);
      counter += pieces;
      table[order] = {order, 1, "MUG", "leipzig", pieces, step};
    } else {
      counter -= table.contains(order) ? table[order].pieces : 1;
      table.erase(order);
    }
    std::vector<Reservation> rows;
    std::vector<Claim> claims;
    Quantity sum = 0;
    for (const auto& [id, row] : table) {
      rows.push_back(row);
      claims.push_back({row.order, row.line, row.sku, row.site, row.pieces});
      sum += row.pieces;
    }
    drifted = drifted || counter != sum;
    const SiteFacts facts{
        .site = "leipzig", .on_hand = {300, 1}, .reserved = reserved(rows, "MUG", "leipzig")};
    ASSERT_EQ(available_to_promise(facts, step)->value, 300 - sum);
    ASSERT_TRUE(drift(rows, claims).empty());
    if (!rows.empty()) {
      rows.pop_back();
      ASSERT_EQ(drift(rows, claims).size(), 1U) << "a lost row is found at once";
    }
  }
  EXPECT_TRUE(drifted);
}

}  // namespace
}  // namespace dockline::server::stock
