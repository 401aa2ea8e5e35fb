#include "server/stock/locations.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

SiteFacts site(std::string name, Quantity on_hand, Quantity reserved, Quantity safety = 0) {
  return {.site = std::move(name),
          .on_hand = {on_hand, 1'000},
          .reserved = {reserved, 0},
          .safety = safety,
          .stations = {}};
}

std::vector<AtLocation> at(const std::vector<Location>& locations,
                           const std::vector<SiteFacts>& sites, Quantity unrouted = 0) {
  return sellable_at(locations, promises(sites, 5'000).value(), {unrouted, 0});
}

TEST(Locations, EachShowsItsOwnSitesWhenNothingIsOwed) {
  const auto out =
      at({{"1", {"berlin"}}, {"2", {"lyon"}}}, {site("berlin", 10, 3), site("lyon", 4, 0)});
  EXPECT_EQ(out[0].figure.value, 7);
  EXPECT_EQ(out[1].figure.value, 4);
  EXPECT_EQ(out[0].figure.as_of_ms, 1'000);
}

TEST(Locations, OneLocationOfSeveralSitesIsTheirSum) {
  const auto out = at({{"1", {"berlin", "lyon"}}}, {site("berlin", 10, 3), site("lyon", 4, 5)}, 2);
  EXPECT_EQ(out[0].figure.value, 10 - 3 + 4 - 5 - 2);
}

TEST(Locations, WhatIsBoughtWithoutASiteIsTakenOffOnceFirstWhereRoutingLooksFirst) {
  const std::vector<SiteFacts> sites{site("lyon", 4, 0), site("berlin", 10, 3)};
  const auto out = at({{"1", {"berlin"}}, {"2", {"lyon"}}}, sites, 6);
  EXPECT_EQ(out[1].figure.value, 0);
  EXPECT_EQ(out[0].figure.value, 5);
  EXPECT_EQ(out[1].figure.terms.back().name, "unrouted");
  EXPECT_EQ(out[1].figure.terms.back().value, -4);
  EXPECT_EQ(out[0].figure.terms.back().value, -2);
}

TEST(Locations, AShortSiteOwesToTheOthersWhetherTheChannelSellsThereOrNot) {
  const std::vector<SiteFacts> sites{site("berlin", 1, 3), site("lyon", 9, 0)};
  for (const bool served : {true, false}) {
    std::vector<Location> locations{{"2", {"lyon"}}};
    if (served) locations.push_back({"1", {"berlin"}});
    const auto out = at(locations, sites);
    EXPECT_EQ(out[0].figure.value, 7);
    EXPECT_EQ(out[0].figure.terms.back().name, "short_elsewhere");
    EXPECT_EQ(out[0].figure.terms.back().of, "berlin");
    EXPECT_EQ(out.back().figure.value, served ? -2 : 7);
  }
}

TEST(Locations, AKitIsMadeOfWhatItsPartsLeaveAtEachLocation) {
  const auto kits = Kits::make(std::vector<Recipe>{{"SET", {{"CUP", 2}, {"POT", 1}}}}).value();
  const std::vector<Location> locations{{"1", {"berlin"}}, {"2", {"lyon"}}};
  const std::vector<PartAt> parts{
      {"CUP", at(locations, {site("berlin", 9, 0), site("lyon", 4, 0)}, 1)},
      {"POT", at(locations, {site("berlin", 3, 0), site("lyon", 5, 0)})}};
  const auto out = kit_at(kits, "SET", locations, parts).value();
  EXPECT_EQ(out[0].figure.value, 3);  // 8 cups, 3 pots
  EXPECT_EQ(out[1].figure.value, 2);
  EXPECT_NE(out[0].figure.terms[0].why.find("POT: 3 there"), std::string::npos);
}

// Drawn sites, locations of one or more of them, debts and policies: all that a channel is told
// together can be shipped, with its own arithmetic for what can.
TEST(Locations, TogetherNeverMoreThanCanBeShipped) {
  base::Prng prng(4);
  int told_some = 0, owed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<SiteFacts> sites;
    Quantity shippable = 0;
    const auto n = prng.between(1, 6);
    for (std::int64_t i = 0; i < n; ++i) {
      const auto on_hand = prng.between(-3, 20), reserved = prng.between(0, 12);
      sites.push_back(site("s" + std::to_string(i), on_hand, reserved, prng.between(0, 4)));
      if (prng.chance(300)) {
        sites.back().stations = {{.station = "b", .silent = true, .quota_left = 2}};
      }
      shippable += on_hand - reserved;
    }
    const auto unrouted = prng.chance(500) ? prng.between(0, 15) : 0;
    shippable -= unrouted;
    std::vector<Location> locations;
    for (std::int64_t i = 0; i < n; ++i) {
      if (prng.chance(200)) continue;  // the channel does not sell there
      const std::string name = "s" + std::to_string(i);
      if (!locations.empty() && prng.chance(300)) {
        locations.back().sites.push_back(name);
      } else {
        locations.push_back({"L" + std::to_string(i), {name}});
      }
    }
    const Policy policy{.share_pm = prng.between(0, 1'000),
                        .buffer = prng.between(0, 3),
                        .cap = prng.chance(300) ? std::optional(prng.between(0, 9)) : std::nullopt};
    Quantity all = 0;
    for (auto& one : at(locations, sites, unrouted)) {
      const auto figure = told(std::move(one.figure), policy).value();
      Quantity terms = 0;
      for (const auto& term : figure.terms) terms += term.value;
      ASSERT_EQ(terms, figure.value);
      ASSERT_GE(figure.value, 0);
      all += figure.value;
    }
    ASSERT_LE(all, std::max<Quantity>(0, shippable)) << "round " << round;
    told_some += all > 0 ? 1 : 0;
    owed += unrouted > 0 && all > 0 ? 1 : 0;
  }
  EXPECT_GT(told_some, 2'000);
  EXPECT_GT(owed, 500);
}

TEST(Locations, WithOneLocationItIsTheFigureOfTheChannel) {
  base::Prng prng(5);
  for (int round = 0; round < 5'000; ++round) {
    ChannelFacts facts;
    Location only{"1", {}};
    for (std::int64_t i = 0; i < 4; ++i) {
      facts.sites.push_back(site("s" + std::to_string(i), prng.between(0, 20), prng.between(0, 24),
                                 prng.between(0, 4)));
      facts.sites.back().serves = prng.chance(700);
      if (facts.sites.back().serves) only.sites.push_back(facts.sites.back().site);
    }
    facts.unrouted = {prng.between(0, 5), 0};
    facts.policy = {.share_pm = 800, .buffer = 1, .cap = 20};
    auto out = at({only}, facts.sites, facts.unrouted.value);
    EXPECT_EQ(told(std::move(out[0].figure), facts.policy)->value, published(facts, 5'000)->value);
  }
}

}  // namespace
}  // namespace dockline::server::stock
