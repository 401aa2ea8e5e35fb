// promises: each promise that it watches, broken once.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

// The log's clock of these tests stands at 1,000,000 ms.
void limit(World& w, const std::string& released_ms) {
  w.fact("backorder.policy.set", R"("sku":"MUG","most":9,"preorder":true,"preorder_most":2,)"
                                 R"("released_ms":)" +
                                     released_ms);
}
void received(World& w, const std::string& id, int pieces, const std::string& more = "") {
  w.fact("order.received", R"("order":")" + id + R"(","placed_ms":5,"lines":[{"line":1,"sku":)" +
                               R"("MUG","quantity":)" + std::to_string(pieces) + "}]" + more);
}
void decided(World& w, const std::string& id, int given) {
  w.fact("decision.made", R"("kind":"routing","rule":"nearest","subject":")" + id +
                              R"(","allocations":[{"line":1,"sku":"MUG","site":"x","quantity":)" +
                              std::to_string(given) + "}]");
}

TEST(PromisesChecker, SeesWhatIsGivenBeforeItsRelease) {
  for (const char* released : {"900000", "2000000"}) {
    World w(make_promises);
    limit(w, released);
    received(w, "c:1", 1);
    decided(w, "c:1", 1);
    EXPECT_EQ(w.look(), std::string(released) == "900000" ? 0U : 1U) << w.said();
  }
}
TEST(PromisesChecker, SeesAPreorderMoreThanMayBe) {
  for (const int second : {1, 2}) {
    World w(make_promises);
    limit(w, "2000000");
    received(w, "c:1", 1);
    decided(w, "c:1", 0);
    received(w, "c:2", second);
    decided(w, "c:2", 0);
    EXPECT_EQ(w.look(), second == 1 ? 0U : 1U) << w.said();
  }
}
TEST(PromisesChecker, WantsTheFirstServedFirst) {
  for (const char* more : {"", R"(,"vip":true)"}) {
    World w(make_promises);
    received(w, "c:1", 1);
    decided(w, "c:1", 0);
    received(w, "c:2", 1, more);
    decided(w, "c:2", 0);
    decided(w, "c:2", 1);
    EXPECT_EQ(w.look(), std::string(more).empty() ? 1U : 0U) << w.said();
  }
}
TEST(PromisesChecker, SeesWhoWaitsForWhatLiesThere) {
  for (const int free : {1, 2}) {
    World w(make_promises);
    w.server.run("ALTER TABLE p_order ADD COLUMN held DEFAULT 0");
    received(w, "c:1", 2);
    decided(w, "c:1", 0);
    w.server.run("INSERT INTO p_order(ord, id, state) VALUES(1,'c:1','backordered')");
    w.server.run("INSERT INTO p_line(ord, line, sku, quantity, backordered) VALUES(1,1,'MUG',2,2)");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',3)");
    w.server.run("INSERT INTO p_reservation VALUES(2,1,'x','','MUG'," + std::to_string(3 - free) +
                 ")");
    EXPECT_EQ(w.end(), free == 1 ? 0U : 1U) << w.said();
  }
}
// It waits for a release that had come before the server's clock was set back.
TEST(PromisesChecker, GoesByTheClockAsItIsAtTheEnd) {
  for (const char* last : {"1000000", "2000000"}) {
    World w(make_promises);
    w.server.run("ALTER TABLE p_order ADD COLUMN held DEFAULT 0");
    limit(w, "1500000");
    received(w, "c:1", 2);
    decided(w, "c:1", 0);
    for (const char* heard : {"2000000", last}) {
      w.fact("stock.counted", R"("sku":"CUP")");
      w.server.run(std::string("UPDATE events SET heard_ms = ") + heard +
                   " WHERE position = " + std::to_string(w.position));
    }
    w.server.run("INSERT INTO p_order(ord, id, state) VALUES(1,'c:1','backordered')");
    w.server.run("INSERT INTO p_line(ord, line, sku, quantity, backordered) VALUES(1,1,'MUG',2,2)");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf',3)");
    EXPECT_EQ(w.end(), std::string(last) == "2000000" ? 1U : 0U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
