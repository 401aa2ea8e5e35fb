// life: each promise that it watches, broken once.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

void received(World& w, int pieces) {
  w.fact("order.received", R"("order":"c:1","lines":[{"line":1,"sku":"MUG","quantity":)" +
                               std::to_string(pieces) + "}]");
}
void held(World& w, const std::string& what = "held") {
  w.fact(what == "held" ? "order.held" : "order.hold.released",
         R"("order":"c:1","reason":"doubt","about":"ship_to.city")");
}
void released(World& w, const std::string& tracking) {
  w.fact("order.released", R"("order":"c:1","work":{"lease":"c:1/1","epoch":1},"site":"x",)"
                           R"("station":"one","label":{"tracking":")" +
                               tracking + "\"}");
}
void decided(World& w, int allocated) {
  w.fact("decision.made", R"("kind":"routing","subject":"c:1","inputs":[{"name":"atp x MUG",)"
                          R"("value":")" +
                              std::to_string(allocated) +
                              R"("}],"allocations":[{"line":1,"sku":"MUG","quantity":)" +
                              std::to_string(allocated) + R"(,"site":"x"}])");
}

TEST(LifeChecker, SeesAHeldOrderThatIsGivenToABench) {
  for (const bool freed : {false, true}) {
    World w(make_life);
    received(w, 1);
    held(w);
    if (freed) held(w, "released");
    released(w, "T1");
    EXPECT_EQ(w.look(), freed ? 0U : 1U) << w.said();
  }
}
TEST(LifeChecker, SeesALabelOfAFormerAddress) {
  for (const char* label : {"T1", "T2"}) {
    World w(make_life);
    received(w, 1);
    released(w, "T1");
    w.fact("order.amended", R"("order":"c:1","lines":[],"ship_to":{"name":"Ada"})");
    released(w, label);
    EXPECT_EQ(w.look(), std::string(label) == "T1" ? 1U : 0U) << w.said();
  }
}
TEST(LifeChecker, SeesOnePieceMoreThanMayBePromised) {
  for (const int pieces : {3, 4}) {
    World w(make_life);
    w.fact("backorder.policy.set", R"("sku":"MUG","most":2)");
    received(w, pieces);
    decided(w, 1);
    EXPECT_EQ(w.look(), pieces == 3 ? 0U : 1U) << w.said();
  }
}
TEST(LifeChecker, SeesAHoldThatTheBooksLost) {
  World w(make_life);
  w.server.run("ALTER TABLE p_order ADD COLUMN held DEFAULT 0");
  w.server.run("INSERT INTO p_order(ord, id) VALUES(1, 'c:1')");
  received(w, 1);
  held(w);
  EXPECT_EQ(w.end(), 1U) << w.said();
}

}  // namespace
}  // namespace dockline::sim
