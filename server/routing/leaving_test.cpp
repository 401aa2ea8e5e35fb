#include "server/routing/leaving.hpp"

#include <gtest/gtest.h>

#include "shared/base/time.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kDay = 86'400'000;

std::int64_t at(const char* text) { return base::parse_rfc3339(text).value(); }

// Monday to Friday until 16:30; summer time ends on Sunday, 2026-10-25.
DeclaredSite leipzig() {
  DeclaredSite site{.site = "leipzig"};
  site.hours.emplace();
  for (std::size_t day = 0; day < 5; ++day) site.hours->week[day] = {8 * 60, 16 * 60 + 30};
  site.hours->offsets = {{at("2026-03-29T01:00:00Z"), 7'200}, {at("2026-10-25T01:00:00Z"), 3'600}};
  return site;
}

TEST(Leaving, NamesTheLastBeforeAndTheNextOnesOverAWeekendAndAChangeOfTheClock) {
  const auto all = leaving(leipzig(), at("2026-10-23T15:00:00Z"), at("2026-10-26T12:00:00Z"));
  ASSERT_FALSE(all.empty());
  for (std::size_t i = 1; i < all.size(); ++i) ASSERT_LT(all[i - 1].at_ms, all[i].at_ms);
  const auto has = [&](const char* text, std::int64_t east_s) {
    for (const auto& l : all) {
      if (l.at_ms == at(text)) return l.east_s == east_s;
    }
    return false;
  };
  EXPECT_TRUE(has("2026-10-23T14:30:00Z", 7'200)) << "Friday, summer time";
  EXPECT_TRUE(has("2026-10-26T15:30:00Z", 3'600)) << "Monday, winter time";
  for (const auto& l : all) {
    ASSERT_TRUE(l.at_ms <= at("2026-10-23T14:30:00Z") || l.at_ms >= at("2026-10-26T15:30:00Z"));
  }
  EXPECT_LT(all.front().at_ms, at("2026-10-26T12:00:00Z") - 10 * kDay);
  EXPECT_GT(all.back().at_ms, at("2026-10-23T15:00:00Z") + 30 * kDay);
}

TEST(Leaving, OfASiteWhoseHoursNobodySaidNothingIsKnown) {
  EXPECT_TRUE(leaving({.site = "ulm"}, 5, 9).empty());
}

TEST(Leaving, TheTransitTimeIsThatOfTheNamedService) {
  Rulebook book;
  book.services.push_back({.service = {.carrier = "House", .service = "standard"}});
  EXPECT_FALSE(knows_transit(book));
  book.services.push_back({.service = {.carrier = "House", .service = "careful"}});
  book.services.back().service.transit_ms = 2 * kDay;
  EXPECT_TRUE(knows_transit(book));
  EXPECT_EQ(transit_of(book, "House careful"), 2 * kDay);
  EXPECT_EQ(transit_of(book, "House standard"), std::nullopt);
  EXPECT_EQ(transit_of(book, "Other careful"), std::nullopt);
}

}  // namespace
}  // namespace dockline::server::routing
