// The product's channel code against the models: what is asked takes effect once, whatever the
// network does to the answers.
#include "tests/sim/shops/shop.hpp"

#include <gtest/gtest.h>

namespace dockline::sim {
namespace {

namespace channels = server::channels;

class Shops : public testing::Test {
 protected:
  std::unique_ptr<Shop> vendure() {
    channels::Config config{.name = "shop", .kind = "vendure", .url = "http://shop/admin-api"};
    config.user = "agent";
    config.secret = "a secret of the shop";
    config.locations = {{"leipzig", "1"}, {"ulm", "2"}};
    return make_vendure_shop(world, config, 1'790'000'000'000, {"A", "B"},
                             [this](const Observation& o) { seen.push_back(o); });
  }
  std::unique_ptr<Shop> partner() {
    channels::Config config{.name = "hook", .kind = "webhook", .url = "https://partner/in"};
    config.secret = "a signing key of the partner";
    config.locations = {{"leipzig", "leipzig"}};
    return make_webhook_partner(world, config, 1'790'000'000'000,
                                [this](const Observation& o) { seen.push_back(o); });
  }

  // One conversation to its verdict; nothing when an answer did not come.
  std::optional<channels::Verdict> talk(Shop& shop, channels::Exchange& exchange) {
    auto request = exchange.begin();
    for (int i = 0; i < 20; ++i) {
      std::optional<base::Result<base::HttpResponse>> answer;
      shop.ask(request, [&](base::Result<base::HttpResponse> a) { answer = std::move(a); });
      while (!answer) world.run_until(world.now_ms() + 100);
      auto verdict = exchange.on_answer(*answer);
      const auto* ask = std::get_if<channels::Ask>(&verdict);
      if (ask == nullptr) return verdict;
      request = ask->request;
    }
    return std::nullopt;
  }
  base::Instant now() const { return {world.now_ms(), 1'790'000'000'000 + world.now_ms()}; }

  // Repeats a push until it is delivered; how often it was tried.
  int deliver(Shop& shop, channels::Channel& channel, const channels::Push& push) {
    for (int tries = 1; tries < 200; ++tries) {
      auto exchange = channel.push(push, "delivery-1", now());
      const auto verdict = talk(shop, *exchange);
      if (verdict && std::holds_alternative<channels::Delivered>(*verdict)) return tries;
      EXPECT_TRUE(verdict && (std::holds_alternative<channels::RetryAfter>(*verdict) ||
                              std::holds_alternative<channels::Throttled>(*verdict)))
          << verdict->index();
      world.run_until(world.now_ms() + 3'000);
    }
    return 200;
  }
  template <class T>
  std::vector<T> all() const {
    std::vector<T> out;
    for (const auto& o : seen) {
      if (const auto* one = std::get_if<T>(&o)) out.push_back(*one);
    }
    return out;
  }
  static ShopFaults bad() {
    ShopFaults faults;
    faults.lost = faults.answer_lost = faults.done_late = faults.failed = 120;
    faults.failed_done = 500;
    faults.throttled = faults.slow = 100;
    return faults;
  }

  World world{4711};
  std::vector<Observation> seen;
};

TEST_F(Shops, AFigureSetAtTheVendureLikeShopIsWhatItSells) {
  auto shop = vendure();
  auto channel = channels::make(shop->config()).value();
  EXPECT_EQ(shop->buy({{"A", 1}}), "");
  EXPECT_EQ(deliver(*shop, *channel, channels::StockPush{"A", "1", 3, 0, 0}), 1);
  ASSERT_EQ(all<ShopStockSet>().size(), 1U);
  EXPECT_EQ(all<ShopStockSet>().front().quantity, 3);
  const auto number = shop->buy({{"A", 2}});
  EXPECT_NE(number, "");
  EXPECT_EQ(shop->buy({{"A", 2}}), "");

  auto poll = channel->poll(channels::PollSince{""}, now());
  const auto verdict = talk(*shop, *poll);
  ASSERT_TRUE(verdict && std::holds_alternative<channels::Seen>(*verdict));
  const auto& orders = std::get<channels::Seen>(*verdict).orders;
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders.front().order.number, number);
}

TEST_F(Shops, AParcelIsAddedOnceWhateverTheNetworkDoesToTheAnswers) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    seen.clear();
    auto shop = vendure();
    auto channel = channels::make(shop->config()).value();
    EXPECT_LT(deliver(*shop, *channel, channels::StockPush{"A", "1", 3, 0, 0}), 200);
    const auto number = shop->buy({{"A", 1}});
    ASSERT_NE(number, "");
    shop->set_faults(bad());
    channels::FulfilmentPush push{.order = "shop:" + number, .number = number};
    push.carrier = "House";
    push.tracking = "DL0000000042";
    push.lines = {{1, "A", "L1", 1}};
    EXPECT_LT(deliver(*shop, *channel, push), 200);
    world.run_until(world.now_ms() + 20'000);  // what is done late is done by now
    EXPECT_EQ(all<ShopFulfilled>().size(), 1U) << "round " << seed;
  }
}

TEST_F(Shops, ThePartnerTakesADeliveryOnceAndSellsWhatItWasTold) {
  auto shop = partner();
  auto channel = channels::make(shop->config()).value();
  shop->set_faults(bad());
  EXPECT_LT(deliver(*shop, *channel, channels::StockPush{"A", "leipzig", 2, 0, 0}), 200);
  world.run_until(world.now_ms() + 20'000);
  EXPECT_EQ(all<ShopStockSet>().size(), 1U);
  EXPECT_NE(shop->buy({{"A", 2}}), "");
  EXPECT_EQ(shop->buy({{"A", 1}}), "");
}

TEST_F(Shops, EveryWebhookComesInTheEndAndOurSideCanReadIt) {
  auto shop = partner();
  auto channel = channels::make(shop->config()).value();
  EXPECT_EQ(deliver(*shop, *channel, channels::StockPush{"A", "leipzig", 50, 0, 0}), 1);
  std::map<std::string, int> came;
  bool down = true;
  shop->set_server([&](const std::string&, channels::Hook hook, std::function<void(int)> done) {
    if (down) return done(0);
    const auto read = channel->hook(hook, now());
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().detail);
    if (read) ++came[read->delivery];
    done(read ? 200 : 422);
  });
  ShopFaults faults;
  faults.hook_doubled = faults.hook_late = faults.hook_never = 300;
  shop->set_faults(faults);
  for (int i = 0; i < 20; ++i) {
    const auto number = shop->buy({{"A", 2}});
    ASSERT_NE(number, "");
    if (i % 3 == 0) {
      EXPECT_TRUE(shop->cancel(number, i % 2 == 0));
    }
  }
  world.run_until(60'000);
  EXPECT_TRUE(came.empty());
  down = false;
  shop->settle();
  world.run_until(3'600'000);
  EXPECT_EQ(shop->unsent(), 0U);
  EXPECT_EQ(came.size(), shop->counters().hooks);
  EXPECT_GT(shop->counters().hooks_never, 0U);
  EXPECT_GT(shop->counters().hooks_doubled, 0U);
}

TEST_F(Shops, NobodyAnswersWhileTheShopIsAway) {
  auto shop = vendure();
  shop->set_away(true);
  std::optional<base::Result<base::HttpResponse>> answer;
  shop->ask({.method = "POST", .url = "http://shop/admin-api"},
            [&](base::Result<base::HttpResponse> a) { answer = std::move(a); });
  world.run_until(10);
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->has_value());
}

}  // namespace
}  // namespace dockline::sim
