// What is kept back, through the real store: the shop shows what the policies leave, at once for a
// SKU, in pages for a whole site or channel, and the derivation adds up to it.
#include <gmock/gmock.h>

#include "shared/sqlite/db.hpp"
#include "tests/channels/shop_model.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct HubWithPolicies : ::testing::Test {
  void open(const std::map<std::string, std::string>& locations = {{"leipzig", "1"},
                                                                   {"ulm", "2"}}) {
    shop.user = "dockline";
    shop.password = "a-password";
    for (const auto* sku : {"MUG", "TEE", "CAP"}) {
      shop.stock[sku] = {{"1", {.on_hand = 70}}, {"2", {.on_hand = 30}}};
    }
    w.config.make_channels = [locations] {
      std::vector<std::unique_ptr<channels::Channel>> made;
      made.push_back(channels::make({.name = "shop",
                                     .kind = "vendure",
                                     .url = "http://shop/admin-api",
                                     .user = "dockline",
                                     .secret = "a-password",
                                     .locations = locations,
                                     .poll_ms = 500,
                                     .sweep_ms = 1'000,
                                     .audit_ms = 60'000,
                                     .buffer = 0})
                         .value());
      return made;
    };
    w.start();
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
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
  std::int64_t shows(const std::string& sku, const std::string& location) {
    const auto& level = shop.stock[sku][location];
    return level.on_hand - level.allocated;
  }
  Reply set(SetStockPolicy policy) {
    policy.why = "test";
    policy.by = "ann";
    auto reply = w.ask(std::move(policy));
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    run(500);
    return reply;
  }
  std::string refused(SetStockPolicy policy) {
    policy.why = "test";
    const auto reply = w.ask(std::move(policy));
    EXPECT_TRUE(reply.error.has_value());
    return reply.error ? reply.error->detail : "";
  }
  publish::Derivation explain(const std::string& sku, const std::string& location) {
    auto reply = w.ask(ExplainStock{sku});
    for (auto& one : reply.derivation.value_or(std::vector<publish::Derivation>())) {
      if (one.location == location) return one;
    }
    ADD_FAILURE() << "no figure of " << sku << " at " << location;
    return {};
  }
  static std::int64_t term(const publish::Derivation& of, std::string_view name) {
    std::int64_t sum = 0;
    for (const auto& one : of.figure.terms) sum += one.name == name ? one.value : 0;
    return sum;
  }

  channels::vendure::ShopModel shop;
  testing::World w;
};

