// What programs may expect of a broker through ports::Link: one suite, run over the model
// (broker_test.cpp) and over a real Mosquitto behind Paho (tests/runtime).
//
// A Place has: std::unique_ptr<ports::Link> link(); bool run_until(std::function<bool()>);
// void settle(), long enough for messages that are under way; std::string url(); stop(); restart();
// and doomed(id, will): a connected process, as a function that kills it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shared/ports/link.hpp"

namespace dockline::sim {

template <class Place>
class BrokerContract : public testing::Test {
 protected:
  struct Client {
    std::unique_ptr<ports::Link> link;
    bool up = false, down = false;
    std::vector<ports::LinkMessage> got;
  };

  std::shared_ptr<Client> start(const std::string& id, std::vector<std::string> subscriptions,
                                ports::LinkWill will = {}) {
    auto client = std::make_shared<Client>();
    client->link = place.link();
    connect(*client, id, std::move(subscriptions), std::move(will));
    return client;
  }
  void connect(Client& client, const std::string& id, std::vector<std::string> subscriptions,
               ports::LinkWill will = {}) {
    ports::LinkOptions options;
    options.url = place.url();
    options.client_id = id;
    options.subscriptions = std::move(subscriptions);
    options.will = std::move(will);
    client.up = client.down = false;
    ports::LinkEvents events;
    events.on_up = [&client] { client.up = true; };
    events.on_down = [&client](const base::Error&) { client.down = true; };
    events.on_message = [&client](ports::LinkMessage m) { client.got.push_back(std::move(m)); };
    client.link->connect(std::move(options), std::move(events));
  }
  std::shared_ptr<Client> up(const std::string& id, std::vector<std::string> subscriptions,
                             ports::LinkWill will = {}) {
    auto client = start(id, std::move(subscriptions), std::move(will));
    EXPECT_TRUE(place.run_until([&] { return client->up; }));
    return client;
  }

