// cases: what was done by the case, with fewer pieces in the log; a unit of two sizes that was
// taken.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

TEST(CasesChecker, WantsThePiecesOfSoManyCasesInTheLog) {
  for (const int pieces : {12, 2}) {
    World w(make_cases);
    w.see(CasesBooked{"dockline.delivery.received.v1", "MUG", "x", 12});
    w.fact("delivery.received",
           R"("sku":"MUG","site":"x","quantity":)" + std::to_string(pieces) + R"(,"damaged":0)");
    EXPECT_EQ(w.end(), pieces == 12 ? 0U : 1U) << w.said();
  }
}
TEST(CasesChecker, WantsEachOfThem) {
  for (const int times : {1, 2}) {
    World w(make_cases);
    w.see(CasesBooked{"dockline.stock.moved.v1", "MUG", "x", 6});
    w.see(CasesBooked{"dockline.stock.moved.v1", "MUG", "x", 6});
    for (int i = 0; i < times; ++i) {
      w.fact("stock.moved", R"("sku":"MUG","quantity":6,"from":"x/shelf","to":"x/quarantine")");
    }
    EXPECT_EQ(w.end(), times == 2 ? 0U : 1U) << w.said();
  }
}
TEST(CasesChecker, KnowsWhatACountFound) {
  for (const int counted : {18, 3}) {
    World w(make_cases);
    w.see(CasesBooked{"dockline.stock.counted.v1", "MUG", "x", 18});
    w.fact("stock.counted", R"("sku":"MUG","site":"x","counted":)" + std::to_string(counted));
    EXPECT_EQ(w.end(), counted == 18 ? 0U : 1U) << w.said();
  }
}
TEST(CasesChecker, SeesAUnitOfTwoSizesThatWasTaken) {
  for (const bool doubtful : {false, true}) {
    World w(make_cases);
    w.see(UnitTaken{"MUG", 6, doubtful});
    EXPECT_EQ(w.end(), doubtful ? 1U : 0U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
