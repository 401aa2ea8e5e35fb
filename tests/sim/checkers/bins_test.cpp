// bins: what lies in which bin of a shelf, and where benches are sent.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

struct BinsChecker : ::testing::Test {
  void SetUp() override {
    w.server.run("ALTER TABLE p_move ADD COLUMN from_bin DEFAULT ''");
    w.server.run("ALTER TABLE p_move ADD COLUMN to_bin DEFAULT ''");
    w.agent.run("ALTER TABLE work ADD COLUMN document BLOB");
    w.fact("bin.assigned", R"("sku":"MUG","site":"x","bin":"A-1")");
    fact("stock.moved", R"("sku":"MUG","quantity":10,"from":"supplier","to":"x/shelf")");
    move(10, "supplier", "x/shelf");
    shelf(10);
  }
  void fact(const std::string& type, const std::string& data) {
    w.fact(type, data);
    n = 0;
  }
  void move(int quantity, const std::string& from, const std::string& to,
            const std::string& from_bin = "", const std::string& to_bin = "",
            const std::string& reason = "") {
    w.server.run("INSERT INTO p_move VALUES(" + std::to_string(w.position) + "," +
                 std::to_string(n++) + ",'MUG'," + std::to_string(quantity) + ",'" + from + "','" +
                 to + "','" + reason + "','" + from_bin + "','" + to_bin + "')");
  }
  void shelf(int pieces) {
    w.server.run("DELETE FROM p_balance WHERE place = 'x/shelf'");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(pieces) + ")");
  }
  void holds(const std::string& bin, int pieces) {
    w.server.run("DELETE FROM p_bin_stock WHERE bin = '" + bin + "'");
    if (pieces == 0) return;
    w.server.run("INSERT INTO p_bin_stock VALUES('MUG','x','" + bin + "'," +
                 std::to_string(pieces) + ")");
  }
  // From the home bin into another one, as fact and in the books.
  void put(int pieces, const std::string& bin, int held) {
    fact("stock.moved", R"("sku":"MUG","quantity":)" + std::to_string(pieces) +
                            R"(,"from":"x/shelf","to":"x/shelf","to_bin":")" + bin + "\"");
    move(pieces, "x/shelf", "x/shelf", "", bin);
    holds(bin, held);
  }
  void packed(int pieces, int left) {
    fact("pack.closed",
         R"("lines":[{"line":1,"sku":"MUG","packed":)" + std::to_string(pieces) + "}]");
    move(pieces, "x/shelf", "x/packed");
    shelf(left);
  }
  void counted(int pieces, const std::string& bin) {
    fact("stock.counted", R"("site":"x","sku":"MUG","counted":)" + std::to_string(pieces) +
                              R"(,"by":"ada","bin":")" + bin + "\"");
  }
  [[nodiscard]] bool says(const std::string& what) {
    return w.said().find(what) != std::string::npos;
  }
  World w{make_bins};
  int n = 0;
};

TEST_F(BinsChecker, IsContentWithWhatIsPutIntoBinsAndComesOutOfThem) {
  put(4, "B-2", 4);
  put(3, "C-3", 3);
  EXPECT_EQ(w.look(), 0U) << w.said();
  packed(5, 5);  // three from the home bin, two from the first of the others
  move(2, "x/shelf", "x/shelf", "B-2", "", "bin");
  holds("B-2", 2);
  EXPECT_EQ(w.look(), 0U) << w.said();
  fact("stock.moved", R"("sku":"MUG","quantity":1,"from":"x/shelf","to":"x/damaged",)"
                      R"("from_bin":"B-2")");
  move(1, "x/shelf", "x/damaged", "B-2");
  holds("B-2", 1);
  fact("delivery.received", R"("site":"x","sku":"MUG","quantity":2,"bin":"C-3")");
  move(2, "supplier", "x/shelf", "", "C-3");
  holds("C-3", 5);
  shelf(6);
  fact("bin.assigned", R"("sku":"MUG","site":"x","bin":"B-2")");
  move(1, "x/shelf", "x/shelf", "B-2", "", "bin");
  holds("B-2", 0);
  w.all_bins = {{"MUG", "x", "B-2", 1, true}, {"MUG", "x", "C-3", 5}};
  EXPECT_EQ(w.end(), 0U) << w.said();
}

TEST_F(BinsChecker, SeesABinThatHoldsMoreThanItsShelfHas) {
  put(4, "B-2", 4);
  packed(8, 2);  // and nothing comes out of the bin
  EXPECT_NE(w.look(), 0U);
  EXPECT_TRUE(says("The bins hold 4 of MUG at x and their shelf 2.")) << w.said();
  EXPECT_TRUE(says("hold B-2: 4 by the books; by the facts B-2: 2.")) << w.said();
}

TEST_F(BinsChecker, SeesPiecesThatCameOutOfTheWrongBin) {
  put(4, "B-2", 4);
  put(3, "C-3", 3);
  packed(5, 5);
  move(2, "x/shelf", "x/shelf", "C-3", "", "bin");
  holds("C-3", 1);
  EXPECT_EQ(w.look(), 1U) << w.said();
}

