// Holds, amendments, splits, limits and forecasts through the real hub.
#include <gmock/gmock.h>

#include "server/channels/webhook/intake.hpp"
#include "server/store/reader_life.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

struct OrderLife : ::testing::Test {
  void SetUp() override { w.start(); }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    const auto report = w.verify();
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
  }
  ReceiveOrder wish(const std::string& number, const std::string& sku, domain::Quantity pieces) {
    ReceiveOrder out;
    out.number = number;
    out.ship_to.name = "Ada";
    out.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = pieces});
    return out;
  }
  std::string enter(ReceiveOrder order) {
    const auto reply = w.ask(std::move(order));
    EXPECT_FALSE(reply.error) << reply.error->detail;
    w.settle();
    return reply.id;
  }
  Reply tell(Command command) {
    auto reply = w.ask(std::move(command));
    w.settle();
    return reply;
  }
  void give_back(testing::Bench& bench, std::size_t n) {
    const auto& lease = bench.leases.at(n);
    bench.say(w.now, wire::LeaseReturned{lease.order, lease.work, "revoked"}, lease.order);
    w.settle();
  }
  store::OrderLife life(const std::string& id) {
    return store::life_of(*w.reader, id).value().value();
  }
  std::string exception(const std::string& kind) {
    const auto page = w.reader->exceptions("open", "", 100).value();
    for (const auto& row : page.items) {
      if (row.kind == kind) return row.id;
    }
    return "";
  }
  testing::World w;
};

// ---------------------------------------------------------------- holds
TEST_F(OrderLife, ADoubtfulAddressHoldsAndItsCorrectionReleasesByItself) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  auto order = wish("1", "MUG", 2);
  order.ship_to.country = "DE";
  order.ship_to.postal_code = "8911";
  const auto id = enter(order);
  EXPECT_EQ(w.look(id).order.state, "open");
  EXPECT_THAT(w.look(id).decisions, IsEmpty());
  EXPECT_THAT(w.open_exceptions(), Contains("order_held"));
  ASSERT_EQ(life(id).holds.size(), 1U);
  EXPECT_EQ(life(id).holds[0].about, "ship_to.postal_code");
  AmendOrder amend{.order = id, .why = "the buyer wrote", .by = "kim"};
  amend.ship_to = order.ship_to;
  amend.ship_to->postal_code = "89073";
  EXPECT_TRUE(tell(amend).created);
  EXPECT_EQ(life(id).holds[0].state, "corrected");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].ship_to.postal_code, "89073");
}

TEST_F(OrderLife, WhatIsNotPaidWaitsForAPersonsWord) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  auto order = wish("1", "MUG", 2);
  order.paid = false;
  const auto id = enter(order);
  EXPECT_THAT(bench.leases, IsEmpty());
  w.stock("MUG", "leipzig", 1);  // found stock does not move it
  EXPECT_EQ(w.look(id).order.state, "open");
  EXPECT_TRUE(tell(ResolveException{exception("order_held"), "release", "kim"}).created);
  EXPECT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(life(id).holds[0].ended_by, "kim");
  EXPECT_FALSE(life(id).held);
}

TEST_F(OrderLife, AHoldTakesTheOrderBackFromItsBenchUntilItIsReleased) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  const auto id = enter(wish("1", "MUG", 2));
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_TRUE(
      tell(HoldOrder{.order = id, .what = "the buyer may add something", .by = "kim"}).created);
  EXPECT_FALSE(tell(ReleaseHold{id, "doubt", "", "why", "kim"}).created) << "no such hold";
  ASSERT_EQ(bench.revoked.size(), 1U);
  EXPECT_EQ(bench.revoked[0].reason, "held");
  give_back(bench, 0);
  EXPECT_EQ(w.look(id).order.state, "allocated");
  EXPECT_EQ(bench.leases.size(), 1U) << "a held order is not given to a bench";
  w.start();
  w.connect(bench);
  w.settle();
  EXPECT_EQ(bench.leases.size(), 1U) << "nor after a restart";
  EXPECT_TRUE(tell(ReleaseHold{id, "", "", "nothing came", "kim"}).created);
  ASSERT_EQ(bench.leases.size(), 2U);
  EXPECT_EQ(bench.leases[1].label.tracking, bench.leases[0].label.tracking);
  w.pack(bench, bench.leases[1]);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(OrderLife, ABenchThatFinishedBeforeItHeardOfTheHoldIsToldOf) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  const auto id = enter(wish("1", "MUG", 2));
  bench.connected = false;
  EXPECT_TRUE(tell(HoldOrder{.order = id, .what = "stop", .by = "kim"}).created);
  bench.connected = true;
  w.pack(bench, bench.leases[0]);
  EXPECT_THAT(w.open_exceptions(), Contains("packed_while_held"));
  EXPECT_EQ(w.look(id).order.state, "packed");
}

