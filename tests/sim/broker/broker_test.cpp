#include "tests/sim/broker/broker.hpp"

#include "tests/sim/broker/contract.hpp"
#include "tests/sim/broker/wire.hpp"

namespace dockline::sim {
namespace {

struct ModelPlace {
  World world{1};
  Broker broker{world, {}};

  std::unique_ptr<ports::Link> link() { return broker.link("somewhere"); }
  static std::string url() { return "tcp://model"; }
  bool run_until(const std::function<bool()>& done) {
    for (int i = 0; i < 20'000 && !done(); ++i) world.run_until(world.now_ms() + 1);
    return done();
  }
  void settle() { world.run_until(world.now_ms() + 100); }
  std::function<void()> doomed(const std::string& id, ports::LinkWill will) {
    auto process = std::make_shared<std::unique_ptr<ports::Link>>(link());
    ports::LinkOptions options;
    options.client_id = id;
    options.will = std::move(will);
    (*process)->connect(std::move(options), {});
    settle();
    return [process] { process->reset(); };
  }
  void stop() { broker.stop(false); }
  void restart() {
    stop();
    world.after(500, [this] { broker.start(); });
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(Model, BrokerContract, ModelPlace);

class Net : public testing::Test {
 protected:
  struct Client {
    std::unique_ptr<ports::Link> link;
    bool up = false;
    std::int64_t down_ms = -1;
    std::vector<std::string> got;
  };
  std::shared_ptr<Client> start(const std::string& computer, const std::string& user,
                                std::vector<std::string> subscriptions) {
    auto client = std::make_shared<Client>();
    client->link = broker.link(computer);
    ports::LinkOptions options;
    options.client_id = computer;
    options.user = user;
    options.subscriptions = std::move(subscriptions);
    options.will = {"dockline/v1/a/" + computer + "/state", "dead"};
    ports::LinkEvents events;
    events.on_up = [c = client.get()] { c->up = true; };
    events.on_down = [this, c = client.get()](const base::Error&) {
      c->up = false;
      c->down_ms = world.now_ms();
    };
    events.on_message = [c = client.get()](const ports::LinkMessage& m) {
      c->got.push_back(m.payload);
    };
    client->link->connect(std::move(options), std::move(events));
    pass(50);
    return client;
  }
  void pass(std::int64_t ms) { world.run_until(world.now_ms() + ms); }

  World world{1};
  NetFaults faults;
  Broker broker{world, faults};
  std::shared_ptr<Client> server =
      start("server", "dockline-server", {"dockline/v1/+/+/up", "dockline/v1/+/+/state"});
  std::shared_ptr<Client> bench = start("b", "a.b", {"dockline/v1/a/b/down"});
};

TEST_F(Net, WhatIsWrittenIntoAShortCutArrivesAfterIt) {
  ASSERT_TRUE(server->up && bench->up);
  broker.set_reach("b", Reach::cut);
  bench->link->publish({"dockline/v1/a/b/up", "1", false});
  server->link->publish({"dockline/v1/a/b/down", "2", false});
  pass(10'000);
  EXPECT_TRUE(server->got.empty());
  broker.set_reach("b", Reach::open);
  pass(100);
  EXPECT_EQ(server->got, std::vector<std::string>{"1"});
  EXPECT_EQ(bench->got, std::vector<std::string>{"2"});
  EXPECT_EQ(bench->down_ms, -1);
}

TEST_F(Net, ALongCutIsNoticedByBothSidesAfterTheKeepAlive) {
  broker.set_reach("b", Reach::cut);
  const auto at = world.now_ms();
  bench->link->publish({"dockline/v1/a/b/up", "lost", false});
  pass(faults.keep_alive_ms + 100);
  EXPECT_EQ(server->got, std::vector<std::string>{"dead"});
  EXPECT_EQ(bench->down_ms, at + faults.keep_alive_ms);
  broker.set_reach("b", Reach::open);
  pass(1'000);
  EXPECT_EQ(server->got, std::vector<std::string>{"dead"});
}

TEST_F(Net, OneDirectionCanBeCutAlone) {
  broker.set_reach("b", Reach::deaf);
  bench->link->publish({"dockline/v1/a/b/up", "1", false});
  server->link->publish({"dockline/v1/a/b/down", "never", false});
  pass(1'000);
  ASSERT_FALSE(server->got.empty());
  EXPECT_EQ(server->got[0], "1");
  EXPECT_TRUE(bench->got.empty());
  pass(faults.keep_alive_ms);
  EXPECT_FALSE(bench->up);
  EXPECT_EQ(server->got.back(), "dead");  // its goodbye got through
}

TEST_F(Net, APowerCutIsNoticedAfterTheKeepAlive) {
  broker.computer_lost("b");
  bench->link.reset();
  pass(faults.keep_alive_ms - 100);
  EXPECT_TRUE(server->got.empty());
  pass(200);
  EXPECT_EQ(server->got, std::vector<std::string>{"dead"});
}

TEST_F(Net, NobodyConnectsThroughACut) {
  broker.set_reach("c", Reach::cut);
  auto late = start("c", "a.c", {});
  EXPECT_FALSE(late->up);
  pass(20'000);
  EXPECT_GE(late->down_ms, 0);
}

TEST_F(Net, AStationMaySpeakAndHearOnItsOwnTopicsOnly) {
  auto other = start("c", "a.c", {"dockline/v1/a/b/down", "dockline/v1/a/c/down"});
  other->link->publish({"dockline/v1/a/b/up", "forged", false});
  other->link->publish({"dockline/v1/a/c/up", "own", false});
  server->link->publish({"dockline/v1/a/b/down", "for b", false});
  pass(100);
  EXPECT_EQ(server->got, std::vector<std::string>{"own"});
  EXPECT_EQ(bench->got, std::vector<std::string>{"for b"});
  EXPECT_TRUE(other->got.empty());
  EXPECT_EQ(broker.counters().refused, 1U);
}

TEST_F(Net, EachFaultIsDrawnAndCounted) {
  NetFaults bad;
  bad.delay_max_ms = 300;
  bad.lose_per_mille = bad.double_per_mille = bad.reorder_per_mille = 100;
  bad.break_per_mille = 2;
  broker.set_faults(bad);
  for (int i = 0; i < 300 && bench->up; ++i) {
    bench->link->publish({"dockline/v1/a/b/up", std::to_string(i), false});
    pass(10);
  }
  pass(5'000);
  const auto& c = broker.counters();
  EXPECT_GT(c.lost, 0U);
  EXPECT_GT(c.doubled, 0U);
  EXPECT_GT(c.reordered, 0U);
  EXPECT_EQ(broker.in_flight(), 0U);
}

TEST(Topics, FitAsMqttSays) {
  EXPECT_TRUE(topic_fits("dockline/v1/+/+/up", "dockline/v1/a/b/up"));
  EXPECT_FALSE(topic_fits("dockline/v1/+/+/up", "dockline/v1/a/b/up-ack"));
  EXPECT_FALSE(topic_fits("dockline/v1/+/up", "dockline/v1/a/b/up"));
  EXPECT_TRUE(topic_fits("dockline/#", "dockline/v1/a"));
  EXPECT_FALSE(topic_fits("a/b", "a"));
}

}  // namespace
}  // namespace dockline::sim
