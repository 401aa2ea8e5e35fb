#include "server/orders/queue.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

constexpr std::int64_t kMin = 60'000;

TEST(OrderQueue, VipFirstThenTheEarlierPromiseThenTheEarlierOrder) {
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

TEST(OrderQueue, IsAStrictOrderOfAnyOrders) {
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

TEST(Backorders, StockFirstThenBackordersUpToTheirLimitThenNo) {
  const auto got = admit(10, 4, 3, {.most = 5}, 0).value();
  EXPECT_EQ(got.now, 4);
  EXPECT_EQ(got.backordered, 2);
  EXPECT_EQ(got.refused, 4);
  EXPECT_EQ(got.why, "no more backorders are taken");
  EXPECT_EQ(admit(3, -5, 0, {}, 0)->refused, 3);
  EXPECT_EQ(admit(3, -5, 0, {}, 0)->why, "it is not sold without stock");
  EXPECT_FALSE(admit(0, 1, 0, {}, 0).has_value());
  EXPECT_FALSE(admit(1, 1, -1, {}, 0).has_value());
}

TEST(Backorders, BeforeItsReleaseNothingIsTakenFromStock) {
  const Waiting game{.most = 5, .preorder = true, .released_ms = 100, .preorder_most = 20};
  const auto before = admit(10, 50, 15, game, 99).value();
  EXPECT_EQ(before.now, 0);
  EXPECT_EQ(before.preordered, 5);
  EXPECT_EQ(before.refused, 5);
  EXPECT_EQ(admit(10, 50, 0, game, 100)->now, 10);
  EXPECT_EQ(admit(1, 50, 0, {.released_ms = 100}, 99)->why, "it is not released yet");
}

TEST(Backorders, EveryPieceHasOneAnswerAndNoLimitIsPassed) {
  base::Prng prng(55);
  for (int round = 0; round < 5'000; ++round) {
    const Waiting w{.most = prng.between(0, 9),
                    .preorder = prng.chance(500),
                    .released_ms = prng.between(0, 2),
                    .preorder_most = prng.between(0, 9)};
    const auto quantity = prng.between(1, 20), available = prng.between(-4, 12);
    const auto outstanding = prng.between(0, 12);
    const auto got = admit(quantity, available, outstanding, w, 1).value();
    ASSERT_EQ(got.now + got.backordered + got.preordered + got.refused, quantity);
    ASSERT_GE(std::min({got.now, got.backordered, got.preordered, got.refused}), 0);
    ASSERT_LE(got.now, std::max<Quantity>(0, available));
    ASSERT_TRUE(got.backordered == 0 || outstanding + got.backordered <= w.most);
    ASSERT_TRUE(got.preordered == 0 || outstanding + got.preordered <= w.preorder_most);
    ASSERT_EQ(got.why.empty(), got.refused == 0);
  }
}

TEST(Deadlines, AreCountedBackFromThePromiseAndPredictedFromNow) {
  const std::vector<Step> left = {{"pick", 5 * kMin, 10, 2 * kMin, {}},
                                  {"pack", 3 * kMin, 0, 0, {}}};
  const auto got = forecast(left, 60 * kMin, 10 * kMin, 0).value();
  EXPECT_EQ(got.steps[0].predicted_ms, 25 * kMin);
  EXPECT_EQ(got.steps[1].predicted_ms, 28 * kMin);
  EXPECT_EQ(got.steps[1].deadline_ms, 60 * kMin);
  EXPECT_EQ(got.steps[0].deadline_ms, 57 * kMin);
  EXPECT_EQ(got.slack_ms, 32 * kMin);
  EXPECT_EQ(got.outlook, Outlook::on_time);
  EXPECT_EQ(got.worst, "pick");
  EXPECT_EQ(forecast(left, 37 * kMin, 10 * kMin, 0)->outlook, Outlook::at_risk);
  EXPECT_EQ(forecast(left, 27 * kMin, 10 * kMin, 0)->outlook, Outlook::late);
  EXPECT_EQ(name(Outlook::at_risk), "at_risk");
}

// The van leaves at minute 30 and at minute 90. A queue that reaches past 30 makes the order late
// at minute 0 already: it is said before it happens.
TEST(Deadlines, ADelayIsPredictedBeforeItHappens) {
  std::vector<Step> left = {{"pack", 3 * kMin, 10, 2 * kMin, {}},
                            {"hand over", 0, 0, 0, {30 * kMin, 90 * kMin}}};
  auto got = forecast(left, 60 * kMin, 0, 0).value();
  EXPECT_EQ(got.steps[1].predicted_ms, 30 * kMin);
  EXPECT_EQ(got.steps[0].deadline_ms, 30 * kMin) << "the last van before the promise";
  EXPECT_EQ(got.outlook, Outlook::on_time);
  left[0].ahead = 14;
  got = forecast(left, 60 * kMin, 0, 0).value();
  EXPECT_EQ(got.steps[1].predicted_ms, 90 * kMin);
  EXPECT_EQ(got.outlook, Outlook::late);
  EXPECT_EQ(got.slack_ms, -30 * kMin);
  left[0].ahead = 60;
  EXPECT_EQ(forecast(left, 600 * kMin, 0, 0)->outlook, Outlook::late) << "no van is known";
}

TEST(Deadlines, RefuseTimesOutOfBounds) {
  EXPECT_FALSE(forecast(std::vector<Step>{{"x", -1, 0, 0, {}}}, 1, 0, 0).has_value());
  EXPECT_FALSE(forecast(std::vector<Step>{{"x", 1, -1, 0, {}}}, 1, 0, 0).has_value());
  EXPECT_FALSE(forecast(std::vector<Step>{{"x", 1, 0, 0, {9, 3}}}, 1, 0, 0).has_value());
  EXPECT_FALSE(forecast(std::vector<Step>(33), 1, 0, 0).has_value());
  EXPECT_EQ(forecast({}, 5, 0, 0)->slack_ms, 5);
}

TEST(Deadlines, ALongerQueueNeverMakesItEarlier) {
  base::Prng prng(8);
  for (int round = 0; round < 3'000; ++round) {
    std::vector<Step> left;
    for (int i = 0; i < 4; ++i) {
      Step s{"s" + std::to_string(i),
             prng.between(0, 9) * kMin,
             prng.between(0, 9),
             prng.between(0, 4) * kMin,
             {}};
      if (prng.chance(300)) s.collections_ms = {50 * kMin, 100 * kMin, 400 * kMin};
      left.push_back(s);
    }
    const auto now = forecast(left, 120 * kMin, 5 * kMin, 0).value();
    auto more = left;
    more[prng.below(4)].ahead += 3;
    const auto later = forecast(more, 120 * kMin, 5 * kMin, 0).value();
    ASSERT_LE(later.slack_ms, now.slack_ms);
    ASSERT_GE(later.outlook, now.outlook);
    for (std::size_t i = 0; i < 4; ++i) {
      ASSERT_EQ(later.steps[i].deadline_ms, now.steps[i].deadline_ms)
          << "the queue moves no promise";
      ASSERT_TRUE(i == 0 || now.steps[i].predicted_ms >= now.steps[i - 1].predicted_ms);
    }
  }
}

}  // namespace
}  // namespace dockline::server::orders