TEST_F(OrderLife, ACancelledOrderIsHeldNoMore) {
  w.bench("leipzig", "bench-1");
  const auto id = enter(wish("1", "MUG", 2));
  tell(HoldOrder{.order = id, .what = "stop", .by = "kim"});
  EXPECT_TRUE(tell(ResolveException{exception("order_held"), "cancel_order", "kim"}).created);
  EXPECT_EQ(w.look(id).order.state, "cancelled");
  EXPECT_FALSE(life(id).held);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("order_held")));
}

// ---------------------------------------------------------------- amendments
TEST_F(OrderLife, AnotherAddressMeansAnotherLabelAlsoForASilentBench) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 9);
  const auto id = enter(wish("1", "MUG", 2));
  AmendOrder amend{.order = id, .why = "moved", .by = "kim"};
  amend.ship_to.emplace();
  amend.ship_to->name = "Ada";
  amend.ship_to->city = "Ulm";
  EXPECT_TRUE(tell(amend).created);
  EXPECT_FALSE(tell(amend).created) << "it is so already";
  ASSERT_EQ(bench.revoked.size(), 1U);
  give_back(bench, 0);
  ASSERT_EQ(bench.leases.size(), 2U);
  EXPECT_EQ(bench.leases[1].ship_to.city, "Ulm");
  EXPECT_NE(bench.leases[1].label.tracking, bench.leases[0].label.tracking);
  // Now it is silent while the next change comes, and packs under the label it has.
  bench.connected = false;
  amend.ship_to->city = "Jena";
  EXPECT_TRUE(tell(amend).created);
  bench.connected = true;
  w.pack(bench, bench.leases[1]);
  EXPECT_THAT(w.open_exceptions(), Contains("amended_after_pack"));
  // As the exception says: opened, given back, out again under a label of its own.
  bench.say(w.now, wire::PackReopened{id, bench.leases[1].work}, id);
  w.settle();
  ASSERT_EQ(bench.revoked.size(), 3U);
  give_back(bench, 1);
  ASSERT_EQ(bench.leases.size(), 3U);
  EXPECT_EQ(bench.leases[2].ship_to.city, "Jena");
  EXPECT_NE(bench.leases[2].label.tracking, bench.leases[1].label.tracking);
  w.pack(bench, bench.leases[2]);
  EXPECT_EQ(w.look(id).order.state, "packed");
}

