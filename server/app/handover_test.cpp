// Boxes after they were closed: handed over, taken back, delivered, opened again, and goods that
// come back, through the real hub; replay and the audit agree after each test.
#include <gmock/gmock.h>

#include "server/app/hub_app.hpp"
#include "server/audit/audit.hpp"
#include "server/store/reader_handover.hpp"
#include "server/store/reader_receiving.hpp"
#include "tests/channels/shop_model.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Handover : ::testing::Test {
  void SetUp() override { w.start(); }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    const auto report = w.verify();
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
    const auto audited = audit::check_files(w.config.db_path, {}, "");
    ASSERT_TRUE(audited) << audited.error().detail;
    for (const auto& f : audited->findings) {
      ADD_FAILURE() << f.check << " " << f.place << ": " << f.what;
    }
  }
  testing::Bench& bench() { return w.bench("leipzig", "bench-1"); }
  // An order that is packed whole; its label's number.
  std::string packed(const std::string& number, domain::Quantity pieces) {
    (void)bench();
    (void)w.order(number, {{"MUG", pieces}});
    w.pack(bench(), bench().leases.back());
    return bench().leases.back().label.tracking;
  }
  Reply tell(Command command) {
    auto reply = w.ask(std::move(command));
    w.settle();
    return reply;
  }
  HandedOver hand(std::vector<std::string> trackings, const std::string& site = "") {
    const auto reply = tell(HandOver{.site = site, .trackings = std::move(trackings), .by = "kim"});
    EXPECT_FALSE(reply.error) << reply.error->detail;
    return reply.handed.value_or(HandedOver{});
  }
  std::string state(const std::string& id) { return w.look(id).order.state; }
  // Pieces of the line by state: packed, shipped, delivered, returned.
  std::vector<std::int64_t> units(const std::string& id) {
    const auto line = w.look(id).lines.at(0);
    return {line.packed, line.shipped, line.delivered, line.returned};
  }
  std::int64_t at(const std::string& place) {
    const auto rows = store::places_at(*w.reader, "MUG", w.now.wall_ms + 1'000'000).value();
    for (const auto& row : rows) {
      if (row.place == place) return row.quantity;
    }
    return 0;
  }
  std::vector<std::string> waiting() {
    std::vector<std::string> out;
    const auto page = store::handovers(*w.reader, {.limit = 50}).value();
    for (const auto& row : page.items) out.push_back(row.number + row.stopped);
    return out;
  }
  testing::World w;
};

TEST_F(Handover, AParcelLeavesWithItsCarrierAndReachesTheBuyer) {
  w.stock("MUG", "leipzig", 5);
  const auto tracking = packed("1", 2);
  EXPECT_EQ(state("api:1"), "packed");
  EXPECT_THAT(waiting(), ElementsAre("1"));
  EXPECT_EQ(at("leipzig/packed"), 2);
  const auto handed = hand({tracking});
  ASSERT_EQ(handed.parcels.size(), 1U);
  EXPECT_THAT(handed.left_out, IsEmpty());
  EXPECT_EQ(state("api:1"), "shipped");
  EXPECT_THAT(units("api:1"), ElementsAre(0, 2, 0, 0));
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(at("leipzig/packed"), 0);
  EXPECT_EQ(at("customer"), 2);
  EXPECT_FALSE(tell(DeliverParcel{.tracking = tracking, .by = "carrier"}).error);
  EXPECT_EQ(state("api:1"), "delivered");
  EXPECT_FALSE(tell(DeliverParcel{.tracking = tracking, .by = "carrier"}).created);  // said again
  const auto parcels = store::parcels_of(*w.reader, "api:1").value();
  ASSERT_EQ(parcels.size(), 1U);
  EXPECT_EQ(parcels[0].box.state, "delivered");
  EXPECT_GT(parcels[0].box.handed_ms, 0);
}

TEST_F(Handover, TheSameParcelTwiceAndAnUnknownOneAreLeftOutWithTheReason) {
  w.stock("MUG", "leipzig", 5);
  const auto tracking = packed("1", 1);
  (void)hand({tracking});
  const auto again = hand({tracking, "NOSUCH"});
  EXPECT_THAT(again.parcels, IsEmpty());
  ASSERT_EQ(again.left_out.size(), 2U);
  EXPECT_THAT(again.left_out[0].why, HasSubstr("already"));
  EXPECT_THAT(again.left_out[1].why, HasSubstr("no closed box"));
  EXPECT_EQ(at("customer"), 1);
}