// The books are ordered by place: "ulm-2/shelf" is before "ulm/shelf".
TEST_F(HubWithPolicies, ASiteThatIsNamedAsAnotherBeginsHasItsOwnReservations) {
  w.config.sites = {{"ulm", "Ulm", 1}, {"ulm-2", "Ulm, hall 2", 2}};
  w.config.stations = {{"ulm", "bench-1", ""}, {"ulm-2", "bench-2", ""}};
  open({{"ulm", "1"}, {"ulm-2", "2"}});
  w.stock("MUG", "ulm", 5);
  w.stock("MUG", "ulm-2", 8);
  (void)w.order("A1", {{"MUG", 3}});  // nobody is at a bench: it stays reserved
  run(1'000);
  EXPECT_EQ(shows("MUG", "1"), 2);
  EXPECT_EQ(shows("MUG", "2"), 8);
}

TEST_F(HubWithPolicies, EachPolicyLowersWhatIsShownAndTheSkuSaysOtherwiseThanAll) {
  open();
  w.stock("MUG", "leipzig", 20);
  w.stock("TEE", "leipzig", 20);
  run(1'000);
  EXPECT_EQ(shows("MUG", "1"), 20);
  EXPECT_TRUE(set({.site = "leipzig", .safety = 4}).created);
  EXPECT_FALSE(set({.site = "leipzig", .safety = 4}).created);
  EXPECT_EQ(shows("MUG", "1"), 16);
  EXPECT_EQ(shows("TEE", "1"), 16);
  set({.site = "leipzig", .sku = "mug", .safety = 10});
  EXPECT_EQ(shows("MUG", "1"), 10);
  set({.channel = "shop", .share_pm = 500, .buffer = 1});
  EXPECT_EQ(shows("MUG", "1"), 4);
  EXPECT_EQ(shows("TEE", "1"), 7);
  set({.channel = "shop", .sku = "TEE", .cap = 3});
  EXPECT_EQ(shows("TEE", "1"), 3);
  // Nothing set: the row is gone, and the wider one says it.
  set({.site = "leipzig", .sku = "MUG"});
  EXPECT_EQ(shows("MUG", "1"), 7);
  const auto derived = explain("TEE", "1");
  EXPECT_EQ(derived.figure.value, 3);
  EXPECT_EQ(derived.told, 3);
  EXPECT_EQ(term(derived, "on_hand"), 20);
  EXPECT_EQ(term(derived, "safety_stock"), -4);
  EXPECT_EQ(term(derived, "not_its_share"), -8);
  EXPECT_EQ(term(derived, "buffer"), -1);
  EXPECT_EQ(term(derived, "over_the_cap"), -4);
  EXPECT_GT(derived.figure.as_of_ms, 0);
}

TEST_F(HubWithPolicies, ARefusalNamesTheFieldAndTheRemedy) {
  open();
  w.stock("MUG", "leipzig", 1);
  EXPECT_THAT(refused({.site = "leipzig", .channel = "shop", .safety = 1}),
              HasSubstr("one of them"));
  EXPECT_THAT(refused({.site = "mars", .safety = 1}), HasSubstr("site: \"mars\""));
  EXPECT_THAT(refused({.channel = "mars", .buffer = 1}), HasSubstr("channel: \"mars\""));
  EXPECT_THAT(refused({.site = "leipzig", .buffer = 1}), HasSubstr("buffer: belongs to a channel"));
  EXPECT_THAT(refused({.channel = "shop", .share_pm = 1'001}), HasSubstr("share_pm: 1001 is not"));
  EXPECT_THAT(refused({.site = "leipzig", .safety = -1}), HasSubstr("safety: -1 is not"));
  EXPECT_THAT(refused({.site = "leipzig", .sku = "NONE", .safety = 1}), HasSubstr("sku: \"NONE\""));
  const auto reply = w.ask(SetStockPolicy{.site = "leipzig", .safety = 1});
  EXPECT_THAT(reply.error.value_or(base::Error{}).detail, HasSubstr("why"));
}

// Safety stock is for publishing: what was bought is shipped from it all the same.
TEST_F(HubWithPolicies, SafetyStockDoesNotHoldBackWhatWasBought) {
  open();
  w.stock("MUG", "leipzig", 5);
  set({.site = "leipzig", .safety = 5});
  EXPECT_EQ(shows("MUG", "1"), 0);
  const auto id = w.order("A1", {{"MUG", 3}});
  EXPECT_EQ(w.look(id).lines[0].backordered, 0);
  EXPECT_EQ(w.look(id).lines[0].site, "leipzig");
}

// A page per tick: a hub that starts anew in between goes on where it was.
TEST_F(HubWithPolicies, APolicyOfAWholeSiteReachesEverySkuAcrossARestart) {
  open();
  for (int i = 0; i < 450; ++i) {
    const std::string sku = "S" + std::to_string(1'000 + i);
    shop.stock[sku] = {{"1", {.on_hand = 0}}, {"2", {.on_hand = 0}}};
    (void)w.ask(RegisterItem{{sku, sku, std::nullopt, {}, 100}, {}});
    (void)w.ask(AdjustStock{sku, "leipzig", 9, "receipt"});
    if (i % 50 == 0) answer();
  }
  run(5'000);
  EXPECT_EQ(shows("S1449", "1"), 9);
  (void)w.ask(SetStockPolicy{.site = "leipzig", .safety = 2, .why = "test"});
  w.put(Tick{});
  w.start();
  run(base::limits::kHttpTimeoutMs + 5'000);  // a figure in flight may still take effect
  for (int i = 0; i < 450; ++i) {
    ASSERT_EQ(shows("S" + std::to_string(1'000 + i), "1"), 7) << i;
  }
}

TEST_F(HubWithPolicies, AnEventTouchesOnlyWhatDependsOnIt) {
  open();
  for (const auto* sku : {"MUG", "TEE", "CAP"}) w.stock(sku, "leipzig", 9);
  run(2'000);
  const auto before = w.turn->app()->channels(w.now)[0].figures;
  (void)w.ask(AdjustStock{"MUG", "leipzig", 1, "found"});
  EXPECT_EQ(w.turn->app()->channels(w.now)[0].figures - before, 2);  // of MUG at two locations
}

// Two benches share the quota; while one is silent its part is not promised.
TEST_F(HubWithPolicies, AStationThatFallsSilentTakesItsPartOfTheQuotaWithIt) {
  w.config.stations.push_back({"leipzig", "bench-3", ""});
  open();
  auto& bench = w.bench("leipzig", "bench-1");
  auto& other = w.bench("leipzig", "bench-3");
  w.stock("MUG", "leipzig", 20);
  w.stock("TEE", "leipzig", 20);
  set({.site = "leipzig", .sku = "MUG", .quota = 6});
  EXPECT_EQ(shows("MUG", "1"), 20);
  bench.connected = false;
  for (int i = 0; i < 12; ++i) {
    w.now.mono_ms += 10'000;
    w.now.wall_ms += 10'000;
    w.connect(other);  // its heartbeat
    run(100);
  }
  EXPECT_EQ(shows("MUG", "1"), 17);
  EXPECT_EQ(shows("TEE", "1"), 20);
  const auto derived = explain("MUG", "1");
  EXPECT_EQ(term(derived, "offline_risk"), -3);
  w.start();  // nothing is forgotten, and nothing wrong is told meanwhile
  run(2'000);
  EXPECT_EQ(shows("MUG", "1"), 17);
  bench.connected = true;
  w.connect(bench);
  run(3'000);
  EXPECT_EQ(shows("MUG", "1"), 20);
}

// What is silent stays silent, whatever the server's clock is set to, and nobody else falls silent.
TEST_F(HubWithPolicies, AClockThatIsSetMakesNobodyHeardNorSilent) {
  w.config.stations.push_back({"leipzig", "bench-3", ""});
  open();
  auto& bench = w.bench("leipzig", "bench-1");
  auto& other = w.bench("leipzig", "bench-3");
  w.stock("MUG", "leipzig", 20);
  set({.site = "leipzig", .sku = "MUG", .quota = 6});
  bench.connected = false;
  for (int i = 0; i < 12; ++i) {
    w.now.mono_ms += 10'000;
    w.now.wall_ms += 10'000;
    w.connect(other);
    run(100);
  }
  ASSERT_EQ(shows("MUG", "1"), 17);
  for (const std::int64_t day : {-1, 2}) {
    w.now.wall_ms += day * 86'400'000;
    run(2'000);
    w.stock("MUG", "leipzig", 1);  // its figure is reckoned anew
    run(2'000);
    EXPECT_EQ(shows("MUG", "1"), day < 0 ? 18 : 19);
  }
  w.now.wall_ms -= 86'400'000;  // while the server is off
  other.connected = false;
  w.start();
  run(2'000);
  EXPECT_EQ(shows("MUG", "1"), 16);  // nobody has been heard since, for all that is known
  other.connected = true;
  for (int i = 0; i < 12; ++i) {
    w.now.mono_ms += 10'000;
    w.now.wall_ms += 10'000;
    w.connect(other);
    run(100);
  }
  EXPECT_EQ(shows("MUG", "1"), 19);
}

// 14 pieces in 28 days beside its orders: one is taken off when it falls silent, then one more
// every second day, without anybody setting a quota.
TEST_F(HubWithPolicies, ASilentStationIsExpectedToUseWhatItUsuallyDoes) {
  w.config.stations.push_back({"leipzig", "bench-3", ""});
  w.config.stock.ask_counts = false;
  open();
  auto& bench = w.bench("leipzig", "bench-1");
  auto& other = w.bench("leipzig", "bench-3");
  w.stock("MUG", "leipzig", 100);
  w.stock("TEE", "leipzig", 20);
  const auto task = w.ask(AskCount{"MUG", "leipzig", "bench-1", "silence"}).id;
  bench.say(w.now, wire::StockCounted{"leipzig", "MUG", 86, {}, task, {}, "bench-1"}, "MUG");
  w.settle();
  EXPECT_FALSE(w.ask(LookAtShelves{"ann"}).error.has_value());
  run(1'000);
  EXPECT_EQ(shows("MUG", "1"), 86) << "while it is heard nothing is expected";
  const auto go_on = [&](std::int64_t ms, int times) {
    for (int i = 0; i < times; ++i) {
      w.now.mono_ms += ms;
      w.now.wall_ms += ms;
      w.connect(other);
      run(100);
    }
  };
  bench.connected = false;
  go_on(10'000, 12);
  EXPECT_EQ(shows("MUG", "1"), 85);
  EXPECT_EQ(shows("TEE", "1"), 20);
  EXPECT_EQ(term(explain("MUG", "1"), "offline_risk"), -1);
  go_on(3'600'000, 3 * 24);
  EXPECT_EQ(shows("MUG", "1"), 84) << "three days later";
  set({.site = "leipzig", .sku = "MUG", .quota = 12});
  EXPECT_EQ(shows("MUG", "1"), 80) << "its half of the quota is more than that";
  w.start();
  go_on(1'000, 2);
  EXPECT_EQ(shows("MUG", "1"), 80);
  bench.connected = true;
  w.connect(bench);
  run(3'000);
  EXPECT_EQ(shows("MUG", "1"), 86);
}

TEST_F(HubWithPolicies, OneLocationForTwoSitesShowsTheirSum) {
  open({{"leipzig", "1"}, {"ulm", "1"}});
  w.stock("MUG", "leipzig", 5);
  w.stock("MUG", "ulm", 4);
  run(1'000);
  EXPECT_EQ(shows("MUG", "1"), 9);
  set({.site = "ulm", .safety = 1});
  set({.channel = "shop", .buffer = 2});
  EXPECT_EQ(shows("MUG", "1"), 6);
}

// What a site is short of must come from the other: it is not sold there a second time.
TEST_F(HubWithPolicies, AShortageOfOneSiteIsTakenOffTheOtherOnce) {
  open();
  w.stock("MUG", "leipzig", 5);
  w.stock("MUG", "ulm", 4);
  (void)w.order("A1", {{"MUG", 5}});
  run(1'000);
  EXPECT_EQ(shows("MUG", "1"), 0);
  EXPECT_EQ(shows("MUG", "2"), 4);
  (void)w.ask(AdjustStock{"MUG", "leipzig", -3, "lost"});
  run(1'000);
  EXPECT_EQ(shows("MUG", "2"), 1);
  const auto derived = explain("MUG", "2");
  EXPECT_EQ(term(derived, "short_elsewhere"), -3);
}

TEST_F(HubWithPolicies, ZeroAndBackFromZeroGoAhead) {
  open();
  w.stock("MUG", "leipzig", 5);
  run(1'000);
  (void)w.ask(SetStockPolicy{.site = "leipzig", .sku = "MUG", .safety = 5, .why = "test"});
  auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
  const auto ahead = [&db] {
    auto query = db.prepare("SELECT express FROM outbox WHERE subject = 'MUG'");
    return query.step().value() && query.integer(0) == 1;
  };
  EXPECT_TRUE(ahead());
  run(1'000);
  ASSERT_EQ(shows("MUG", "1"), 0);
  EXPECT_FALSE(ahead()) << "it was told";
  (void)w.ask(SetStockPolicy{.site = "leipzig", .sku = "MUG", .safety = 2, .why = "test"});
  EXPECT_TRUE(ahead());
  run(1'000);
  EXPECT_EQ(shows("MUG", "1"), 3);
}

}  // namespace
}  // namespace dockline::server