TEST_F(OrderLife, MorePiecesFewerPiecesAndNewLinesKeepTheSum) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 9);
  w.stock("TEA", "leipzig", 9);
  const auto id = enter(wish("1", "MUG", 3));
  AmendOrder amend{.order = id, .why = "asked", .by = "kim"};
  amend.lines = {{.line = 1, .quantity = 2}, {.line = 0, .quantity = 4, .sku = "tea"}};
  EXPECT_TRUE(tell(amend).created);
  give_back(bench, 0);
  const auto now = w.look(id);
  ASSERT_EQ(now.lines.size(), 2U);
  EXPECT_EQ(now.order.pieces, 7);
  EXPECT_EQ(now.lines[0].cancelled, 1);
  EXPECT_EQ(now.lines[1].quantity, 4);
  ASSERT_EQ(bench.leases.size(), 2U);
  ASSERT_EQ(bench.leases[1].lines.size(), 2U) << "all of it in one parcel";
  amend.lines = {{.line = 1, .quantity = 5}};
  EXPECT_TRUE(tell(amend).created);
  give_back(bench, 1);
  EXPECT_EQ(w.look(id).lines[0].quantity, 6);
  ASSERT_EQ(bench.leases.size(), 3U);
  EXPECT_EQ(bench.leases[2].lines[0].quantity, 5);
  w.pack(bench, bench.leases[2]);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(OrderLife, BadAmendmentsSayWhereAndWhatToDo) {
  w.stock("MUG", "leipzig", 9);
  const auto id = enter(wish("1", "MUG", 3));
  const auto refused = [&](AmendOrder amend) {
    amend.order = amend.order.empty() ? id : amend.order;
    if (amend.why.empty()) amend.why = "w";
    amend.by = "kim";
    const auto reply = w.ask(std::move(amend));
    return reply.error ? reply.error->detail : std::string("accepted");
  };
  EXPECT_THAT(refused({.order = "api:9"}), ::testing::HasSubstr("not known"));
  EXPECT_THAT(refused({.lines = {{.line = 7, .quantity = 1}}}), ::testing::HasSubstr("[0].line"));
  EXPECT_THAT(refused({.lines = {{.line = 1, .quantity = -1}}}), ::testing::HasSubstr("quantity"));
  EXPECT_THAT(refused({.lines = {{.line = 0, .quantity = 1, .sku = "NOPE"}}}),
              ::testing::HasSubstr("catalogue"));
  EXPECT_THAT(refused({.lines = {{.line = 1, .quantity = 1, .sku = "TEA"}}}),
              ::testing::HasSubstr("new line"));
  EXPECT_THAT(refused({.promised_ms = -5}), ::testing::HasSubstr("promised_ms"));
  EXPECT_EQ(w.look(id).order.pieces, 3);
}

// ---------------------------------------------------------------- who goes first
TEST_F(OrderLife, VipThenPromiseThenAgeDecideWhoGetsTheBenchAndTheStock) {
  const auto promised = w.now.wall_ms + 864'000'000;
  w.stock("MUG", "leipzig", 1);
  std::vector<std::string> numbers{"old", "promise", "sooner", "vip"};
  for (const auto& number : numbers) {
    auto order = wish(number, "TEA", 1);
    if (number == "promise") order.promised_ms = promised;
    if (number == "sooner") order.promised_ms = promised - 1'000;
    if (number == "vip") order.vip = true;
    enter(order);
  }
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("TEA", "leipzig", 2);
  ASSERT_EQ(bench.leases.size(), 2U);
  EXPECT_EQ(bench.leases[0].number, "vip");
  EXPECT_EQ(bench.leases[1].number, "sooner");
  EXPECT_TRUE(bench.leases[1].due_ms.has_value());
  w.stock("TEA", "leipzig", 9);
  ASSERT_EQ(bench.leases.size(), 4U);
  EXPECT_EQ(bench.leases[2].number, "promise");
}

TEST_F(OrderLife, OrdersThatWaitForABenchAreGivenOutByRank) {
  w.stock("TEA", "leipzig", 9);
  enter(wish("first", "TEA", 1));
  auto vip = wish("vip", "TEA", 1);
  vip.vip = true;
  enter(vip);
  auto& bench = w.bench("leipzig", "bench-1");
  w.settle();
  ASSERT_EQ(bench.leases.size(), 2U);
  const bool first = bench.leases[0].number == "vip";  // a snapshot has them by name
  EXPECT_LT(bench.leases[first ? 0 : 1].work.epoch, bench.leases[first ? 1 : 0].work.epoch);
}

// ---------------------------------------------------------------- limits
TEST_F(OrderLife, BeyondTheLimitTheBuyerIsToldAndTheOrderHeld) {
  w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 1);
  EXPECT_TRUE(tell(SetBackorder{.sku = "mug", .most = 3, .why = "slow", .by = "kim"}).created);
  const auto first = enter(wish("1", "MUG", 3));  // one there, two wait
  EXPECT_FALSE(life(first).held);
  const auto second = enter(wish("2", "MUG", 1));  // the third that waits
  EXPECT_FALSE(life(second).held);
  const auto third = enter(wish("3", "MUG", 2));
  EXPECT_TRUE(life(third).held);
  EXPECT_EQ(life(third).holds[0].reason, "stock");
  EXPECT_THAT(w.open_exceptions(), Contains("backorder_refused"));
  EXPECT_TRUE(
      tell(ResolveException{exception("backorder_refused"), "cancel_pieces", "kim"}).created);
  EXPECT_EQ(w.look(third).order.state, "cancelled");
  EXPECT_THAT(w.open_exceptions(), Not(Contains("backorder_refused")));
  EXPECT_THAT(w.open_exceptions(), Not(Contains("order_held")));
}