TEST_F(Handover, AllThatWaitsLeavesButWhatShouldStay) {
  w.stock("MUG", "leipzig", 9);
  const auto first = packed("1", 1);
  const auto second = packed("2", 1);
  (void)packed("3", 1);
  ASSERT_FALSE(tell(CancelOrder{"api:2", "changed her mind", {}}).error);
  EXPECT_THAT(w.open_exceptions(), Contains("cancelled_after_pack"));
  EXPECT_THAT(waiting(), ElementsAre("1", "2cancelled", "3"));
  const auto handed = hand({}, "leipzig");
  EXPECT_EQ(handed.parcels.size(), 2U);
  ASSERT_EQ(handed.left_out.size(), 1U);
  EXPECT_EQ(handed.left_out[0].tracking, second);
  EXPECT_EQ(state("api:1"), "shipped");
  EXPECT_EQ(state("api:2"), "cancelled");
  // Its goods go back on the shelf and the box is no parcel any more.
  const auto page = w.reader->exceptions("open", "", 9).value();
  ASSERT_FALSE(tell(ResolveException{page.items.at(0).id, "put_back", "kim"}).error);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(at("leipzig/shelf"), 7);
}

// What the list calls to be kept back is what a collection leaves out.
TEST_F(Handover, ABoxWithTooMuchInItIsKeptBack) {
  w.stock("MUG", "leipzig", 5);
  auto& b = bench();
  const auto id = w.order("1", {{"MUG", 2}});
  b.connected = false;  // it packs what it knows
  ASSERT_FALSE(tell(CancelOrder{id, "one is enough", {{1, 1}}}).error);
  w.say_pack(b, b.leases.back());
  b.connected = true;
  w.settle();
  ASSERT_THAT(w.open_exceptions(), Contains("overpacked"));
  EXPECT_THAT(waiting(), ElementsAre("1overpacked"));
  EXPECT_THAT(hand({}, "leipzig").parcels, IsEmpty());
}

TEST_F(Handover, WhoHeldACancelledBoxInHandIsBelievedAndAPersonIsTold) {
  w.stock("MUG", "leipzig", 5);
  const auto tracking = packed("1", 2);
  ASSERT_FALSE(tell(CancelOrder{"api:1", "too late", {}}).error);
  const auto handed = hand({tracking});
  ASSERT_EQ(handed.parcels.size(), 1U);
  EXPECT_THAT(handed.parcels[0].why, HasSubstr("cancelled"));
  EXPECT_THAT(w.open_exceptions(), Contains("gone_though_stopped"));
  EXPECT_EQ(state("api:1"), "cancelled");
  EXPECT_EQ(at("customer"), 2);
  // The goods cannot be put back while they are on the road.
  std::string cancelled;
  const auto page = w.reader->exceptions("open", "", 9).value();
  for (const auto& row : page.items) {
    if (row.kind == "cancelled_after_pack") cancelled = row.id;
  }
  const auto refused = tell(ResolveException{cancelled, "put_back", "kim"});
  ASSERT_TRUE(refused.error);
  EXPECT_THAT(refused.error->detail, HasSubstr("take-back"));
  ASSERT_FALSE(tell(TakeBackParcel{tracking, "the carrier brought it back", "kim"}).error);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("gone_though_stopped")));
  ASSERT_FALSE(tell(ResolveException{cancelled, "put_back", "kim"}).error);
  EXPECT_EQ(at("leipzig/shelf"), 5);
  EXPECT_EQ(at("customer"), 0);
}

TEST_F(Handover, AParcelThatStayedIsTakenBackAndLeavesLater) {
  w.stock("MUG", "leipzig", 5);
  const auto tracking = packed("1", 2);
  (void)hand({tracking});
  ASSERT_FALSE(tell(TakeBackParcel{tracking, "left behind at the gate", "kim"}).error);
  EXPECT_EQ(state("api:1"), "packed");
  EXPECT_EQ(at("leipzig/packed"), 2);
  EXPECT_EQ(at("customer"), 0);
  EXPECT_TRUE(tell(TakeBackParcel{tracking, "again", "kim"}).error);
  EXPECT_EQ(hand({tracking}).parcels.size(), 1U);
  EXPECT_THAT(units("api:1"), ElementsAre(0, 2, 0, 0));
}

