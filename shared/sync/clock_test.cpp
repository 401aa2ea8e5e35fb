#include "shared/sync/clock.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"

namespace dockline::sync {
namespace {

TEST(ClockSamples, FindsTheOffsetAndHalfTheRoundTripAsItsError) {
  ClockSamples clock;
  EXPECT_FALSE(clock.best());
  clock.add(1'000, 6'020, 6'030, 1'050);  // 20 ms each way, they are 5 s ahead
  EXPECT_EQ(clock.best(), (ClockOffset{5'000, 20}));
}

TEST(ClockSamples, TrustsTheLeastRoundTripOfTheLastSixteen) {
  ClockSamples clock;
  clock.add(1'000, 1'105, 1'105, 1'010);
  for (int i = 0; i < 15; ++i) clock.add(1'000, 1'300, 1'300, 1'200);
  EXPECT_EQ(clock.best()->error_ms, 5);
  clock.add(1'000, 1'300, 1'300, 1'200);  // the good one falls out
  EXPECT_EQ(clock.best()->error_ms, 100);
}

TEST(ClockSamples, ForgetsWhatItMeasuredBeforeAClockWasSet) {
  ClockSamples clock;
  clock.add(1'000, 1'005, 1'005, 1'010);
  clock.add(10'801'000, 1'100, 1'100, 10'801'200);  // ours was set three hours forward
  EXPECT_EQ(clock.best(), (ClockOffset{-10'800'000, 100}));
  clock.add(10'801'000, 1'005, 1'005, 10'801'010);  // a better one of the same truth
  EXPECT_EQ(clock.best(), (ClockOffset{-10'800'000, 5}));
}

TEST(ClockSamples, LeavesNonsenseOut) {
  ClockSamples clock;
  clock.add(0, 5, 5, 10);
  clock.add(10, 0, 5, 10);
  clock.add(10, 9, 8, 20);
  clock.add(10, 20, 90, 20);
  EXPECT_FALSE(clock.best());
}

TEST(HybridClock, NeverGoesBackAndCountsWithinAMillisecond) {
  HybridClock clock;
  const auto a = clock.tick(1'000);
  EXPECT_EQ(a, 1'000ULL << 16);
  EXPECT_EQ(clock.tick(1'000), a + 1);
  EXPECT_EQ(clock.tick(500), a + 2);
  EXPECT_EQ(clock.tick(1'001), 1'001ULL << 16);
}

TEST(HybridClock, AYearThatWasWrongIsForgottenWhenTheClockIsSetRight) {
  HybridClock clock;
  constexpr std::int64_t kWrong = 2'000'000'000'000, kRight = 1'700'000'000'000;
  const auto wrong = clock.tick(kWrong);
  EXPECT_EQ(wrong >> 16, static_cast<std::uint64_t>(kWrong));
  const auto right = clock.tick(kRight);
  EXPECT_EQ(right >> 16, static_cast<std::uint64_t>(kRight));
  EXPECT_GT(clock.tick(kRight - base::limits::kClockFollowMaxMs), right) << "a small step back";
}

TEST(HybridClock, FollowsWhatItHearsButNotAMinuteAhead) {
  HybridClock clock;
  EXPECT_TRUE(clock.hear(2'000ULL << 16, 1'000));
  EXPECT_GT(clock.tick(1'000), 2'000ULL << 16);
  constexpr std::uint64_t kMost = 1'000 + base::limits::kClockFollowMaxMs;
  EXPECT_FALSE(clock.hear((kMost + 1) << 16, 1'000));
  const auto own = clock.tick(1'000);
  EXPECT_LT(own, 3'000ULL << 16);
  EXPECT_EQ(clock.last(), own);
  EXPECT_TRUE(clock.hear(kMost << 16, 1'000));
  EXPECT_EQ(clock.last(), kMost << 16);
}

}  // namespace
}  // namespace dockline::sync