TEST_F(OrderLife, WhenTheGoodsComeWhatWasRefusedGoesOnByItself) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 1);
  tell(SetBackorder{.sku = "MUG", .most = 0, .why = "no more made", .by = "kim"});
  const auto id = enter(wish("1", "MUG", 2));
  EXPECT_TRUE(life(id).held);
  EXPECT_THAT(bench.leases, IsEmpty());
  w.stock("MUG", "leipzig", 1);
  EXPECT_FALSE(life(id).held);
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].lines[0].quantity, 2);
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(OrderLife, APreorderIsNotSentBeforeItsRelease) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("GAME", "leipzig", 9);
  tell(SetBackorder{.sku = "GAME",
                    .most = 0,
                    .preorder = true,
                    .released_ms = w.now.wall_ms + 5'000,
                    .preorder_most = 2,
                    .why = "new",
                    .by = "kim"});
  const auto id = enter(wish("1", "GAME", 2));
  EXPECT_EQ(w.look(id).order.state, "backordered");
  const auto late = enter(wish("2", "GAME", 1));
  EXPECT_TRUE(life(late).held);
  w.pass(6'000);
  EXPECT_EQ(w.look(id).order.state, "released");
  EXPECT_EQ(bench.leases.size(), 1U);
}

// Found by dockline-sim, seed 91000236: what was bought after the clock was set back waited for
// ever.
TEST_F(OrderLife, AReleaseComesAlsoWhenTheClockWasAheadOfItBefore) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("GAME", "leipzig", 9);
  tell(SetBackorder{.sku = "GAME",
                    .most = 0,
                    .preorder = true,
                    .released_ms = w.now.wall_ms + 60'000,
                    .preorder_most = 2,
                    .why = "new",
                    .by = "kim"});
  w.now.wall_ms += 120'000;
  w.settle();
  w.now.wall_ms -= 120'000;
  w.settle();
  const auto id = enter(wish("1", "GAME", 2));
  EXPECT_EQ(w.look(id).order.state, "backordered");
  w.now.wall_ms += 60'000;
  w.pass(1'000);
  EXPECT_EQ(w.look(id).order.state, "released");
  EXPECT_EQ(bench.leases.size(), 1U);
}

// ---------------------------------------------------------------- forecasts
TEST_F(OrderLife, ADelayIsPredictedBeforeItHappensAndTakenBackWhenItIsNot) {
  w.config.orders.transit_ms = 3'600'000;
  w.config.orders.margin_ms = 600'000;
  w.start();
  auto order = wish("1", "MUG", 1);
  order.promised_ms = w.now.wall_ms + 3'700'000;  // 100 s for packing, which takes three minutes
  const auto id = enter(order);
  EXPECT_EQ(life(id).forecast->outlook, "late");
  EXPECT_THAT(w.open_exceptions(), Contains("delay_predicted"));
  const auto late = store::orders_by_outlook(*w.reader, {.outlook = "late"}).value();
  ASSERT_EQ(late.items.size(), 1U);
  EXPECT_EQ(late.items[0].id, id);
  AmendOrder amend{.order = id, .why = "the buyer agreed", .by = "kim"};
  amend.promised_ms = w.now.wall_ms + 86'400'000;
  tell(amend);
  EXPECT_EQ(life(id).forecast->outlook, "at_risk") << "it waits for stock";
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted")));
  w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 1);
  EXPECT_EQ(life(id).forecast->outlook, "on_time");
}

