// A server restored from an old backup gets back from its benches what it once acknowledged:
// PROTOCOL.md sections 9 and 11.
#include <gmock/gmock.h>

#include "tests/restore/fleet_world.hpp"

namespace dockline::restore {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

struct Census : ::testing::Test {
  void SetUp() override {
    w.stock("MUG", 100);
    w.start("a");
    w.run_for(5'000);
    w.stop_hub();
    copy_database(w.config.db_path, w.folder / "backup.db");
    w.start_hub();
    w.run_for(5'000);
  }
  void TearDown() override {
    EXPECT_THAT(w.hub_rejected, IsEmpty());
    EXPECT_THAT(bench().rejected, IsEmpty());
    const auto report = server::verify_replay(w.config.db_path, w.folder.string()).value();
    EXPECT_TRUE(report.equal);
  }
  Computer& bench() { return *w.computers["a"]; }
  void restore(bool by_command) {
    w.stop_hub();
    copy_database(w.folder / "backup.db", w.config.db_path);
    if (by_command) {
      auto db = sqlite::Db::open(w.config.db_path, {}).value();
      ASSERT_TRUE(db.prepare("UPDATE counter SET value = 1 WHERE name = 'restored'").bind().run());
      ASSERT_TRUE(db.prepare("UPDATE counter SET value = value + 1 WHERE name = 'generation'")
                      .bind()
                      .run());
    }
    w.start_hub();
    w.run_for(120'000, 50);
  }
  void an_order_in_work_comes_back(bool by_command) {
    const auto packed = w.order("1", "MUG", 1);
    const auto begun = w.order("2", "MUG", 3);
    w.run_for(3'000);
    w.pack(bench(), "1", "MUG-BC", 1, "DL0000000001");
    w.count_pieces(bench(), "2", "MUG-BC", 2);
    w.run_for(2'000);
    restore(by_command);
    EXPECT_THAT(w.exceptions(), Not(Contains("restored"))) << "the only bench has answered";
    EXPECT_EQ(w.number("SELECT value FROM counter WHERE name = 'restored'"), 0);
    EXPECT_EQ(w.number("SELECT value FROM counter WHERE name = 'generation'"), 2);
    EXPECT_EQ(w.look(packed).order.state, "packed");
    EXPECT_EQ(w.look(begun).order.state, "released");
    w.scan(bench(), "MUG-BC");  // the packer noticed nothing
    w.print_well(bench());
    w.scan(bench(), "DL0000000002");
    w.run_for(5'000);
    EXPECT_EQ(w.look(begun).order.state, "packed");
    EXPECT_EQ(w.look(begun).order.tracking, "DL0000000002");
    EXPECT_EQ(bench().prints.size(), 2U);
    const auto next = w.order("3", "MUG", 1);
    w.run_for(3'000);
    w.count_pieces(bench(), "3", "MUG-BC", 1);
    w.print_well(bench());
    w.scan(bench(), w.look(next).order.tracking);
    w.run_for(3'000);
    EXPECT_EQ(w.look(next).order.state, "packed");
    EXPECT_GT(w.look(next).order.tracking, "DL0000000002") << "no number twice";
    EXPECT_THAT(w.exceptions(), Not(Contains("fenced_work")));
  }
  FleetWorld w;
};

TEST_F(Census, BringsOrdersAndBoxesBackAfterTheRestoreCommand) {
  an_order_in_work_comes_back(true);
}

TEST_F(Census, BringsThemBackWhenTheFileWasCopiedBehindOurBack) {
  an_order_in_work_comes_back(false);
}

TEST(Successor, AnOldImageWithNoOrdersAtStakeWorksAgainByItself) {
  FleetWorld w;
  w.stock("MUG", 100);
  w.start("a");
  w.run_for(5'000);
  w.stop("a");
  copy_database(w.disk("a"), w.folder / "image.db");
  auto& c = w.start("a");
  w.run_for(3'000);
  w.order("1", "MUG", 1);
  w.run_for(3'000);
  w.pack(c, "1", "MUG-BC", 1, "DL0000000001");
  w.run_for(3'000);
  w.stop("a");
  copy_database(w.folder / "image.db", w.disk("a"));
  w.start("a");
  w.run_for(20'000, 50);
  const auto id = w.order("2", "MUG", 1);
  w.run_for(20'000, 50);
  EXPECT_EQ(w.look(id).order.state, "allocated") << "is it a copy, and the other one works?";
  w.run_for(200'000, 50);
  EXPECT_EQ(w.look(id).order.state, "released");
  w.pack(c, "2", "MUG-BC", 1, "DL0000000002");
  w.run_for(3'000);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_THAT(w.exceptions(), Not(Contains("lease_holder")));
}

}  // namespace
}  // namespace dockline::restore
