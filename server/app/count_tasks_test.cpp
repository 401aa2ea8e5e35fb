// Questions for a count: told to the station that is asked, withdrawn, in snapshots; and its
// answers, whatever its clock says.
#include <gmock/gmock.h>

#include "server/audit/audit.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using testing::Bench;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::World;

struct CountTasksTest : ::testing::Test {
  void SetUp() override {
    world.start();
    (void)world.bench("ulm", "bench-2");
    world.stock("MUG", "leipzig", 10);
    world.stock("POT", "leipzig", 4);
  }
  void TearDown() override {
    EXPECT_TRUE(world.verify().equal);
    const auto report = audit::check_files(world.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  Bench& bench() { return world.bench("leipzig", "bench-1"); }
  std::string ask(const std::string& sku = "MUG") {
    const auto reply = world.ask(AskCount{sku, "leipzig", "bench-1", "3 short picks"});
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    world.settle();
    return reply.id;
  }
  void desk(StockCommand command) {
    const auto reply = world.ask(std::move(command));
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    world.settle();
  }
  void answer(const std::string& task, domain::Quantity pieces) {
    bench().say(world.now, wire::StockCounted{"leipzig", "MUG", pieces, {}, task, {}, "bench-1"},
                "MUG");
  }
  std::vector<std::string> asked() {
    std::vector<std::string> out;
    for (const auto& one : bench().all<wire::CountAsked>()) out.push_back(one.task);
    return out;
  }
  std::vector<std::string> dropped() {
    std::vector<std::string> out;
    for (const auto& one : bench().all<wire::CountDropped>()) out.push_back(one.task);
    return out;
  }
  domain::Quantity on_hand() {
    const auto detail = world.reader->stock_of("MUG").value().value();
    for (const auto& figure : detail.stock.sites) {
      if (figure.site == "leipzig") return figure.on_hand;
    }
    return -1;
  }
  World world;
};

TEST_F(CountTasksTest, TheStationThatIsAskedHearsTheQuestionAndThatItIsAnswered) {
  (void)bench();
  const auto task = ask();
  ASSERT_THAT(asked(), ElementsAre(task));
  const auto told = bench().all<wire::CountAsked>().front();
  EXPECT_EQ(told.title, "MUG title");
  EXPECT_EQ(told.why, "3 short picks");
  ASSERT_EQ(told.barcodes.size(), 1U);
  EXPECT_EQ(told.barcodes[0].code, "MUG-BC");
  EXPECT_THAT(world.bench("ulm", "bench-2").all<wire::CountAsked>(), IsEmpty());
  answer(task, 8);
  world.settle();
  EXPECT_EQ(on_hand(), 8);
  EXPECT_THAT(dropped(), ElementsAre(task));
  EXPECT_TRUE(world.open_exceptions().empty());
}

TEST_F(CountTasksTest, WhatIsCountedAtTheDeskOrGivenUpIsWithdrawn) {
  (void)bench();
  const auto first = ask();
  const auto second = ask("POT");
  desk(CountStock{"MUG", "leipzig", 9, "A-03", "ada"});
  desk(DropCount{second, "not today"});
  EXPECT_THAT(dropped(), ElementsAre(first, second));
}

TEST_F(CountTasksTest, AWithdrawnQuestionsLateAnswerBooksNothingAndIsShown) {
  (void)bench();
  const auto task = ask();
  bench().connected = false;
  answer(task, 3);
  desk(CountStock{"MUG", "leipzig", 9, "", "ada"});
  bench().connected = true;
  world.connect(bench());
  world.settle();
  EXPECT_EQ(on_hand(), 9);
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"count_late"});
}

TEST_F(CountTasksTest, AnOlderProgramIsAskedNothingUntilItIsRenewed) {
  auto& old = world.benches[{"leipzig", "bench-1"}];
  old = std::make_unique<Bench>("leipzig", "bench-1", 4711);
  old->can.clear();
  world.connect(*old);
  world.settle();
  const auto task = ask();
  const auto gone = ask("POT");
  desk(DropCount{gone, "not today"});
  world.pass(3'000);
  EXPECT_THAT(asked(), IsEmpty());
  EXPECT_THAT(dropped(), IsEmpty());
  old->can = {"something-later", std::string(sync::kCanCount)};
  world.connect(*old);
  world.pass(3'000);
  EXPECT_THAT(asked(), ElementsAre(task));
}

TEST_F(CountTasksTest, ANewServerProcessAsksAgainWhatIsOpen) {
  (void)bench();
  const auto task = ask();
  world.turn.reset();
  world.start();
  world.connect(bench());
  world.pass(3'000);
  EXPECT_THAT(asked(), ElementsAre(task, task));  // which the station knows already
}

// Seed 4400162: the bench kept the question for good.
TEST_F(CountTasksTest, WhatEndsBeforeABenchIsHeardAgainIsWithdrawnAllTheSame) {
  (void)bench();
  const auto task = ask();
  bench().connected = false;
  world.turn.reset();
  world.start();
  desk(CountStock{"MUG", "leipzig", 9, "", "ada"});
  bench().connected = true;
  world.connect(bench());
  world.pass(3'000);
  EXPECT_THAT(dropped(), ElementsAre(task));
}

TEST_F(CountTasksTest, ANewDiskLearnsByItsSnapshotWhichQuestionsAreOpen) {
  (void)bench();
  const auto gone = ask("POT");
  const auto task = ask();
  desk(DropCount{gone, "not today"});
  auto& place = world.benches[{"leipzig", "bench-1"}];
  place = std::make_unique<Bench>("leipzig", "bench-1", 815);
  world.connect(*place);
  world.pass(5'000);
  EXPECT_GT(place->snapshots.swapped, 0);
  EXPECT_THAT(asked(), ElementsAre(task));
}

// ---------------------------------------------------------------- a clock that is behind
constexpr std::int64_t kBehindMs = 2 * 3'600'000;

struct CountByASlowClock : CountTasksTest, ::testing::WithParamInterface<bool> {};

// Asked, then one piece is moved at the desk, then counted by a bench that thinks it is two hours
// ago; then it packs three.
TEST_P(CountByASlowClock, ACountIsNotBeforeItsQuestionAndABoxNotBeforeTheCount) {
  (void)bench();
  (void)world.order("1", {{"MUG", 3}});
  ASSERT_EQ(bench().leases.size(), 1U);
  if (GetParam()) desk(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "dropped", {}});
  const auto task = ask();
  if (!GetParam()) {
    bench().offset_ms = kBehindMs;  // it knows: what moved since the question was seen too
    world.pass(2'000);
    desk(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "dropped", {}});
  }
  world.now.wall_ms -= kBehindMs;
  answer(task, 9);
  world.now.wall_ms += 1'000;
  world.say_pack(bench(), bench().leases.front());
  world.now.wall_ms += kBehindMs - 1'000;
  world.settle();
  EXPECT_EQ(on_hand(), 6);
  world.pass(1'000);
  desk(CountStock{"MUG", "leipzig", 5, "", "ada"});
  EXPECT_EQ(on_hand(), 5);
}

INSTANTIATE_TEST_SUITE_P(Knows, CountByASlowClock, ::testing::Bool());

}  // namespace
}  // namespace dockline::server
