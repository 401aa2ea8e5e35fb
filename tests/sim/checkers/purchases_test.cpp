// purchases: each promise that it watches, broken once.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

struct Bought {
  Bought() {
    w.server.run("CREATE TABLE p_purchase(purchase, state)");
    w.server.run("CREATE TABLE p_delivery(delivery, closed_ms)");
    w.server.run("CREATE TABLE p_delivery_line(delivery, sku, quantity)");
    w.server.run("CREATE TABLE p_receipt(delivery, sku, quantity)");
  }
  void proposed(const std::string& id) {
    w.fact("purchase.proposed", R"("purchase":")" + id + R"(","supplier":"S","site":"x",)" +
                                    R"("lines":[{"line":1,"sku":"MUG","quantity":10}])");
  }
  void decided(const std::string& action) {
    w.fact("purchase.decided", R"("purchase":"P1","action":")" + action + "\"");
  }
  void announced(int pieces) {
    w.fact("delivery.announced",
           R"("delivery":"P1","purchase":"P1","supplier":"S","site":"x","lines":[{"line":1,)"
           R"("sku":"MUG","quantity":)" +
               std::to_string(pieces) + "}]");
    w.server.run("INSERT INTO p_delivery VALUES('P1',NULL)");
    w.server.run("INSERT INTO p_delivery_line VALUES('P1','MUG',10)");
  }
  void came(int pieces, int booked) {
    w.fact("delivery.received",
           R"("delivery":"P1","site":"x","sku":"MUG","quantity":)" + std::to_string(pieces));
    w.server.run("INSERT INTO p_receipt VALUES('P1','MUG'," + std::to_string(booked) + ")");
  }
  void ordered() {
    proposed("P1");
    decided("sent");
    announced(10);
    w.server.run("INSERT INTO p_purchase VALUES('P1','sent')");
  }
  World w{make_purchases};
};

TEST(PurchasesChecker, SeesTheSameProposedAgain) {
  for (const bool sold : {true, false}) {
    Bought b;
    b.proposed("P1");
    if (sold) b.w.fact("stock.moved", R"("sku":"MUG","from":"x/shelf","to":"adjustment")");
    b.proposed("P2");
    EXPECT_EQ(b.w.look(), sold ? 0U : 1U) << b.w.said();
  }
}
TEST(PurchasesChecker, SeesADecisionAfterAnother) {
  Bought b;
  b.proposed("P1");
  b.decided("dropped");
  EXPECT_EQ(b.w.look(), 0U) << b.w.said();
  b.decided("sent");
  EXPECT_EQ(b.w.look(), 1U) << b.w.said();
}
TEST(PurchasesChecker, WantsAnnouncedWhatWasOrdered) {
  for (const int pieces : {10, 9}) {
    Bought b;
    b.proposed("P1");
    b.decided("sent");
    b.announced(pieces);
    EXPECT_EQ(b.w.look(), pieces == 10 ? 0U : 1U) << b.w.said();
  }
}
TEST(PurchasesChecker, WantsStillToComeWhatHasNotCome) {
  for (const int booked : {4, 3}) {
    Bought b;
    b.ordered();
    b.came(4, booked);
    EXPECT_EQ(b.w.end(), booked == 4 ? 0U : 1U) << b.w.said();
  }
}
TEST(PurchasesChecker, WantsAPersonToldOfWhatCameDifferently) {
  for (const bool told : {true, false}) {
    Bought b;
    b.ordered();
    b.came(12, 12);
    if (told) b.w.fact("exception.raised", R"("kind":"delivery_differs","subject":"P1")");
    EXPECT_EQ(b.w.end(), told ? 0U : 1U) << b.w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
