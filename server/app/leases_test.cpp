// Leases as PROTOCOL.md sections 9 and 11 have them: fences, a person's word, restored servers.
#include <set>

#include <gmock/gmock.h>

#include "server/store/order_book.hpp"
#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Leases : ::testing::Test {
  void SetUp() override {
    w.config.stations.push_back({"leipzig", "bench-9", ""});
    w.start();
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    const auto report = w.verify();
    EXPECT_TRUE(report.equal);
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
  }
  testing::Bench& near() { return w.bench("leipzig", "bench-1"); }
  testing::Bench& other() { return w.bench("leipzig", "bench-9"); }

  // bench-1 has the order and goes silent; a person takes it back; bench-9 has it now.
  std::string taken_back() {
    near();
    w.stock("MUG", "leipzig", 5);
    const auto id = w.order("1001", {{"MUG", 2}});
    EXPECT_EQ(near().leases.size(), 1U);
    near().connected = false;
    w.pass(200'000);
    other();
    EXPECT_FALSE(w.ask(ForceRevoke{id, "bench is dead", "boss"}).error.has_value());
    w.settle();
    EXPECT_EQ(other().leases.size(), 1U);
    return id;
  }
  std::string case_of(const std::string& kind) {
    const auto page = w.reader->exceptions("open", "", 50).value();
    for (const auto& row : page.items) {
      if (row.kind == kind) return row.id;
    }
    return "";
  }
  auto figure() { return w.reader->stock_of("MUG").value()->stock.sites[0]; }
  std::int64_t count(const std::string& sql) {
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto query = db.prepare(sql);
    return query.step().value() ? query.integer(0) : 0;
  }

  // ---- restores
  void stop() {
    w.reader.reset();
    w.turn.reset();
  }
  void backup() {
    stop();
    std::filesystem::copy_file(w.config.db_path, w.config.db_path + ".kept");
    w.start();
    w.settle();
  }
  void restore(bool by_command) {
    stop();
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(w.config.db_path + end);
    std::filesystem::copy_file(w.config.db_path + ".kept", w.config.db_path);
    if (by_command) {
      auto db = sqlite::Db::open(w.config.db_path, {}).value();
      ASSERT_TRUE(db.prepare("UPDATE counter SET value = 1 WHERE name = 'restored'").run());
      ASSERT_TRUE(
          db.prepare("UPDATE counter SET value = value + 1 WHERE name = 'generation'").run());
    }
    w.start();
    w.pass(90'000);
  }
  // What a station does with a census: every lease it was ever granted and has not given back.
  void answer_census(testing::Bench& bench, const std::vector<wire::HeldLease>& held) {
    const auto asked = bench.all<wire::LeaseCensus>();
    ASSERT_FALSE(asked.empty());
    wire::LeaseHeld fact;
    fact.census = asked.back().census;
    fact.reason = "census";
    fact.process = sync::to_text(bench.process);
    fact.held = held;
    for (auto& one : fact.held) {
      if (one.work.epoch <= asked.back().epoch) one.grant.reset();
    }
    bench.say(w.now, fact);
    w.settle();
  }
  // What was sent anew with the numbers of another down stream counts once, as at a real bench.
  static std::vector<wire::LeaseGranted> grants(const testing::Bench& bench) {
    std::vector<wire::LeaseGranted> out;
    for (const auto& lease : bench.leases) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const auto& one) { return one.work == lease.work; });
      if (!known) out.push_back(lease);
    }
    return out;
  }
  static wire::HeldLease held(const wire::LeaseGranted& grant, const std::string& state) {
    return {grant.order, grant.work, state, grant};
  }

  testing::World w;
};

TEST_F(Leases, AGrantNamesItsHolderAndAnotherIncarnationsWorkIsFenced) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 1}});
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].holder, bench.sender->inc());
  wire::Event event;
  event.id = base::uuid7(bench.prng, w.now.wall_ms);
  event.source = "/leipzig/bench-1";
  event.subject = id;
  event.time_ms = w.now.wall_ms;
  event.dlinc = "00000000-0000-4000-8000-000000000000";
  event.data =
      wire::PackClosed{id, bench.leases[0].work, {{1, "MUG", 1, 0}}, bench.leases[0].label};
  bench.say_raw(w.now, event.id, wire::encode(event).value());
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Contains("fenced_work"));
  EXPECT_EQ(w.look(id).order.state, "released");
}

