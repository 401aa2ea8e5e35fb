// What the policies leave: told at that moment, and shown at rest.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

struct PolicyBench {
  PolicyBench() {
    server.run("CREATE TABLE station(site, station, status, heard_ms)");
    server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',10)");
    server.run("INSERT INTO p_reservation VALUES(1,1,'x','','MUG',2)");
  }
  void policy(const std::string& values) {
    server.run("DELETE FROM p_policy");
    server.run("INSERT INTO p_policy VALUES" + values);
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

}  // namespace
}  // namespace dockline::sim
