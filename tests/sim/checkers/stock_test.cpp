// ledger, shown, effects, replay: stock and what channels are told.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

void moved(World& w, int quantity, int booked, const std::string& balance) {
  w.fact("stock.moved", R"("sku":"MUG","quantity":)" + std::to_string(quantity) +
                            R"(,"from":"adjustment","to":"x/shelf","reason":"receipt 1")");
  w.server.run("INSERT INTO p_move VALUES(" + std::to_string(w.position) + ",0,'MUG'," +
               std::to_string(booked) + ",'adjustment','x/shelf','receipt 1')");
  w.server.run("DELETE FROM p_balance");
  w.server.run("INSERT INTO p_balance VALUES" + balance);
}

TEST(LedgerChecker, IsContentWhenFactsMovesAndBalancesAgree) {
  World w(make_ledger);
  moved(w, 5, 5, "('MUG','x/shelf',5),('MUG','adjustment',-5)");
  EXPECT_EQ(w.look(), 0U) << w.said();
  moved(w, 2, 2, "('MUG','x/shelf',7),('MUG','adjustment',-7)");
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(LedgerChecker, SeesAMoveThatIsNotTheFacts) {
  World w(make_ledger);
  moved(w, 5, 4, "('MUG','x/shelf',4),('MUG','adjustment',-4)");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(LedgerChecker, SeesABalanceThatIsNotTheSum) {
  World w(make_ledger);
  moved(w, 5, 5, "('MUG','x/shelf',5),('MUG','adjustment',-5)");
  moved(w, 2, 2, "('MUG','x/shelf',2),('MUG','adjustment',-2)");
  EXPECT_EQ(w.look(), 2U) << w.said();
}
TEST(LedgerChecker, SeesPiecesMadeFromNothing) {
  World w(make_ledger);
  moved(w, 5, 5, "('MUG','x/shelf',6),('MUG','adjustment',-5)");
  EXPECT_NE(w.look(), 0U);
  EXPECT_NE(w.said().find("sum to 1"), std::string::npos) << w.said();
}
TEST(LedgerChecker, SeesGoodsInTransitThatWereBookedOnAShelf) {
  for (const char* to : {"y/transit", "y/shelf"}) {
    World w(make_ledger);
    w.fact("transfer.ordered", R"("transfer":"T1","sku":"MUG","from_site":"x","to_site":"y",)"
                               R"("quantity":3)");
    w.fact("transfer.sent", R"("transfer":"T1","quantity":3)");
    const std::string place = "'" + std::string(to) + "'";
    w.server.run("INSERT INTO p_move VALUES(2,0,'MUG',3,'x/shelf'," + place + ",'transfer')");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',-3),('MUG'," + place + ",3)");
    EXPECT_EQ(w.look() == 0U, std::string(to) == "y/transit") << w.said();
  }
}

// ---------------------------------------------------------------- shelves
constexpr const char* kCounted = R"("site":"x","sku":"MUG","counted":7,"by":"ada")";
TEST(ShelvesChecker, SeesACountThatWasAppliedTwice) {
  for (const int books : {7, 9}) {
    World w(make_shelves);
    w.fact("stock.moved", R"("sku":"MUG","quantity":5,"from":"supplier","to":"x/shelf")");
    w.fact("stock.counted", kCounted);
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(books) + ")");
    EXPECT_EQ(w.look(), books == 7 ? 0U : 1U) << w.said();
  }
}
TEST(ShelvesChecker, SeesAMoveBeforeTheCountThatChangedItAfterwards) {
  for (const int books : {7, 5}) {
    World w(make_shelves);
    w.fact("stock.counted", kCounted, "/server", R"("dlhlc":"0000000000020000")");
    w.fact("pack.closed", R"("lines":[{"line":1,"sku":"MUG","packed":2}])", "/x/one",
           R"("dlhlc":"0000000000010000")");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(books) + ")");
    EXPECT_EQ(w.look(), books == 7 ? 0U : 1U) << w.said();
  }
}
TEST(ShelvesChecker, SeesAMoveAfterTheCountThatIsLost) {
  World w(make_shelves);
  w.fact("stock.counted", kCounted, "/server", R"("dlhlc":"0000000000020000")");
  w.fact("pack.closed", R"("lines":[{"line":1,"sku":"MUG","packed":2}])", "/x/one",
         R"("dlhlc":"0000000000030000")");
  w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',7)");
  EXPECT_EQ(w.look(), 1U) << w.said();
}