TEST_F(OrderLife, ALateOrderThatIsPackedAndThenIsNotHasItsCaseAgain) {
  w.config.orders.transit_ms = 3'600'000;
  w.start();
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  auto order = wish("1", "MUG", 1);
  order.promised_ms = w.now.wall_ms + 600'000;
  const auto id = enter(order);
  ASSERT_EQ(bench.leases.size(), 1U);
  const auto lease = bench.leases[0];
  w.pack(bench, lease);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted")));
  bench.say(w.now, wire::PackReopened{lease.order, lease.work}, lease.order);
  w.settle();
  EXPECT_EQ(w.look(id).order.state, "released");
  EXPECT_THAT(w.open_exceptions(), Contains("delay_predicted"));
  w.pack(bench, lease);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted")));
  AmendOrder more{.order = id, .why = "one more", .by = "kim"};
  more.lines.push_back({.line = 0, .quantity = 1, .sku = "MUG"});
  ASSERT_FALSE(tell(more).error);
  EXPECT_EQ(w.look(id).order.state, "released");
  EXPECT_THAT(w.open_exceptions(), Contains("delay_predicted"));
  EXPECT_TRUE(tell(ResolveException{exception("delay_predicted"), "noted", "kim"}).created);
  w.pass(60'000);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted"))) << "a person knows of it";
}

// ---------------------------------------------------------------- parts
TEST_F(OrderLife, PartsGoInParcelsOfTheirOwnAtTheSameTime) {
  auto& one = w.bench("leipzig", "bench-1");
  auto& two = w.bench("leipzig", "bench-2");
  w.stock("MUG", "leipzig", 9);
  const auto id = enter(wish("1", "MUG", 3));
  auto& holder = one.leases.empty() ? two : one;
  EXPECT_TRUE(tell(SplitOrder{id, {{1, 1}}, "the rest later", "kim"}).created);
  give_back(holder, 0);
  ASSERT_EQ(one.leases.size() + two.leases.size(), 3U);
  std::map<std::string, domain::Quantity> parcels;
  for (auto* bench : {&one, &two}) {
    const auto& lease = bench->leases.back();
    parcels[lease.label.tracking] = lease.lines[0].quantity;
    w.pack(*bench, lease);
  }
  ASSERT_EQ(parcels.size(), 2U) << "two labels";
  EXPECT_EQ(parcels.begin()->second + parcels.rbegin()->second, 3);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_TRUE(w.ask(SplitOrder{id, {{1, 1}}, "too late", "kim"}).error.has_value());
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

TEST_F(OrderLife, AnOrderOfTwoSitesIsPackedAtBothAtTheSameTime) {
  auto& near = w.bench("leipzig", "bench-1");
  auto& far = w.bench("ulm", "bench-2");
  w.stock("MUG", "leipzig", 2);
  w.stock("TEA", "ulm", 2);
  const auto id = enter(wish("1", "MUG", 2));
  ASSERT_EQ(near.leases.size(), 1U);
  near.say(w.now, wire::PackOpened{id, near.leases[0].work}, id);
  w.settle();
  AmendOrder amend{.order = id, .why = "one more thing", .by = "kim"};
  amend.lines = {{.line = 0, .quantity = 1, .sku = "TEA"}};
  EXPECT_TRUE(tell(amend).created);
  EXPECT_THAT(near.revoked, IsEmpty()) << "its box is begun";
  ASSERT_EQ(far.leases.size(), 1U) << "and the other site begins";
  EXPECT_NE(far.leases[0].label.tracking, near.leases[0].label.tracking);
  w.pack(far, far.leases[0]);
  EXPECT_EQ(w.look(id).order.state, "released");
  w.pack(near, near.leases[0]);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

// ---------------------------------------------------------------- causes
TEST_F(OrderLife, TheTimelineSaysWhatSetEachThingOff) {
  w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  const auto id = enter(wish("1", "MUG", 1));
  tell(HoldOrder{.order = id, .what = "stop", .by = "kim"});
  const auto detail = w.look(id);
  std::string received, decision_cause, held, revoked_cause;
  for (const auto& entry : detail.timeline) {
    const auto event = wire::decode(entry.body).value();
    if (entry.type == wire::OrderReceived::kType) received = event.id;
    if (entry.type == wire::DecisionMade::kType) decision_cause = event.causation;
    if (entry.type == wire::OrderHeld::kType) held = event.id;
    if (entry.type == wire::LeaseRevoked::kType) revoked_cause = event.causation;
  }
  EXPECT_EQ(decision_cause, received);
  EXPECT_EQ(revoked_cause, held);
  EXPECT_FALSE(held.empty());
}

// ---------------------------------------------------------------- what its channel changed
struct OrderOfAPartner : OrderLife {
  void SetUp() override {
    w.config.make_channels = [] {
      std::vector<std::unique_ptr<channels::Channel>> made;
      made.push_back(channels::make({.name = "partner",
                                     .kind = "webhook",
                                     .url = "http://partner/in",
                                     .secret = "0123456789abcdef",
                                     .locations = {{"leipzig", "1"}}})
                         .value());
      return made;
    };
    w.start();
  }
  void hook(const std::string& delivery, const std::string& order) {
    const std::string body = R"({"type":"order.placed","delivery":")" + delivery +
                             R"(","order":{"number":"1","ship_to":{"name":"Ada"},)" + order + "}}";
    channels::Hook in{.headers = {{"x-dockline-signature",
                                   channels::webhook::signature("0123456789abcdef", body)}},
                      .body = body};
    const auto reply = tell(HookIn{"partner", in});
    EXPECT_FALSE(reply.error) << reply.error->detail;
  }
};

