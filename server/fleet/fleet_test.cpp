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
