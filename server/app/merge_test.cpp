// Orders of one buyer in one parcel, through the real hub: one bench, one label, and each order
// keeps what is its own.
#include <gmock/gmock.h>

#include "server/audit/audit.hpp"
#include "server/store/reader_life.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Merging : ::testing::Test {
  void SetUp() override {
    w.start();
    w.stock("MUG", "leipzig", 20);
    w.stock("TEA", "ulm", 20);
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    for (const auto& t : w.verify().tables) EXPECT_TRUE(t.equal) << t.table;
    const auto report = audit::check_files(w.config.db_path, {}, "").value();
    for (const auto& f : report.findings) ADD_FAILURE() << f.place << ": " << f.what;
  }
  ReceiveOrder wish(const std::string& number, const std::string& sku = "MUG") {
    ReceiveOrder out;
    out.number = number;
    out.customer = "c-7";
    out.ship_to.name = "Ada";
    out.ship_to.street1 = "Am Markt 1";
    out.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = 2});
    return out;
  }
  std::string enter(ReceiveOrder order) {
    const auto reply = w.ask(std::move(order));
    EXPECT_FALSE(reply.error) << reply.error->detail;
    w.settle();
    return reply.id;
  }
  Reply merge(std::vector<std::string> orders) {
    auto reply = w.ask(MergeOrders{std::move(orders), "one box is enough", "kim"});
    w.settle();
    return reply;
  }
  std::string refused(std::vector<std::string> orders) {
    const auto reply = merge(std::move(orders));
    return reply.error ? reply.error->detail : "taken";
  }
  void give_back(testing::Bench& bench, const wire::LeaseGranted& lease) {
    bench.say(w.now, wire::LeaseReturned{lease.order, lease.work, "revoked"}, lease.order);
    w.settle();
  }
  // The newest grant of an order, and the bench that has it.
  wire::LeaseGranted grant_of(const std::string& order, const testing::Bench& bench) {
    for (auto at = bench.leases.rbegin(); at != bench.leases.rend(); ++at) {
      if (at->order == order) return *at;
    }
    ADD_FAILURE() << order << " does not lie at " << bench.name;
    return {};
  }
  std::vector<store::OrderLife::Merged> fellows(const std::string& id) {
    return store::life_of(*w.reader, id).value().value().merged;
  }
  testing::World w;
};

TEST_F(Merging, OrdersAtTwoBenchesComeToOneUnderOneLabelAndEachKeepsItsOwn) {
  auto& one = w.bench("leipzig", "bench-1");
  auto& two = w.bench("leipzig", "bench-2");
  const auto a = enter(wish("1")), b = enter(wish("2"));
  ASSERT_EQ(one.leases.size(), 1U);
  ASSERT_EQ(two.leases.size(), 1U);
  auto& keeps = one.leases[0].order == a ? one : two;
  auto& gives = one.leases[0].order == a ? two : one;
  EXPECT_TRUE(merge({a, b}).created);
  EXPECT_FALSE(merge({a, b}).created) << "the same again changes nothing";
  EXPECT_THAT(keeps.revoked, IsEmpty());
  ASSERT_EQ(gives.revoked.size(), 1U);
  give_back(gives, gives.leases[0]);
  const auto first = grant_of(a, keeps), second = grant_of(b, keeps);
  EXPECT_EQ(second.label.tracking, first.label.tracking);
  EXPECT_EQ(second.label.sscc, first.label.sscc);
  EXPECT_EQ(second.number, "2");
  w.pack(keeps, first);
  EXPECT_EQ(w.look(a).order.state, "packed");
  EXPECT_EQ(w.look(b).order.state, "released");
  w.pack(keeps, second);
  EXPECT_EQ(w.look(b).order.state, "packed");
  EXPECT_EQ(w.look(a).order.tracking, w.look(b).order.tracking);
  ASSERT_EQ(fellows(a).size(), 1U);
  EXPECT_EQ(fellows(a)[0].id, b);
  for (const auto& id : {a, b}) {
    bool told = false;
    for (const auto& entry : w.look(id).timeline) {
      told = told || entry.type == wire::OrdersMerged::kType;
    }
    EXPECT_TRUE(told) << id << " does not tell of it";
  }
  EXPECT_THAT(w.open_exceptions(), IsEmpty());
}

