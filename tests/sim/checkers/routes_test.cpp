#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim::testing {
namespace {

struct RoutesWorld : ::testing::Test {
  RoutesWorld() : w(make_routes) {
    w.rules.on = true;
    w.rules.wait_ms = 6 * 3'600'000;
    w.rules.silent_ms = 600'000;
    w.rules.sites["near"] = {.rate_minor = 300};
    // 12:00 in UTC is 17:30 there: its carrier left half an hour ago.
    w.rules.sites["far"] = {.hazardous = false,
                            .hours = true,
                            .east_s = 19'800,
                            .cut_off_min = 17 * 60,
                            .rate_minor = 200};
  }
  // A site of the facts, heard so many minutes ago, with pieces of X and of ACID.
  static std::string site(const std::string& name, int minutes, int x, int acid) {
    return R"({\"site\":\")" + name + R"(\",\"figures\":[{\"sku\":\"ACID\",\"atp\":)" +
           std::to_string(acid) + R"(},{\"sku\":\"X\",\"atp\":)" + std::to_string(x) +
           R"(}],\"alive\":{\"stations\":1,\"printers\":1,\"heard_ms\":)" +
           std::to_string(kNow - minutes * 60'000) + "}}";
  }
  // Two pieces of each SKU are wanted; each is given to the site named beside it, if one is.
  using Given = std::vector<std::pair<std::string, std::string>>;
  void decide(const Given& lines, const std::string& sites, int cost,
              const std::string& services = "") {
    std::string needs, given;
    for (const auto& [sku, at] : lines) {
      needs += (needs.empty() ? "" : ",") + (R"({\"line\":1,\"sku\":\")" + sku) +
               R"(\",\"quantity\":2})";
      if (at.empty()) continue;
      given += (given.empty() ? "" : ",") + (R"({"line":1,"sku":")" + sku) +
               R"(","quantity":2,"site":")" + at + "\"}";
    }
    w.fact("decision.made",
           R"("kind":"routing","subject":"shop:1","rule":"drawn","allocations":[)" + given +
               R"(],"optimality":{"method":"exact","cost_minor":)" + std::to_string(cost) +
               R"(},"facts":"{\"now_ms\":)" + std::to_string(kNow) + R"(,\"needs\":[)" + needs +
               R"(],\"sites\":[)" + sites + R"(],\"services\":[)" + services + R"(]}")");
  }
  void decide(const std::string& sku, const std::string& sites, const std::string& at, int cost) {
    decide(Given{{sku, at}}, sites, cost);
  }
  static constexpr std::int64_t kNow = 1'790'000'000'000 / 86'400'000 * 86'400'000 + 43'200'000;
  World w;
};

TEST_F(RoutesWorld, SaysNothingOfWhatIsAllowedAndCheapest) {
  decide("X", site("near", 1, 5, 5) + "," + site("far", 1, 5, 5), "near", 300);
  EXPECT_EQ(w.end(), 0U) << w.said();
}

TEST_F(RoutesWorld, SeesASiteThatIsClosedByItsOwnClock) {
  decide("X", site("near", 1, 5, 5) + "," + site("far", 1, 5, 5), "far", 200);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("its carrier leaves in 1410 min"), std::string::npos) << w.said();
}

TEST_F(RoutesWorld, SeesASilentSite) {
  decide("X", site("near", 11, 5, 5), "near", 300);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("silent for 11 min"), std::string::npos) << w.said();
}

TEST_F(RoutesWorld, SeesGoodsThatASiteMayNotHandle) {
  w.rules.sites["far"].hours = false;
  w.fact("item.registered", R"("item":{"sku":"ACID","hazardous":true})");
  decide("ACID", site("near", 1, 5, 5) + "," + site("far", 1, 5, 5), "far", 200);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("it may not handle ACID"), std::string::npos) << w.said();
}

TEST_F(RoutesWorld, SeesADearerChoiceAndAWrongSum) {
  w.rules.sites["far"].hours = false;
  decide("X", site("near", 1, 5, 5) + "," + site("far", 1, 5, 5), "near", 310);
  EXPECT_EQ(w.end(), 2U);
  EXPECT_NE(w.said().find("the record says 310"), std::string::npos) << w.said();
  EXPECT_NE(w.said().find("far has everything for 200"), std::string::npos) << w.said();
}

