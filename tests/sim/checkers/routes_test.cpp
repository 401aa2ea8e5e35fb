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
  void decide(const std::string& sku, const std::string& sites, const std::string& at, int cost) {
    const std::string facts = R"({\"now_ms\":)" + std::to_string(kNow) +
                              R"(,\"needs\":[{\"line\":1,\"sku\":\")" + sku +
                              R"(\",\"quantity\":2}],\"sites\":[)" + sites + "]}";
    const std::string given =
        at.empty() ? "" : R"({"line":1,"sku":")" + sku + R"(","quantity":2,"site":")" + at + "\"}";
    w.fact("decision.made",
           R"("kind":"routing","subject":"shop:1","rule":"drawn","allocations":[)" + given +
               R"(],"optimality":{"method":"exact","cost_minor":)" + std::to_string(cost) +
               R"(},"facts":")" + facts + "\"");
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
  EXPECT_NE(w.said().find("far alone would ship it for 200"), std::string::npos) << w.said();
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
  EXPECT_NE(w.said().find("near alone would ship it for 340"), std::string::npos) << w.said();
  EXPECT_NE(w.said().find("costs 600, the record says 200"), std::string::npos) << w.said();
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