TEST_F(Leases, AnOrderTakenBackGoesOnUnderAnotherLabel) {
  taken_back();
  EXPECT_NE(other().leases[0].label.tracking, near().leases[0].label.tracking);
  EXPECT_EQ(other().leases[0].work.lease, near().leases[0].work.lease);
  EXPECT_GT(other().leases[0].work.epoch, near().leases[0].work.epoch);
  near().connected = true;
  w.pass(70'000);
  ASSERT_EQ(near().revoked.size(), 1U);
  EXPECT_EQ(near().revoked[0].reason, "forced");
  EXPECT_EQ(near().revoked[0].why, "bench is dead");
  EXPECT_EQ(near().revoked[0].by, "boss");
}

TEST_F(Leases, ABoxUnderAFencedLeaseIsAcceptedByOneCommand) {
  const auto id = taken_back();
  w.pack(near(), near().leases[0]);
  near().connected = true;
  w.pass(70'000);
  ASSERT_THAT(w.open_exceptions(), Contains("fenced_work"));
  EXPECT_EQ(figure().packed, 2) << "it happened";
  EXPECT_EQ(w.look(id).order.packed, 0);
  const auto done = w.ask(ResolveException{case_of("fenced_work"), "accept", "boss"});
  EXPECT_FALSE(done.error.has_value()) << done.error->detail;
  w.settle();
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_EQ(w.look(id).order.tracking, near().leases[0].label.tracking);
  ASSERT_EQ(other().revoked.size(), 1U);
  EXPECT_EQ(other().revoked[0].work.epoch, other().leases[0].work.epoch);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("fenced_work")));
  // The other bench was too late to stop: now it is packed twice.
  w.pack(other(), other().leases[0]);
  EXPECT_THAT(w.open_exceptions(), Contains("packed_twice"));
  EXPECT_EQ(w.look(id).order.packed, 2);
}

TEST_F(Leases, AnOrderPackedTwiceEndsWithOneBoxOpened) {
  const auto id = taken_back();
  w.pack(other(), other().leases[0]);
  EXPECT_EQ(w.look(id).order.state, "packed");
  w.pack(near(), near().leases[0]);
  near().connected = true;
  w.pass(70'000);
  ASSERT_THAT(w.open_exceptions(), Contains("packed_twice"));
  EXPECT_EQ(figure().packed, 4);
  const auto found = case_of("packed_twice");
  EXPECT_TRUE(w.ask(ResolveException{found, "accept", "boss"}).error.has_value());
  EXPECT_TRUE(w.ask(ResolveException{found, "put_back", "boss"}).created);
  EXPECT_EQ(figure().packed, 2);
  EXPECT_EQ(figure().on_hand, 3);
}

TEST_F(Leases, AFencedBoxThatItsBenchOpensAgainIsSettled) {
  const auto id = taken_back();
  w.pack(near(), near().leases[0]);
  near().say(w.now, wire::PackReopened{id, near().leases[0].work}, id);
  near().connected = true;
  w.pass(70'000);
  EXPECT_EQ(figure().packed, 0);
  EXPECT_EQ(figure().on_hand, 5);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("fenced_work")));
}