// One label, two boxes by the books: what is said of the parcel holds for both or for none.
TEST_F(Merging, AParcelOfTwoOrdersLeavesAndArrivesAsOne) {
  const auto a = enter(wish("1")), b = enter(wish("2"));
  ASSERT_TRUE(merge({a, b}).created);
  auto& bench = w.bench("leipzig", "bench-1");
  w.pass(3'000);
  const auto first = grant_of(a, bench), second = grant_of(b, bench);
  ASSERT_EQ(second.label.tracking, first.label.tracking);
  w.pack(bench, first);
  w.pack(bench, second);
  const auto tracking = first.label.tracking;
  const auto handed = w.ask(HandOver{.site = {}, .trackings = {tracking}, .by = "kim"}).handed;
  ASSERT_TRUE(handed);
  EXPECT_EQ(handed->parcels.size(), 2U);
  EXPECT_EQ(w.look(a).order.state + w.look(b).order.state, "shippedshipped");
  // The bench opens the second: it is there after all, and nothing has arrived.
  bench.say(w.now, wire::PackReopened{second.order, second.work}, second.order);
  w.settle();
  EXPECT_TRUE(w.ask(DeliverParcel{.tracking = tracking, .by = "carrier"}).error);
  EXPECT_EQ(w.look(a).order.state, "shipped");
  ASSERT_FALSE(w.ask(TakeBackParcel{tracking, "not yet", "kim"}).error);
  EXPECT_EQ(w.look(a).order.state, "packed");
}

TEST_F(Merging, OrdersThatWaitAreGivenOutTogetherAlsoAThird) {
  const auto a = enter(wish("1")), b = enter(wish("2")), c = enter(wish("3"));
  EXPECT_TRUE(merge({a, b}).created);
  EXPECT_TRUE(merge({a, c}).created) << "into the same parcel";
  auto& one = w.bench("leipzig", "bench-1");
  w.bench("leipzig", "bench-2");
  w.pass(3'000);
  ASSERT_EQ(one.leases.size(), 3U);
  for (const auto& lease : one.leases)
    EXPECT_EQ(lease.label.tracking, one.leases[0].label.tracking);
  EXPECT_EQ(fellows(c).size(), 2U);
  for (const auto& lease : std::vector(one.leases)) w.pack(one, lease);
  EXPECT_EQ(w.look(c).order.state, "packed");
}

TEST_F(Merging, WhatComesAfterTheBoxWasClosedHasALabelOfItsOwn) {
  auto& one = w.bench("leipzig", "bench-1");
  const auto a = enter(wish("1")), b = enter(wish("2"));
  EXPECT_TRUE(merge({a, b}).created);
  give_back(one, one.leases[1]);
  const auto shared = grant_of(b, one);
  ASSERT_EQ(shared.label.tracking, one.leases[0].label.tracking);
  w.pack(one, one.leases[0]);
  give_back(one, shared);
  const auto again = grant_of(b, one);
  EXPECT_GT(again.work.epoch, shared.work.epoch);
  EXPECT_NE(again.label.tracking, shared.label.tracking);
  w.pack(one, again);
  EXPECT_EQ(w.look(b).order.state, "packed");
}

TEST_F(Merging, TheRestOfAnOrderWhoseBoxIsClosedHasALabelOfItsOwn) {
  auto& one = w.bench("leipzig", "bench-1");
  const auto a = enter(wish("1")), b = enter(wish("2"));
  EXPECT_TRUE(merge({a, b}).created);
  give_back(one, one.leases[1]);
  const auto first = grant_of(a, one), second = grant_of(b, one);
  ASSERT_EQ(second.label.tracking, first.label.tracking);
  w.pack(one, first, 1);  // one of its pieces was not there
  w.stock("MUG", "leipzig", 20);
  w.pass(3'000);
  const auto rest = grant_of(a, one);
  ASSERT_NE(rest.work.lease, first.work.lease);
  EXPECT_NE(rest.label.tracking, first.label.tracking) << "its channel knows that number already";
  EXPECT_NE(rest.label.sscc, first.label.sscc);
  w.pack(one, second);
  w.pack(one, rest);
  EXPECT_EQ(w.look(a).order.state, "packed");
}

TEST_F(Merging, AnotherAddressSetsAnOrderApart) {
  auto& one = w.bench("leipzig", "bench-1");
  const auto a = enter(wish("1")), b = enter(wish("2"));
  EXPECT_TRUE(merge({a, b}).created);
  give_back(one, one.leases[1]);
  const auto shared = grant_of(b, one);
  AmendOrder amend{.order = b, .why = "the buyer moved", .by = "kim"};
  amend.ship_to = wish("2").ship_to;
  amend.ship_to->street1 = "Am Tor 9";
  EXPECT_TRUE(w.ask(amend).created);
  w.settle();
  give_back(one, shared);
  EXPECT_NE(grant_of(b, one).label.tracking, shared.label.tracking);
  EXPECT_THAT(fellows(a), IsEmpty());
  EXPECT_THAT(refused({a, b}), HasSubstr("left a parcel"));
}

TEST_F(Merging, AHeldOneIsLeftBehindAndTheOtherGoes) {
  auto& one = w.bench("leipzig", "bench-1");
  const auto a = enter(wish("1")), b = enter(wish("2"));
  EXPECT_TRUE(merge({a, b}).created);
  give_back(one, one.leases[1]);
  EXPECT_TRUE(w.ask(HoldOrder{.order = b, .what = "wait", .by = "kim"}).created);
  w.settle();
  give_back(one, grant_of(b, one));
  w.pack(one, grant_of(a, one));
  EXPECT_TRUE(w.ask(ReleaseHold{b, {}, {}, "go", "kim"}).created);
  w.settle();
  EXPECT_NE(grant_of(b, one).label.tracking, w.look(a).order.tracking);
}

TEST_F(Merging, AfterARestartTheyStillGoTogether) {
  const auto a = enter(wish("1")), b = enter(wish("2"));
  EXPECT_TRUE(merge({a, b}).created);
  w.start();
  auto& one = w.bench("leipzig", "bench-1");
  w.pass(3'000);
  ASSERT_EQ(one.leases.size(), 2U);
  EXPECT_EQ(one.leases[0].label.sscc, one.leases[1].label.sscc);
}

TEST_F(Merging, WhatCannotGoTogetherIsRefusedWithTheReason) {
  auto& one = w.bench("leipzig", "bench-1");
  const auto a = enter(wish("1"));
  auto stranger = wish("2");
  stranger.customer = "c-8";
  auto elsewhere = wish("3");
  elsewhere.ship_to.street1 = "Am Tor 9";
  auto other_shop = wish("4");
  other_shop.channel = "csv";
  auto nobody = wish("5");
  nobody.customer.reset();
  EXPECT_THAT(refused({a, enter(stranger)}), HasSubstr("of different buyers"));
  EXPECT_THAT(refused({a, enter(elsewhere)}), HasSubstr("different addresses"));
  EXPECT_THAT(refused({a, enter(other_shop)}), HasSubstr("different channels"));
  EXPECT_THAT(refused({a, enter(nobody)}), HasSubstr("buyer is not known"));
  EXPECT_THAT(refused({a, enter(wish("6", "TEA"))}), HasSubstr("routed to leipzig and ulm"));
  EXPECT_THAT(refused({a}), HasSubstr("name two"));
  EXPECT_THAT(refused({a, a}), HasSubstr("named twice"));
  EXPECT_THAT(refused({a, "api:none"}), HasSubstr("not known"));
  const auto held = enter(wish("7"));
  EXPECT_TRUE(w.ask(HoldOrder{.order = held, .what = "wait", .by = "kim"}).created);
  EXPECT_THAT(refused({a, held}), HasSubstr(held + " is held"));
  const auto packed = enter(wish("8"));
  w.pack(one, grant_of(packed, one));
  EXPECT_THAT(refused({a, packed}), HasSubstr(packed + " is packed"));
  const auto begun = enter(wish("9"));
  one.say(w.now, wire::PackOpened{begun, grant_of(begun, one).work}, begun);
  w.settle();
  EXPECT_THAT(refused({a, begun}), HasSubstr("being packed at leipzig/bench-1"));
  const auto late = enter(wish("10"));
  one.connected = false;
  w.now.mono_ms += 3'600'000;
  w.now.wall_ms += 3'600'000;
  EXPECT_THAT(refused({a, late}), HasSubstr("silent; take it back first"));
  EXPECT_EQ(fellows(a).size(), 0U);
}

TEST_F(Merging, AServerThatForbidsItSaysSo) {
  w.config.orders.merge = false;
  w.start();
  const auto a = enter(wish("1")), b = enter(wish("2"));
  EXPECT_THAT(refused({a, b}), HasSubstr("merge = true"));
}

}  // namespace
}  // namespace dockline::server