TEST_F(BinsChecker, SeesABinThatIsNotTheSumOfItsMoves) {
  put(4, "B-2", 4);
  put(2, "C-3", 1);
  EXPECT_EQ(w.look(), 2U) << w.said();
  EXPECT_TRUE(says("Bin C-3 holds 1 of MUG at x by the books; its moves sum to 2.")) << w.said();
}

TEST_F(BinsChecker, SeesABinBelowNothing) {
  put(4, "B-2", 4);
  holds("C-3", -1);
  EXPECT_NE(w.look(), 0U);
  EXPECT_TRUE(says("Bin C-3 holds -1")) << w.said();
}

TEST_F(BinsChecker, SeesMoreBinsThanAreAllowed) {
  fact("stock.moved", R"("sku":"MUG","quantity":300,"from":"supplier","to":"x/shelf")");
  move(300, "supplier", "x/shelf");
  shelf(310);
  for (int i = 0; i < 200; ++i) put(1, "X-" + std::to_string(i), 1);
  EXPECT_EQ(w.look(), 0U) << w.said();
  put(1, "Y", 1);
  EXPECT_EQ(w.look(), 1U) << w.said();
}

TEST_F(BinsChecker, IsContentWithACountOfOneBin) {
  put(4, "B-2", 4);
  counted(3, "B-2");
  move(1, "x/shelf", "adjustment", "B-2", "", "count");
  holds("B-2", 3);
  shelf(9);
  counted(8, "A-1");
  move(2, "adjustment", "x/shelf", "", "", "count");
  shelf(11);
  EXPECT_EQ(w.look(), 0U) << w.said();
}

TEST_F(BinsChecker, SeesACountOfOneBinThatWasTakenForOneOfTheShelf) {
  put(4, "B-2", 4);
  counted(3, "B-2");
  move(7, "x/shelf", "adjustment", "", "", "count");
  move(1, "x/shelf", "x/shelf", "B-2", "", "bin");
  holds("B-2", 3);
  shelf(3);
  EXPECT_EQ(w.look(), 1U) << w.said();
  EXPECT_TRUE(says("found 3 of MUG at x where 4 were; the shelf moved by -7 for it.")) << w.said();
}

TEST_F(BinsChecker, KnowsThatTheNameIsARemarkAsLongAsAllLiesInOneBin) {
  counted(12, "Z-9");
  move(2, "adjustment", "x/shelf", "", "", "count");
  shelf(12);
  EXPECT_EQ(w.look(), 0U) << w.said();
}

TEST_F(BinsChecker, SeesThatTheHomeBinTookNothingAlong) {
  put(4, "B-2", 4);
  fact("bin.assigned", R"("sku":"MUG","site":"x","bin":"B-2")");
  EXPECT_EQ(w.look(), 1U) << w.said();
}

TEST_F(BinsChecker, SeesABenchThatIsSentToABinWithNothingInIt) {
  put(4, "B-2", 4);
  const auto work = [&](const std::string& bin, int second) {
    w.agent.run(
        "INSERT INTO work VALUES('l', 1, 'open', '" +
        World::body("g", "lease.granted",
                    R"("order":"c:1","lines":[{"line":1,"sku":"MUG","bin":")" + bin + "\"}]",
                    "/server",
                    World::born("inc", 1) + R"(,"time":"1970-01-01T00:)" + std::to_string(second) +
                        R"(:40.000Z")") +
        "')");
  };
  work("A-1, B-2", 16);  // heard at 1,000 s, the clock of this world: 00:16:40
  EXPECT_EQ(w.end(), 0U) << w.said();
  work("A-1, C-3", 16);  // never
  work("B-2", 15);       // not yet
  EXPECT_EQ(w.end(), 2U) << w.said();
}

TEST_F(BinsChecker, SeesABenchThatDoesNotKnowWhereAnArticleLies) {
  put(4, "B-2", 4);
  for (const char* right : {"A-1, B-2", "A-1 +1"}) {
    w.agent.run("DELETE FROM item");
    w.agent.run("INSERT INTO item VALUES('MUG', '" + std::string(right) + "')");
    EXPECT_EQ(w.end(), 0U) << w.said();
  }
  unsigned seen = 0;
  for (const char* wrong : {"A-1", "B-2", "A-1, B-2, C-3"}) {
    w.agent.run("DELETE FROM item");
    w.agent.run("INSERT INTO item VALUES('MUG', '" + std::string(wrong) + "')");
    EXPECT_EQ(w.end(), ++seen) << w.said();
  }
}

TEST_F(BinsChecker, SeesAnotherShelfThanTheDeskShows) {
  put(4, "B-2", 4);
  w.all_bins = {{"MUG", "x", "A-1", 6, true}, {"MUG", "x", "B-2", 3}};
  EXPECT_EQ(w.end(), 1U) << w.said();
}

}  // namespace
}  // namespace dockline::sim
