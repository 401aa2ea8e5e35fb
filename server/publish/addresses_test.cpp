// An address that is changed in the shop, against the model of a shop and a faulty network.
#include <gtest/gtest.h>

#include "server/publish/channel_words.hpp"
#include "tests/channels/channel_world.hpp"

namespace dockline::server::publish {
namespace {

class Addresses : public testing::Test {
 protected:
  Addresses() {
    w.configs.push_back({.name = "shop",
                         .kind = "vendure",
                         .url = "http://shop/admin-api",
                         .user = "dockline",
                         .secret = "a-password",
                         .locations = {{"berlin", "1"}},
                         .poll_ms = 500,
                         .sweep_ms = 1'000,
                         .audit_ms = 5'000});
    w.shop.user = "dockline";
    w.shop.password = "a-password";
    w.shop.locations = {"1"};
    w.shop.stock["MUG"] = {{"1", {.on_hand = 50}}};
    w.books.shelf["MUG"] = {{"berlin", 50}};
    w.open();
    w.run(2'000);
    EXPECT_TRUE(w.shop.buy("MUG", 2, w.now.wall_ms));
    w.run(3'000);
  }
  [[nodiscard]] std::vector<std::string> streets() const {
    std::vector<std::string> out;
    for (const auto& one : w.told_of<wire::OrderAmended>()) {
      EXPECT_TRUE(one.lines.empty());
      EXPECT_EQ(one.by, "shop");
      out.push_back(one.ship_to.value().street1.value());
    }
    return out;
  }
  // Until one more reading of the order is answered.
  void next_reading() {
    const auto before = w.shop.requests;
    while (w.shop.requests == before) w.run(5);
  }
  ChannelWorld w{1};
};

using Streets = std::vector<std::string>;

TEST_F(Addresses, AnotherOneIsTakenOnce) {
  w.shop.orders[0].street = "Am Tor 9";
  w.run(20'000);
  EXPECT_EQ(streets(), Streets{"Am Tor 9"});
  w.shop.orders[0].street = "Am Tor 10";
  w.run(20'000);
  EXPECT_EQ(streets(), (Streets{"Am Tor 9", "Am Tor 10"}));
}

TEST_F(Addresses, WhatOnlyOneReadingShowsIsNotTaken) {
  w.shop.orders[0].street = "Am Tor 9";
  next_reading();
  w.shop.orders[0].street = "Hauptstr. 1";
  w.run(20'000);
  EXPECT_EQ(streets(), Streets{});
}

TEST_F(Addresses, WhileTheOrderIsBeingChangedNothingIsTaken) {
  w.shop.orders[0].street = "Am Tor 9";
  w.shop.orders[0].state = "Modifying";
  w.run(20'000);
  EXPECT_EQ(streets(), Streets{});
  w.shop.orders[0].state = "PaymentSettled";
  w.run(5'000);
  EXPECT_EQ(streets(), Streets{"Am Tor 9"});
}

TEST_F(Addresses, NoAddressAtAllSaysNothing) {
  w.books.orders.at("shop:CODE1").received.ship_to.street1 = "Elsewhere 1";
  const domain::Address empty{.name = "Ada Buyer"};
  EXPECT_FALSE(same_place(w.books.orders.at("shop:CODE1").received.ship_to, empty));
  auto mailed = w.books.orders.at("shop:CODE1").received.ship_to;
  mailed.email = "other@example.com";
  EXPECT_TRUE(same_place(w.books.orders.at("shop:CODE1").received.ship_to, mailed));
}

TEST_F(Addresses, ReadingsThatAreLostAndCrashesChangeNothingInTheEnd) {
  w.faults = {.lost = 200, .answer_lost = 200, .refused = 100, .late = 100};
  for (int i = 0; i < 12; ++i) {
    w.shop.orders[0].street = "Am Tor " + std::to_string(i);
    w.run(static_cast<std::int64_t>(w.prng.between(500, 20'000)));
    if (w.prng.chance(500)) w.crash();
  }
  w.faults = {};
  w.run(120'000);
  EXPECT_EQ(w.books.orders.at("shop:CODE1").received.ship_to.street1, "Am Tor 11");
  const auto taken = streets();
  EXPECT_EQ(std::ranges::count(taken, "Am Tor 11"), 1);
  EXPECT_TRUE(std::ranges::is_sorted(taken, {}, [](const std::string& street) {
    return std::stoi(street.substr(7));
  })) << "an older one came back";
}

// What it was told of is asked for its address, and for nothing else.
TEST_F(Addresses, OfAParcelThatTheShopWasToldOfItIsStillNoticed) {
  w.pack(w.books.orders.at("shop:CODE1"));
  w.run(3'000);
  ASSERT_TRUE(w.books.orders.at("shop:CODE1").told);
  w.run(10'000);
  EXPECT_EQ(streets(), Streets{});
  w.shop.orders[0].lines[0].quantity = 1;
  w.shop.orders[0].street = "Am Tor 9";
  w.run(10'000);
  ASSERT_FALSE(streets().empty());
  EXPECT_EQ(streets().front(), "Am Tor 9");
  EXPECT_TRUE(w.told_of<wire::OrderCancelled>().empty());
}

}  // namespace
}  // namespace dockline::server::publish