TEST_F(Handover, ABoxOpenedAtItsBenchHasNotLeft) {
  w.stock("MUG", "leipzig", 5);
  const auto tracking = packed("1", 2);
  (void)hand({tracking});
  const auto lease = bench().leases.back();
  bench().say(w.now, wire::PackReopened{lease.order, lease.work}, lease.order);
  w.settle();
  EXPECT_EQ(state("api:1"), "released");
  EXPECT_EQ(at("leipzig/shelf"), 5);
  EXPECT_EQ(at("leipzig/packed"), 0);
  EXPECT_EQ(at("customer"), 0);
  EXPECT_THAT(w.open_exceptions(), Contains("reopened_after_handover"));
  w.pack(bench(), lease);
  EXPECT_THAT(waiting(), ElementsAre("1"));
  EXPECT_EQ(hand({tracking}).parcels.size(), 1U);
}

TEST_F(Handover, GoodsThatComeBackLieWhereTheyWereFoundFit) {
  w.stock("MUG", "leipzig", 5);
  const auto tracking = packed("1", 4);
  const auto too_early =
      tell(ReturnGoods{"api:1", "leipzig", {{1, 1, "shelf", {}}}, "does not fit", "kim"});
  ASSERT_TRUE(too_early.error);
  EXPECT_THAT(too_early.error->detail, HasSubstr("handover record"));
  (void)hand({tracking});
  (void)tell(DeliverParcel{.tracking = tracking, .by = "carrier"});
  ASSERT_FALSE(
      tell(ReturnGoods{
               "api:1", "ulm", {{1, 1, "shelf", {}}, {1, 1, "damaged", {}}}, "does not fit", "kim"})
          .error);
  EXPECT_THAT(units("api:1"), ElementsAre(0, 0, 2, 2));
  EXPECT_EQ(at("ulm/shelf"), 1);
  EXPECT_EQ(at("ulm/damaged"), 1);
  EXPECT_EQ(at("customer"), 2);
  EXPECT_EQ(state("api:1"), "delivered");
  EXPECT_TRUE(tell(ReturnGoods{"api:1", "ulm", {{1, 3, "shelf", {}}}, "too many", "kim"}).error);
  EXPECT_TRUE(tell(TakeBackParcel{tracking, "came back whole", "kim"}).error);
  ASSERT_FALSE(
      tell(ReturnGoods{"api:1", "ulm", {{1, 2, "quarantine", {}}}, "all of it", "kim"}).error);
  EXPECT_EQ(state("api:1"), "returned");
}

// What came back is sold again: an order that waited for it goes on.
TEST_F(Handover, AnOrderThatWaitedGetsWhatCameBack) {
  w.stock("MUG", "leipzig", 2);
  const auto tracking = packed("1", 2);
  (void)hand({tracking});
  const auto waits = w.order("2", {{"MUG", 1}});
  EXPECT_EQ(state(waits), "backordered");
  ASSERT_FALSE(
      tell(ReturnGoods{"api:1", "leipzig", {{1, 1, "shelf", {}}}, "wrong colour", "kim"}).error);
  EXPECT_EQ(state(waits), "released");
}

TEST_F(Handover, WhatExpiredOnTheRoadIsNotSold) {
  w.stock("MUG", "leipzig", 2);
  const auto tracking = packed("1", 2);
  (void)hand({tracking});
  domain::Lot old;
  old.lot = "A";
  old.expires_ms = w.now.wall_ms - 1;
  ASSERT_FALSE(tell(ReturnGoods{"api:1", "leipzig", {{1, 1, "shelf", old}}, "late", "kim"}).error);
  EXPECT_EQ(at("leipzig/shelf"), 0);
  EXPECT_EQ(at("leipzig/quarantine"), 1);
}

TEST_F(Handover, WhatIsNoPastMomentOrNoSiteIsRefused) {
  w.stock("MUG", "leipzig", 2);
  const auto tracking = packed("1", 1);
  const auto refused = [&](HandOver wish) {
    wish.by = "kim";
    const auto reply = tell(wish);
    return reply.error ? reply.error->detail : std::string{};
  };
  EXPECT_THAT(refused({.trackings = {tracking}, .handed_ms = w.now.wall_ms + 3'600'000}),
              HasSubstr("handed_ms"));
  EXPECT_THAT(refused({.site = "nowhere"}), HasSubstr("site"));
  EXPECT_THAT(refused({}), HasSubstr("site"));
  EXPECT_THAT(refused({.trackings = std::vector<std::string>(501, "X")}), HasSubstr("500"));
  EXPECT_THAT(waiting(), ElementsAre("1"));
  EXPECT_EQ(hand({tracking}, "ulm").left_out.size(), 1U);  // it stands at leipzig
}

