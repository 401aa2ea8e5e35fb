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
void sold(World& w, const std::string& order, const std::string& more) {
  w.fact("order.received",
         R"("order":")" + order + R"(","channel":"c","customer":"ada","ship_to":)" +
             R"({"name":"Ada"},"lines":[{"line":1,"sku":"MUG","quantity":1}])" + more);
}
void given(World& w, const std::string& order, const std::string& bench) {
  w.fact("order.released", R"("order":")" + order + R"(","work":{"lease":")" + order +
                               R"(/1","epoch":1},"site":"x","station":")" + bench +
                               R"(","label":{"tracking":"T1"})");
}
TEST(LifeChecker, SeesStrangersInOneParcel) {
  for (const char* change :
       {"", R"(,"customer":"ben")", R"(,"ship_to":{"name":"Ben"})", R"(,"channel":"d")"}) {
    World w(make_life);
    sold(w, "c:1", "");
    sold(w, "c:2", change);
    w.fact("orders.merged", R"("orders":["c:1","c:2"])");
    EXPECT_EQ(w.look(), *change == 0 ? 0U : 1U) << change << w.said();
  }
}
TEST(LifeChecker, SeesALabelOfAnotherOrder) {
  for (const std::string what : {"together", "strangers", "elsewhere", "closed", "apart"}) {
    World w(make_life);
    sold(w, "c:1", "");
    sold(w, "c:2", "");
    if (what != "strangers") w.fact("orders.merged", R"("orders":["c:1","c:2"])");
    given(w, "c:1", "one");
    if (what == "closed") {
      w.fact("pack.closed", R"("order":"c:1","work":{"lease":"c:1/1","epoch":1},"lines":[])",
             "/x/one");
    }
    if (what == "apart") {
      w.fact("order.amended", R"("order":"c:2","lines":[],"ship_to":{"name":"Ada B."})");
    }
    given(w, "c:2", what == "elsewhere" ? "two" : "one");
    EXPECT_EQ(w.look(), what == "together" ? 0U : 1U) << what << w.said();
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