TEST(ShelvesChecker, KnowsThatACountAtTheDeskHasSeenWhatWasHeardBeforeIt) {
  constexpr const char* kAhead = R"("dlhlc":"0000000900020000")";
  constexpr const char* kPacked = R"("lines":[{"line":1,"sku":"MUG","packed":2}])";
  for (const int books : {7, 5}) {
    World w(make_shelves);
    w.fact("pack.closed", kPacked, "/x/one", kAhead);
    w.fact("stock.counted", kCounted, "/server", R"("dlhlc":"0000000000020000")");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(books) + ")");
    EXPECT_EQ(w.look(), books == 7 ? 0U : 1U) << w.said();
  }
}
TEST(ShelvesChecker, KnowsThatNothingIsDoneAfterItWasHeard) {
  for (const int books : {6, 7}) {
    World w(make_shelves);
    w.fact("count.asked", R"("task":"t","site":"x","sku":"MUG","station":"one")");
    w.fact("stock.counted", std::string(kCounted) + R"(,"task":"t")", "/x/one",
           R"("dlhlc":"0000000900020000")");
    w.server.run("UPDATE events SET heard_ms = 1000");
    w.fact("stock.moved", R"("sku":"MUG","quantity":1,"from":"x/shelf","to":"x/damaged")",
           "/server", R"("dlhlc":"00000000040000000")");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(books) + ")");
    EXPECT_EQ(w.look(), books == 6 ? 0U : 1U) << w.said();
  }
}

// A count that names a bin is of that bin alone where the books say so, and later movements come
// on top of it.
TEST(ShelvesChecker, KnowsACountOfOneBinFromOneOfTheShelf) {
  for (const int counts : {1, 2}) {
    World w(make_shelves);
    w.fact("stock.moved", R"("sku":"MUG","quantity":9,"from":"supplier","to":"x/shelf")");
    w.fact("stock.counted", std::string(kCounted) + R"(,"bin":"B-2")");
    w.server.run("INSERT INTO p_count VALUES(2,'/server'," + std::to_string(counts) + ")");
    w.server.run("INSERT INTO p_move VALUES(2,0,'MUG',1,'adjustment','x/shelf','count')");
    w.fact("stock.moved", R"("sku":"MUG","quantity":1,"from":"x/shelf","to":"x/damaged")",
           "/server", R"("dlhlc":"0000000900020000")");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',9)");
    EXPECT_EQ(w.look(), counts == 2 ? 0U : 1U) << w.said();
  }
}

// ---------------------------------------------------------------- ledger
TEST(LedgerChecker, SeesThatAReopenedBoxStayedBookedUnlessTheOfficePutItBack) {
  for (const bool put_back : {false, true}) {
    World w(make_ledger);
    const std::string work = R"("order":"c:1","work":{"lease":"c:1/1","epoch":1})";
    w.fact("pack.closed", work + R"(,"lines":[{"line":1,"sku":"MUG","packed":1}])", "/x/one");
    w.server.run("INSERT INTO p_move VALUES(1,0,'MUG',1,'x/shelf','x/packed','packed')");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',-1),('MUG','x/packed',1)");
    w.fact("exception.raised", R"("exception":"e","kind":"fenced_work","subject":"c:1#id1")");
    if (put_back) {
      w.fact("pack.put.back", R"("order":"c:1","box":"id1","lease":"c:1/1","site":"x",)"
                              R"("lines":[{"line":1,"sku":"MUG","quantity":1}])");
      w.server.run("INSERT INTO p_move VALUES(3,0,'MUG',1,'x/packed','x/shelf','put back')");
      w.server.run("UPDATE p_balance SET quantity = 0");
    }
    w.fact("pack.reopened", work, "/x/one");
    EXPECT_EQ(w.look(), put_back ? 0U : 1U) << w.said();
  }
}
TEST(LedgerChecker, KnowsThatWhatTheOfficePutBackCannotBeTakenOutOnceMore) {
  for (const int moved_back : {1, 2}) {
    World w(make_ledger);
    const std::string work = R"("order":"c:1","work":{"lease":"c:1/1","epoch":1})";
    w.fact("pack.closed", work + R"(,"lines":[{"line":1,"sku":"MUG","packed":2}])", "/x/one");
    w.fact("pack.put.back", R"("order":"c:1","box":"","lease":"c:1/1","site":"x",)"
                            R"("lines":[{"line":1,"sku":"MUG","quantity":1}])");
    w.fact("pack.reopened", work, "/x/one");
    w.server.run(
        "INSERT INTO p_move VALUES(1,0,'MUG',2,'x/shelf','x/packed','packed'),"
        "(2,0,'MUG',1,'x/packed','x/shelf','put back'),"
        "(3,0,'MUG'," +
        std::to_string(moved_back) + ",'x/packed','x/shelf','reopened')");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(moved_back - 1) +
                 "),('MUG','x/packed'," + std::to_string(1 - moved_back) + ")");
    EXPECT_EQ(w.look(), moved_back == 1 ? 0U : 1U) << w.said();
  }
}

