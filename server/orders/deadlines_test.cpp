#include "server/orders/deadlines.hpp"

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

constexpr std::int64_t kMin = 60'000;

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
