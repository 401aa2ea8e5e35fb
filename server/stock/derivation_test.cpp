#include "server/stock/derivation.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

constexpr std::int64_t kNow = 100 * kDayMs;

SiteFacts site(std::string name, Quantity on_hand, Quantity reserved, Quantity safety = 0) {
  return {.site = std::move(name),
          .on_hand = {on_hand, kNow - 5},
          .reserved = {reserved, kNow - 3},
          .safety = safety};
}

Quantity term(const Figure& figure, std::string_view name) {
  Quantity sum = 0;
  for (const auto& t : figure.terms) sum += t.name == name ? t.value : 0;
  return sum;
}

TEST(StockBounds, ExpectedPiecesAreRoundedUpAndNeverOverflow) {
  EXPECT_EQ(expected_pieces(1'000, kDayMs), 1);
  EXPECT_EQ(expected_pieces(1'000, kDayMs + 1), 2);
  EXPECT_EQ(expected_pieces(1'500, 2 * kDayMs), 3);
  EXPECT_EQ(expected_pieces(0, kDayMs), 0);
  EXPECT_EQ(expected_pieces(5'000, -1), 0) << "a clock that was put back";
  EXPECT_EQ(expected_pieces(-5, kDayMs), 0);
  EXPECT_EQ(expected_pieces(INT64_MAX, INT64_MAX), 3'650'000'000);
}

TEST(StockBounds, QuantitiesBeyondAnyWarehouseAreRefusedByName) {
  EXPECT_TRUE(check_pieces(-kPiecesMax, "x").has_value());
  EXPECT_FALSE(check_pieces(kPiecesMax + 1, "x").has_value());
  EXPECT_FALSE(check_amount(-1, "x").has_value());
  const auto bad = check_amount(-1, "leipzig: reserved");
  EXPECT_NE(bad.error().detail.find("leipzig: reserved"), std::string::npos);
}

TEST(Derivation, ASiteFigureIsTheSumOfItsTerms) {
  auto facts = site("leipzig", 20, 4, 3);
  facts.stations = {{.station = "bench-1", .silent = true, .heard_ms = kNow, .quota_left = 2}};
  const auto figure = available_to_promise(facts, kNow).value();
  EXPECT_EQ(figure.value, 20 - 4 - 2 - 3);
  EXPECT_EQ(figure_of(figure.terms).value, figure.value);
  EXPECT_EQ(term(figure, "offline_risk"), -2);
  EXPECT_EQ(term(figure, "safety_stock"), -3);
  EXPECT_EQ(figure.as_of_ms, kNow - 5) << "as old as its oldest term";
  EXPECT_EQ(figure.terms[0].unit, "pieces");
}

TEST(Derivation, AnEmptyShelfOwesNoSafetyStockButKeepsItsDebt) {
  EXPECT_EQ(available_to_promise(site("a", 0, 0, 5), kNow)->value, 0);
  EXPECT_EQ(available_to_promise(site("a", 3, 0, 5), kNow)->value, 0);
  EXPECT_EQ(available_to_promise(site("a", 3, 7, 5), kNow)->value, -4);
  EXPECT_EQ(available_to_promise(site("a", -2, 1, 5), kNow)->value, -3);
}

TEST(Derivation, OfflineRiskIsTheQuotaAtOnceAndExpectedUseInALongSilence) {
  StationRisk station{.station = "bench-1",
                      .silent = false,
                      .heard_ms = kNow - 3 * kDayMs,
                      .quota_left = 4,
                      .use_milli_per_day = 2'000};
  EXPECT_EQ(offline_risk(station, kNow), 0) << "it is heard";
  station.silent = true;
  EXPECT_EQ(offline_risk(station, kNow), 6);
  EXPECT_EQ(offline_risk(station, station.heard_ms), 4);
  station.use_milli_per_day = 0;
  EXPECT_EQ(offline_risk(station, kNow), 4);
}

TEST(Derivation, AShortageElsewhereIsShippedFromHere) {
  ChannelFacts facts{.sites = {site("leipzig", 10, 0), site("ulm", 1, 4)}};
  facts.sites[1].serves = false;
  const auto figure = published(facts, kNow).value();
  EXPECT_EQ(figure.value, 7);
  EXPECT_EQ(term(figure, "short_elsewhere"), -3);
  facts.sites[1] = site("ulm", 9, 4);
  facts.sites[1].serves = false;
  EXPECT_EQ(published(facts, kNow)->value, 10) << "what lies where it does not sell is not its";
}

TEST(Derivation, BoughtButNotRoutedAndNotEvenSeenPiecesAreNotSoldAgain) {
  ChannelFacts facts{.sites = {site("leipzig", 10, 1)},
                     .unrouted = {2, kNow},
                     .unseen = {{"shop", 1, 0, kNow}, {"market", 0, 24'000, kNow - kDayMs / 24}}};
  const auto figure = published(facts, kNow).value();
  EXPECT_EQ(figure.value, 10 - 1 - 2 - 1 - 1);
  EXPECT_EQ(figure_of(figure.terms).value, figure.value);
}

TEST(Derivation, ShareBufferAndCapAreTermsToo) {
  ChannelFacts facts{.sites = {site("leipzig", 101, 0)},
                     .policy = {.share_pm = 500, .buffer = 10, .cap = 25}};
  const auto figure = published(facts, kNow).value();
  EXPECT_EQ(term(figure, "not_its_share"), -51) << "half of an odd number is rounded down";
  EXPECT_EQ(term(figure, "buffer"), -10);
  EXPECT_EQ(term(figure, "over_the_cap"), -15);
  EXPECT_EQ(figure.value, 25);
  facts.policy = {.buffer = 200};
  EXPECT_EQ(published(facts, kNow)->value, 0);
  EXPECT_EQ(term(*published(facts, kNow), "below_zero"), 99);
}

TEST(Derivation, AListingSaysOtherwiseThanItsChannel) {
  const Policy channel{.share_pm = 800, .buffer = 2, .cap = 50};
  const auto policy = effective(channel, {.share_pm = {}, .buffer = 0, .cap = 5});
  EXPECT_EQ(policy.share_pm, 800);
  EXPECT_EQ(policy.buffer, 0);
  EXPECT_EQ(policy.cap, 5);
}

TEST(Derivation, RefusesSettingsAndFactsOutOfBounds) {
  EXPECT_FALSE(told({}, {.share_pm = 1'001}).has_value());
  EXPECT_FALSE(told({}, {.share_pm = -1}).has_value());
  EXPECT_FALSE(told({}, {.buffer = -1}).has_value());
  EXPECT_FALSE(told({}, {.cap = -1}).has_value());
  EXPECT_FALSE(available_to_promise(site("a", kPiecesMax + 1, 0), kNow).has_value());
  EXPECT_FALSE(available_to_promise(site("a", 1, -1), kNow).has_value());
  EXPECT_FALSE(available_to_promise(site("a", 1, 1, -1), kNow).has_value());
}

TEST(Derivation, OnlyZeroAndBackFromZeroRideTheExpressLane) {
  EXPECT_EQ(express(5, 0), Express::to_zero);
  EXPECT_EQ(express(0, 1), Express::back_from_zero);
  EXPECT_EQ(express(5, 4), Express::no);
  EXPECT_EQ(express(0, 0), Express::no);
  EXPECT_EQ(express({}, 0), Express::no);
  EXPECT_EQ(name(Express::to_zero), "to_zero");
}

ChannelFacts drawn(base::Prng& prng) {
  ChannelFacts facts;
  for (std::int64_t n = prng.between(0, 4), i = 0; i < n; ++i) {
    auto s = site("s" + std::to_string(i), prng.between(-5, 40), prng.between(0, 15),
                  prng.between(0, 8));
    s.serves = prng.chance(700);
    for (std::int64_t k = prng.between(0, 2); k > 0; --k) {
      s.stations.push_back({.station = "b",
                            .silent = prng.chance(500),
                            .heard_ms = kNow - prng.between(0, 5 * kDayMs),
                            .quota_left = prng.between(0, 6),
                            .use_milli_per_day = prng.between(0, 3'000)});
    }
    facts.sites.push_back(std::move(s));
  }
  facts.unrouted = {prng.between(0, 5), kNow};
  facts.unseen = {{"shop", prng.between(0, 3), prng.between(0, 4'000), kNow - kDayMs / 3}};
  facts.policy = {.share_pm = prng.between(0, 1'000), .buffer = prng.between(0, 3)};
  if (prng.chance(500)) facts.policy.cap = prng.between(0, 20);
  return facts;
}

// Reality as it may be behind the facts: silent stations took up to their quota. What the channel
// was told must still be there when every other promise is kept from these sites.
TEST(Derivation, PublishedIsAtMostWhatCanReallyBeShipped) {
  base::Prng prng(20'261'121);
  int positive = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto facts = drawn(prng);
    const auto figure = published(facts, kNow).value();
    ASSERT_EQ(figure_of(figure.terms).value, figure.value);
    ASSERT_GE(figure.value, 0);
    Quantity free = 0, owed = facts.unrouted.value;
    for (const auto& unseen : facts.unseen) owed += prng.between(0, unseen_sales(unseen, kNow));
    for (const auto& s : facts.sites) {
      auto there = std::max<Quantity>(0, s.on_hand.value);
      for (const auto& station : s.stations) {
        if (station.silent) there -= std::min(there, prng.between(0, station.quota_left));
      }
      if (s.serves) free += std::max<Quantity>(0, there - s.reserved.value);
      owed += std::max<Quantity>(0, s.reserved.value - there);
    }
    if (figure.value > 0) {
      ++positive;
      ASSERT_LE(figure.value + owed, free) << "round " << round;
    }
  }
  EXPECT_GT(positive, 1'000) << "the property says nothing of figures that are all zero";
}

TEST(Derivation, IsMonotoneInEachTerm) {
  base::Prng prng(77);
  for (int round = 0; round < 20'000; ++round) {
    const auto facts = drawn(prng);
    const auto before = published(facts, kNow)->value;
    auto better = facts;
    auto worse = facts;
    if (!facts.sites.empty()) {
      const auto at = prng.below(facts.sites.size());
      const auto by = prng.between(1, 9);
      better.sites[at].on_hand.value += by;
      auto& s = worse.sites[at];
      const auto which = prng.below(4);
      if (which == 0) s.on_hand.value -= by;
      if (which == 1) s.reserved.value += by;
      if (which == 2) s.safety += by;
      if (which == 3) s.stations.push_back({.station = "x", .silent = true, .quota_left = by});
    }
    const auto which = prng.below(4);
    if (which == 0) worse.unrouted.value += 1;
    if (which == 1) worse.policy.buffer += 1;
    if (which == 2) worse.policy.share_pm = worse.policy.share_pm * 9 / 10;
    if (which == 3) worse.unseen[0].known += 2;
    ASSERT_GE(published(better, kNow)->value, before) << "round " << round;
    ASSERT_LE(published(worse, kNow)->value, before) << "round " << round;
    ASSERT_LE(published(facts, kNow + kDayMs)->value, before) << "silence never adds stock";
  }
}

}  // namespace
}  // namespace dockline::server::stock
