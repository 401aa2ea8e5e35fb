// Snapshots between the real programs' machines: PROTOCOL.md section 10.
#include <gmock/gmock.h>

#include "tests/restore/fleet_world.hpp"

namespace dockline::restore {
namespace {

using ::testing::IsEmpty;

struct Snapshot : ::testing::Test {
  void TearDown() override {
    EXPECT_THAT(w.hub_rejected, IsEmpty());
    for (const auto& [name, c] : w.computers) EXPECT_THAT(c->rejected, IsEmpty()) << name;
    w.run_for(1'000);
    const auto report = server::verify_replay(w.config.db_path, w.folder.string()).value();
    EXPECT_TRUE(report.equal);
  }
  std::int64_t items(Computer& c) { return c.turn->app()->figures().items; }
  FleetWorld w;
};

TEST_F(Snapshot, ANewStationKnowsEveryItemAndOrderThoughNoRowTellsOfThem) {
  for (int i = 0; i < 1'000; ++i) w.stock("SKU-" + std::to_string(i), 5);
  const auto id = w.order("1001", "SKU-7", 2);
  auto& c = w.start("a");
  w.run_for(5'000);
  EXPECT_EQ(items(c), 1'000);
  EXPECT_GT(w.wire_kinds["part"], 1U);
  w.pack(c, "1001", "SKU-7-BC", 2, "DL0000000001");
  w.run_for(2'000);
  EXPECT_EQ(w.look(id).order.state, "packed");
}

TEST_F(Snapshot, AStationThatWasAwayForLongerThanRowsAreKeptGetsTheStateAndLosesNothingOfItsOwn) {
  w.stock("MUG", 500'000);
  const auto first = w.order("1", "MUG", 3);
  auto& c = w.start("a");
  w.run_for(5'000);
  w.offline(c);
  w.count_pieces(c, "1", "MUG-BC", 2);  // in the middle of an order
  for (int i = 0; i < static_cast<int>(base::limits::kDownOutboxRowsMax) + 2'000; ++i) {
    server::RegisterItem item{
        {"MUG", "title " + std::to_string(i), std::nullopt, {{"MUG-BC", 1}}, 1}, {}};
    (void)w.ask(std::move(item));
    if (i % 100 == 0) w.run_for(100, 100);
  }
  const auto second = w.order("2", "MUG", 1);
  EXPECT_LE(w.number("SELECT count(*) FROM stream_out_row"),
            static_cast<std::int64_t>(base::limits::kDownOutboxRowsMax * 105 / 100));
  const auto parts = w.wire_kinds["part"];
  c.online = true;
  w.run_for(150'000);
  EXPECT_GT(w.wire_kinds["part"], parts);
  EXPECT_EQ(w.banner(c), "item-accepted");  // the screen did not move
  w.scan(c, "MUG-BC");
  w.print_well(c);
  w.scan(c, "DL0000000001");
  w.run_for(2'000);
  EXPECT_EQ(w.look(first).order.state, "packed");
  w.pack(c, "2", "MUG-BC", 1, "DL0000000002");
  w.run_for(2'000);
  EXPECT_EQ(w.look(second).order.state, "packed");
  EXPECT_EQ(c.prints.size(), 2U);
}

TEST_F(Snapshot, AnOrderCancelledWholeBeforeAnOldImageHeardOfItIsGivenBack) {
  w.stock("MUG", 5);
  auto& c = w.start("a");
  w.run_for(5'000);
  copy_database(w.disk("a"), w.folder / "image.db");
  for (int i = 0; i < 1'200; ++i) {  // so that the image is behind what the server still has
    (void)w.ask(server::RegisterItem{
        {"MUG", "title " + std::to_string(i), std::nullopt, {{"MUG-BC", 1}}, 1}, {}});
    if (i % 100 == 0) w.run_for(200);
  }
  w.run_for(3'000);
  w.stop("a");
  const auto id = w.order("1", "MUG", 2);
  w.run_for(1'000);
  (void)w.ask(server::CancelOrder{id, "changed my mind", {}});
  const auto* revoking = "SELECT count(*) FROM p_lease WHERE state = 'revoking'";
  EXPECT_EQ(w.number(revoking), 1);
  copy_database(w.folder / "image.db", w.disk("a"));
  const auto parts = w.wire_kinds["part"];
  w.start("a");
  w.run_for(8'000);
  EXPECT_GT(w.wire_kinds["part"], parts);
  EXPECT_EQ(w.number(revoking), 0) << "the server waits for it for ever";
  EXPECT_EQ(c.turn->app()->figures().orders, 0);
}

TEST_F(Snapshot, GoesOnAfterAServerRestartAndAStationRestartInTheMiddle) {
  for (int i = 0; i < 3'000; ++i) w.stock("SKU-" + std::to_string(i), 5);
  w.start("a");
  for (int round = 0; round < 6; ++round) {
    w.run_for(1'100, 20);
    if (round % 2 == 0) {
      w.start_hub();
    } else {
      w.start("a");
    }
  }
  w.run_for(30'000);
  EXPECT_EQ(items(*w.computers["a"]), 3'000);
}

TEST_F(Snapshot, TrimsDownRowsThatTheStationHas) {
  w.stock("MUG", 5);
  w.start("a");
  w.run_for(3'000);
  for (int i = 0; i < 2'000; ++i) {
    (void)w.ask(server::RegisterItem{
        {"MUG", "title " + std::to_string(i), std::nullopt, {{"MUG-BC", 1}}, 1}, {}});
    if (i % 100 == 0) w.run_for(200);
  }
  w.run_for(3'000);
  EXPECT_LT(w.number("SELECT count(*) FROM stream_out_row"), 600);
  EXPECT_EQ(w.number("SELECT last - base - (SELECT count(*) FROM stream_out_row) FROM stream_out"),
            0);
}

}  // namespace
}  // namespace dockline::restore
