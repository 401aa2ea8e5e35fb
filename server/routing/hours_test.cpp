#include "server/routing/hours.hpp"

#include <gtest/gtest.h>

#include "shared/base/time.hpp"

namespace dockline::server::routing {
namespace {

std::int64_t at(std::string_view text) { return base::parse_rfc3339(text).value(); }

// Berlin around 2026: winter +1 h, summer +2 h from 29 March 01:00 UTC to 25 October 01:00 UTC.
Hours berlin() {
  Hours hours;
  for (std::size_t d = 0; d < 5; ++d) hours.week[d] = {8 * 60, 16 * 60};
  hours.offsets = {{at("2025-10-26T01:00:00Z"), 3'600},
                   {at("2026-03-29T01:00:00Z"), 7'200},
                   {at("2026-10-25T01:00:00Z"), 3'600}};
  return hours;
}

TEST(RoutingHours, AreInstantsInTheSitesOwnTime) {
  const auto windows = windows_of(berlin(), at("2026-01-14T12:00:00Z"), 2);  // a Wednesday
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(base::to_rfc3339(windows[0].opens_ms), "2026-01-14T07:00:00.000Z");
  EXPECT_EQ(base::to_rfc3339(windows[0].cut_off_ms), "2026-01-14T15:00:00.000Z");
}

TEST(RoutingHours, MoveWithTheClockInSpringAndAutumn) {
  const auto spring = windows_of(berlin(), at("2026-03-27T12:00:00Z"), 4);  // Friday to Monday
  ASSERT_EQ(spring.size(), 2U);
  EXPECT_EQ(base::to_rfc3339(spring[0].cut_off_ms), "2026-03-27T15:00:00.000Z");
  EXPECT_EQ(base::to_rfc3339(spring[1].cut_off_ms), "2026-03-30T14:00:00.000Z");
  const auto autumn = windows_of(berlin(), at("2026-10-23T12:00:00Z"), 4);
  ASSERT_EQ(autumn.size(), 2U);
  EXPECT_EQ(base::to_rfc3339(autumn[0].cut_off_ms), "2026-10-23T14:00:00.000Z");
  EXPECT_EQ(base::to_rfc3339(autumn[1].cut_off_ms), "2026-10-26T15:00:00.000Z");
}

TEST(RoutingHours, TakeTheFirstOfADoubledTimeAndSurviveASkippedOne) {
  Hours hours = berlin();
  hours.week[6] = {2 * 60 + 30, 12 * 60};  // Sundays from 02:30
  const auto autumn = windows_of(hours, at("2026-10-24T23:00:00Z"), 1);
  ASSERT_EQ(autumn.size(), 1U);
  EXPECT_EQ(base::to_rfc3339(autumn[0].opens_ms), "2026-10-25T00:30:00.000Z");
  const auto spring = windows_of(hours, at("2026-03-29T00:00:00Z"), 1);
  ASSERT_EQ(spring.size(), 1U);
  EXPECT_EQ(base::to_rfc3339(spring[0].opens_ms), "2026-03-29T01:30:00.000Z");
}

TEST(RoutingHours, StartWithTheLocalDayNotTheUtcDay) {
  Hours hours = berlin();
  hours.offsets = {{0, 12 * 3'600}};  // Auckland: 20:00 UTC on Tuesday is 08:00 on Wednesday
  const auto windows = windows_of(hours, at("2026-01-13T20:00:00Z"), 1);
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(base::to_rfc3339(windows[0].cut_off_ms), "2026-01-14T04:00:00.000Z");
}

TEST(RoutingHours, LeaveOutWeekendsAndHolidays) {
  Hours hours = berlin();
  EXPECT_TRUE(windows_of(hours, at("2026-01-17T12:00:00Z"), 2).empty());  // Saturday, Sunday
  hours.closed = {at("2026-01-14T00:00:00Z") / 86'400'000};
  EXPECT_TRUE(windows_of(hours, at("2026-01-14T12:00:00Z"), 1).empty());
}

}  // namespace
}  // namespace dockline::server::routing