// An old image packed the order once more. UNDO opens that box, not the one that counts.
TEST_F(Leases, ABenchOpensTheBoxThatItClosedLast) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 2}});
  const auto lease = bench.leases.at(0);
  w.pack(bench, lease);
  bench.out = {};
  bench.sender.emplace(
      sync::Sender::open(bench.out, bench.prng, {.process = bench.process}).value());
  sync::SenderOut out;
  ASSERT_TRUE(bench.sender->link_up(w.now, out).has_value());
  w.send(bench, out.payloads, sync::Leaf::up);
  w.pack(bench, lease);
  ASSERT_THAT(w.open_exceptions(), Contains("packed_twice"));
  EXPECT_EQ(figure().packed, 4);
  bench.say(w.now, wire::PackReopened{id, lease.work}, id);
  w.settle();
  EXPECT_EQ(figure().packed, 2);
  EXPECT_EQ(w.look(id).order.packed, 2) << "the first box was never opened";
  EXPECT_THAT(w.open_exceptions(), Not(Contains("packed_twice")));
}

TEST_F(Leases, TheSameProcessWithANewStreamIsGrantedAnewByItself) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 1}});
  const auto first = bench.leases.at(0);
  const auto old_inc = bench.sender->inc();
  bench.out = {};
  bench.sender.emplace(
      sync::Sender::open(bench.out, bench.prng, {.process = bench.process}).value());
  sync::SenderOut out;
  ASSERT_TRUE(bench.sender->link_up(w.now, out).has_value());
  w.send(bench, out.payloads, sync::Leaf::up);
  wire::LeaseHeld begun;
  begun.reason = "fork";
  begun.process = sync::to_text(bench.process);
  bench.say(w.now, begun);
  w.settle();
  ASSERT_EQ(bench.leases.size(), 2U);
  EXPECT_NE(bench.sender->inc(), old_inc);
  EXPECT_EQ(bench.leases[1].holder, bench.sender->inc());
  EXPECT_GT(bench.leases[1].work.epoch, first.work.epoch);
  EXPECT_EQ(bench.leases[1].label.tracking, first.label.tracking) << "it may be printed already";
  w.pack(bench, bench.leases[1]);
  EXPECT_EQ(w.look(id).order.state, "packed");
}

// The broker notices a computer that vanished later than the next one speaks under its name.
TEST_F(Leases, AnEndThatIsHeardLateLetsTheNextComputerWorkAtOnce) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  sync::State end;
  end.inc = bench.sender->inc();
  end.process = bench.process;
  bench.out = {};
  bench.process = {1, 4711};
  bench.sender.emplace(
      sync::Sender::open(bench.out, bench.prng, {.process = bench.process}).value());
  w.connect(bench);
  wire::LeaseHeld begun;
  begun.reason = "fork";
  begun.process = sync::to_text(bench.process);
  bench.say(w.now, begun);
  w.settle();
  w.order("1", {{"MUG", 1}});
  w.settle();
  EXPECT_TRUE(bench.leases.empty()) << "is it a copy, and the other one works?";
  const auto of = sync::topic(bench.site, bench.name, sync::Leaf::state);
  w.put(MqttIn{of, sync::encode(end), true});
  w.settle();
  EXPECT_TRUE(bench.leases.empty()) << "an end that was retained may be years old";
  w.put(MqttIn{of, sync::encode(end), false});
  w.settle();
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].holder, bench.sender->inc());
}

// Of two computers with one disk the one that does not work may end as well: nothing changes.
TEST_F(Leases, TheEndOfACopyLeavesTheWorkWhereItIs) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  sync::State copy;
  copy.up = true;
  copy.inc = "11111111-1111-4111-8111-111111111111";
  copy.process = {bench.process.boot, 4711};
  const auto of = sync::topic(bench.site, bench.name, sync::Leaf::state);
  w.put(MqttIn{of, sync::encode(copy), false});
  w.settle();
  copy.up = false;
  w.put(MqttIn{of, sync::encode(copy), false});
  w.connect(bench);  // it answers whoever speaks under its name
  w.settle();
  w.order("1", {{"MUG", 1}});
  w.settle();
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].holder, bench.sender->inc());
}

