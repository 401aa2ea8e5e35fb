// parcels, and what the other checkers know of boxes that leave and goods that come back.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

constexpr const char* kBench = "/x/one";

// An order of two, in a box that was closed at x/one.
struct Trade {
  explicit Trade(OneChecker (*make)(std::shared_ptr<Log>)) : w(make) {
    w.server.run("INSERT INTO p_order VALUES(1,'c:1','c','1','packed')");
    w.server.run("INSERT INTO p_line(ord, line, sku, quantity) VALUES(1,1,'MUG',2)");
    w.fact("stock.moved", R"("sku":"MUG","quantity":5,"from":"supplier","to":"x/shelf")");
    move(5, "supplier", "x/shelf");
    close();
  }
  void close() {
    w.fact("pack.closed",
           R"("order":"c:1","work":{"lease":"c:1/1","epoch":1},"label":{"tracking":"T1"},)"
           R"("lines":[{"line":1,"sku":"MUG","packed":2}])",
           kBench, World::born("i", ++seq));
    move(2, "x/shelf", "x/packed");
    is("waiting", {.packed = 2});
  }
  void open() {
    w.fact("pack.reopened", R"("order":"c:1","work":{"lease":"c:1/1","epoch":1})", kBench,
           World::born("i", ++seq));
  }
  void say(const std::string& what) {
    w.fact("parcel." + what, R"("order":"c:1","box":"c:1/1","tracking":"T1")");
  }
  void leave() {
    say("handed.over");
    move(2, "x/packed", "customer");
    is("handed_over", {.shipped = 2});
  }
  void come_back(int pieces, const std::string& to, const std::string& lot = "") {
    w.fact("order.returned",
           R"("order":"c:1","site":"x","lines":[{"line":1,"sku":"MUG","quantity":)" +
               std::to_string(pieces) + R"(,"to":")" + to + "\"" +
               (lot.empty() ? "" : R"(,"lot":)" + lot) + "}]");
  }
  void move(int pieces, const std::string& from, const std::string& to) {
    w.server.run("INSERT INTO p_move VALUES(" + std::to_string(w.position) + "," +
                 std::to_string(n++) + ",'MUG'," + std::to_string(pieces) + ",'" + from + "','" +
                 to + "','')");
    for (const auto& [place, by] : {std::pair(from, -pieces), std::pair(to, pieces)}) {
      w.server.run("INSERT INTO p_balance SELECT 'MUG','" + place +
                   "',0 WHERE NOT EXISTS(SELECT 1 FROM p_balance WHERE place = '" + place + "')");
      w.server.run("UPDATE p_balance SET quantity = quantity + " + std::to_string(by) +
                   " WHERE place = '" + place + "'");
    }
  }
  struct Units {
    int packed = 0, shipped = 0, delivered = 0, returned = 0;
  };
  void is(const std::string& state, const Units& units) {
    w.server.run("DELETE FROM p_handover");
    if (!state.empty()) w.server.run("INSERT INTO p_handover VALUES('c:1/1','" + state + "')");
    count(units);
  }
  void count(const Units& u) {
    w.server.run("UPDATE p_line SET packed = " + std::to_string(u.packed) + ", shipped = " +
                 std::to_string(u.shipped) + ", delivered = " + std::to_string(u.delivered) +
                 ", returned = " + std::to_string(u.returned));
  }
  World w;
  int seq = 0, n = 0;
};

