// kits: each promise that it watches, broken once.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

// SET is 2 MUG and 1 LID, BIG is 2 SET.
void kits(World& w) {
  w.fact("kit.defined",
         R"("sku":"SET","parts":[{"sku":"MUG","pieces":2},{"sku":"LID","pieces":1}])");
  w.fact("kit.defined", R"("sku":"BIG","parts":[{"sku":"SET","pieces":2}])");
  w.server.run("INSERT INTO p_kit VALUES('SET','MUG',2),('SET','LID',1),('BIG','SET',2)");
}
void bought(World& w, const std::string& sku, int pieces) {
  w.fact("order.received", R"("order":"c:1","lines":[{"line":1,"sku":")" + sku +
                               R"(","quantity":)" + std::to_string(pieces) + "}]");
  w.server.run("INSERT INTO p_order VALUES(1,'c:1','c','1','open')");
}
void line(World& w, const std::string& sku, int pieces) {
  w.server.run("INSERT INTO p_line(ord, line, sku, quantity) VALUES(1,2,'" + sku + "'," +
               std::to_string(pieces) + ")");
}

TEST(KitsChecker, WantsAllPiecesOfAKitWithinAKit) {
  for (const int mugs : {8, 4}) {
    World w(make_kits);
    kits(w);
    bought(w, "BIG", 2);
    line(w, "MUG", mugs);
    line(w, "LID", 4);
    EXPECT_EQ(w.look(), mugs == 8 ? 0U : 1U) << w.said();
  }
}
TEST(KitsChecker, KnowsTheRecipeOfTheDayAnOrderCame) {
  World w(make_kits);
  kits(w);
  bought(w, "SET", 1);
  line(w, "MUG", 2);
  line(w, "LID", 1);
  w.fact("kit.defined", R"("sku":"SET","parts":[{"sku":"MUG","pieces":5}])");
  EXPECT_EQ(w.look(), 0U) << w.said();
}
TEST(KitsChecker, SeesMoreKitsToldThanTheirPartsMake) {
  for (const int told : {2, 3}) {
    World w(make_kits);
    kits(w);
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',6),('LID','x/shelf',9)");
    w.server.run("INSERT INTO p_reservation VALUES(1,1,'x','','MUG',1)");
    ASSERT_EQ(w.look(), 0U);
    w.see(
        ChannelAsked{"c", "POST", "u",
                     R"({"type":"stock.figure","stock":{"sku":"SET","location":"1","available":)" +
                         std::to_string(told) + "}}"});
    EXPECT_EQ(w.violations.size(), told == 2 ? 0U : 1U) << w.said();
  }
}
TEST(KitsChecker, SeesPiecesGivenThatWereNotFree) {
  for (const int free : {4, 3}) {
    World w(make_kits);
    kits(w);
    bought(w, "SET", 2);
    line(w, "MUG", 4);
    line(w, "LID", 2);
    w.fact("decision.made",
           R"("kind":"routing","subject":"c:1","inputs":[{"name":"atp x MUG","value":")" +
               std::to_string(free) +
               R"("}],"allocations":[{"line":2,"sku":"MUG","quantity":4,"site":"x"}])");
    EXPECT_EQ(w.look(), free == 4 ? 0U : 1U) << w.said();
  }
}
TEST(KitsChecker, WantsAsManyKitsToldAsLieWholeInBoxes) {
  for (const int told : {1, 2}) {
    World w(make_kits);
    kits(w);
    bought(w, "SET", 2);
    line(w, "MUG", 4);
    line(w, "LID", 2);
    w.server.run("INSERT INTO p_lease VALUES('c:1/1',1,1,'x','one','done','T')");
    w.server.run("INSERT INTO p_parcel VALUES('c:1/1',2,'MUG',3,3),('c:1/1',3,'LID',2,2)");
    w.see(ShopFulfilled{"c", "1", "T", {{"SET", told}}});
    EXPECT_EQ(w.end(), told == 1 ? 0U : 1U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
