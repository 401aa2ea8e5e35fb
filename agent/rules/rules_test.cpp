#include <gtest/gtest.h>

#include "agent/rules/doubled_scan.hpp"
#include "agent/rules/near_match.hpp"
#include "agent/rules/quantity_limit.hpp"

namespace dockline::agent::rules {
namespace {

const std::optional<SeenScan> kLast = SeenScan{"4006381333931", "left", 1000};

TEST(DoubledScan, SameCodeWithin80MsIsOneScanWhoeverReadIt) {
  EXPECT_EQ(doubled_scan(kLast, "4006381333931", "left", 1079), 79);
  EXPECT_EQ(doubled_scan(kLast, "4006381333931", "right", 1079), 79);
}
TEST(DoubledScan, SameScannerWithin400MsIsOneScan) {
  EXPECT_EQ(doubled_scan(kLast, "4006381333931", "left", 1399), 399);
  EXPECT_FALSE(doubled_scan(kLast, "4006381333931", "right", 1399));
  EXPECT_FALSE(doubled_scan(kLast, "4006381333931", "left", 1400));
}
TEST(DoubledScan, AnotherCodeIsAnotherScan) {
  EXPECT_FALSE(doubled_scan(kLast, "4006381333932", "left", 1001));
  EXPECT_FALSE(doubled_scan(std::nullopt, "4006381333931", "left", 1001));
}

TEST(QuantityLimit, TakesWholeNumbersUpToTheLimit) {
  EXPECT_EQ(quantity_limit("12"), 12);
  EXPECT_EQ(quantity_limit("500"), 500);
  EXPECT_EQ(quantity_limit("501"), 0);
  EXPECT_EQ(quantity_limit("99999999999999999999"), 0);
  EXPECT_EQ(quantity_limit(""), 0);
  EXPECT_EQ(quantity_limit("1a"), 0);
}

TEST(NearMatch, FindsTheNeighbourOfAWantedItem) {
  const std::vector<Candidate> wanted{{"ELB-KES-10", "Kettle Elbe 1.0 l, matt black"},
                                      {"NAG-F01-BR-100", "Paper filter size 01, brown"}};
  EXPECT_EQ(near_match({"NAG-F02-WH-100", "Paper filter size 02, white"}, wanted), 1U);
}
TEST(NearMatch, NearNumbersAloneAreNotNearGoods) {
  EXPECT_FALSE(near_match({"22913", "Red coat rack Paris"}, {{"22960", "Jam making set"}}));
}

TEST(NearMatch, StaysSilentWhenNothingIsAlike) {
  EXPECT_FALSE(near_match({"X-1", "Garden hose"}, {{"ELB-KES-10", "Kettle Elbe"}}));
  EXPECT_FALSE(near_match({"", ""}, {{"", ""}}));
}

}  // namespace
}  // namespace dockline::agent::rules
