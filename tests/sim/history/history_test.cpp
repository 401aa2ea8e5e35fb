// The recorded trade as slips, and the account of what became of it: that each kind of loss is
// seen.
#include "tests/sim/history/history.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/sim/history/account.hpp"

namespace dockline::sim {
namespace {

std::string file() {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  return std::string(source == nullptr ? "." : source) + "/tests/workloads/online-retail-10k.csv";
}

TEST(RecordedTrade, EveryLineOfTheFileIsOnASlipInTheOrderOfTimes) {
  const auto one = read_history({.file = file()});
  ASSERT_TRUE(one.has_value()) << one.error().detail;
  EXPECT_EQ(one->lines, 10'000);
  EXPECT_EQ(one->slips.size(), 512U);
  std::size_t lines = 0, cancellations = 0, corrections = 0, plain = 0;
  for (const auto& slip : one->slips) {
    lines += slip.lines.size();
    cancellations += slip.number.starts_with('C') ? 1 : 0;
    corrections += slip.correction ? 1 : 0;
    plain += slip.goods ? 1 : 0;
  }
  EXPECT_EQ(lines, 10'000U);
  EXPECT_GT(cancellations, 20U);
  EXPECT_GT(corrections, 10U);
  EXPECT_GT(plain, 200U);
  EXPECT_TRUE(std::ranges::is_sorted(one->slips, {}, &Slip::at_ms));
  EXPECT_GT(one->goods.size(), 1'900U);
}

TEST(RecordedTrade, AtAFactorEachSlipComesSoOftenWithNumbersOfItsOwn) {
  const auto one = read_history({.file = file()}), five = read_history({file(), 5, 0});
  ASSERT_TRUE(one.has_value() && five.has_value());
  EXPECT_EQ(five->lines, 50'000);
  std::set<std::string> numbers;
  for (const auto& slip : five->slips) numbers.insert(slip.number);
  EXPECT_EQ(numbers.size(), 5 * one->slips.size());
  EXPECT_LT(five->span_ms, one->span_ms + 60'000);  // the same hours
  for (const auto& [sku, traded] : one->goods) {
    EXPECT_EQ(five->goods.at(sku).sold, 5 * traded.sold) << sku;
  }
}

TEST(RecordedTrade, AFileThatIsNotThereIsRefused) {
  EXPECT_EQ(read_history({.file = "/nowhere.csv"}).error().fault, base::Fault::reject);
}

// Slip 1 was bought at a shop, slip 2 taken in at the office.
History trade() {
  History out;
  Slip shop, office;
  shop.number = "1";
  shop.lines = {{"CUP", 2}, {"MUG", 1}};
  office.number = "2";
  office.lines = {{"CUP", 5}, {"CUP", 1}, {"POST", 1}};
  out.slips = {shop, office};
  out.goods = {{"CUP", {}}, {"MUG", {}}};
  out.lines = 5;
  return out;
}
TakenIn as_it_should_be() {
  return {.office = "office",
          .ways = {"shop:17", ""},
          .changed_minds = {},
          .orders = {{"shop:17", {{"CUP", 2}, {"MUG", 1}}}, {"office:2", {{"CUP", 6}}}},
          .rows = {{"2", {{1, "order"}, {2, "order"}, {3, "exception"}}}}};
}

TEST(RecordedTradesAccount, IsCleanWhenEveryLineIsSomewhere) {
  const auto seen = account(trade(), as_it_should_be());
  EXPECT_EQ(seen.lost, 0) << seen.wrong.front();
  EXPECT_EQ(seen.shop_lines, 2);
  EXPECT_EQ(seen.pieces_wanted, 9);
  EXPECT_EQ(seen.outcomes.at("order"), 2);
  EXPECT_EQ(seen.outcomes.at("exception"), 1);
}

TEST(RecordedTradesAccount, SeesALineThatIsMissingInAnOrder) {
  auto taken = as_it_should_be();
  taken.orders["shop:17"].erase("MUG");
  EXPECT_EQ(account(trade(), taken).lost, 1);
  taken.orders.erase("shop:17");
  EXPECT_EQ(account(trade(), taken).lost, 2);
  taken.changed_minds.insert("shop:17");  // it was the customer
  EXPECT_EQ(account(trade(), taken).lost, 0);
}

TEST(RecordedTradesAccount, SeesAnotherQuantity) {
  auto taken = as_it_should_be();
  taken.orders["shop:17"]["CUP"] = 1;
  taken.orders["office:2"]["CUP"] = 7;
  EXPECT_EQ(account(trade(), taken).lost, 2);
}

TEST(RecordedTradesAccount, SeesARowThatBecameNothing) {
  auto taken = as_it_should_be();
  taken.rows["2"].erase(3);
  EXPECT_EQ(account(trade(), taken).lost, 1);
  taken.rows.clear();
  EXPECT_EQ(account(trade(), taken).lost, 3);
}

TEST(RecordedTradesAccount, SeesAPiecePromisedTwice) {
  std::vector<std::string> wrong;
  EXPECT_EQ(oversold({{"CUP", "leipzig", 3, 3}, {"MUG", "leipzig", 0, 0}}, wrong), 0);
  EXPECT_TRUE(wrong.empty());
  EXPECT_EQ(oversold({{"CUP", "leipzig", 3, 4}, {"MUG", "venlo", -1, 1}}, wrong), 3);
  EXPECT_EQ(wrong.size(), 2U);
}

// More was taken than the books knew of: a person is asked, and nothing of it is to be had.
TEST(RecordedTradesAccount, AllowsAShelfBelowNothingOnlyWhileAPersonIsAskedAndNobodyHasItPromised) {
  std::vector<std::string> wrong;
  const Shelf asked{
      .sku = "CUP", .site = "leipzig", .here = -2, .promised = 0, .shown = 0, .asked = true};
  EXPECT_EQ(oversold({asked}, wrong), 0);
  EXPECT_TRUE(wrong.empty());
  auto nobody = asked, promised = asked, shown = asked;
  nobody.asked = false;
  promised.promised = 1;
  shown.shown = 1;
  EXPECT_EQ(oversold({nobody}, wrong), 2);
  EXPECT_EQ(oversold({promised}, wrong), 3);
  EXPECT_EQ(oversold({shown}, wrong), 1);
  EXPECT_EQ(wrong.size(), 3U);
  EXPECT_NE(wrong.front().find("nobody is asked"), std::string::npos);
}

TEST(RecordedTradesAccount, CountsWhatHasLeftAndWhatStandsWithItsReason) {
  std::vector<std::string> wrong;
  const auto seen = parcels({{"T1", "shop:1", "leipzig", "handed_over", ""},
                             {"T2", "shop:1", "venlo", "delivered", ""},
                             {"T3", "shop:2", "venlo", "handed_over", ""},
                             {"T4", "shop:2", "venlo", "handed_over", ""},
                             {"T5", "shop:3", "venlo", "waiting", "held"}},
                            wrong);
  EXPECT_TRUE(wrong.empty()) << wrong.front();
  EXPECT_EQ(seen.all, 5);
  EXPECT_EQ(seen.handed_over, 4);
  EXPECT_EQ(seen.orders, 3);
  EXPECT_EQ(seen.in_several, 2);
  EXPECT_EQ(seen.from_sites, 1);
  EXPECT_EQ(seen.standing.at("held"), 1);
}

TEST(RecordedTradesAccount, SeesAParcelThatStandsForNoReasonAndOneThatIsNowhere) {
  std::vector<std::string> wrong;
  const auto seen = parcels({{"T1", "shop:1", "leipzig", "waiting", ""},
                             {"T2", "shop:2", "leipzig", "", "held"},
                             {"T3", "shop:3", "leipzig", "reopened", ""}},
                            wrong);
  EXPECT_EQ(seen.handed_over, 0);
  ASSERT_EQ(wrong.size(), 3U);
  EXPECT_NE(wrong[0].find("T1 of shop:1 stands at leipzig"), std::string::npos) << wrong[0];
  EXPECT_NE(wrong[1].find("T2 of shop:2 is nowhere"), std::string::npos) << wrong[1];
}

TEST(RecordedTradesAccount, SeesPiecesThatAreElsewhereThanTheirBoxes) {
  std::vector<std::string> wrong;
  EXPECT_EQ(adrift({{"CUP", 3, 3}, {"MUG", 0, 0}}, wrong), 0);
  EXPECT_TRUE(wrong.empty());
  EXPECT_EQ(adrift({{"CUP", 3, 4}, {"MUG", 2, 0}}, wrong), 3);
  ASSERT_EQ(wrong.size(), 2U);
  EXPECT_EQ(wrong.front(), "CUP: 3 by the books, 4 in the boxes");
}

}  // namespace
}  // namespace dockline::sim
