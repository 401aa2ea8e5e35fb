#include "agent/app/station_app.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "agent/app/testing.hpp"
#include "agent/station/command.hpp"
#include "agent/station/testing.hpp"

namespace dockline::agent {
namespace {

using testing::Bench;

constexpr const char* kMug = "4006381333931";
constexpr const char* kPot = "96385074";

wire::LeaseGranted order() { return station::testing::small_shop().works.at("web:A100").order; }

std::string banner(Bench& bench) {
  return std::string(boost::json::parse(bench.view()).at("banner").at("id").as_string());
}

class StationAppTest : public ::testing::Test {
 protected:
  void pack_all() {
    for (const auto* code : {"A100", kMug, kMug, kPot}) bench.scan(code);
  }
  Bench bench;
};

TEST_F(StationAppTest, GetsItsOrdersFromTheServerAndTellsItWhatHappened) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  bench.scan("A100");
  EXPECT_EQ(bench.sound(), "tick");
  bench.scan(kMug);
  bench.scan(kMug);
  bench.scan(kPot);
  ASSERT_EQ(bench.prints.size(), 1U);
  EXPECT_NE(bench.prints[0].bytes.find("^XA"), std::string::npos);
  bench.print_well();
  ASSERT_EQ(bench.sends.size(), 1U);
  bench.scan("DL0000000017");
  EXPECT_EQ(bench.sound(), "done");
  bench.run_for(1'000);
  EXPECT_EQ(bench.server.count<wire::PackOpened>(), 1U);
  EXPECT_EQ(bench.server.count<wire::ItemCounted>(), 3U);
  EXPECT_EQ(bench.server.count<wire::PackClosed>(), 1U);
  const auto& last = bench.server.facts.back();
  EXPECT_EQ(last.source, "/leipzig/bench-4");
  EXPECT_EQ(last.correlation, "web:A100");
  EXPECT_EQ(last.dlseq, bench.server.facts.size());
  EXPECT_GT(last.dlhlc, 0U);
}

TEST_F(StationAppTest, WorksWithoutAnyNetworkAndTellsEverythingLater) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  bench.go_offline();
  pack_all();
  bench.print_well();
  bench.scan("DL0000000017");
  EXPECT_EQ(bench.server.count<wire::PackOpened>(), 0U);
  bench.run_for(30'000);
  bench.online = true;
  bench.run_for(60'000);
  EXPECT_EQ(bench.server.count<wire::PackOpened>(), 1U);
  EXPECT_EQ(bench.server.count<wire::ItemCounted>(), 3U);
  EXPECT_EQ(bench.server.count<wire::PackClosed>(), 1U);
}

TEST_F(StationAppTest, AKillAtAnyScanLosesNothingThatWasAnswered) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  for (const auto* code : {"A100", kMug, kMug, kPot}) {
    bench.scan(code);
    EXPECT_EQ(bench.sound(), "tick");
    bench.start();
  }
  // The disk may be an older image of itself: whether the sheet came out, the packer knows.
  EXPECT_EQ(banner(bench), "label-unknown");
  bench.scan(station::sheet_code("NO"));
  EXPECT_EQ(banner(bench), "printing");
  bench.print_well();
  bench.start();
  EXPECT_EQ(banner(bench), "label-scan");
  bench.scan("DL0000000017");
  bench.run_for(5'000);
  EXPECT_EQ(bench.server.count<wire::ItemCounted>(), 3U);
  EXPECT_EQ(bench.server.count<wire::PackClosed>(), 1U);
}

TEST_F(StationAppTest, AKillWhileSendingIsRecoveredFromThePrinter) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  pack_all();
  firmware::PrintReport report{"zebra", bench.prints.back().job, firmware::PrintStep::prepared};
  report.mark.odometer = 4711;
  bench.input(PrinterReport{report});
  EXPECT_EQ(bench.sends.size(), 1U);
  bench.start();
  ASSERT_EQ(bench.recovers.size(), 1U);
  EXPECT_EQ(bench.recovers[0].mark.odometer, 4711);
  EXPECT_EQ(bench.prints.size(), 1U);  // nothing is printed again unasked
  report.step = firmware::PrintStep::uncertain;
  bench.input(PrinterReport{report});
  EXPECT_EQ(banner(bench), "label-unknown");
}

TEST_F(StationAppTest, ACancellationReachesThePackerWhilePacking) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  bench.scan("A100");
  bench.scan(kMug);
  bench.server.tell(bench.now, wire::LeaseRevoked{"web:A100", {"lease-1", 1}, "cancelled"});
  bench.run_for(500);
  EXPECT_EQ(bench.sound(), "stop");
  EXPECT_EQ(banner(bench), "cancelled");
  bench.scan(kMug);
  EXPECT_EQ(bench.sound(), "done");
  bench.run_for(1'000);
  EXPECT_EQ(bench.server.count<wire::LeaseReturned>(), 1U);
  EXPECT_EQ(bench.server.count<wire::ItemUncounted>(), 1U);
}

TEST_F(StationAppTest, WhatWasShortMayComeBackAsASecondLeaseOfTheSameOrder) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  for (const auto* code : {"A100", kMug, kMug}) bench.scan(code);
  auto rest = order();
  rest.work = {"lease-1b", 2};
  rest.lines = {rest.lines[1]};
  rest.label.tracking = "DL0000000031";
  bench.server.tell(bench.now, rest);  // while the first box is still open
  bench.run_for(500);
  bench.start();
  bench.scan(station::sheet_code("SHORT"));
  bench.scan(station::sheet_code("1"));
  bench.print_well();
  bench.scan("DL0000000017");
  EXPECT_EQ(bench.sound(), "done");
  bench.scan("A100");  // the same number opens what is left of it
  EXPECT_EQ(boost::json::parse(bench.view()).at("order").at("pieces_total"), 1);
  bench.scan(kPot);
  bench.print_well();
  bench.scan("DL0000000031");
  EXPECT_EQ(bench.sound(), "done");
  bench.run_for(3'000);
  EXPECT_EQ(bench.server.count<wire::PackClosed>(), 2U);
}

TEST_F(StationAppTest, ACatalogueFactMakesAWrongItemKnownByName) {
  bench.server.tell(bench.now, order());
  bench.server.tell(
      bench.now,
      wire::CatalogueItem{{"BLUE", "Mug blue", std::nullopt, {{"5901234123457", 1}}, std::nullopt},
                          "B-2"});
  bench.go_online();
  bench.scan("A100");
  bench.scan("5901234123457");
  EXPECT_EQ(bench.sound(), "nope");
  const auto view = boost::json::parse(bench.view());
  EXPECT_EQ(view.at("banner").at("id"), "wrong-item");
  EXPECT_EQ(view.at("body").at("kind"), "pair");
  EXPECT_EQ(view.at("body").at("hand").at("bin"), "B-2");
}

TEST_F(StationAppTest, WhatItCannotDigestIsParkedAndTheStreamGoesOn) {
  bench.server.tell_raw(bench.now, "x1", "{\"not\":\"an event\"}");
  auto broken = order();
  broken.lines[0].quantity = -1;
  bench.server.tell(bench.now, broken);
  bench.server.tell(bench.now, order());
  bench.go_online();
  bench.scan("A100");
  EXPECT_EQ(bench.sound(), "tick");
  bench.run_for(1'000);
  EXPECT_EQ(bench.server.count<wire::StationTrouble>(), 2U);
}

TEST_F(StationAppTest, ConnectsAgainWithGrowingPauses) {
  bench.run_for(60'000);
  const auto tries = bench.connects.size();
  EXPECT_GE(tries, 5U);
  EXPECT_LE(tries, 12U);
  const auto& connect = bench.connects.front();
  EXPECT_EQ(connect.will.topic, "dockline/v1/leipzig/bench-4/state");
  EXPECT_NE(connect.will.payload.find("\"down\""), std::string::npos);
  EXPECT_EQ(connect.subscriptions.size(), 4U);
}

TEST_F(StationAppTest, BirthIsRetainedAndRepeatedAsHeartbeat) {
  bench.go_online();
  bench.published.clear();
  bench.run_for(70'000);
  int births = 0;
  for (const auto& p : bench.published) {
    if (p.topic.ends_with("/state")) {
      ++births;
      EXPECT_TRUE(p.retained);
    }
  }
  EXPECT_GE(births, 2);
}

TEST_F(StationAppTest, AForeignStateOnItsTopicIsAnsweredAndReported) {
  bench.go_online();
  sync::State other;
  other.up = true;
  other.inc = "0f0e0d0c-0b0a-4908-8706-050403020100";
  other.process = {9, 12345};
  bench.published.clear();
  bench.input(MqttIn{"dockline/v1/leipzig/bench-4/state", sync::encode(other), false});
  ASSERT_FALSE(bench.published.empty());
  EXPECT_TRUE(bench.published[0].topic.ends_with("/state"));
  bench.run_for(1'000);
  EXPECT_EQ(bench.server.count<wire::StationTrouble>(), 1U);
}

TEST_F(StationAppTest, GarbageFromTheBrokerIsDropped) {
  bench.go_online();
  for (const auto* topic : {"up-ack", "down", "state", "nonsense"}) {
    bench.input(MqttIn{std::string("dockline/v1/leipzig/bench-4/") + topic, "\xff{[", false});
    bench.input(MqttIn{std::string("dockline/v1/leipzig/bench-4/") + topic, "", true});
  }
  EXPECT_TRUE(bench.rejected.empty());
}

// Found by dockline-sim, seed 145: the disk was full when the link went down, so no App ever heard
// of it, and the bench never connected again.
TEST_F(StationAppTest, ALinkThatGoesDownWhileTheDiskIsFullIsConnectedAgain) {
  bench.go_online();
  const auto before = bench.connects.size();
  bench.watch.rejected(bench.now, LinkDown{"broker stopped"}, {base::Fault::full, "full"}, 0);
  EXPECT_FALSE(bench.process.link_up);
  bench.run_for(5'000);
  EXPECT_EQ(bench.connects.size(), before + 1);
  EXPECT_TRUE(bench.turn->app()->figures().streaming);
  // As it comes up no App hears of it either.
  bench.go_offline();
  bench.watch.rejected(bench.now, LinkUp{}, {base::Fault::full, "full"}, 0);
  bench.online = true;
  bench.run_for(5'000);
  EXPECT_TRUE(bench.turn->app()->figures().streaming);
}

TEST_F(StationAppTest, AnOversizedScanIsRefusedWithoutStoreTrouble) {
  bench.input(ScanIn{"left", std::string(8'193, 'x'), ""});
  EXPECT_EQ(bench.rejected.size(), 1U);
  EXPECT_FALSE(bench.watch.in_trouble());
}

TEST_F(StationAppTest, PageCommandsTypingAndUndoWorkLikeScans) {
  bench.server.tell(bench.now, order());
  bench.go_online();
  bench.input(PageTyped{"A100"});
  bench.input(PageTyped{kMug});
  const auto view = boost::json::parse(bench.view());
  const auto& newest = view.at("actions").at(0);
  EXPECT_TRUE(newest.at("undo").as_bool());
  bench.input(PageUndo{std::string(newest.at("id").as_string())});
  EXPECT_EQ(boost::json::parse(bench.view()).at("count").at("n"), 3);
  bench.input(PageCommand{"SHORT"});
  EXPECT_EQ(banner(bench), "short");
  bench.input(PageCommand{"NONSENSE"});
  bench.input(PageUndo{"99999999999999999999999"});
  bench.input(PageUnknownKeys{});
  EXPECT_EQ(banner(bench), "not-set-up");
}

TEST_F(StationAppTest, ALongSilenceIsSaidOnTheIdleScreen) {
  bench.pass(3'600'000);
  EXPECT_EQ(banner(bench), "offline-3d");
}

TEST_F(StationAppTest, TheStateFitsTheLimitOfThePage) {
  auto big = order();
  big.lines.clear();
  for (int i = 1; i <= 80; ++i) {
    big.lines.push_back({i,
                         "SKU-" + std::to_string(i),
                         std::string(300, 'x'),
                         std::string(300, 'y'),
                         "B-" + std::to_string(i),
                         3,
                         {},
                         10});
  }
  bench.server.tell(bench.now, big);
  bench.go_online();
  bench.scan("A100");
  EXPECT_LT(bench.view().size(), 8'000U);
  bench.input(PageCommand{"SHORT"});
  EXPECT_LT(bench.view().size(), 8'000U);
}

TEST(StationAppAlone, NeverConnectsWithoutABroker) {
  Bench bench(false);
  bench.run_for(10'000);
  EXPECT_TRUE(bench.connects.empty());
}

}  // namespace
}  // namespace dockline::agent
