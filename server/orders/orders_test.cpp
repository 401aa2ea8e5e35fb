#include <gtest/gtest.h>

#include "server/orders/intake.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

wire::OrderReceived good() {
  wire::OrderReceived order;
  order.channel = "web";
  order.number = "1001";
  order.currency = "EUR";
  order.ship_to.name = "Ada Lovelace";
  order.lines = {{.line = 0, .sku = " mug-red ", .title = "Mug", .quantity = 2}};
  return order;
}

TEST(Intake, NumbersLinesAndPutsSkusIntoOneCase) {
  auto order = good();
  ASSERT_TRUE(accept(order).has_value());
  EXPECT_EQ(order.order, "web:1001");
  EXPECT_EQ(order.lines[0].line, 1);
  EXPECT_EQ(order.lines[0].sku, "MUG-RED");
}

TEST(Intake, NamesTheFieldThatIsWrong) {
  auto order = good();
  order.lines[0].quantity = -2;
  EXPECT_EQ(accept(order).error().detail, "lines[0].quantity: -2 is not within 1 to 1000000");
  order = good();
  order.ship_to.city = "K\xf6ln";
  EXPECT_NE(accept(order).error().detail.find("ship_to.city: not UTF-8 (K\\xf6ln)"),
            std::string::npos)
      << accept(order).error().detail;
  order = good();
  order.lines.clear();
  EXPECT_FALSE(accept(order).has_value());
  order = good();
  order.number.clear();
  EXPECT_EQ(accept(order).error().detail, "number: missing");
  order = good();
  order.ship_to.name = "a\nb";
  EXPECT_FALSE(accept(order).has_value());
  order = good();
  order.ship_to.name = std::string(2'000, 'x');
  EXPECT_FALSE(accept(order).has_value());
}

TEST(Intake, RefusesTwoLinesOfOneNumber) {
  auto order = good();
  order.lines.push_back(order.lines[0]);
  order.lines[0].line = order.lines[1].line = 4;
  EXPECT_FALSE(accept(order).has_value());
}

TEST(Units, NoPieceIsMadeOrLostByAnyTransition) {
  base::Prng prng(11);
  for (int round = 0; round < 200; ++round) {
    Units units;
    units.at(UnitState::open) = 40;
    for (int i = 0; i < 300; ++i) {
      const auto from = static_cast<UnitState>(prng.below(kUnitStates));
      const auto to = static_cast<UnitState>(prng.below(kUnitStates));
      const Quantity moved = take(units, from, to, prng.between(-3, 50));
      ASSERT_GE(moved, 0);
      ASSERT_EQ(units.total(), 40);
      for (const Quantity n : units.pieces) ASSERT_GE(n, 0);
    }
  }
}

TEST(Units, WhatIsCancelledOrReturnedStays) {
  for (std::size_t s = 0; s < kUnitStates; ++s) {
    EXPECT_FALSE(legal(UnitState::cancelled, static_cast<UnitState>(s)));
    EXPECT_FALSE(legal(UnitState::returned, static_cast<UnitState>(s)));
  }
}

TEST(Units, AnOrderStandsWhereItsSlowestPieceStands) {
  Line a, b;
  a.units.at(UnitState::packed) = 2;
  b.units.at(UnitState::backordered) = 1;
  EXPECT_EQ(order_state(std::vector{a, b}), UnitState::backordered);
  b.units = {};
  b.units.at(UnitState::cancelled) = 1;
  EXPECT_EQ(order_state(std::vector{a, b}), UnitState::packed);
  EXPECT_EQ(order_state(std::vector{b}), UnitState::cancelled);
}

TEST(Units, CancellingTakesWhatCostsNobodyAnythingFirst) {
  Line line;
  line.line = 1;
  line.quantity = 6;
  line.units.at(UnitState::open) = 1;
  line.units.at(UnitState::released) = 2;
  line.units.at(UnitState::packed) = 2;
  line.units.at(UnitState::shipped) = 1;
  const std::vector<CancelWish> wish = {{1, 2}};
  const auto steps = plan_cancel(std::vector{line}, wish);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].from, UnitState::open);
  EXPECT_EQ(steps[1].from, UnitState::released);
  EXPECT_EQ(steps[1].quantity, 1);
  EXPECT_EQ(plan_cancel(std::vector{line}, {}).size(), 3U);
}

}  // namespace
}  // namespace dockline::server::orders
