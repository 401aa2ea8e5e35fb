// tasks: questions for a count, and their answers. And what a clock that is behind does to shelves.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

constexpr const char* kAsked = R"("task":"t","site":"x","sku":"MUG","station":"one")";
constexpr const char* kCounted = R"("site":"x","sku":"MUG","counted":7,"by":"one","task":"t")";

struct TasksChecker : ::testing::Test {
  void answer(const char* data, bool counts, const std::string& station = "/x/one") {
    w.fact("stock.counted", data, station);
    w.server.run("INSERT INTO p_count VALUES(" + std::to_string(w.position) + ",'" + station +
                 "'," + (counts ? "1" : "0") + ")");
  }
  void task(const std::string& state) {
    w.server.run("DELETE FROM p_count_task; INSERT INTO p_count_task VALUES('t','" + state + "')");
  }
  World w{make_tasks};
};

TEST_F(TasksChecker, IsContentWithOneAnswerAndALateOneThatChangesNothing) {
  w.fact("count.asked", kAsked);
  answer(kCounted, true);
  answer(kCounted, false, "/x/two");
  task("counted");
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST_F(TasksChecker, IsContentWithACountAtTheDeskThatAnswersATask) {
  w.fact("count.asked", kAsked);
  answer(kCounted, true, "/server");
  task("counted");
  answer(kCounted, false);
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST_F(TasksChecker, SeesAnAnswerThatCountsTwice) {
  w.fact("count.asked", kAsked);
  answer(kCounted, true);
  answer(kCounted, true, "/x/two");
  task("counted");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST_F(TasksChecker, SeesAnAnswerThatWasNotBooked) {
  w.fact("count.asked", kAsked);
  answer(kCounted, false);
  task("counted");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST_F(TasksChecker, SeesACountWithoutItsTask) {
  w.fact("count.asked", kAsked);
  answer(R"("site":"x","sku":"MUG","counted":7,"by":"one")", false);
  task("open");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST_F(TasksChecker, SeesABenchThatAnswersTwiceUnlessItsDiskIsAnother) {
  for (const bool another : {false, true}) {
    World world(make_tasks);
    world.fact("count.asked", kAsked);
    world.fact("stock.counted", kCounted, "/x/one");
    world.fact("stock.counted", kCounted, "/x/one");
    world.server.run("INSERT INTO p_count VALUES(2,'/x/one',1),(3,'/x/one',0)");
    world.server.run("INSERT INTO p_count_task VALUES('t','counted')");
    if (another) world.see(StationMishap{"x/one", Mishap::restored_image, ""});
    EXPECT_EQ(world.look(), another ? 0U : 1U) << world.said();
  }
}
TEST_F(TasksChecker, SeesATaskInAnotherState) {
  w.fact("count.asked", kAsked);
  w.fact("count.dropped", R"("task":"t","why":"x")");
  task("open");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST_F(TasksChecker, SeesAQuestionThatABenchKeeps) {
  w.fact("count.asked", kAsked);
  w.agent.run("INSERT INTO count_task VALUES('t','open')");
  task("open");
  EXPECT_EQ(w.end(), 0U) << w.said();
  w.fact("count.dropped", R"("task":"t","why":"x")");
  task("dropped");
  EXPECT_EQ(w.end(), 1U) << w.said();
}

// Asked, one piece moved at the desk, counted by a bench two seconds behind that packs two then.
TEST(ShelvesChecker, KnowsThatACountIsNotBeforeItsQuestionNorABoxBeforeTheCount) {
  for (const int books : {5, 7}) {
    World w(make_shelves);
    w.fact("count.asked", kAsked);
    w.server.run("UPDATE events SET heard_ms = 3000");
    w.fact("stock.counted", kCounted, "/x/one", R"("dlhlc":"0000000000010000")");
    w.server.run("UPDATE events SET time_ms = 3500, heard_ms = 4000 WHERE position = 2");
    w.fact("pack.closed", R"("lines":[{"line":1,"sku":"MUG","packed":2}])", "/x/one",
           R"("dlhlc":"0000000000020000")");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(books) + ")");
    EXPECT_EQ(w.look(), books == 5 ? 0U : 1U) << w.said();
  }
}

// A delivery booked while the server's clock was ahead; the clock set right, then asked and
// counted.
TEST(ShelvesChecker, KnowsThatWhatWasHeardBeforeAQuestionLiesBeforeItsCount) {
  for (const int books : {7, 14}) {
    World w(make_shelves);
    w.fact("stock.moved", R"("sku":"MUG","quantity":7,"from":"adjustment","to":"x/shelf")",
           "/server", R"("dlhlc":"0000000023280000")");
    w.fact("count.asked", kAsked);
    w.server.run("UPDATE events SET heard_ms = CASE position WHEN 1 THEN 9000 ELSE 3000 END");
    w.fact("stock.counted", kCounted, "/x/one", R"("dlhlc":"0000000100000000")");
    w.server.run("UPDATE events SET time_ms = 3500, heard_ms = 4000 WHERE position = 3");
    w.server.run("INSERT INTO p_balance VALUES('MUG','x/shelf'," + std::to_string(books) + ")");
    EXPECT_EQ(w.look(), books == 7 ? 0U : 1U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