// Half a day that is taken costs half of a full one; of whom nobody knows it, all of it.
TEST_F(RoutesWorld, CountsHowMuchOfItsDayASiteHasTaken) {
  w.rules.sites["far"].hours = false;
  w.rules.full_minor = 400;
  auto far = site("far", 1, 5, 5), near = site("near", 1, 5, 5);
  near.insert(near.size() - 1, R"(,\"load_per_mille\":100)");
  decide("X", near, "near", 340);
  far.insert(far.size() - 1, R"(,\"load_per_mille\":500)");
  decide("X", near + "," + far, "near", 340);
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide("X", near + "," + far, "far", 400);
  decide("X", near + "," + site("far", 1, 5, 5), "far", 200);
  EXPECT_GE(w.end(), 2U);
  EXPECT_NE(w.said().find("near has everything for 340"), std::string::npos) << w.said();
  EXPECT_NE(w.said().find("costs 600, the record says 200"), std::string::npos) << w.said();
}

// Three sites: one has all and is dear, the others have half of it each.
struct StrategiesWorld : RoutesWorld {
  StrategiesWorld() {
    w.rules.split = true;
    w.rules.further_minor = 0;
    w.rules.sites = {{"dear", {.rate_minor = 900, .priority = 3}},
                     {"half", {.rate_minor = 200, .priority = 2}},
                     {"rest", {.rate_minor = 300, .priority = 1}}};
    sites = site("dear", 1, 5, 5) + "," + site("half", 1, 5, 0) + "," + site("rest", 1, 0, 5);
  }
  std::string sites;
};

TEST_F(StrategiesWorld, TheLeastOfOneSiteOrTwo) {
  decide({{"ACID", "rest"}, {"X", "half"}}, sites, 500);
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide({{"ACID", "dear"}, {"X", "dear"}}, sites, 900);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("half and rest together have everything for 500"), std::string::npos)
      << w.said();
}

TEST_F(StrategiesWorld, AnOrderThatTwoSitesCouldShipMustNotWait) {
  decide({{"ACID", ""}, {"X", ""}}, site("half", 1, 5, 0) + "," + site("rest", 1, 0, 5), 0);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("waits, but half and rest together"), std::string::npos) << w.said();
}

TEST_F(StrategiesWorld, TheFewestParcelsWhateverTheyCost) {
  w.rules.strategy = "fewest-sites";
  decide({{"ACID", "dear"}, {"X", "dear"}}, sites, 900);
  decide({{"ACID", "rest"}, {"X", "half"}}, site("half", 1, 5, 0) + "," + site("rest", 1, 0, 5),
         500);
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide({{"ACID", "rest"}, {"X", "half"}}, sites, 500);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("goes in 2 parcels, but dear has everything"), std::string::npos)
      << w.said();
}

TEST_F(StrategiesWorld, TheHousesOrderWhateverItCosts) {
  w.rules.strategy = "in-order";
  decide({{"ACID", "dear"}, {"X", "dear"}}, sites, 900);
  decide({{"X", "half"}}, sites, 200);
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide({{"X", "dear"}}, sites, 900);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("goes elsewhere, but half has everything and comes first"),
            std::string::npos)
      << w.said();
  decide({{"ACID", "rest"}, {"X", "half"}}, sites, 500);
  EXPECT_EQ(w.end(), 2U) << w.said();
}

// What its parcels showed, of a hundred and fifty that did not come as said.
TEST_F(RoutesWorld, CountsWhatACarrierIsWorth) {
  w.rules.never_minor = 2'000;
  const auto shown = R"({\"carrier\":\"Drawn\",\"reliability_per_mille\":850})";
  decide({{"X", "near"}}, site("near", 1, 5, 5), 600, shown);
  decide({{"X", "near"}}, site("near", 1, 5, 5), 500);  // nobody knows: a hundred are assumed
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide({{"X", "near"}}, site("near", 1, 5, 5), 500, shown);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("costs 600, the record says 500"), std::string::npos) << w.said();
}

TEST_F(RoutesWorld, SeesAnOrderThatWaitsForNothing) {
  decide("X", site("near", 1, 5, 5), "", 0);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("near has everything"), std::string::npos) << w.said();
}

TEST_F(RoutesWorld, SeesPiecesThatAreNotThere) {
  decide("X", site("near", 1, 1, 5), "near", 300);
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(w.said().find("it has not X"), std::string::npos) << w.said();
}

}  // namespace
}  // namespace dockline::sim::testing
