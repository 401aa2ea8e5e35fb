// Disks come back in the ways people bring them back: PROTOCOL.md sections 8 and 9.
#include <gmock/gmock.h>

#include "tests/restore/fleet_world.hpp"

namespace dockline::restore {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

struct Restore : ::testing::Test {
  void SetUp() override { w.stock("MUG", 100); }
  void TearDown() override {
    EXPECT_THAT(w.hub_rejected, IsEmpty());
    for (const auto& [name, c] : w.computers) EXPECT_THAT(c->rejected, IsEmpty()) << name;
    const auto report = server::verify_replay(w.config.db_path, w.folder.string()).value();
    EXPECT_TRUE(report.equal);
  }
  FleetWorld w;
};

TEST_F(Restore, AReplacedDiskKnowsWhatIsDoneAndPrintsNothingTwice) {
  const auto done = w.order("1", "MUG", 1);
  const auto begun = w.order("2", "MUG", 3);
  const auto open = w.order("3", "MUG", 1);
  auto& c = w.start("a");
  w.run_for(5'000);
  w.pack(c, "1", "MUG-BC", 1, "DL0000000001");
  w.count_pieces(c, "2", "MUG-BC", 2);
  w.run_for(2'000);
  EXPECT_EQ(c.prints.size(), 1U);

  w.stop("a");
  for (const char* tail : {"", "-wal", "-shm"}) fs::remove(w.disk("a").string() + tail);
  w.start("a");
  w.run_for(5'000);
  ASSERT_TRUE(w.resolve("lease_holder", "use_new"));  // another memory: a person says it works
  w.run_for(5'000);
  w.scan(c, "1");  // closed long ago
  EXPECT_EQ(c.prints.size(), 1U);
  EXPECT_EQ(w.look(done).order.state, "packed");
  w.scan(c, "2");  // its two counted pieces are in the box: one is wanted
  w.scan(c, "MUG-BC");
  ASSERT_EQ(c.prints.size(), 2U);
  w.print_well(c);
  w.scan(c, "DL0000000002");
  w.pack(c, "3", "MUG-BC", 1, "DL0000000003");
  w.run_for(3'000);
  for (const auto& id : {begun, open}) EXPECT_EQ(w.look(id).order.state, "packed") << id;
  EXPECT_EQ(w.look(begun).lines[0].packed, 3);
  EXPECT_EQ(w.count("dockline.pack.closed.v1"), 3);
}

TEST_F(Restore, ALabelPrintedBeforeTheDiskWasReplacedIsAskedAboutAndNotPrintedAgain) {
  w.order("1", "MUG", 2);
  auto& c = w.start("a");
  w.run_for(5'000);
  w.count_pieces(c, "1", "MUG-BC", 2);
  ASSERT_EQ(c.prints.size(), 1U);
  firmware::PrintReport report;
  report.device = "zebra";
  report.job = c.prints.back().job;
  for (const auto step : {firmware::PrintStep::prepared, firmware::PrintStep::sent}) {
    report.step = step;
    report.state = firmware::DeviceState::ready;
    w.input(c, agent::PrinterReport{report});
  }
  w.run_for(2'000);
  w.stop("a");
  for (const char* tail : {"", "-wal", "-shm"}) fs::remove(w.disk("a").string() + tail);
  w.start("a");
  w.run_for(5'000);
  ASSERT_TRUE(w.resolve("lease_holder", "use_new"));  // another memory: a person says it works
  w.run_for(5'000);
  w.scan(c, "1");
  EXPECT_EQ(c.prints.size(), 1U);
  EXPECT_EQ(w.banner(c), "label-unknown");
  w.scan(c, "DL0000000001");  // the person finds it and scans it
  w.run_for(2'000);
  EXPECT_EQ(w.count("dockline.pack.closed.v1"), 1);
  EXPECT_EQ(c.prints.size(), 1U);
}

TEST_F(Restore, AnOldImageForksLearnsWhatItMissedAndPrintsNothingTwice) {
  const auto first = w.order("1", "MUG", 1);
  const auto second = w.order("2", "MUG", 2);
  auto& c = w.start("a");
  w.run_for(5'000);
  w.scan(c, "1");  // the image is taken with this order open
  w.run_for(2'000);
  copy_database(w.disk("a"), w.folder / "image.db");
  w.scan(c, "MUG-BC");
  w.print_well(c);
  w.scan(c, "DL0000000001");
  w.scan(c, "2");
  w.scan(c, "MUG-BC");
  w.run_for(3'000);
  EXPECT_EQ(w.look(first).order.state, "packed");

  w.stop("a");
  copy_database(w.folder / "image.db", w.disk("a"));
  w.start("a");
  w.run_for(8'000);
  EXPECT_THAT(w.exceptions(), Contains("store_restored"));
  w.scan(c, "1");
  w.scan(c, "MUG-BC");
  EXPECT_EQ(c.prints.size(), 1U);  // its label was printed in the life the image knows nothing of
  w.scan(c, "2");
  w.scan(c, "MUG-BC");
  w.run_for(1'000);
  ASSERT_EQ(c.prints.size(), 2U);
  w.print_well(c);
  w.scan(c, "DL0000000002");
  w.run_for(3'000);
  EXPECT_EQ(w.look(second).order.state, "packed");
  EXPECT_EQ(w.look(second).lines[0].packed, 2);
  EXPECT_EQ(w.count("dockline.pack.closed.v1"), 2);
  EXPECT_EQ(w.number("SELECT count(*) FROM stream_in WHERE station = 'bench-1'"), 2);
}

TEST_F(Restore, AClonedDiskSendsItsFactsInAStreamOfItsOwnAndAPersonIsTold) {
  w.order("1", "MUG", 1);
  auto& a = w.start("a");
  w.run_for(5'000);
  w.stop("a");
  copy_database(w.disk("a"), w.disk("b"));
  w.start("a");
  auto& b = w.start("b");
  w.run_for(20'000);
  EXPECT_THAT(w.exceptions(),
              ::testing::AnyOf(Contains("two_computers"), Contains("store_restored")));
  w.scan(a, "PROBLEM");
  w.scan(b, "PROBLEM");
  w.scan(a, "UNKNOWN-A");
  w.scan(b, "UNKNOWN-B");
  w.run_for(60'000);
  EXPECT_EQ(a.turn->app()->figures().waiting, 0U);
  EXPECT_EQ(b.turn->app()->figures().waiting, 0U);
  EXPECT_TRUE(a.turn->app()->figures().streaming);
  EXPECT_TRUE(b.turn->app()->figures().streaming);
  EXPECT_GE(w.number("SELECT count(*) FROM stream_in WHERE station = 'bench-1'"), 2);
}

TEST_F(Restore, AServerRestoredFromItsNewestStateGetsBackWhatItAcknowledged) {
  const auto id = w.order("1", "MUG", 2);
  auto& c = w.start("a");
  w.run_for(5'000);
  w.stop_hub();
  copy_database(w.config.db_path, w.folder / "backup.db");
  w.start_hub();
  w.run_for(5'000);
  w.pack(c, "1", "MUG-BC", 2, "DL0000000001");
  w.run_for(3'000);
  EXPECT_EQ(w.look(id).order.state, "packed");
  const auto facts = w.number("SELECT count(*) FROM events WHERE source = '/leipzig/bench-1'");

  w.stop_hub();
  copy_database(w.folder / "backup.db", w.config.db_path);
  w.start_hub();
  w.run_for(120'000, 50);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_GE(w.number("SELECT count(*) FROM events WHERE source = '/leipzig/bench-1'"), facts);
  EXPECT_EQ(c.prints.size(), 1U);
}

TEST_F(Restore, AServerRestoredFromAnOlderBackupTellsEachGapThatTheStationNoLongerHolds) {
  w.order("1", "MUG", 2);
  auto& c = w.start("a");
  w.run_for(5'000);
  w.stop_hub();
  copy_database(w.config.db_path, w.folder / "backup.db");
  w.start_hub();
  w.pack(c, "1", "MUG-BC", 2, "DL0000000001");
  w.run_for(70'000, 50);  // acked, safe (no backups are configured) and deleted at the station

  w.stop_hub();
  copy_database(w.folder / "backup.db", w.config.db_path);
  w.start_hub();
  w.run_for(120'000, 50);
  EXPECT_THAT(w.exceptions(), Contains("gap"));
  EXPECT_EQ(c.turn->app()->figures().waiting, 0U);
  EXPECT_TRUE(c.turn->app()->figures().streaming);
  w.scan(c, "1");  // the bench does not pack it twice either
  EXPECT_EQ(c.prints.size(), 1U);
}

}  // namespace
}  // namespace dockline::restore
