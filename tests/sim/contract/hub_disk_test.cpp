// The server takes stock, an order and a bench's work while the n-th call of its disk fails, for
// every n until a run meets no fault any more: the order is packed once and the books audit clean.
#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "tests/hub/hub_world.hpp"
#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {
namespace {

constexpr const char* kFile = "/server/server.db";

class Shift {
 public:
  explicit Shift(std::uint64_t seed) : disks_(seed), disk(disks_.of("server")) {
    world_.config.db_path = kFile;
    world_.config.vfs = disks_.vfs();
    world_.config.stations = {{"leipzig", "bench-1", ""}};
    world_.start();
    world_.on_rejected = [this](const base::Error& why) {
      EXPECT_NE(why.fault, base::Fault::bug) << why.detail;
      if (why.fault == base::Fault::full) disk.relieve();  // somebody makes room
    };
  }

  void work() {
    auto& bench = world_.bench("leipzig", "bench-1");
    settle();
    ask(server::RegisterItem{{"MUG", "Mug", std::nullopt, {{"MUG-BC", 1}}, 100}, {}});
    ask(server::AdjustStock{"MUG", "leipzig", 5, "receipt"});
    server::ReceiveOrder order;
    order.number = "1001";
    order.ship_to.name = "Ada";
    order.lines = {{.line = 0, .sku = "MUG", .title = "Mug", .quantity = 2}};
    EXPECT_EQ(ask(order).id, "api:1001");
    for (int i = 0; i < 20 && bench.leases.empty(); ++i) settle();
    ASSERT_EQ(bench.leases.size(), 1U);
    world_.pack(bench, bench.leases[0]);
    for (int i = 0; i < 40 && !bench.sender->caught_up(); ++i) settle();
    EXPECT_TRUE(bench.sender->caught_up()) << "a fact was not taken";
  }

  void judge() {
    disk.relieve();
    world_.turn.reset();
    const auto report = server::audit::check_files(kFile, {}, disks_.vfs());
    ASSERT_TRUE(report.has_value()) << report.error().detail;
    EXPECT_TRUE(report->clean()) << server::audit::to_text(*report);
    EXPECT_EQ(report->orders, 1);
    auto db = sqlite::Db::open(kFile, {.read_only = true, .vfs = disks_.vfs()}).value();
    auto packed =
        db.prepare("SELECT count(*) FROM events WHERE type LIKE 'dockline.pack.closed.%'");
    ASSERT_TRUE(packed.step().value());
    EXPECT_EQ(packed.integer(0), 1);
  }

 private:
  void settle() {
    world_.pass(2'000);
    if (!disk.dead()) return;
    world_.turn.reset();
    disk.power_cut();
    world_.start();
    for (auto& [key, bench] : world_.benches) world_.connect(*bench);
    world_.pass(2'000);
  }
  // As a client does who was told "not now", or nothing at all: asks again.
  server::Reply ask(const server::Command& command) {
    for (int tries = 0; tries < 5; ++tries) {
      const auto reply = world_.ask(command);
      const bool answered = world_.replies.at(world_.asked).reply == world_.asked;
      settle();
      if (answered && !reply.error) return reply;
    }
    ADD_FAILURE() << "never answered";
    return {};
  }

  Disks disks_;

 public:
  Disk& disk;

 private:
  server::testing::World world_;
};

class HubOnABadDisk : public testing::TestWithParam<DiskFault> {};

TEST_P(HubOnABadDisk, BooksEverythingOnceWhicheverCallFails) {
  for (std::uint64_t n = 1; n < 3'000; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    Shift shift(n);
    const auto before = shift.disk.calls();
    shift.disk.fail_at(n, GetParam());
    shift.work();
    const bool met = shift.disk.calls() >= before + n;
    shift.judge();
    if (HasFailure()) return;
    if (!met) {
      EXPECT_GT(n, 100U) << "hardly anything was written";
      return;
    }
  }
  FAIL() << "no run passed without a fault";
}

// Nobody makes room for minutes: the bench hears that the server is there and cannot, asks with
// back-off instead of sending all again, and goes on by itself.
TEST(HubOnAFullDisk, TellsABenchThatItIsBusyUntilThereIsRoom) {
  Disks disks(7);
  auto& disk = disks.of("server");
  server::testing::World world;
  world.config.db_path = kFile;
  world.config.vfs = disks.vfs();
  world.config.stations = {{"leipzig", "bench-1", ""}};
  world.start();
  auto& bench = world.bench("leipzig", "bench-1");
  world.pass(1'000);
  ASSERT_TRUE(bench.sender->caught_up());
  disk.fail_at(1, DiskFault::full);
  const auto before = bench.acks.size();
  bench.say(world.now, wire::StationTrouble{"test", "nobody has room for this"});
  for (int i = 0; i < 10; ++i) world.settle();
  ASSERT_GT(bench.acks.size(), before);
  EXPECT_LT(bench.acks.size(), before + 60) << "it does not wait between its questions";
  for (auto i = before; i < bench.acks.size(); ++i) {
    const auto& ack = bench.acks[i];
    EXPECT_EQ(ack.code, sync::AckCode::busy);
    EXPECT_EQ(ack.window, 0U);
    EXPECT_EQ(ack.cursor.through, 0U) << "it vouches for a fact without its store";
  }
  EXPECT_EQ(bench.sender->waiting(), bench.sender->last() - bench.sender->base().through);
  disk.relieve();
  world.pass(70'000);
  EXPECT_TRUE(bench.sender->caught_up());
  EXPECT_EQ(bench.acks.back().code, sync::AckCode::ok);
  world.turn.reset();
  auto db = sqlite::Db::open(kFile, {.read_only = true, .vfs = disks.vfs()}).value();
  auto kept = db.prepare("SELECT count(*) FROM events WHERE type = 'dockline.station.trouble.v1'");
  ASSERT_TRUE(kept.step().value());
  EXPECT_EQ(kept.integer(0), 1);
}

std::string name_of(const testing::TestParamInfo<DiskFault>& fault) {
  switch (fault.param) {
    case DiskFault::two_errors:
      return "TwoErrors";
    case DiskFault::io_error:
      return "IoError";
    case DiskFault::bad_read:
      return "BadRead";
    case DiskFault::full:
      return "Full";
    case DiskFault::power_cut:
      return "PowerCut";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Faults, HubOnABadDisk,
                         testing::Values(DiskFault::io_error, DiskFault::two_errors,
                                         DiskFault::bad_read, DiskFault::full,
                                         DiskFault::power_cut),
                         name_of);

}  // namespace
}  // namespace dockline::sim