TEST_F(Handover, PagesOfWhatWaitsAndWhatHasLeftGoOnWhereTheyEnded) {
  w.stock("MUG", "leipzig", 9);
  for (const char* number : {"1", "2", "3"}) (void)packed(number, 1);
  const auto numbers = [&](bool gone, const std::string& site) {
    std::string out, after;
    for (int i = 0; i < 9; ++i) {
      const auto page =
          store::handovers(*w.reader, {.gone = gone, .site = site, .after = after, .limit = 2})
              .value();
      for (const auto& row : page.items) out += row.number;
      EXPECT_EQ(page.total, 3);
      if (page.next.empty()) return out;
      after = page.next;
    }
    return out;
  };
  EXPECT_EQ(numbers(false, ""), "123");
  EXPECT_EQ(numbers(false, "leipzig"), "123");
  const auto groups = store::waiting_groups(*w.reader).value();
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].parcels, 3);
  EXPECT_EQ(groups[0].stopped, 0);
  EXPECT_EQ(store::waiting_groups(*w.reader, 2).value().at(0).stopped, std::nullopt);
  for (auto i = bench().leases.begin(); i != bench().leases.end(); ++i) {
    (void)hand({i->label.tracking});
  }
  EXPECT_EQ(numbers(true, ""), "321");
  EXPECT_EQ(numbers(true, "leipzig"), "321");
  const auto there = [&](const char* state) {
    return store::handovers(*w.reader, {.gone = true, .state = state}).value().total;
  };
  (void)tell(DeliverParcel{.tracking = bench().leases.back().label.tracking, .by = "carrier"});
  EXPECT_EQ(there("handed_over"), 2);
  EXPECT_EQ(there("delivered"), 1);
  EXPECT_FALSE(store::handovers(*w.reader, {.after = "nonsense"}).has_value());
}

