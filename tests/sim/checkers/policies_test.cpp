// What the policies leave: told at that moment, and shown at rest.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

struct PolicyBench {
  PolicyBench() {
    server.run("CREATE TABLE station(site, station, status, heard_ms)");
    server.run("CREATE TABLE own_text(name, value)");
    server.run("INSERT INTO counter VALUES('boot',1)");
    server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',10)");
    server.run("INSERT INTO p_reservation VALUES(1,1,'x','','MUG',2)");
  }
  void policy(const std::string& values) {
    server.run("DELETE FROM p_policy");
    server.run("INSERT INTO p_policy VALUES" + values);
  }
  // A site of a quota of 5 pieces and two stations: 3 are of the first by name, 2 of the other.
  void quota() {
    policy("('MUG','x','',0,5,NULL,NULL,NULL,1)");
    server.run("INSERT INTO station VALUES('x','one','up',9000000),('x','two','up',9000000)");
  }
  void hears(const std::string& station) {
    server.run("UPDATE station SET heard_ms = 9000000 + " +
               std::to_string(time_ms - 1'000 + clock_ms) + " WHERE station = '" + station + "'");
  }
  void sets_clock(std::int64_t hours) {
    clock_ms += hours * 3'600'000;
    world.see(HubMishap{Mishap::clock_jump, "", hours * 3'600'000});
  }
  void moves_stamps(std::int64_t hours) {
    server.run("UPDATE station SET heard_ms = heard_ms + " + std::to_string(hours * 3'600'000));
  }
  void used(const std::string& station, int pieces) {
    world.fact("stock.moved", "", "/x/" + station);
    server.run("INSERT INTO p_move VALUES(" + std::to_string(world.position) + ",0,'MUG'," +
               std::to_string(pieces) + ",'x/shelf','adjustment','')");
  }
  std::size_t told(int pieces) {
    world.see(
        ChannelAsked{"c", "POST", "u",
                     R"({"type":"stock.figure","stock":{"sku":"MUG","location":"1","available":)" +
                         std::to_string(pieces) + "}}"});
    return world.violations.size();
  }
  std::size_t at_rest(const std::string& sku, int pieces) {
    world.all_shown = {{"c", sku, "x", pieces}};
    return world.end();
  }
  std::size_t look() { return world.look(); }
  std::string said() const { return world.said(); }

  World world{make_policies};
  testing::File& server = world.server;
  std::int64_t& time_ms = world.time_ms;
  std::int64_t clock_ms = 0;  // the server's, beside that
};

TEST(PoliciesChecker, SeesSafetyStockThatIsToldOnceThePolicyIsInForce) {
  PolicyBench w;
  w.policy("('MUG','x','',3,NULL,NULL,NULL,NULL,1)");
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 1'000;
  EXPECT_EQ(w.told(8), 0U) << w.said();  // it may have left before
  w.time_ms += 60'000;
  EXPECT_EQ(w.told(5), 0U) << w.said();
  EXPECT_EQ(w.told(6), 1U) << w.said();
}
TEST(PoliciesChecker, WantsShareBufferAndCapToTheLastPieceAtRest) {
  for (const int shows : {2, 3, 4}) {
    PolicyBench w;
    // 8 free, half of it, less 1
    w.policy("('','','c',NULL,NULL,500,1,NULL,1)");
    ASSERT_EQ(w.look(), 0U);
    EXPECT_EQ(w.at_rest("MUG", shows), shows == 3 ? 0U : 1U) << w.said();
  }
  PolicyBench w;
  w.policy("('MUG','','c',NULL,NULL,NULL,NULL,2,1)");
  EXPECT_EQ(w.at_rest("MUG", 3), 1U) << w.said();
}
TEST(PoliciesChecker, RoundsAShareDown) {
  PolicyBench w;
  w.policy("('','','c',NULL,NULL,900,NULL,NULL,1)");  // 7.2
  EXPECT_EQ(w.at_rest("MUG", 8), 1U) << w.said();
}
TEST(PoliciesChecker, MakesKitsOfTheirParts) {
  for (const int shows : {3, 4, 5}) {
    PolicyBench w;
    w.policy("('MUG','x','',0,NULL,NULL,NULL,NULL,1)");
    w.server.run("INSERT INTO p_kit VALUES('SET','MUG',2)");
    EXPECT_EQ(w.at_rest("SET", shows), shows == 4 ? 0U : 1U) << w.said();
  }
}
TEST(PoliciesChecker, TakesWhatIsBoughtWithoutASiteOffWithinWhatIsThere) {
  PolicyBench w;
  w.policy("('MUG','x','',0,NULL,NULL,NULL,NULL,1)");
  w.server.run("INSERT INTO p_line(ord, line, sku, quantity, backordered) VALUES(9,1,'MUG',3,3)");
  EXPECT_EQ(w.at_rest("MUG", 5), 0U) << w.said();
  EXPECT_EQ(w.at_rest("MUG", 4), 1U) << w.said();
}
TEST(PoliciesChecker, WantsTheQuotaOfAStationThatHasBeenSilentKeptBack) {
  PolicyBench w;
  w.quota();
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 110'000;
  w.hears("two");
  EXPECT_EQ(w.told(8), 0U) << w.said();  // it may have left before
  w.time_ms += 30'000;
  w.hears("two");
  EXPECT_EQ(w.told(5), 0U) << w.said();  // 8 free, 3 are of the first
  EXPECT_EQ(w.told(6), 1U) << w.said();
  w.hears("one");
  EXPECT_EQ(w.told(8), 1U) << w.said();
}
TEST(PoliciesChecker, KnowsWhoseQuotaItIs) {
  PolicyBench w;
  w.quota();
  w.server.run("INSERT INTO station VALUES('x','a-new-one','never',0),('x','old','down',1)");
  w.server.run("INSERT INTO own_text VALUES('off:x/old','1')");
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 140'000;
  w.hears("one");
  EXPECT_EQ(w.told(6), 0U) << w.said();  // 2 are of the second
  EXPECT_EQ(w.told(7), 1U) << w.said();
}
TEST(PoliciesChecker, LetsTheSilentStaySilentWhenTheClockIsSet) {
  for (const std::int64_t hours : {-1, 1}) {
    PolicyBench w;
    w.quota();
    ASSERT_EQ(w.look(), 0U);
    w.time_ms += 100'000;
    w.sets_clock(hours);
    w.moves_stamps(hours);
    ASSERT_EQ(w.look(), 0U);
    w.time_ms += 40'000;
    w.hears("two");
    EXPECT_EQ(w.told(5), 0U) << w.said();
    EXPECT_EQ(w.told(6), 1U) << w.said();
  }
}
TEST(PoliciesChecker, TakesNobodyForHeardBecauseTheClockWasSetBack) {
  PolicyBench w;
  w.quota();
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 100'000;
  w.sets_clock(-1);  // and the stamps stay
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 40'000;
  w.hears("two");
  EXPECT_EQ(w.told(6), 1U) << w.said();
}
TEST(PoliciesChecker, KnowsNoSilenceOfAServerWhoseClockWasSetWhileItWasOff) {
  PolicyBench w;
  w.quota();
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 100'000;
  w.sets_clock(-1);
  ASSERT_EQ(w.look(), 0U);  // off
  w.server.run("UPDATE counter SET value = 2");
  ASSERT_EQ(w.look(), 0U);
  w.time_ms += 40'000;
  w.hears("two");
  EXPECT_EQ(w.told(8), 0U) << w.said();
  w.time_ms += 100'000;
  w.hears("two");
  EXPECT_EQ(w.told(6), 1U) << w.said();
}
TEST(PoliciesChecker, KeepsThePartsOfTheSilentAtRestToTheLastPiece) {
  for (const int shows : {4, 5, 6}) {
    PolicyBench w;
    w.quota();
    w.time_ms += 300'000;
    w.hears("two");
    EXPECT_EQ(w.at_rest("MUG", shows), shows == 5 ? 0U : 1U) << w.said();
  }
}
TEST(PoliciesChecker, LeavesNothingToWhomNobodyIsSilent) {
  PolicyBench w;
  w.quota();
  EXPECT_EQ(w.at_rest("MUG", 5), 1U) << w.said();
}
TEST(PoliciesChecker, LetsASilentStationBeExpectedToUseWhatItUsedBefore) {
  for (const int shows : {3, 4, 5, 6}) {
    PolicyBench w;
    w.quota();
    w.used("one", 4);
    w.time_ms += 300'000;
    w.hears("two");
    EXPECT_EQ(w.at_rest("MUG", shows), shows == 4 || shows == 5 ? 0U : 1U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