TEST(LedgerChecker, KnowsTheOtherBoxOfAnOrderThatAnOldImagePackedOnceMore) {
  for (const int moved_back : {2, 0}) {
    World w(make_ledger);
    const std::string work = R"("order":"c:1","work":{"lease":"c:1/1","epoch":1})";
    for (int box = 0; box < 2; ++box) {
      w.fact("pack.closed", work + R"(,"lines":[{"line":1,"sku":"MUG","packed":2}])", "/x/one");
    }
    w.fact("pack.put.back", R"("order":"c:1","box":"id2","lease":"c:1/1","site":"x",)"
                            R"("lines":[{"line":1,"sku":"MUG","quantity":2}])");
    w.fact("pack.reopened", work, "/x/one");
    w.server.run(
        "INSERT INTO p_move VALUES(1,0,'MUG',2,'x/shelf','x/packed','packed'),"
        "(2,0,'MUG',2,'x/shelf','x/packed','packed'),"
        "(3,0,'MUG',2,'x/packed','x/shelf','put back')");
    if (moved_back > 0) {
      w.server.run("INSERT INTO p_move VALUES(4,0,'MUG',2,'x/packed','x/shelf','reopened')");
    }
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(moved_back - 2) +
                 "),('MUG','x/packed'," + std::to_string(2 - moved_back) + ")");
    EXPECT_EQ(w.look(), moved_back == 2 ? 0U : 1U) << w.said();
  }
}

