// Leases as PROTOCOL.md sections 9 and 11 have them: fences, a person's word.
#include <gmock/gmock.h>

#include "tests/hub/leases_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::Not;

struct Leases : testing::LeasesWorld {};

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
