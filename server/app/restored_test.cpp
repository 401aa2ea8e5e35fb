// A server restored from a backup (PROTOCOL.md section 9) gets back from its benches what it once
// knew, and gives nothing out twice.
#include <set>

#include <gmock/gmock.h>

#include "server/store/order_book.hpp"
#include "tests/hub/leases_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::Not;

struct Restored : testing::LeasesWorld {};

TEST_F(Restored, ARestoredServerGetsBackFromItsBenchesWhatItOnceAcknowledged) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  const auto kept = w.order("1", {{"MUG", 1}});
  backup();
  w.pack(bench, bench.leases.at(0));               // acknowledged, then forgotten
  const auto packed = w.order("2", {{"MUG", 2}});  // order, lease and box are forgotten
  w.pack(bench, bench.leases.at(1));
  const auto open = w.order("3", {{"MUG", 3}});  // its lease is held
  ASSERT_EQ(bench.leases.size(), 3U);
  const auto tracking = bench.leases[2].label.tracking;
  restore(true);
  EXPECT_THAT(w.open_exceptions(), Contains("restored"));
  EXPECT_EQ(w.look(kept).order.state, "packed") << "its box came again with the bench's facts";
  const auto fresh = w.order("4", {{"MUG", 1}});
  EXPECT_EQ(grants(bench).size(), 3U) << "no grants before everybody has answered";
  EXPECT_EQ(w.look(fresh).order.state, "allocated");
  answer_census(bench, {held(bench.leases[0], "done"), held(bench.leases[1], "done"),
                        held(bench.leases[2], "open")});
  EXPECT_EQ(w.look(packed).order.state, "packed");
  EXPECT_EQ(w.look(packed).order.tracking, bench.leases[1].label.tracking);
  // Its box came before it was known again: a new disk's snapshot shows it all the same.
  const auto story = w.look(packed).timeline;
  EXPECT_TRUE(std::ranges::any_of(
      story, [](const auto& row) { return row.type == wire::PackClosed::kType; }));
  EXPECT_EQ(w.look(open).order.state, "released");
  EXPECT_EQ(w.look(open).order.tracking, tracking);
  EXPECT_EQ(grants(bench).size(), 3U) << "two more were asked";
  EXPECT_FALSE(w.ask(WriteOffStation{"ulm", "bench-2", "never installed", "boss"}).error);
  EXPECT_FALSE(w.ask(WriteOffStation{"leipzig", "bench-9", "never installed", "boss"}).error);
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Not(Contains("restored")));
  ASSERT_EQ(grants(bench).size(), 4U);
  EXPECT_GT(grants(bench)[3].work.epoch, bench.leases[2].work.epoch);
  EXPECT_GT(grants(bench)[3].label.tracking, tracking) << "no number is given twice";
  w.pack(bench, bench.leases[2]);
  w.pack(bench, grants(bench)[3]);
  EXPECT_EQ(w.look(open).order.state, "packed");
  EXPECT_EQ(w.look(fresh).order.state, "packed");
  EXPECT_EQ(figure().packed, 7);
  EXPECT_EQ(figure().on_hand, 2);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("fenced_work")));
}

TEST_F(Restored, AnOrderThatOnlyABenchRemembersIsInItsChannelsCurrencyOrInNone) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  const auto order = [&](const std::string& channel, const std::string& number) {
    ReceiveOrder command;
    command.channel = channel;
    command.number = number;
    command.currency = "SEK";
    command.ship_to.name = "Ada";
    command.lines.push_back({.line = 0, .sku = "MUG", .title = "MUG", .quantity = 1});
    const auto reply = w.ask(std::move(command));
    w.settle();
    return reply.id;
  };
  order("partner", "1");
  backup();
  const auto known = order("partner", "2"), unknown = order("fair", "1");
  ASSERT_EQ(bench.leases.size(), 3U);
  restore(true);
  answer_census(bench, {held(bench.leases[0], "open"), held(bench.leases[1], "open"),
                        held(bench.leases[2], "open")});
  EXPECT_EQ(w.look(known).currency, "SEK");
  EXPECT_EQ(w.look(unknown).currency, store::kNoCurrency);
}

TEST_F(Restored, ARestoredServerGivesNoTransferTheNumberOfOneThatItForgot) {
  near();
  w.stock("MUG", "leipzig", 9);
  backup();
  const OrderTransfer transfer{"MUG", "leipzig", "ulm", 2, {}, "demand", "ada"};
  const auto forgotten = w.ask(transfer).id;
  restore(true);
  const auto next = w.ask(transfer).id;
  EXPECT_FALSE(next.empty());
  EXPECT_NE(next, forgotten) << "ulm may still wait for the first";
}