  Place place;
};

TYPED_TEST_SUITE_P(BrokerContract);

TYPED_TEST_P(BrokerContract, MessagesOfOneConnectionArriveInOrderAndExactly) {
  auto hears = this->up("hears", {"a/+/x"});
  auto says = this->up("says", {});
  for (int i = 0; i < 200; ++i) {
    says->link->publish({"a/b/x", std::to_string(i) + std::string("\0\xff", 2), false});
    says->link->publish({"a/b/c", "nobody asked", false});
  }
  ASSERT_TRUE(this->place.run_until([&] { return hears->got.size() >= 200; }))
      << hears->got.size() << (says->down ? ", thrown off" : "");
  this->place.settle();
  ASSERT_EQ(hears->got.size(), 200U);
  for (int i = 0; i < 200; ++i) {
    const auto& m = hears->got[static_cast<std::size_t>(i)];
    EXPECT_EQ(m.payload, std::to_string(i) + std::string("\0\xff", 2));
    EXPECT_FALSE(m.retained);
  }
}

TYPED_TEST_P(BrokerContract, OnlyTheNewestRetainedMessageGreetsANewcomerAndIsMarkedSo) {
  auto says = this->up("says", {"a/state"});
  says->link->publish({"a/state", "old", true});
  says->link->publish({"a/state", "new", true});
  says->link->publish({"a/other", "passing", false});
  ASSERT_TRUE(this->place.run_until([&] { return says->got.size() == 2; }));
  EXPECT_FALSE(says->got[1].retained);  // live: it was there when it was said
  auto late = this->up("late", {"a/#"});
  ASSERT_TRUE(this->place.run_until([&] { return !late->got.empty(); }));
  this->place.settle();
  ASSERT_EQ(late->got.size(), 1U);
  EXPECT_EQ(late->got[0].payload, "new");
  EXPECT_TRUE(late->got[0].retained);
}

TYPED_TEST_P(BrokerContract, AnEmptyRetainedMessageForgetsTheOneBefore) {
  auto says = this->up("says", {"a/state"});
  says->link->publish({"a/state", "old", true});
  says->link->publish({"a/state", "", true});
  ASSERT_TRUE(this->place.run_until([&] { return says->got.size() == 2; }));
  auto late = this->up("late", {"a/state"});
  this->place.settle();
  EXPECT_TRUE(late->got.empty());
}

TYPED_TEST_P(BrokerContract, AProcessThatDiesLeavesItsWillAndOneThatSaysGoodbyeDoesNot) {
  auto hears = this->up("hears", {"+/will"});
  const auto kill = this->place.doomed("dies", {"d/will", "gone"});
  auto leaves = this->up("leaves", {}, {"l/will", "gone"});
  leaves->link->disconnect();
  this->place.settle();
  EXPECT_TRUE(hears->got.empty());
  kill();
  ASSERT_TRUE(this->place.run_until([&] { return !hears->got.empty(); }));
  this->place.settle();
  ASSERT_EQ(hears->got.size(), 1U);
  EXPECT_EQ(hears->got[0].topic, "d/will");
  EXPECT_FALSE(leaves->down);
  auto late = this->up("late", {"+/will"});
  ASSERT_TRUE(this->place.run_until([&] { return !late->got.empty(); }));
  EXPECT_TRUE(late->got[0].retained);
}

TYPED_TEST_P(BrokerContract, TheSameClientIdThrowsTheOlderOff) {
  auto older = this->up("twin", {"a"});
  auto newer = this->up("twin", {"a"});
  EXPECT_TRUE(this->place.run_until([&] { return older->down; }));
}

TYPED_TEST_P(BrokerContract, WhatWasSaidWhileAwayIsNotHeardLater) {
  auto hears = this->up("hears", {"a"});
  hears->link->disconnect();
  auto says = this->up("says", {});
  says->link->publish({"a", "missed", false});
  this->place.settle();
  hears->link->publish({"a", "not connected: dropped", false});
  this->connect(*hears, "hears", {"a"});
  ASSERT_TRUE(this->place.run_until([&] { return hears->up; }));
  this->place.settle();
  EXPECT_TRUE(hears->got.empty());
}

TYPED_TEST_P(BrokerContract, ABrokerThatDiesIsNoticedOnceAndItsSuccessorKnowsNothing) {
  auto hears = this->up("hears", {"a/#"}, {"a/will", "gone"});
  hears->link->publish({"a/state", "kept?", true});
  ASSERT_TRUE(this->place.run_until([&] { return !hears->got.empty(); }));
  this->place.restart();
  ASSERT_TRUE(this->place.run_until([&] { return hears->down; }));
  hears->got.clear();
  for (int tries = 0; tries < 200 && !hears->up; ++tries) {
    this->connect(*hears, "hears", {"a/#"});
    ASSERT_TRUE(this->place.run_until([&] { return hears->up || hears->down; }));
    if (!hears->up) this->place.settle();
  }
  ASSERT_TRUE(hears->up);
  this->place.settle();
  EXPECT_TRUE(hears->got.empty());
}

TYPED_TEST_P(BrokerContract, NobodyThereIsToldAsDown) {
  this->place.stop();
  auto client = this->start("lonely", {"a"});
  ASSERT_TRUE(this->place.run_until([&] { return client->down; }));
  EXPECT_FALSE(client->up);
}

REGISTER_TYPED_TEST_SUITE_P(BrokerContract, MessagesOfOneConnectionArriveInOrderAndExactly,
                            OnlyTheNewestRetainedMessageGreetsANewcomerAndIsMarkedSo,
                            AnEmptyRetainedMessageForgetsTheOneBefore,
                            AProcessThatDiesLeavesItsWillAndOneThatSaysGoodbyeDoesNot,
                            TheSameClientIdThrowsTheOlderOff, WhatWasSaidWhileAwayIsNotHeardLater,
                            ABrokerThatDiesIsNoticedOnceAndItsSuccessorKnowsNothing,
                            NobodyThereIsToldAsDown);

}  // namespace dockline::sim
