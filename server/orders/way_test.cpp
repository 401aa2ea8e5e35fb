#include "server/orders/way.hpp"

#include <gmock/gmock.h>

#include "shared/base/prng.hpp"

namespace dockline::server::orders {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kMin = 60'000, kHour = 60 * kMin, kDay = 24 * kHour;
constexpr std::int64_t kNow = 1'790'000'000'000 / kDay * kDay + 10 * kHour;  // a Monday, 10:00

// Allocated at leipzig, whose carriers leave at 16:30 each day; 24 hours on the way.
WayFacts one() {
  WayFacts f;
  f.now_ms = kNow;
  f.received_ms = kNow - kHour;
  f.margin_ms = 2 * kHour;
  f.promised_ms = kNow / kDay * kDay + 2 * kDay + 18 * kHour;  // Wednesday, 18:00
  f.to_pack = 2;
  f.routed_ms = kNow - kHour;
  Leg leg{.site = "leipzig", .pack_ms = 3 * kMin, .transit_ms = kDay, .service = "House standard"};
  for (int day = -10; day < 20; ++day) {
    leg.collections.push_back({kNow / kDay * kDay + day * kDay + 16 * kHour + 30 * kMin, 0});
  }
  f.legs.push_back(std::move(leg));
  return f;
}
const WayStep& step(const Way& way, std::string_view name) {
  static const WayStep kNone;
  for (const auto& s : way.steps) {
    if (s.name == name) return s;
  }
  ADD_FAILURE() << "no step " << name;
  return kNone;
}

TEST(OrderWay, DeadlinesAreCountedBackFromThePromiseOverTransitCutOffAndPacking) {
  const auto got = way(one()).value();
  const auto tuesday = kNow / kDay * kDay + kDay + 16 * kHour + 30 * kMin;
  ASSERT_EQ(got.steps.size(), 6U);
  EXPECT_EQ(step(got, "delivered").deadline_ms, one().promised_ms);
  EXPECT_EQ(step(got, "handed_over").deadline_ms, tuesday) << "Wednesday 16:30 would be too late";
  EXPECT_EQ(step(got, "packed").deadline_ms, tuesday);
  EXPECT_EQ(got.pack_by_ms, tuesday);
  EXPECT_EQ(step(got, "routed").deadline_ms, tuesday - 3 * kMin);
  EXPECT_EQ(step(got, "routed").state, StepState::done);
  EXPECT_EQ(step(got, "packed").predicted_ms, kNow + 3 * kMin);
  EXPECT_EQ(step(got, "handed_over").predicted_ms, tuesday - kDay);
  EXPECT_EQ(step(got, "delivered").predicted_ms, tuesday);
  EXPECT_EQ(step(got, "packed").state, StepState::on_time);
  EXPECT_EQ(got.outlook, Outlook::on_time);
  EXPECT_THAT(step(got, "handed_over").why, HasSubstr("leaves leipzig Tue 20"));
  EXPECT_THAT(step(got, "handed_over").why, HasSubstr("it goes with that of Mon 20"));
  EXPECT_THAT(step(got, "delivered").why, HasSubstr("24 h on the way by House standard"));
}

TEST(OrderWay, AQueueThatReachesPastTheCutOffIsLateBeforeItHappens) {
  auto f = one();
  f.promised_ms = kNow + kDay + 7 * kHour;  // so today's carrier is the last
  EXPECT_EQ(way(f)->outlook, Outlook::at_risk) << "half an hour of slack";
  EXPECT_EQ(step(*way(f), "delivered").state, StepState::at_risk);
  f.legs[0].ahead = 200;
  const auto got = way(f).value();
  EXPECT_EQ(got.outlook, Outlook::late);
  for (const auto* name : {"packed", "handed_over", "delivered"}) {
    EXPECT_EQ(step(got, name).state, StepState::late) << name;
  }
  EXPECT_EQ(step(got, "handed_over").predicted_ms,
            kNow / kDay * kDay + kDay + 16 * kHour + 30 * kMin);
  f.legs[0].benches = 4;
  EXPECT_EQ(way(f)->outlook, Outlook::at_risk) << "four benches share them";
}

TEST(OrderWay, AHoldAndMissingStockAreARiskFromTheirOwnStepOn) {
  auto f = one();
  f.held = true;
  auto got = way(f).value();
  EXPECT_EQ(got.worst, "hold");
  EXPECT_EQ(step(got, "received").state, StepState::done);
  EXPECT_EQ(step(got, "checked").state, StepState::at_risk);
  EXPECT_EQ(step(got, "delivered").state, StepState::at_risk);
  EXPECT_EQ(step(got, "delivered").predicted_ms, std::nullopt) << "nobody knows how long";
  f.held = false;
  f.unrouted = 3;
  got = way(f).value();
  EXPECT_EQ(step(got, "checked").state, StepState::done);
  EXPECT_EQ(step(got, "routed").state, StepState::at_risk);
  EXPECT_EQ(step(got, "routed").why, "3 pieces wait for stock");
  f.begins_ms = kNow + kHour;
  got = way(f).value();
  EXPECT_EQ(got.outlook, Outlook::on_time) << "it waits for its release, which is known";
  EXPECT_EQ(step(got, "routed").predicted_ms, kNow + kHour);
}

TEST(OrderWay, WhatIsDoneHasItsMomentAndSaysWhetherItWasLate) {
  auto f = one();
  f.to_pack = 0;
  f.packed = 2;
  const auto due = way(f)->pack_by_ms.value();
  f.packed_ms = due + 90 * kMin;
  f.now_ms = due + 2 * kHour;
  auto got = way(f).value();
  EXPECT_EQ(step(got, "packed").state, StepState::done);
  EXPECT_EQ(step(got, "packed").done_ms, f.packed_ms);
  EXPECT_THAT(step(got, "packed").why, HasSubstr("90 min too late"));
  EXPECT_EQ(step(got, "handed_over").state, StepState::late) << "the last one in time has left";
  EXPECT_EQ(step(got, "delivered").state, StepState::late);
  f.packed = 0;
  f.gone = 2;
  f.handed_ms = due;
  f.margin_ms = kHour;
  f.now_ms = *f.promised_ms + kHour;
  got = way(f).value();
  EXPECT_EQ(step(got, "handed_over").state, StepState::done);
  EXPECT_EQ(step(got, "delivered").state, StepState::on_time) << "it left in time";
  EXPECT_THAT(step(got, "delivered").why, HasSubstr("nobody has said so"));
  f.gone = 0;
  f.delivered = 2;
  f.delivered_ms = *f.promised_ms - kHour;
  EXPECT_EQ(step(*way(f), "delivered").state, StepState::done);
  f.delivered = 0;
  EXPECT_TRUE(way(f)->steps.empty()) << "nothing of it is wanted any more";
}

TEST(OrderWay, WithoutAPromiseNothingIsLateAndAFetchedOrderNeedsNoCarrier) {
  auto f = one();
  f.promised_ms.reset();
  auto got = way(f).value();
  EXPECT_EQ(step(got, "packed").state, StepState::open);
  EXPECT_EQ(step(got, "packed").deadline_ms, std::nullopt);
  EXPECT_EQ(step(got, "packed").predicted_ms, kNow + 3 * kMin);
  f.fetched = true;
  f.promised_ms = kNow + kHour;
  f.margin_ms = 0;
  got = way(f).value();
  ASSERT_EQ(got.steps.size(), 5U);
  EXPECT_EQ(step(got, "handed_over").deadline_ms, kNow + kHour);
  EXPECT_EQ(step(got, "handed_over").state, StepState::on_time);
  EXPECT_EQ(got.outlook, Outlook::on_time);
}

TEST(OrderWay, OfSeveralSitesTheOneWithTheLeastSlackSaysWhen) {
  auto f = one();
  auto slow = f.legs[0];
  slow.site = "venlo";
  slow.transit_ms = 3 * kDay;
  slow.service = "House careful";
  f.legs.push_back(slow);
  const auto got = way(f).value();
  EXPECT_EQ(got.outlook, Outlook::late);
  EXPECT_THAT(got.why, HasSubstr("House careful"));
}

// The last step is what the forecast says, a step that is late makes the order late, and the times
// of the steps rise, whatever the order.
TEST(OrderWay, StepsAndForecastNeverDisagree) {
  base::Prng prng(21);
  for (int round = 0; round < 5'000; ++round) {
    auto f = one();
    f.promised_ms = kNow + prng.between(-48, 200) * kHour;
    f.legs[0].ahead = prng.between(0, 900);
    f.legs[0].transit_ms = prng.between(0, 100) * kHour;
    if (prng.chance(200)) f.legs[0].collections.clear();
    f.held = prng.chance(200);
    f.unrouted = prng.chance(300) ? prng.between(1, 3) : 0;
    if (prng.chance(300)) f.begins_ms = kNow + prng.between(-10, 80) * kHour;
    f.fetched = prng.chance(100);
    f.margin_ms = prng.between(0, 5) * kHour;
    const auto got = way(f).value();
    ASSERT_EQ(name(got.steps.back().state), name(got.outlook)) << round;
    bool late = false;
    for (std::size_t i = 0; i < got.steps.size(); ++i) {
      const auto& s = got.steps[i];
      late = late || s.state == StepState::late;
      ASSERT_TRUE(s.deadline_ms.has_value());
      if (i == 0) continue;
      ASSERT_LE(got.steps[i - 1].deadline_ms, s.deadline_ms) << s.name;
      if (got.steps[i - 1].predicted_ms) {
        ASSERT_LE(got.steps[i - 1].predicted_ms, s.predicted_ms);
      }
    }
    ASSERT_EQ(late, got.outlook == Outlook::late) << round;
  }
}

}  // namespace
}  // namespace dockline::server::orders