// The clock of a computer without a battery stands where it stood at the last restore.
TEST_F(Restored, TwoRestoresOfOneBackupAtOneTimeGiveNothingTwice) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  backup();
  const auto at = w.now.wall_ms;
  std::set<std::string> seen;
  std::vector<wire::HeldLease> all;
  for (int times = 0; times < 3; ++times) {
    w.now.wall_ms = at;
    restore(true);
    answer_census(bench, all);
    for (const auto* name : {"bench-2", "bench-9"}) {
      const std::string site = name == std::string("bench-2") ? "ulm" : "leipzig";
      EXPECT_FALSE(w.ask(WriteOffStation{site, name, "never installed", "boss"}).error);
    }
    w.settle();
    for (int box = 0; box < 2; ++box) {
      w.order(std::to_string(times) + std::to_string(box), {{"MUG", 1}});
      ASSERT_EQ(bench.leases.size(), all.size() + 1);
      const auto& lease = bench.leases.back();
      EXPECT_TRUE(seen.insert(lease.label.tracking).second) << lease.label.tracking;
      EXPECT_TRUE(seen.insert(lease.label.sscc).second) << lease.label.sscc;
      EXPECT_TRUE(seen.insert(std::to_string(lease.work.epoch)).second) << lease.work.epoch;
      // One was packed in what is lost, the other waits.
      if (box == 0) w.pack(bench, lease);
      all.push_back(held(lease, box == 0 ? "done" : "open"));
    }
  }
}

TEST_F(Restored, AServerRestoredBehindOurBackIsFoundOut) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  backup();
  w.order("1", {{"MUG", 1}});
  restore(false);
  EXPECT_THAT(w.open_exceptions(), Contains("restored")) << "its down stream knew less";
  EXPECT_EQ(count("SELECT value FROM counter WHERE name = 'generation'"), 2);
  EXPECT_FALSE(bench.all<wire::LeaseCensus>().empty());
}

TEST_F(Restored, AStationThatRemembersMoreStartsOfTheServerRaisesTheGeneration) {
  near().say(w.now, wire::ServerRestoredSeen{1'000'050, 1'000'001});
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Contains("restored"));
  EXPECT_EQ(count("SELECT value FROM counter WHERE name = 'generation'"), 2);
  near().say(w.now, wire::ServerRestoredSeen{1'000'050, 1'000'001});
  w.settle();
  EXPECT_EQ(count("SELECT value FROM counter WHERE name = 'generation'"), 2) << "once is enough";
}

TEST_F(Restored, ALeaseThatTheCensusDoesNotShowIsGivenOutAgain) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  const auto id = w.order("1", {{"MUG", 1}});
  backup();
  bench.say(w.now, wire::LeaseReturned{id, {bench.leases[0].work.lease, 1}, "odd"}, id);
  w.settle();
  restore(true);
  answer_census(bench, {});
  EXPECT_EQ(w.look(id).order.state, "allocated");
  EXPECT_TRUE(w.ask(ForceRevoke{id, "hurry", "boss"}).error.has_value());
  EXPECT_TRUE(w.ask(ResolveException{case_of("restored"), "write_off", "boss"}).created);
  w.settle();
  EXPECT_EQ(grants(bench).size(), 2U);
  w.pack(bench, grants(bench).back());
  EXPECT_EQ(w.look(id).order.state, "packed");
}

// The shop told the order again and its cancellation, before the bench that had packed it was
// asked: when all have answered the box is a case, nobody can accept it, and its pieces are no
// units of the order.
TEST_F(Restored, ABoxOfTheCensusOfWhichNothingIsWantedAnyMoreIsACase) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  backup();
  const auto id = w.order("1", {{"MUG", 2}});  // order, lease and box are forgotten
  w.pack(bench, bench.leases.at(0));
  ASSERT_EQ(w.look(id).order.state, "packed");
  restore(true);
  EXPECT_EQ(w.order("1", {{"MUG", 2}}), id);
  EXPECT_FALSE(w.ask(CancelOrder{id, "no longer wanted", {}}).error.has_value());
  w.settle();
  answer_census(bench, {held(bench.leases[0], "done")});
  EXPECT_EQ(w.look(id).order.state, "cancelled");
  EXPECT_EQ(w.look(id).lines.at(0).packed, 0);
  EXPECT_TRUE(w.ask(ResolveException{case_of("restored"), "write_off", "boss"}).created);
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Not(Contains("restored")));
  EXPECT_THAT(w.open_exceptions(), Contains("fenced_work"));
  EXPECT_TRUE(w.ask(ResolveException{case_of("fenced_work"), "accept", "boss"}).error.has_value());
}

}  // namespace
}  // namespace dockline::server