TEST_F(OrderOfAPartner, WhatItsChannelSoldGrowsThereAndShrinksHere) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 9);
  hook("d1", R"("customer":"c-7","vip":true,"lines":[{"id":"a","sku":"MUG","quantity":2}])");
  EXPECT_EQ(life("partner:1").buyer, "c-7");
  AmendOrder by_hand{.order = "partner:1", .why = "w", .by = "kim"};
  by_hand.lines = {{.line = 1, .quantity = 5}};
  EXPECT_TRUE(w.ask(by_hand).error.has_value()) << "what a channel sold is changed there";
  EXPECT_EQ(w.look("partner:1").order.pieces, 2);
  by_hand.lines = {{.line = 1, .quantity = 1}};
  EXPECT_TRUE(tell(by_hand).created) << "pieces can be taken off";
  give_back(bench, 0);
  EXPECT_EQ(bench.leases.at(1).lines.at(0).quantity, 1);
}

// ---------------------------------------------------------------- the last unit
// Vendure 4930, nopCommerce 8085: the last unit was sold twice.
struct LastUnit : OrderLife {
  ReceiveOrder of(const std::string& channel) {
    auto order = wish("1", "LAST", 1);
    order.channel = channel;
    return order;
  }
  // Both in one turn, and each once more.
  void both(const std::string& first, const std::string& second) {
    w.bench("leipzig", "bench-1");
    w.stock("LAST", "leipzig", 1);
    tell(SetBackorder{.sku = "LAST", .most = 0, .why = "the last ones", .by = "kim"});
    for (const auto& channel : {first, second, second, first}) {
      EXPECT_TRUE(w.turn->post(ApiCommand{++w.asked, of(channel)}));
    }
    w.turn->run();
    w.settle();
    const auto got = w.look(first + ":1"), lost = w.look(second + ":1");
    EXPECT_EQ(got.order.state, "released");
    EXPECT_EQ(got.lines[0].released, 1);
    EXPECT_EQ(lost.lines[0].open, 1) << "not promised, not lost";
    EXPECT_TRUE(life(lost.order.id).held);
    EXPECT_EQ(w.reader->stock_of("LAST").value()->stock.sites[0].reserved, 1);
    EXPECT_EQ(w.reader->stock_of("LAST").value()->stock.sites[0].atp, 0);
    EXPECT_THAT(w.open_exceptions(), Contains("backorder_refused"));
    EXPECT_TRUE(tell(ResolveException{exception("backorder_refused"), "let_wait", "kim"}).created);
    EXPECT_EQ(w.look(lost.order.id).order.state, "backordered");
    EXPECT_EQ(w.reader->stock_of("LAST").value()->stock.sites[0].reserved, 1);
    EXPECT_EQ(w.reader->orders({.state = "", .channel = "", .text = "", .after = "", .limit = 10})
                  .value()
                  .total,
              2);
  }
};

TEST_F(LastUnit, Vendure4930TwoChannelsSellItInTheSameTurnAndOneGetsIt) { both("vendure", "shop"); }
TEST_F(LastUnit, NopCommerce8085TheOtherWayRoundTheOtherGetsIt) { both("shop", "vendure"); }

}  // namespace
}  // namespace dockline::server
