// The series of what lay on the shelves, counted back from now, is what each instant says for
// itself.
#include <gtest/gtest.h>

#include "server/store/reader_history.hpp"
#include "server/store/reader_receiving.hpp"
#include "shared/base/prng.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

struct StockHistory : ::testing::Test {
  void SetUp() override {
    w.start();
    w.ask(RegisterItem{.item = {.sku = "CUP", .title = "Cup"}, .bins = {}});
    begun = w.now.wall_ms;
  }
  void move(const std::string& site, std::int64_t quantity) {
    ASSERT_FALSE(w.ask(AdjustStock{"CUP", site, quantity, "found"}).error);
  }
  void later(std::int64_t ms) { w.now.wall_ms += ms; }
  std::int64_t lay(std::int64_t at_ms, const std::string& site) {
    std::int64_t sum = 0;
    const auto places = store::places_at(*w.reader, "CUP", at_ms).value();
    for (const auto& place : places) {
      if (!place.place.ends_with("/shelf")) continue;
      if (site.empty() || place.place == site + "/shelf") sum += place.quantity;
    }
    return sum;
  }
  store::ShelfHistory history(const std::string& site, std::int64_t points, std::int64_t moves) {
    return store::shelf_history(*w.reader, {"CUP", site, begun - 5'000, w.now.wall_ms, points},
                                moves)
        .value();
  }
  testing::World w;
  std::int64_t begun = 0;
};

TEST_F(StockHistory, EachInstantIsAsItSaysForItself) {
  base::Prng dice(7);
  for (int n = 0; n < 60; ++n) {
    move(dice.below(2) == 0 ? "leipzig" : "ulm", 1 + static_cast<std::int64_t>(dice.below(9)));
    if (dice.below(3) == 0) move("leipzig", -1);
    later(1 + static_cast<std::int64_t>(dice.below(4'000)));
  }
  for (const std::string site : {"", "leipzig", "ulm", "nowhere"}) {
    for (const std::int64_t points : {2, 3, 40, 400}) {
      const auto found = history(site, points, store::kHistoryMovesMax);
      EXPECT_FALSE(found.cut);
      ASSERT_EQ(found.points.size(), static_cast<std::size_t>(points));
      EXPECT_EQ(found.points.front().at_ms, begun - 5'000);
      EXPECT_EQ(found.points.back().at_ms, w.now.wall_ms);
      for (const auto& p : found.points) {
        ASSERT_EQ(p.quantity, lay(p.at_ms, site)) << site << " at " << p.at_ms - begun;
      }
    }
  }
}

TEST_F(StockHistory, WhatIsOlderThanTheMovementsLookedAtIsLeftOut) {
  for (int n = 0; n < 30; ++n) {
    move("leipzig", 2);
    later(1'000);
  }
  const auto found = history("", 36, 10);
  EXPECT_TRUE(found.cut);
  ASSERT_FALSE(found.points.empty());
  EXPECT_LT(found.points.size(), 15U);
  EXPECT_GE(found.points.size(), 10U);
  for (const auto& p : found.points) EXPECT_EQ(p.quantity, lay(p.at_ms, ""));
  EXPECT_EQ(history("", 36, 30).points.size(), 36U) << "that many there are";
}

}  // namespace
}  // namespace dockline::server