TEST(ParcelsChecker, FollowsABoxToTheBuyerAndBack) {
  Trade t(make_parcels);
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.leave();
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.say("delivered");
  t.is("delivered", {.delivered = 2});
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.come_back(1, "shelf");
  t.count({.delivered = 1, .returned = 1});
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
}
TEST(ParcelsChecker, KnowsThatABoxStayedOrWasOpenedAgain) {
  Trade t(make_parcels);
  t.leave();
  t.say("taken.back");
  t.is("waiting", {.packed = 2});
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.leave();
  t.open();
  t.is("reopened", {});
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.close();
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.open();  // it stood there
  t.is("", {});
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
}
// The first bench was silent, another one packed the order; then the first tells in one breath that
// it closed, opened and closed its box, and only then each closing is said to be fenced.
TEST(ParcelsChecker, KnowsThatABoxStandsBesideFencedOnesThatWereOpenedAndClosed) {
  Trade t(make_parcels);
  const auto late = [&](const std::string& type) {
    t.w.fact("pack." + type,
             R"("order":"c:1","work":{"lease":"c:1/1","epoch":0},"label":{"tracking":"T0"},)"
             R"("lines":[{"line":1,"sku":"MUG","packed":2}])",
             "/x/two", World::born("j", ++t.seq));
    return "id" + std::to_string(t.w.position);
  };
  const auto fenced = [&](const std::string& id) {
    t.w.fact("exception.raised",
             R"("exception":"e","kind":"packed_twice","subject":"c:1#)" + id + "\"");
  };
  const auto first = late("closed");
  late("reopened");
  fenced(first);
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  const auto second = late("closed");
  late("reopened");
  const auto third = late("closed");
  fenced(second);
  fenced(third);
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.w.fact("pack.put.back", R"("order":"c:1","lease":"c:1/1","box":")" + third + "\"");
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  // And the one that stands is followed on.
  t.leave();
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.is("", {.shipped = 2});
  EXPECT_EQ(t.w.look(), 1U);
}
// What was closed and opened in a breath and never was fenced stands no more.
TEST(ParcelsChecker, SeesABoxThatStandsThoughItsOneClosingWasOpened) {
  Trade t(make_parcels);
  t.open();
  EXPECT_EQ(t.w.look(), 2U) << t.w.said();  // nor are its units packed
  EXPECT_NE(t.w.said().find("is waiting by the books; by the facts it is nowhere"),
            std::string::npos);
}
TEST(ParcelsChecker, SeesABoxInAnotherPlace) {
  Trade t(make_parcels);
  t.leave();
  t.is("waiting", {.shipped = 2});
  EXPECT_EQ(t.w.look(), 1U) << t.w.said();
  Trade gone(make_parcels);
  gone.is("", {.packed = 2});
  EXPECT_EQ(gone.w.look(), 1U) << gone.w.said();
}
TEST(ParcelsChecker, SeesUnitsThatAreNotWhereTheirBoxIs) {
  Trade stays(make_parcels);  // shipped, though it was taken back
  stays.leave();
  stays.say("taken.back");
  stays.is("waiting", {.shipped = 2});
  EXPECT_GE(stays.w.look(), 1U);
  Trade packed(make_parcels);  // left, and packed
  packed.leave();
  packed.count({.packed = 2});
  EXPECT_EQ(packed.w.look(), 1U) << packed.w.said();
  Trade early(make_parcels);
  early.leave();
  early.count({.delivered = 2});
  EXPECT_EQ(early.w.look(), 1U) << early.w.said();
  Trade both(make_parcels);  // returned, and still with the buyer
  both.leave();
  both.come_back(1, "shelf");
  both.count({.shipped = 2, .returned = 1});
  EXPECT_GE(both.w.look(), 1U);
  Trade none(make_parcels);
  none.leave();
  none.come_back(1, "shelf");
  EXPECT_EQ(none.w.look(), 1U) << none.w.said();
}
TEST(ParcelsChecker, LeavesOutWhatNobodyWantedAnyMore) {
  Trade t(make_parcels);
  t.w.fact("exception.raised",
           R"("exception":"e","kind":"cancelled_after_pack","subject":"c:1","what":"")");
  t.leave();
  t.count({.shipped = 1});
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
}
TEST(ParcelsChecker, WantsNoLotsOutside) {
  Trade t(make_parcels);
  t.w.server.run("INSERT INTO p_lot VALUES('MUG','customer',1)");
  EXPECT_EQ(t.w.look(), 1U) << t.w.said();
}

TEST(LedgerChecker, MovesBoxesOutAndBack) {
  Trade t(make_ledger);
  t.leave();
  t.say("taken.back");
  t.move(2, "customer", "x/packed");
  t.leave();
  t.open();
  t.move(2, "customer", "x/packed");
  t.move(2, "x/packed", "x/shelf");
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  Trade stays(make_ledger);
  stays.say("handed.over");
  EXPECT_EQ(stays.w.look(), 1U) << stays.w.said();
}
TEST(LedgerChecker, WantsWhatCameBackWhereItWasFoundFit) {
  Trade t(make_ledger);
  t.leave();
  t.come_back(1, "damaged");
  t.move(1, "customer", "x/damaged");
  t.come_back(1, "shelf", R"({"ownership":"customer"})");
  t.move(1, "customer", "x/quarantine");
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  Trade sold(make_ledger);
  sold.leave();
  sold.come_back(1, "shelf", R"({"ownership":"customer"})");
  sold.move(1, "customer", "x/shelf");
  EXPECT_EQ(sold.w.look(), 1U) << sold.w.said();
}
TEST(ShelvesChecker, HasWhatCameBackOnTheShelf) {
  Trade t(make_shelves);
  t.leave();
  t.come_back(1, "shelf");
  t.move(1, "customer", "x/shelf");
  t.come_back(1, "quarantine");
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  Trade lost(make_shelves);
  lost.leave();
  lost.come_back(1, "shelf");
  EXPECT_EQ(lost.w.look(), 1U) << lost.w.said();
}
TEST(LotsOfParcels, LeaveWithTheirBox) {
  Trade t(make_lots);
  t.w.server.run("INSERT INTO p_lot VALUES('MUG','x/packed',2)");
  EXPECT_EQ(t.w.look(), 0U) << t.w.said();
  t.leave();
  EXPECT_EQ(t.w.look(), 1U) << t.w.said();
}

// ---------------------------------------------------------------- told at the hand-over
struct Told : Trade {
  Told() : Trade(make_effects) {
    w.told_late = {"c"};
    w.see(ShopSold{"c", "1", {{"MUG", 2}}});
    w.server.run("INSERT INTO p_lease VALUES('c:1/1',1,1,'x','one','done','T1')");
    w.server.run("INSERT INTO p_parcel VALUES('c:1/1',1,'MUG',2,2)");
    EXPECT_EQ(w.look(), 0U) << w.said();
  }
};

TEST(EffectsChecker, WantsAParcelToldWhenItHasLeft) {
  Told stands;
  EXPECT_EQ(stands.w.end(), 0U) << stands.w.said();
  Told told;
  told.leave();
  told.w.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 2}}});
  told.say("taken.back");
  told.is("waiting", {});
  EXPECT_EQ(told.w.end(), 0U) << told.w.said();
  Told never;
  never.leave();
  EXPECT_EQ(never.w.end(), 1U) << never.w.said();
}
TEST(EffectsChecker, SeesAParcelToldBeforeItLeftAndPiecesThatWereNotInIt) {
  Told early;
  early.w.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 2}}});
  EXPECT_EQ(early.w.violations.size(), 1U) << early.w.said();
  Told more;
  more.leave();
  more.w.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 3}}});
  EXPECT_EQ(more.w.violations.size(), 1U) << more.w.said();
}

}  // namespace
}  // namespace dockline::sim
