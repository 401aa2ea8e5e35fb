// The hub with a shop in which addresses of orders are changed after they were taken.
#include <gmock/gmock.h>

#include "server/app/json_text.hpp"
#include "tests/channels/shop_model.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

const std::string kId = "shop:CODE1";

struct HubAddresses : ::testing::Test {
  void SetUp() override {
    shop.user = "dockline";
    shop.password = "a-password";
    shop.stock["MUG"] = {{"1", {.on_hand = 70}}};
    shop.locations = {"1"};
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
    w.start();
    bench = &w.bench("leipzig", "bench-1");
    w.stock("MUG", "leipzig", 9);
    run(1'000);
    ASSERT_TRUE(shop.buy("MUG", 2, w.now.wall_ms));
    run(2'000);
    ASSERT_EQ(bench->leases.size(), 1U);
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
  }

  void run(std::int64_t ms) {
    for (std::int64_t left = ms; left > 0; left -= 50) {
      w.settle();
      for (int i = 0; i < 100 && !w.requests.empty(); ++i) {
        for (auto& request : std::exchange(w.requests, {})) {
          w.put(ChannelResult{request.request, shop.answer(request.http)});
        }
      }
    }
    w.settle();
  }
  void moves_to(const std::string& street) {
    shop.orders[0].street = street;
    run(8'000);
  }
  Reply amend(const std::string& street, const std::string& by) {
    auto to = address_of(w.look(kId).ship_to_json);
    to.street1 = street;
    return w.ask(AmendOrder{.order = kId, .ship_to = to, .why = "the buyer wrote", .by = by});
  }
  std::string street() { return address_of(w.look(kId).ship_to_json).street1.value_or(""); }
  void give_back(std::size_t n) {
    bench->say(w.now, wire::LeaseReturned{kId, bench->leases[n].work, "revoked"}, kId);
    run(1'000);
  }
  std::vector<store::ExceptionRow> cases(const std::string& state) {
    auto all = w.reader->exceptions(state, "", 200).value().items;
    std::erase_if(all, [](const auto& one) { return one.kind != "order_differs"; });
    return all;
  }

  channels::vendure::ShopModel shop;
  testing::World w;
  testing::Bench* bench = nullptr;
};

TEST_F(HubAddresses, OneThatIsChangedInTheShopReachesTheBenchUnderALabelOfItsOwn) {
  moves_to("Am Tor 9");
  EXPECT_EQ(street(), "Am Tor 9");
  ASSERT_EQ(bench->revoked.size(), 1U);
  give_back(0);
  ASSERT_EQ(bench->leases.size(), 2U);
  EXPECT_EQ(bench->leases[1].ship_to.street1, "Am Tor 9");
  EXPECT_NE(bench->leases[1].label.tracking, bench->leases[0].label.tracking);
  run(20'000);
  EXPECT_EQ(bench->revoked.size(), 1U);
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(HubAddresses, OneThatAPersonCorrectedHereStaysUntilTheShopSaysAnother) {
  EXPECT_TRUE(amend("Hauptstr. 1a", "kim").created);
  run(8'000);
  EXPECT_EQ(street(), "Hauptstr. 1a");
  w.start();  // what the shop said last is in the log
  run(8'000);
  EXPECT_EQ(street(), "Hauptstr. 1a");
  // It is corrected in the shop, too: that is no change here, and is what the shop said from now
  // on.
  const auto revoked = bench->revoked.size();
  moves_to("Hauptstr. 1a");
  EXPECT_EQ(bench->revoked.size(), revoked);
  EXPECT_TRUE(amend("Hauptstr. 1b", "kim").created);
  w.start();
  run(8'000);
  EXPECT_EQ(street(), "Hauptstr. 1b");
  moves_to("Am Tor 9");
  EXPECT_EQ(street(), "Am Tor 9");
  moves_to("Hauptstr. 1a");
  EXPECT_EQ(street(), "Hauptstr. 1a");
}

TEST_F(HubAddresses, ThatFailTheCheckHoldTheOrderUntilTheShopCorrectsThem) {
  shop.orders[0].postal_code = "8911";
  run(8'000);
  EXPECT_THAT(w.open_exceptions(), Contains("order_held"));
  give_back(0);
  EXPECT_EQ(bench->leases.size(), 1U);
  shop.orders[0].postal_code = "89110";
  run(8'000);
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
  ASSERT_EQ(bench->leases.size(), 2U);
  EXPECT_EQ(bench->leases[1].ship_to.postal_code, "89110");
}

TEST_F(HubAddresses, OfABoxThatIsClosedAreAPersonsOnce) {
  w.pack(*bench, bench->leases[0]);
  run(3'000);
  ASSERT_EQ(shop.orders[0].fulfilments.size(), 1U);
  moves_to("Am Tor 9");
  run(30'000);
  EXPECT_EQ(street(), "Hauptstr. 1");
  ASSERT_EQ(cases("open").size(), 1U);
  EXPECT_EQ(cases("open")[0].subject, kId);
  EXPECT_NE(cases("open")[0].context.find("Am Tor 9"), std::string::npos);
  EXPECT_NE(cases("open")[0].context.find(bench->leases[0].label.tracking), std::string::npos);
  EXPECT_FALSE(w.ask(ResolveException{cases("open")[0].id, "noted", "kim"}).error.has_value());
  run(10'000);
  w.start();
  run(30'000);
  EXPECT_THAT(cases("open"), IsEmpty());
  // As it proposes: the box is opened at its bench, and gets the new address after all.
  bench->say(w.now, wire::PackReopened{kId, bench->leases[0].work}, "");
  run(10'000);
  EXPECT_EQ(street(), "Am Tor 9");
  EXPECT_EQ(bench->revoked.size(), 1U);
}

// What counts is when it was told, not when it was bought: a preorder may have waited for a season.
TEST_F(HubAddresses, OfAnOrderThatWaitedForMonthsAreHeardAfterItsParcelWasTold) {
  w.now.wall_ms += std::int64_t{60} * 86'400'000;
  w.connect(*bench);
  w.settle();
  w.pack(*bench, bench->leases.back());
  run(3'000);
  ASSERT_EQ(shop.orders[0].fulfilments.size(), 1U);
  moves_to("Am Tor 9");
  run(30'000);
  EXPECT_EQ(cases("open").size(), 1U);
}

TEST_F(HubAddresses, NobodySpeaksInTheNameOfTheShop) {
  const auto reply = amend("Am Tor 9", "shop");
  ASSERT_TRUE(reply.error.has_value());
  EXPECT_EQ(reply.error->fault, base::Fault::reject);
  EXPECT_EQ(street(), "Hauptstr. 1");
}

TEST_F(HubAddresses, AndGoodsThatChangeTogetherAreOneAmendment) {
  ASSERT_TRUE(shop.add(shop.orders[0], "MUG", 1));
  moves_to("Am Tor 9");
  ASSERT_EQ(bench->revoked.size(), 1U);
  give_back(0);
  ASSERT_EQ(bench->leases.size(), 2U);
  EXPECT_EQ(bench->leases[1].ship_to.street1, "Am Tor 9");
  EXPECT_EQ(bench->leases[1].lines[0].quantity, 3);
}

}  // namespace
}  // namespace dockline::server