// Its end was heard, so the next one works from the moment it is heard.
TEST_F(Leases, ABenchWithANewDiskGetsOrdersAtOnce) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  sync::State end;
  end.inc = bench.sender->inc();
  end.process = bench.process;
  w.put(MqttIn{sync::topic(bench.site, bench.name, sync::Leaf::state), sync::encode(end), false});
  w.settle();
  bench.out = {};
  bench.process = {1, 4711};
  bench.sender.emplace(
      sync::Sender::open(bench.out, bench.prng, {.process = bench.process}).value());
  w.connect(bench);
  w.settle();
  w.order("1", {{"MUG", 1}});
  w.settle();
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].holder, bench.sender->inc());
}

// Two computers speak, and the one that does not work is switched off: the other gets orders again.
TEST_F(Leases, TheEndOfTheOtherComputerEndsTheWait) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  testing::Bench copy("leipzig", "bench-1", 4711);
  copy.process = {1, 4711};
  copy.sender.emplace(sync::Sender::open(copy.out, copy.prng, {.process = copy.process}).value());
  w.connect(copy);
  w.settle();
  w.order("1", {{"MUG", 1}});
  w.settle();
  EXPECT_TRUE(bench.leases.empty()) << "which of the two works?";
  sync::State end;
  end.inc = copy.sender->inc();
  end.process = copy.process;
  w.put(MqttIn{sync::topic("leipzig", "bench-1", sync::Leaf::state), sync::encode(end), false});
  w.settle();
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].holder, bench.sender->inc());
}

TEST_F(Leases, AnotherComputerUnderTheNameWaitsForAPerson) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 1}});
  const auto first = bench.leases.at(0);
  bench.out = {};
  bench.process = {1, 4711};
  bench.sender.emplace(
      sync::Sender::open(bench.out, bench.prng, {.process = bench.process}).value());
  sync::SenderOut out;
  ASSERT_TRUE(bench.sender->link_up(w.now, out).has_value());
  w.send(bench, out.payloads, sync::Leaf::up);
  wire::LeaseHeld begun;
  begun.reason = "start";
  begun.process = sync::to_text(bench.process);
  bench.say(w.now, begun);
  w.settle();
  EXPECT_EQ(grants(bench).size(), 1U);
  ASSERT_THAT(w.open_exceptions(), Contains("lease_holder"));
  EXPECT_TRUE(w.ask(ResolveException{case_of("lease_holder"), "use_new", "boss"}).created);
  w.settle();
  ASSERT_EQ(grants(bench).size(), 2U);
  EXPECT_EQ(grants(bench)[1].holder, bench.sender->inc());
  w.pack(bench, grants(bench)[1]);
  EXPECT_EQ(w.look(id).order.state, "packed");
}

// Nobody gets the order while it is held; then any bench may, and what the first computer still
// packs under its old right is put before a person.
TEST_F(Leases, AnOrderHeldWhileAnotherComputerTakesOverGoesToOneBenchOnly) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 1}});
  const auto first = bench.leases.at(0);
  bench.out = {};
  bench.process = {1, 4711};
  bench.sender.emplace(
      sync::Sender::open(bench.out, bench.prng, {.process = bench.process}).value());
  sync::SenderOut out;
  ASSERT_TRUE(bench.sender->link_up(w.now, out).has_value());
  w.send(bench, out.payloads, sync::Leaf::up);
  wire::LeaseHeld begun;
  begun.reason = "start";
  begun.process = sync::to_text(bench.process);
  bench.say(w.now, begun);
  w.settle();
  EXPECT_TRUE(w.ask(HoldOrder{.order = id, .what = "the buyer may add", .by = "kim"}).created);
  w.settle();
  EXPECT_TRUE(w.ask(ResolveException{case_of("lease_holder"), "use_new", "boss"}).created);
  w.settle();
  EXPECT_EQ(grants(bench).size(), 1U) << "it is held";
  bench.connected = false;
  w.pass(200'000);  // bench-1 counts as silent
  (void)other();
  EXPECT_TRUE(w.ask(ReleaseHold{id, "", "", "nothing came", "kim"}).created);
  w.settle();
  ASSERT_EQ(other().leases.size(), 1U);
  EXPECT_GT(other().leases[0].work.epoch, first.work.epoch);
  bench.connected = true;
  w.connect(bench);
  w.pack(bench, first);
  EXPECT_THAT(w.open_exceptions(), Contains("fenced_work"));
  EXPECT_NE(w.look(id).order.state, "packed");
  w.pack(other(), other().leases[0]);
  EXPECT_EQ(w.look(id).order.state, "packed");
}

