#include "server/fleet/fleet.hpp"

#include <array>

#include <gtest/gtest.h>

namespace dockline::server::fleet {
namespace {

TEST(Fleet, MakesAnSsccWithItsCheckDigit) {
  EXPECT_EQ(gs1_check_digit("629104150021"), '3');
  const auto made = sscc("0340123", 1).value();
  EXPECT_EQ(made.size(), 18U);
  EXPECT_EQ(made.substr(0, 17), "00340123000000001");
  EXPECT_EQ(made.back(), gs1_check_digit(made.substr(0, 17)));
}

TEST(Fleet, RefusesAPrefixThatIsNoneAndARangeThatIsUsedUp) {
  EXPECT_EQ(sscc("12", 1).error().fault, base::Fault::reject);
  EXPECT_EQ(sscc("034012X", 1).error().fault, base::Fault::reject);
  EXPECT_EQ(sscc("0340123456", 1'000'000).error().fault, base::Fault::full);
}

TEST(Fleet, ATrackingNumberHasTenDigits) { EXPECT_EQ(tracking_number(42), "DL0000000042"); }

TEST(Fleet, TwoServersRestoredFromOneBackupNeverCountTheSame) {
  constexpr std::int64_t kNow = 1'790'000'000'000;
  std::vector<Numbering> all;
  for (std::int64_t second = 0; second < 4'000; ++second) {
    const auto made = after_restore(1, kNow + second * 1'000);
    EXPECT_GT(epoch(made.generation, made.counter), epoch(1, kEpochCounterMax));
    EXPECT_LT(epoch(made.generation, kEpochCounterMax), std::int64_t{1} << 53) << "JSON readers";
    if (!all.empty()) {
      // A million grants of the one before do not reach this one.
      EXPECT_GT(epoch(made.generation, made.counter),
                epoch(all.back().generation, all.back().counter + 1'000'000));
    }
    EXPECT_LT(made.counter + 100'000'000, kEpochCounterMax);
    all.push_back(made);
  }
  // A later restore is above, also with a clock that stands in the year 1970.
  const auto later = after_restore(all.back().generation, kNow + 8'000'000);
  EXPECT_GT(later.generation, all.back().generation);
  EXPECT_EQ(after_restore(7, 0).generation, 8);
  EXPECT_EQ(after_restore(7, INT64_MAX / 2).generation, 8);
}

TEST(Fleet, TwoRestoresWithinOneSecondDoNotCountTheSame) {
  constexpr std::int64_t kNow = 1'790'000'000'000;
  for (std::int64_t ms = 0; ms < 1'000; ++ms) {
    EXPECT_GE(after_restore(1, kNow + ms + 1).counter, after_restore(1, kNow + ms).counter + 4'000);
  }
}

TEST(Fleet, ALabelShowsTheNumbersItWasMadeOf) {
  EXPECT_EQ(number_of(tracking_number(42)), 42);
  EXPECT_EQ(serial_of("0340123", sscc("0340123", 99).value()), 99);
  EXPECT_EQ(serial_of("0340123456", sscc("0340123456", 999'999).value()), 999'999);
  EXPECT_EQ(serial_of("0340124", sscc("0340123", 99).value()), std::nullopt);
  for (const auto* other :
       {"", "DL", "DL00000000x2", "XX0000000042", "DL000000004", "DL-000000042"}) {
    EXPECT_EQ(number_of(other), std::nullopt) << other;
    EXPECT_EQ(serial_of("0340123", other), std::nullopt) << other;
  }
}

TEST(Fleet, LabelNumbersOfTwoRestoresOfOneBackupAreFarApart) {
  constexpr std::int64_t kNow = 1'790'000'000'000;
  EXPECT_EQ(label_after_restore(50, 0), 1'000'050);
  const auto first = label_after_restore(50, kNow);
  EXPECT_GE(label_after_restore(50, kNow + 600'000), first + 6'000);
  EXPECT_LT(label_after_restore(50, kNow + 20LL * 365 * 86'400'000), 9'999'999'999);
  EXPECT_EQ(label_after_restore(first + 9, kNow), first + 9 + 1'000'000);
}

TEST(Fleet, ARestoreLeavesTheShortestRangeOfSerialsNearlyWhole) {
  EXPECT_EQ(serials_skipped("0340123"), 1'000'000);
  EXPECT_EQ(serials_skipped("0340123456"), 10'000);
  EXPECT_TRUE(sscc("0340123456", 50 * serials_skipped("0340123456")).has_value());
}

TEST(Fleet, AnEpochAfterARestoreIsAboveAllBefore) {
  EXPECT_GT(epoch(2, 1), epoch(1, kEpochCounterMax));
}

TEST(Fleet, TheStationWithTheFewestLeasesGetsTheOrder) {
  const std::array stations = {StationFacts{"a", true, true, 4}, StationFacts{"b", true, true, 2},
                               StationFacts{"c", false, true, 0},
                               StationFacts{"d", true, false, 0}};
  EXPECT_EQ(choose(stations), "b");
  EXPECT_EQ(choose(std::span(stations).subspan(2)), "c");
  EXPECT_EQ(choose(std::span(stations).subspan(3)), std::nullopt);
}

TEST(Fleet, SilenceBeginsAfterThreeHeartbeats) {
  EXPECT_FALSE(silent(1'000, 1'000 + kSilentMs));
  EXPECT_TRUE(silent(1'000, 1'001 + kSilentMs));
}

}  // namespace
}  // namespace dockline::server::fleet