// ---------------------------------------------------------------- the channel hears of it
struct HandoverTold : Handover {
  void SetUp() override {
    shop.user = "dockline";
    shop.password = "a-password";
    shop.stock["MUG"] = {{"1", {.on_hand = 70}}};
    w.config.tell_at_handover = {"shop"};
    w.config.make_channels = [] {
      std::vector<std::unique_ptr<channels::Channel>> made;
      made.push_back(channels::make({.name = "shop",
                                     .kind = "vendure",
                                     .url = "http://shop/admin-api",
                                     .user = "dockline",
                                     .secret = "a-password",
                                     .locations = {{"leipzig", "1"}},
                                     .poll_ms = 500,
                                     .sweep_ms = 1'000,
                                     .audit_ms = 5'000})
                         .value());
      return made;
    };
    w.start();
  }
  void run(std::int64_t ms) {
    for (std::int64_t left = ms; left > 0; left -= 50) {
      w.settle();
      for (int i = 0; i < 100 && !w.requests.empty(); ++i) {
        for (auto& request : std::exchange(w.requests, {})) {
          w.put(ChannelResult{request.request, shop.answer(request.http)});
        }
      }
    }
  }
  channels::vendure::ShopModel shop;
};

TEST_F(HandoverTold, AShopMayHearOfAParcelOnlyWhenItHasLeft) {
  w.stock("MUG", "leipzig", 5);
  (void)bench();
  run(2'000);
  ASSERT_TRUE(shop.buy("MUG", 2, w.now.wall_ms));
  run(3'000);
  w.pack(bench(), bench().leases.back());
  run(3'000);
  EXPECT_THAT(shop.orders[0].fulfilments, IsEmpty());
  const auto audited = audit::check_files(w.config.db_path, {}, "");
  ASSERT_TRUE(audited);
  EXPECT_THAT(audited->findings, IsEmpty());
  w.start();  // nor after a restart
  run(3'000);
  EXPECT_THAT(shop.orders[0].fulfilments, IsEmpty());
  (void)hand({bench().leases.back().label.tracking});
  run(3'000);
  ASSERT_EQ(shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(shop.orders[0].fulfilments[0].tracking, bench().leases.back().label.tracking);
  EXPECT_EQ(state("shop:CODE1"), "shipped");
}

// The box was opened before the carrier came, and a piece taken out.
TEST_F(HandoverTold, AShopHearsOfWhatIsInTheBoxWhenItLeaves) {
  w.stock("MUG", "leipzig", 5);
  (void)bench();
  run(2'000);
  ASSERT_TRUE(shop.buy("MUG", 3, w.now.wall_ms));
  run(3'000);
  const auto lease = bench().leases.back();
  w.pack(bench(), lease);
  run(1'000);
  bench().say(w.now, wire::PackReopened{lease.order, lease.work}, lease.order);
  run(1'000);
  w.pack(bench(), lease, 1);
  (void)hand({lease.label.tracking});
  run(3'000);
  ASSERT_EQ(shop.orders[0].fulfilments.size(), 1U);
  ASSERT_EQ(shop.orders[0].fulfilments[0].lines.size(), 1U);
  EXPECT_EQ(shop.orders[0].fulfilments[0].lines[0].second, 2);
}

// Nobody is to hear of it, and the audit does not miss it.
TEST_F(HandoverTold, ABoxThatIsPutBackBeforeItLeavesIsToldToNobody) {
  w.stock("MUG", "leipzig", 5);
  (void)bench();
  run(2'000);
  ASSERT_TRUE(shop.buy("MUG", 2, w.now.wall_ms));
  run(3'000);
  w.pack(bench(), bench().leases.back());
  shop.cancel(shop.orders[0], 2);
  run(3'000);
  const auto page = w.reader->exceptions("open", "", 9).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].kind, "cancelled_after_pack");
  ASSERT_FALSE(tell(ResolveException{page.items[0].id, "put_back", "kim"}).error);
  run(3'000);
  EXPECT_THAT(shop.orders[0].fulfilments, IsEmpty());
  EXPECT_THAT(waiting(), IsEmpty());
}

// It shows the cancellation each time it is looked at: a person is asked once.
TEST_F(HandoverTold, AShopThatCancelsAfterTheHandOverIsACaseOnce) {
  w.stock("MUG", "leipzig", 5);
  (void)bench();
  run(2'000);
  ASSERT_TRUE(shop.buy("MUG", 2, w.now.wall_ms));
  run(3'000);
  w.pack(bench(), bench().leases.back());
  (void)hand({bench().leases.back().label.tracking});
  shop.cancel(shop.orders[0], 1);
  run(3'000);
  // The shop refuses to hear of a parcel with more than is wanted there: a case of its own.
  EXPECT_THAT(w.open_exceptions(), ElementsAre("cancelled_after_handover", "dead_letter"));
  EXPECT_THAT(units("shop:CODE1"), ElementsAre(0, 2, 0, 0));
  const auto page = w.reader->exceptions("open", "", 9).value();
  for (const auto& row : page.items) {
    if (row.kind != "cancelled_after_handover") continue;
    ASSERT_FALSE(tell(ResolveException{row.id, "noted", "kim"}).error);
  }
  run(5'000);
  EXPECT_THAT(w.open_exceptions(), ElementsAre("dead_letter"));
}

// Found by dockline-sim, seed 700010: the parcel stayed, left again and was refused again; that
// letter lay in the outbox, and nobody was told of it.
TEST_F(HandoverTold, WhatIsRefusedAgainAfterAPersonLeftItIsACaseAgain) {
  w.stock("MUG", "leipzig", 5);
  (void)bench();
  run(2'000);
  ASSERT_TRUE(shop.buy("MUG", 2, w.now.wall_ms));
  run(3'000);
  w.pack(bench(), bench().leases.back());
  shop.cancel(shop.orders[0], 1);
  (void)hand({bench().leases.back().label.tracking});
  run(3'000);
  const auto open = [&](const std::string& kind) {
    const auto page = w.reader->exceptions("open", "", 9).value();
    for (const auto& row : page.items) {
      if (row.kind == kind) return row.id;
    }
    return std::string();
  };
  const auto letter = open("dead_letter");
  ASSERT_NE(letter, "");
  const auto left = tell(ResolveException{letter, "leave", "kim"});
  ASSERT_FALSE(left.error) << left.error->detail;
  EXPECT_EQ(open("dead_letter"), "");
  const auto tracking = bench().leases.back().label.tracking;
  ASSERT_FALSE(tell(TakeBackParcel{.tracking = tracking, .why = "left behind", .by = "kim"}).error);
  run(1'000);
  (void)hand({tracking});
  run(3'000);
  EXPECT_NE(open("dead_letter"), "");
  EXPECT_NE(open("dead_letter"), letter);
}

}  // namespace
}  // namespace dockline::server