TEST_F(Leases, ARestoredServerGetsBackFromItsBenchesWhatItOnceAcknowledged) {
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

TEST_F(Leases, AnOrderThatOnlyABenchRemembersIsInItsChannelsCurrencyOrInNone) {
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

TEST_F(Leases, ARestoredServerGivesNoTransferTheNumberOfOneThatItForgot) {
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
TEST_F(Leases, TwoRestoresOfOneBackupAtOneTimeGiveNothingTwice) {
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

TEST_F(Leases, AServerRestoredBehindOurBackIsFoundOut) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 9);
  backup();
  w.order("1", {{"MUG", 1}});
  restore(false);
  EXPECT_THAT(w.open_exceptions(), Contains("restored")) << "its down stream knew less";
  EXPECT_EQ(count("SELECT value FROM counter WHERE name = 'generation'"), 2);
  EXPECT_FALSE(bench.all<wire::LeaseCensus>().empty());
}

TEST_F(Leases, AStationThatRemembersMoreStartsOfTheServerRaisesTheGeneration) {
  near().say(w.now, wire::ServerRestoredSeen{1'000'050, 1'000'001});
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Contains("restored"));
  EXPECT_EQ(count("SELECT value FROM counter WHERE name = 'generation'"), 2);
  near().say(w.now, wire::ServerRestoredSeen{1'000'050, 1'000'001});
  w.settle();
  EXPECT_EQ(count("SELECT value FROM counter WHERE name = 'generation'"), 2) << "once is enough";
}

TEST_F(Leases, ALeaseThatTheCensusDoesNotShowIsGivenOutAgain) {
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
TEST_F(Leases, ABoxOfTheCensusOfWhichNothingIsWantedAnyMoreIsACase) {
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

TEST_F(Leases, PiecesPutBackOnceAreNotPutBackAgain) {
  auto& bench = near();
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 3}});
  w.pack(bench, bench.leases[0]);
  EXPECT_TRUE(w.ask(CancelOrder{id, "one less", {{1, 1}}}).created);
  EXPECT_TRUE(w.ask(ResolveException{case_of("cancelled_after_pack"), "put_back", "boss"}).created);
  EXPECT_EQ(figure().on_hand, 3);
  EXPECT_TRUE(w.ask(CancelOrder{id, "another one", {{1, 1}}}).created);
  EXPECT_TRUE(w.ask(ResolveException{case_of("cancelled_after_pack"), "put_back", "boss"}).created);
  EXPECT_EQ(figure().on_hand, 4);
  EXPECT_EQ(figure().packed, 1);
}

TEST_F(Leases, AnOrderTooLargeForOneFactIsPackedInSeveralParcels) {
  auto& bench = near();
  const int lines = 500;
  ReceiveOrder order;
  order.number = "huge";
  for (int i = 1; i <= lines; ++i) {
    const std::string sku = "SKU-" + std::to_string(10'000 + i);
    (void)w.ask(
        RegisterItem{{sku, std::string(60, 'x') + sku, std::nullopt, {{sku + "B", 1}}, 100}, {}});
    (void)w.ask(AdjustStock{sku, "leipzig", 2, "receipt"});
    order.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = 1});
  }
  const auto id = w.ask(order).id;
  w.settle();
  std::size_t packed = 0;
  for (std::size_t i = 0; i < bench.leases.size() && i < 9; ++i) {
    packed += bench.leases[i].lines.size();
    w.pack(bench, wire::LeaseGranted(bench.leases[i]));
  }
  EXPECT_GT(bench.leases.size(), 1U);
  EXPECT_EQ(packed, static_cast<std::size_t>(lines));
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_THAT(w.open_exceptions(), Not(Contains("order_too_large")));
}

}  // namespace
}  // namespace dockline::server
