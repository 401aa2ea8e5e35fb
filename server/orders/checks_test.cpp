#include "server/orders/checks.hpp"

#include <gtest/gtest.h>

#include "server/orders/holds.hpp"

namespace dockline::server::orders {
namespace {

wire::OrderReceived good() {
  wire::OrderReceived order;
  order.channel = "web";
  order.number = "1001";
  order.currency = "EUR";
  order.placed_ms = 1'000;
  order.ship_to = {.name = "Ada Lovelace",
                   .company = {},
                   .street1 = "Am Markt 1",
                   .street2 = {},
                   .postal_code = "04109",
                   .city = "Leipzig",
                   .region = {},
                   .country = "DE",
                   .phone = {},
                   .email = "ada@example.com"};
  order.lines = {{.line = 1, .sku = "MUG", .title = "Mug", .quantity = 2}};
  order.lines[0].unit_price_minor = 500;
  return order;
}

std::vector<std::string> fields(const wire::OrderReceived& order, const CheckRules& rules = {}) {
  std::vector<std::string> out;
  for (const auto& doubt : doubts(order, rules, 1'000)) {
    EXPECT_FALSE(doubt.proposal.empty());
    out.push_back(doubt.field);
  }
  return out;
}
using Fields = std::vector<std::string>;

TEST(OrderChecks, AWholeOrderRaisesNoDoubt) { EXPECT_EQ(fields(good()), Fields{}); }

TEST(OrderChecks, AnAddressThatLacksSomethingIsHeldNotGuessed) {
  auto order = good();
  order.ship_to.street1 = " ";
  order.ship_to.city.reset();
  order.ship_to.postal_code = "4109";
  EXPECT_EQ(fields(order), (Fields{"ship_to.street1", "ship_to.city", "ship_to.postal_code"}));
  EXPECT_EQ(fields(order, {.address_needed = false}), Fields{"ship_to.postal_code"})
      << "it need not be whole, but what is there must fit together";
  order.ship_to.postal_code.reset();
  EXPECT_EQ(fields(order, {.address_needed = false}), Fields{}) << "it is fetched";
  order = good();
  order.ship_to.country = "Germany";
  EXPECT_EQ(fields(order), Fields{"ship_to.country"});
  order.ship_to.country.reset();
  EXPECT_EQ(fields(order), Fields{"ship_to.country"});
  order = good();
  order.ship_to.name.clear();
  EXPECT_EQ(fields(order), Fields{"ship_to.name"});
  order.ship_to.company = "Acme";
  EXPECT_EQ(fields(order), Fields{}) << "a company will do";
  order.ship_to.street1 = "Am Markt";
  EXPECT_EQ(fields(order), Fields{});
  EXPECT_EQ(fields(order, {.house_number_needed = true}), Fields{"ship_to.street1"});
}

TEST(OrderChecks, PostalCodesHaveTheFormsOfTheirCountry) {
  EXPECT_TRUE(postal_code_fits("NL", "1012 AB"));
  EXPECT_TRUE(postal_code_fits("NL", "1012AB"));
  EXPECT_FALSE(postal_code_fits("NL", "1012"));
  EXPECT_TRUE(postal_code_fits("US", "90210"));
  EXPECT_TRUE(postal_code_fits("US", "90210-1234"));
  EXPECT_FALSE(postal_code_fits("US", "9021"));
  EXPECT_TRUE(postal_code_fits("PL", "00-950"));
  EXPECT_FALSE(postal_code_fits("DE", "0410X"));
  EXPECT_TRUE(postal_code_fits("GB", "anything")) << "its forms are not listed";
  EXPECT_TRUE(postal_code_fits("IE", ""));
}

TEST(OrderChecks, UnusualQuantitiesValuesDatesAndAddressesOfMailAreDoubts) {
  auto order = good();
  order.lines[0].quantity = 201;
  EXPECT_EQ(fields(order), Fields{"lines[0].quantity"});
  EXPECT_EQ(fields(good(), {.value_most_minor = 999}), Fields{"lines"});
  EXPECT_EQ(fields(good(), {.value_most_minor = 1'000}), Fields{});
  order = good();
  order.lines[0].quantity = 200;
  order.lines[0].unit_price_minor = INT64_MAX / 2;
  EXPECT_EQ(fields(order, {.value_most_minor = 1}), Fields{"lines"});
  order = good();
  order.placed_ms = 1'000 + 86'400'001;
  EXPECT_EQ(fields(order), Fields{"placed_ms"});
  for (const auto* email : {"ada", "@b", "a@", "a@b@c", "a b@c"}) {
    order = good();
    order.ship_to.email = email;
    EXPECT_EQ(fields(order), Fields{"ship_to.email"}) << email;
  }
}

Hold hold(HoldReason reason, std::string about, std::string what = "x") {
  return {.reason = reason, .about = std::move(about), .what = std::move(what)};
}

TEST(Holds, AnOrderStandsStillUntilTheLastHoldIsReleased) {
  Holds holds;
  EXPECT_FALSE(holds.held());
  EXPECT_TRUE(holds.hold(hold(HoldReason::payment, "")));
  EXPECT_TRUE(holds.hold(hold(HoldReason::value, "lines")));
  EXPECT_FALSE(holds.hold(hold(HoldReason::value, "lines"))) << "it is held by that already";
  ASSERT_TRUE(holds.release(HoldReason::payment, "", "ben", "paid by bank", 5).has_value());
  EXPECT_TRUE(holds.held());
  ASSERT_TRUE(holds.release(HoldReason::value, "lines", "ben", "known buyer", 6).has_value());
  EXPECT_FALSE(holds.held());
  EXPECT_EQ(holds.rows().size(), 2U) << "both stay on record";
  EXPECT_EQ(holds.rows()[0].released_why, "paid by bank");
  EXPECT_FALSE(holds.release(HoldReason::value, "lines", "ben", "again", 7).has_value());
}

TEST(Holds, AReleaseNeedsANameAndAReason) {
  Holds holds;
  ASSERT_TRUE(holds.hold(hold(HoldReason::person, "")));
  EXPECT_FALSE(holds.release(HoldReason::person, "", "", "why", 1).has_value());
  EXPECT_FALSE(holds.release(HoldReason::person, "", "ben", "", 1).has_value());
  EXPECT_TRUE(holds.held());
}

TEST(Holds, WhatAPersonReleasedIsNotHeldAgainForTheSame) {
  auto order = good();
  order.ship_to.postal_code = "4109";
  Holds holds;
  EXPECT_EQ(holds.follow(doubts(order, {}, 1'000), "checks", 1).set, 1U);
  EXPECT_EQ(holds.follow(doubts(order, {}, 1'000), "checks", 2).set, 0U);
  ASSERT_TRUE(
      holds.release(HoldReason::doubt, "ship_to.postal_code", "ben", "asked her", 3).has_value());
  EXPECT_EQ(holds.follow(doubts(order, {}, 1'000), "checks", 4).set, 0U);
  EXPECT_FALSE(holds.held());
  order.ship_to.postal_code = "410";
  EXPECT_EQ(holds.follow(doubts(order, {}, 1'000), "checks", 5).set, 1U) << "another doubt";
  EXPECT_TRUE(holds.hold(hold(HoldReason::person, "p")));
  ASSERT_TRUE(holds.release(HoldReason::person, "p", "ben", "done", 6).has_value());
  EXPECT_TRUE(holds.hold(hold(HoldReason::person, "p"))) << "a person may change their mind";
}

TEST(Holds, ACorrectionReleasesAndTheSameMistakeHoldsAgain) {
  auto wrong = good();
  wrong.ship_to.postal_code = "4109";
  Holds holds;
  ASSERT_EQ(holds.follow(doubts(wrong, {}, 1'000), "checks", 1).set, 1U);
  ASSERT_TRUE(holds.hold(hold(HoldReason::payment, "")));
  EXPECT_EQ(holds.follow(doubts(good(), {}, 1'000), "checks", 2).released, 1U);
  ASSERT_EQ(holds.open().size(), 1U);
  EXPECT_EQ(holds.open()[0].reason, HoldReason::payment) << "that is none of its business";
  EXPECT_EQ(holds.follow(doubts(wrong, {}, 1'000), "checks", 3).set, 1U);
}

}  // namespace
}  // namespace dockline::server::orders
