// Kits through the real store, a shop and a bench: sold whole, shipped as parts, and no part twice.
#include <gmock/gmock.h>

#include "tests/channels/shop_model.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// CUP, POT; SET is 2 CUP and 1 POT; PAIR is 2 CUP; FEAST is 2 SET and 1 CUP.
struct HubWithKits : ::testing::Test {
  void SetUp() override {
    shop.user = "dockline";
    shop.password = "a-password";
    for (const auto* sku : {"CUP", "POT", "SET", "PAIR", "FEAST"}) {
      shop.stock[sku] = {{"1", {.on_hand = 0}}};
    }
    w.config.make_channels = [] {
      std::vector<std::unique_ptr<channels::Channel>> made;
      made.push_back(channels::make({.name = "shop",
                                     .kind = "vendure",
                                     .url = "http://shop/admin-api",
                                     .user = "dockline",
                                     .secret = "a-password",
                                     .locations = {{"leipzig", "1"}},
                                     .poll_ms = 500,
                                     .sweep_ms = 1'000,
                                     .audit_ms = 60'000})
                         .value());
      return made;
    };
    w.config.stations.push_back({"leipzig", "bench-9", ""});
    w.start();
    for (const auto* sku : {"SET", "PAIR", "FEAST"}) {
      (void)w.ask(RegisterItem{{sku, sku, std::nullopt, {}, std::nullopt}, {}});
    }
    w.stock("CUP", "leipzig", 20);
    w.stock("POT", "leipzig", 6);
    EXPECT_TRUE(define("SET", {{"CUP", 2}, {"POT", 1}}).created);
    EXPECT_TRUE(define("PAIR", {{"CUP", 2}}).created);
    EXPECT_TRUE(define("FEAST", {{"SET", 2}, {"CUP", 1}}).created);
    run(2'000);
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
  }
  Reply define(const std::string& sku, std::vector<std::pair<std::string, std::int64_t>> parts) {
    return w.ask(DefineKit{sku, std::move(parts), "ann"});
  }
  void answer() {
    for (int i = 0; i < 100 && !w.requests.empty(); ++i) {
      for (auto& request : std::exchange(w.requests, {})) {
        w.put(ChannelResult{request.request, shop.answer(request.http)});
      }
    }
  }
  void run(std::int64_t ms) {
    for (std::int64_t left = ms; left > 0; left -= 50) {
      w.settle();
      answer();
    }
    w.settle();
  }
  std::int64_t shows(const std::string& sku) {
    const auto& level = shop.stock[sku]["1"];
    return level.on_hand - level.allocated;
  }
  void expect_shown(std::int64_t cup, std::int64_t pot) {
    EXPECT_EQ(shows("CUP"), cup);
    EXPECT_EQ(shows("POT"), pot);
    EXPECT_EQ(shows("SET"), std::min(cup / 2, pot));
    EXPECT_EQ(shows("PAIR"), cup / 2);
    EXPECT_EQ(shows("FEAST"), std::min(cup / 5, pot / 2));
  }

  // One SET, its pot in a parcel of its own: the leases at the two benches.
  std::pair<testing::Bench*, testing::Bench*> in_two_parcels() {
    auto& one = w.bench("leipzig", "bench-1");
    auto& two = w.bench("leipzig", "bench-9");
    EXPECT_TRUE(shop.buy("SET", 1, w.now.wall_ms));
    run(3'000);
    auto& first = one.leases.empty() ? two : one;
    const auto lease = first.leases.at(0);
    const auto& pot = lease.lines.at(0).sku == "POT" ? lease.lines[0] : lease.lines.at(1);
    EXPECT_TRUE(w.ask(SplitOrder{lease.order, {{pot.line, 1}}, "the pot is large", "kim"}).created);
    w.settle();
    first.say(w.now, wire::LeaseReturned{lease.order, lease.work, "revoked"}, lease.order);
    w.settle();
    return {&one, &two};
  }
  void hand(std::vector<std::string> trackings) {
    const auto reply = w.ask(HandOver{.site = {}, .trackings = std::move(trackings), .by = "kim"});
    EXPECT_FALSE(reply.error) << reply.error->detail;
    run(3'000);
  }

  channels::vendure::ShopModel shop;
  testing::World w;
};

// Anchor: selling a bundle left the stock of its parts as it was, and parts were sold twice.
TEST_F(HubWithKits, Medusa16502SellingAKitLowersItsPartsAndEveryKitThatSharesOne) {
  expect_shown(20, 6);
  ASSERT_TRUE(shop.buy("FEAST", 1, w.now.wall_ms));  // 5 cups, 2 pots
  run(3'000);
  expect_shown(15, 4);
  ASSERT_TRUE(shop.buy("CUP", 4, w.now.wall_ms));
  run(3'000);
  expect_shown(11, 4);
  ASSERT_TRUE(shop.buy("SET", 4, w.now.wall_ms));
  run(3'000);
  expect_shown(3, 0);
  const auto order = w.look("shop:CODE3");
  ASSERT_EQ(order.lines.size(), 2U);
  EXPECT_EQ(order.lines[0].sku, "CUP");
  EXPECT_EQ(order.lines[0].quantity, 8);
  EXPECT_EQ(order.lines[0].backordered + order.lines[1].backordered, 0);
}

// The last cups are wanted by two kits at once: one of the orders waits, nothing is promised twice.
TEST_F(HubWithKits, TheLastPartsAreSoldOnce) {
  ASSERT_FALSE(w.ask(AdjustStock{"CUP", "leipzig", -17, "broken"}).error);  // 3 are left
  const auto first = w.order("A1", {{"SET", 1}});
  const auto second = w.order("A2", {{"PAIR", 1}});
  EXPECT_EQ(w.look(first).lines[0].backordered, 0);
  EXPECT_EQ(w.look(second).lines[0].backordered, 2);  // waits whole; the third cup is its own
  run(2'000);
  EXPECT_EQ(shows("CUP"), 0);
  EXPECT_EQ(shows("PAIR"), 0);
}

TEST_F(HubWithKits, AKitIsScannedAsItsPartsAndItsShopHearsOfTheKit) {
  auto& bench = w.bench("leipzig", "bench-1");
  ASSERT_TRUE(shop.buy("SET", 2, w.now.wall_ms));
  run(3'000);
  ASSERT_EQ(bench.leases.size(), 1U);
  ASSERT_EQ(bench.leases[0].lines.size(), 2U);
  EXPECT_EQ(bench.leases[0].lines[0].sku, "CUP");
  EXPECT_EQ(bench.leases[0].lines[0].quantity, 4);
  w.pack(bench, bench.leases[0]);
  run(3'000);
  ASSERT_EQ(shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(shop.orders[0].state, "Shipped");
  expect_shown(16, 4);
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

// The parcel that makes it whole is told of, once: also when the other one leaves after it.
TEST_F(HubWithKits, AKitInTwoParcelsIsToldOfOnce) {
  const auto [one, two] = in_two_parcels();
  w.pack(*one, one->leases.back());
  run(3'000);
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 0U) << "half a kit";
  w.pack(*two, two->leases.back());
  run(3'000);
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 1U);
  hand({one->leases.back().label.tracking});
  hand({two->leases.back().label.tracking});
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(shop.orders[0].state, "Shipped");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

struct HubWithKitsToldLate : HubWithKits {
  void SetUp() override {
    w.config.tell_at_handover = {"shop"};
    HubWithKits::SetUp();
  }
};

TEST_F(HubWithKitsToldLate, AKitInTwoParcelsIsToldOfWhenTheSecondLeaves) {
  const auto [one, two] = in_two_parcels();
  w.pack(*one, one->leases.back());
  w.pack(*two, two->leases.back());
  hand({one->leases.back().label.tracking});
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 0U) << "half a kit has left";
  hand({two->leases.back().label.tracking});
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(shop.orders[0].state, "Shipped");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(HubWithKitsToldLate, AKitWhoseParcelsLeaveTogetherIsToldOfOnce) {
  const auto [one, two] = in_two_parcels();
  w.pack(*one, one->leases.back());
  w.pack(*two, two->leases.back());
  hand({one->leases.back().label.tracking, two->leases.back().label.tracking});
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(shop.orders[0].state, "Shipped");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(HubWithKits, ACancelledKitGivesItsPartsBackWholeOrNotAtAll) {
  ASSERT_TRUE(shop.buy("SET", 3, w.now.wall_ms));
  run(3'000);
  expect_shown(14, 3);
  shop.cancel(shop.orders[0], 1);
  run(4'000);
  expect_shown(16, 4);
  const auto part = w.ask(CancelOrder{"shop:CODE1", "one cup", {{2, 1}}});
  ASSERT_TRUE(part.error.has_value());
  EXPECT_THAT(part.error->detail, HasSubstr("part of kit SET"));
  EXPECT_FALSE(w.ask(CancelOrder{"shop:CODE1", "all of it", {{1, 2}}}).error.has_value());
  run(1'000);
  EXPECT_EQ(w.look("shop:CODE1").order.state, "cancelled");
}

TEST_F(HubWithKits, TheSameOrderAgainIsKnownAlsoWhenTheRecipeHasChanged) {
  (void)w.order("A1", {{"SET", 1}});
  EXPECT_TRUE(define("SET", {{"CUP", 1}, {"POT", 1}}).created);
  ReceiveOrder again;
  again.number = "A1";
  again.ship_to.name = "Ada";
  again.lines.push_back({.line = 0, .sku = "SET", .title = "SET", .quantity = 1});
  const auto reply = w.ask(again);
  ASSERT_FALSE(reply.error.has_value()) << reply.error->detail;
  EXPECT_FALSE(reply.created);
  EXPECT_EQ(w.look("api:A1").lines[0].quantity, 2);  // as it was when it was bought
}

TEST_F(HubWithKits, ARecipeThatCannotBeIsRefusedWithItsRemedy) {
  const auto refused = [&](const std::string& sku, const std::string& part) {
    const auto reply = define(sku, {{part, 1}});
    EXPECT_TRUE(reply.error.has_value());
    return reply.error.value_or(base::Error{}).detail;
  };
  EXPECT_THAT(refused("NONE", "CUP"), HasSubstr("not in the catalogue"));
  EXPECT_THAT(refused("SET", "NONE"), HasSubstr("parts: \"NONE\""));
  EXPECT_THAT(refused("SET", "FEAST"), HasSubstr("contains itself"));
  EXPECT_THAT(refused("CUP", "POT"), HasSubstr("has no stock of its own"));
  EXPECT_FALSE(define("PAIR", {{"CUP", 2}}).created);
  EXPECT_TRUE(define("PAIR", {}).created);  // no kit any more
  run(1'000);
  EXPECT_EQ(shows("PAIR"), 0);
}

}  // namespace
}  // namespace dockline::server
