// lots: what is packed by lot, serial and expiry.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

struct LotsChecker : ::testing::Test {
  void counted(std::int64_t expires_ms) {
    w.fact("pack.item.counted",
           R"("order":"c:1","work":{"lease":"a","epoch":1},"line":1,"sku":"MUG","quantity":1,)"
           R"("lot":{"expires_ms":)" +
               std::to_string(expires_ms) + "}",
           "/x/one");
    w.server.run("UPDATE events SET time_ms = 5000");
  }
  void closed(const std::string& lease, const std::string& lots, int packed = 2) {
    w.fact("pack.closed",
           R"("order":"c:1","work":{"lease":")" + lease + R"(","epoch":1},"label":{},"lines":[)" +
               R"({"line":1,"sku":"MUG","packed":)" + std::to_string(packed) +
               R"(,"missing":0,"lots":[)" + lots + "]}]",
           "/x/one");
  }
  static std::string serial(const char* name, int pieces = 1) {
    return std::string(R"({"lot":{"serial":")") + name + R"("},"quantity":)" +
           std::to_string(pieces) + "}";
  }
  World w{make_lots};
};

TEST_F(LotsChecker, IsContentWithPiecesThatAreGoodAndEachPackedOnce) {
  counted(6'000);
  closed("a", serial("S1") + "," + serial("S2"));
  closed("a", serial("S1") + "," + serial("S3"));  // opened and closed again
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST_F(LotsChecker, SeesAnExpiredPieceUnlessThatClockWasWrong) {
  counted(4'000);
  EXPECT_EQ(w.look(), 1U) << w.said();
  World other(make_lots);
  other.see(StationMishap{"x/one", Mishap::clock_jump, ""});
  other.fact("pack.item.counted",
             R"("order":"c:1","line":1,"sku":"MUG","quantity":1,"lot":{"expires_ms":-1})",
             "/x/one");
  EXPECT_EQ(other.look(), 0U) << other.said();
}
TEST_F(LotsChecker, SeesASerialInTwoBoxes) {
  closed("a", serial("S1"));
  closed("b", serial("S1"));
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST_F(LotsChecker, SeesASerialOfTwoPieces) {
  closed("a", serial("S1", 2));
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST_F(LotsChecker, SeesMorePiecesOfALotThanThereAre) {
  closed("a", serial("S1") + "," + serial("S2"), 1);
  EXPECT_EQ(w.look(), 1U) << w.said();
}

}  // namespace
}  // namespace dockline::sim