void tables(World& w, int on_hand, int reserved) {
  w.server.run("DELETE FROM p_balance; DELETE FROM p_reservation;");
  w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(on_hand) + ")");
  w.server.run("INSERT INTO p_reservation VALUES(1,1,'x','','MUG'," + std::to_string(reserved) +
               ")");
  w.server.run("INSERT OR IGNORE INTO p_order VALUES(1,'c:1','c','1','open')");
}
// As the server has it: a fact for each of the two tables.
void shelf(World& w, int on_hand, int reserved) {
  tables(w, on_hand, reserved);
  w.fact("stock.moved", R"("sku":"MUG","quantity":1,"from":"supplier","to":"x/shelf")");
  w.server.run("INSERT INTO p_move VALUES(" + std::to_string(w.position) +
               ",0,'MUG',1,'supplier','x/shelf','')");
  w.fact("decision.made", R"("subject":"c:1")");
  w.see(HubCommitted{1});
}
ChannelAsked told(int pieces) {
  return {"c", "POST", "u",
          R"({"type":"stock.figure","stock":{"sku":"MUG","location":"1","available":)" +
              std::to_string(pieces) + "}}"};
}
TEST(ShownChecker, ComparesWithWhatCanBeShippedAtThatMoment) {
  World w(make_shown);
  ASSERT_EQ(w.look(), 0U);
  shelf(w, 5, 2);
  w.see(told(3));
  EXPECT_EQ(w.violations.size(), 0U) << w.said();
  w.see(told(4));
  EXPECT_EQ(w.violations.size(), 1U) << w.said();
}
TEST(ShownChecker, AllowsARequestThatWasUnderWayWhileAPieceWasSold) {
  World w(make_shown);
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 60'000;
  shelf(w, 5, 0);
  w.see(told(5));
  w.time_ms += 5'000;
  shelf(w, 5, 1);
  w.see(told(4));
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 0U) << w.said();
  w.time_ms += 60'000;
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 1U) << w.said();
}
// It counts by the facts, and says when the tables hold something that no fact brought there: at
// the article's next figure, at the latest at the next look.
TEST(ShownChecker, SeesPiecesAndReservationsThatNoFactNames) {
  for (const int on_hand : {5, 6}) {
    for (const int reserved : {2, 1}) {
      const bool same = on_hand == 5 && reserved == 2;
      for (const bool figure : {true, false}) {
        World w(make_shown);
        shelf(w, 5, 2);
        ASSERT_EQ(w.look(), 0U) << w.said();
        tables(w, on_hand, reserved);
        if (figure) w.see(told(3));
        if (!figure) static_cast<void>(w.look());
        EXPECT_EQ(w.violations.size(), same ? 0U : 1U) << w.said();
        EXPECT_EQ(w.said().find("by the tables") == std::string::npos, same) << w.said();
      }
    }
  }
}
TEST(ShownChecker, CountsAnOrderThatNoLongerHasAnything) {
  World w(make_shown);
  shelf(w, 5, 2);
  ASSERT_EQ(w.look(), 0U) << w.said();
  w.server.run("DELETE FROM p_reservation");
  w.fact("order.cancelled", R"("order":"c:1")");
  w.see(told(5));
  EXPECT_EQ(w.look(), 0U) << w.said();
}
// What was shippable before the first look is not known, nor is a request of that time judged.
TEST(ShownChecker, DoesNotJudgeWhatLeftBeforeItLooked) {
  World w(make_shown);
  shelf(w, 5, 1);
  w.see(told(5));
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 10'000;
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 0U) << w.said();
  w.time_ms += 60'000;
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 1U) << w.said();
}
TEST(ShownChecker, CountsAnewWhenAFailedReadOfAnotherCheckerClosedTheFile) {
  World w(make_shown);
  shelf(w, 5, 0);
  w.server.run("ALTER TABLE events RENAME TO away");
  ASSERT_EQ(w.look(), 0U);
  w.server.run("ALTER TABLE away RENAME TO events");
  shelf(w, 5, 1);
  w.see(told(5));
  EXPECT_EQ(w.violations.size(), 1U) << w.said();
}
TEST(ShownChecker, WantsNoMoreThanCanBeShippedAtRest) {
  for (const int shows : {1, 2, 3}) {
    World w(make_shown);
    ASSERT_EQ(w.look(), 0U);
    shelf(w, 5, 3);
    w.all_shown = {{"c", "MUG", "x", shows}};
    EXPECT_EQ(w.end(), shows <= 2 ? 0U : 1U) << w.said();
  }
}
TEST(ShownChecker, KnowsThatACustomerGaveAPieceBackBetweenReadingAndWriting) {
  for (const bool counts : {false, true}) {
    World w(make_shown);
    ASSERT_EQ(w.look(), 0U);
    w.time_ms += 60'000;
    shelf(w, 5, 1);
    w.see(ChannelAsked{"c", "POST", "u", counts ? "stockOnHand" : ""});
    w.see(ShopCancelled{"c", "1", {{"MUG", 1}}});
    w.see(ShopStockSet{"c", "MUG", "1", 5});
    EXPECT_EQ(w.violations.size(), counts ? 0U : 1U) << w.said();
    w.see(ShopStockSet{"c", "MUG", "1", 6});
    EXPECT_EQ(w.violations.size(), counts ? 1U : 2U) << w.said();
    w.time_ms += 60'000;
    w.see(ShopStockSet{"c", "MUG", "1", 5});
    EXPECT_EQ(w.violations.size(), counts ? 2U : 3U) << w.said();
  }
}
// Until the server hears of the cancellation, however long that takes, and not after.
TEST(ShownChecker, KnowsThatPiecesGivenBackAreFreeBeforeTheServerHearsOfIt) {
  World w(make_shown);
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 60'000;
  shelf(w, 5, 1);
  w.server.run("INSERT INTO p_line(ord, line, sku, quantity) VALUES(1,1,'MUG',2)");
  w.see(ShopSold{"c", "1", {{"MUG", 2}}});
  w.see(ChannelAsked{"c", "POST", "u", "stockOnHand"});
  w.see(ShopCancelled{"c", "1", {{"MUG", 1}}});
  w.time_ms += 60'000;
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 0U) << w.said();
  w.see(ShopStockSet{"c", "MUG", "1", 6});
  EXPECT_EQ(w.violations.size(), 1U) << w.said();
  w.server.run("UPDATE p_line SET cancelled = 1");
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 2U) << w.said();
  w.see(ShopCancelled{"c", "1", {{"MUG", 1}}});
  w.see(ShopStockSet{"c", "MUG", "1", 5});
  EXPECT_EQ(w.violations.size(), 2U) << w.said();
}

