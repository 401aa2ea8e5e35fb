#include "server/routing/routing.hpp"

#include <gtest/gtest.h>

namespace dockline::server::routing {
namespace {

Facts two_sites(domain::Quantity near_mugs, domain::Quantity far_mugs) {
  return {.order = "web:1",
          .needs = {{1, "MUG", 2}, {2, "MUG", 1}},
          .sites = {{"leipzig", 1, {{"MUG", near_mugs, 10}}}, {"ulm", 2, {{"MUG", far_mugs, 20}}}},
          .again = ""};
}

TEST(Routing, TakesTheNearestSiteThatHasEverything) {
  const auto made = decide(two_sites(3, 9), unconfigured().standard, "d1");
  EXPECT_EQ(made.outcome, "allocated");
  ASSERT_EQ(made.allocations.size(), 2U);
  EXPECT_EQ(made.allocations[1].site, "leipzig");
  EXPECT_TRUE(made.candidates[0].chosen);
  EXPECT_FALSE(made.candidates[1].chosen);
}

TEST(Routing, CountsLinesOfOneSkuTogether) {
  const auto made = decide(two_sites(2, 9), unconfigured().standard, "d1");
  EXPECT_EQ(made.allocations[0].site, "ulm");
  EXPECT_EQ(made.candidates[0].why, "lacks 1 of MUG");
}

TEST(Routing, NeverSplitsAndSaysWhatIsMissing) {
  const auto made = decide(two_sites(2, -4), unconfigured().standard, "d1");
  EXPECT_EQ(made.outcome, "backordered");
  EXPECT_TRUE(made.allocations.empty());
  EXPECT_EQ(made.reason, "No site has everything: leipzig lacks 1 of MUG.");
  EXPECT_EQ(made.candidates[1].why, "lacks 3 of MUG");
}

TEST(Routing, RecordsTheFiguresWithTheirAges) {
  const auto made = decide(two_sites(2, 9), unconfigured().standard, "d1");
  ASSERT_EQ(made.inputs.size(), 2U);
  EXPECT_EQ(made.inputs[0].name, "atp leipzig MUG");
  EXPECT_EQ(made.inputs[0].as_of_ms, 10);
}

TEST(Routing, SaysWhyItDecidedAgain) {
  auto facts = two_sites(3, 0);
  facts.again = "1 piece was short at leipzig";
  EXPECT_NE(decide(facts, unconfigured().standard, "d").reason.find("Decided again: 1 piece"),
            std::string::npos);
}

TEST(Routing, WithoutSitesNothingIsAllocated) {
  Facts facts = two_sites(1, 1);
  facts.sites.clear();
  EXPECT_EQ(decide(facts, unconfigured().standard, "d").outcome, "backordered");
}

}  // namespace
}  // namespace dockline::server::routing
