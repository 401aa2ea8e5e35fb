#include "server/orders/split.hpp"

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

Line line(std::int64_t number, Quantity open, Quantity packed = 0) {
  Line out{.line = number, .sku = "MUG", .quantity = open + packed, .units = {}, .site = "ulm"};
  out.units.at(UnitState::open) = open;
  out.units.at(UnitState::packed) = packed;
  return out;
}

TEST(Split, TakesPiecesOutThatAreNotPackedYet) {
  const std::vector<Line> lines = {line(1, 5, 2), line(2, 3)};
  const auto got = split(lines, std::vector<SplitWish>{{1, 4}, {2, 3}}).value();
  ASSERT_EQ(got.stays.size(), 1U);
  EXPECT_EQ(got.stays[0].quantity, 3);
  EXPECT_EQ(got.stays[0].units.at(UnitState::packed), 2);
  ASSERT_EQ(got.leaves.size(), 2U);
  EXPECT_EQ(got.leaves[0].units.at(UnitState::open), 4);
}

TEST(Split, RefusesWhatCannotBeTakenWithTheLine) {
  const std::vector<Line> lines = {line(1, 5, 2)};
  const auto why = [&](std::vector<SplitWish> wish) {
    const auto got = split(lines, wish);
    return got ? "" : got.error().detail;
  };
  EXPECT_NE(why({{1, 6}}).find("only 5 of 6"), std::string::npos);
  EXPECT_NE(why({{2, 1}}).find("line 2"), std::string::npos);
  EXPECT_NE(why({{1, 0}}).find("one piece or more"), std::string::npos);
  EXPECT_NE(why({{1, 1}, {1, 1}}).find("twice"), std::string::npos);
  EXPECT_NE(why({}).find("both sides"), std::string::npos);
  EXPECT_FALSE(split(std::vector<Line>{line(1, 5)}, std::vector<SplitWish>{{1, 5}}).has_value());
}

TEST(Split, NoPieceIsMadeOrLostAndNoStateChanges) {
  base::Prng prng(565);
  int done = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::vector<Line> lines;
    std::vector<SplitWish> wish;
    for (std::int64_t n = 1; n <= 4; ++n) {
      Line l{.line = n, .sku = "S" + std::to_string(n), .quantity = 0, .units = {}, .site = ""};
      for (auto& pieces : l.units.pieces) pieces = prng.chance(500) ? prng.between(0, 5) : 0;
      l.quantity = l.units.total();
      lines.push_back(l);
      if (prng.chance(500)) wish.push_back({n, prng.between(1, 6)});
    }
    const auto got = split(lines, wish);
    if (!got) continue;
    ++done;
    for (const auto& before : lines) {
      Units after;
      for (const auto* side : {&got->stays, &got->leaves}) {
        for (const auto& l : *side) {
          ASSERT_EQ(l.quantity, l.units.total());
          if (l.line != before.line) continue;
          for (std::size_t s = 0; s < kUnitStates; ++s) after.pieces[s] += l.units.pieces[s];
        }
      }
      ASSERT_EQ(after, before.units);
    }
    for (const auto& l : got->leaves) ASSERT_EQ(l.units.at(UnitState::packed), 0);
  }
  EXPECT_GT(done, 500);
}

MergeFacts facts(std::string order) {
  MergeFacts out{.order = std::move(order), .channel = "web", .buyer = "Ada@example.com"};
  out.ship_to.name = "Ada Lovelace";
  out.ship_to.street1 = "Am Markt 1";
  out.ship_to.postal_code = "04109";
  out.ship_to.city = "Leipzig";
  out.ship_to.country = "DE";
  return out;
}

TEST(Merge, TheSameBuyerAndAddressMayTravelTogether) {
  auto other = facts("2");
  other.buyer = "ada@example.com";
  other.ship_to.name = "ADA  LOVELACE";
  other.ship_to.street1 = "am Markt, 1";
  EXPECT_EQ(not_mergeable(facts("1"), other), "");
}

TEST(Merge, EverythingElseSaysWhyNot) {
  const auto why = [](auto change) {
    auto other = facts("2");
    change(other);
    return not_mergeable(facts("1"), other);
  };
  EXPECT_EQ(why([](MergeFacts& m) { m.channel = "shop"; }), "they are of different channels");
  EXPECT_EQ(why([](MergeFacts& m) { m.buyer = "ben"; }), "they are of different buyers");
  EXPECT_EQ(why([](MergeFacts& m) { m.buyer = ""; }), "the buyer is not known");
  EXPECT_EQ(why([](MergeFacts& m) { m.ship_to.street1 = "Am Markt 11"; }),
            "they go to different addresses");
  EXPECT_EQ(why([](MergeFacts& m) { m.held = true; }), "2 is held");
  EXPECT_EQ(why([](MergeFacts& m) { m.state = UnitState::packed; }), "2 is packed");
  EXPECT_EQ(why([](MergeFacts& m) { m.state = UnitState::released; }), "");
  EXPECT_EQ(why([](MergeFacts& m) {
              m.state = UnitState::released;
              m.kept = "2 is being packed";
            }),
            "2 is being packed");
  EXPECT_EQ(why([](MergeFacts& m) { m.order = "1"; }), "it is one order");
  auto ulm = facts("1"), hull = facts("2");
  ulm.site = "ulm";
  hull.site = "hull";
  EXPECT_EQ(not_mergeable(ulm, hull), "they are routed to ulm and hull");
  hull.site.clear();
  EXPECT_EQ(not_mergeable(ulm, hull), "");
}

TEST(Merge, GroupsHoldOnlyOrdersThatAllMayGoTogether) {
  base::Prng prng(1'558);
  for (int round = 0; round < 500; ++round) {
    std::vector<MergeFacts> orders;
    for (int i = 0; i < 12; ++i) {
      auto m = facts(std::to_string(i));
      m.buyer = prng.chance(500) ? "ada" : prng.chance(500) ? "ben" : "";
      m.held = prng.chance(100);
      m.site = prng.chance(400) ? "" : prng.chance(500) ? "ulm" : "hull";
      orders.push_back(m);
    }
    std::vector<int> times(orders.size(), 0);
    for (const auto& group : merge_groups(orders, true)) {
      ASSERT_GE(group.size(), 2U);
      for (const auto& a : group) {
        ++times[std::stoul(a)];
        for (const auto& b : group) {
          if (a != b) {
            ASSERT_EQ(not_mergeable(orders[std::stoul(a)], orders[std::stoul(b)]), "");
          }
        }
      }
    }
    for (const auto n : times) ASSERT_LE(n, 1);
    ASSERT_TRUE(merge_groups(orders, false).empty());
  }
}

}  // namespace
}  // namespace dockline::server::orders