void parcel(World& w) {
  w.server.run("INSERT INTO p_order VALUES(1,'c:1','c','1','packed')");
  w.server.run("INSERT INTO p_lease VALUES('c:1/1',1,1,'x','one','done','T1')");
  w.server.run("INSERT INTO p_parcel VALUES('c:1/1',1,'MUG',2,2)");
  w.see(ShopSold{"c", "1", {{"MUG", 2}}});
}
// The box was opened after T0 was told, packed again as T1, and a person was asked.
void packed_again(World& w, const std::string& action) {
  parcel(w);
  w.see(ShopFulfilled{"c", "1", "T0", {{"MUG", 2}}});
  w.fact("exception.raised",
         R"("exception":"e","kind":"told_twice","subject":"c:1#T1","what":"","context":"")");
  if (!action.empty())
    w.fact("exception.resolved", R"("exception":"e","by":"","action":")" + action + "\"");
}
TEST(EffectsChecker, KnowsAParcelThatAPersonKeptUntold) {
  World w(make_effects);
  packed_again(w, "keep_first");
  EXPECT_EQ(w.end(), 0U) << w.said();
  World untold(make_effects);
  packed_again(untold, "");
  EXPECT_EQ(untold.end(), 1U) << untold.said();
  World gone(make_effects);
  packed_again(gone, "keep_first");
  gone.see(ShopParcelTakenBack{"c", "1", "T0"});
  EXPECT_EQ(gone.end(), 1U) << gone.said();
}
TEST(EffectsChecker, KnowsThatTheFirstParcelWasTakenBackByHand) {
  World w(make_effects);
  packed_again(w, "tell");
  w.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 2}}});
  w.see(ShopParcelTakenBack{"c", "1", "T0"});
  EXPECT_EQ(w.end(), 0U) << w.said();
  World both(make_effects);
  packed_again(both, "tell");
  both.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 2}}});
  EXPECT_EQ(both.end(), 1U) << both.said();
}
TEST(EffectsChecker, WantsEachParcelToldOnce) {
  World w(make_effects);
  parcel(w);
  w.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 2}}});
  EXPECT_EQ(w.end(), 0U) << w.said();
  World never(make_effects);
  parcel(never);
  EXPECT_EQ(never.end(), 1U) << never.said();
  World twice(make_effects);
  parcel(twice);
  for (int i = 0; i < 2; ++i) twice.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 2}}});
  EXPECT_EQ(twice.violations.size(), 1U) << twice.said();
}
TEST(EffectsChecker, SeesMorePiecesToldThanWereSold) {
  World w(make_effects);
  parcel(w);
  w.see(ShopFulfilled{"c", "1", "T1", {{"MUG", 3}}});
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(EffectsChecker, CountsBookings) {
  for (const int times : {0, 1, 2}) {
    World w(make_effects);
    w.see(StockBooked{"MUG", "x", 5});
    for (int i = 0; i < times; ++i) moved(w, 5, 5, "('MUG','x/shelf',5)");
    EXPECT_EQ(w.end(), times == 1 ? 0U : 1U) << w.said();
  }
}

TEST(ReplayChecker, SeesAnotherStateAndAnotherFold) {
  World w(make_replay);
  EXPECT_EQ(w.end(), 0U) << w.said();
  w.see(ReplayVerified{false, "p_line"});
  EXPECT_EQ(w.violations.size(), 1U);
  World fold(make_replay);
  fold.fact("order.received", R"("order":"c:1")");
  EXPECT_EQ(fold.end(), 1U) << fold.said();
}
// What could be read only in part is neither right nor wrong: that alone is said.
TEST(AnyChecker, SaysAtTheEndWhenItCouldNotReadAllAndJudgesNothing) {
  for (auto* make : {make_replay, make_ledger, make_queues, make_units, make_limits, make_flow}) {
    World w(make);
    w.fact("order.received", R"("order":"c:1")");
    w.see(ShopSold{"c", "1", {{"MUG", 1}}});
    for (const char* table : {"p_told", "p_move", "import_job", "p_line", "stream_in", "outbox"}) {
      w.server.run("DROP TABLE IF EXISTS " + std::string(table));
    }
    EXPECT_EQ(w.end(), 1U) << w.said();
    EXPECT_NE(w.said().find("only in part"), std::string::npos) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
