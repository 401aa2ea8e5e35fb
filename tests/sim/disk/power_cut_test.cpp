#include <gtest/gtest.h>

#include "shared/sqlite/db.hpp"
#include "tests/sim/disk/file.hpp"
#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {
namespace {

struct Outcome {
  int cuts = 0, lost = 0, phantoms = 0;
  std::uint64_t hash = 0xcbf29ce484222325U;
};

// Commits one row after the other while the power goes again and again.
Outcome run(std::uint64_t seed, const char* synchronous, int commits) {
  Outcome out;
  Disks disks(seed);
  Disk& disk = disks.of("bench");
  base::Prng prng(seed);
  std::int64_t committed = 0, tried = 0;
  while (committed < commits) {
    disk.fail_at(5 + prng.below(300), DiskFault::power_cut);
    if (auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()})) {
      const auto setup = std::string("PRAGMA synchronous=") + synchronous +
                         ";PRAGMA wal_autocheckpoint=20;"
                         "CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY, body TEXT)";
      auto ready = db->exec(setup.c_str());
      if (ready) {
        auto s = db->prepare("SELECT ifnull(max(n), 0), count(*) FROM t");
        if (auto row = s.step(); row && *row) {
          if (s.integer(0) < committed) ++out.lost;
          if (s.integer(0) > tried || s.integer(1) != s.integer(0)) ++out.phantoms;
          committed = s.integer(0);
        } else {
          ready = base::fail(base::Fault::retry_later, "read");
        }
      }
      while (ready && committed < commits) {
        tried = committed + 1;
        ready = db->exec(
            ("INSERT INTO t VALUES(" + std::to_string(tried) + ", hex(randomblob(60)))").c_str());
        if (ready) committed = tried;
      }
    }
    if (disk.dead()) {
      disk.power_cut();
      ++out.cuts;
    } else {
      disk.process_died();
    }
    for (const auto& [path, bytes] : disk.image()) {
      for (const char c : bytes.text())
        out.hash = (out.hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
  }
  return out;
}

TEST(PowerCut, NothingCommittedIsLostWithFullSync) {
  int cuts = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const auto out = run(seed, "FULL", 200);
    EXPECT_EQ(out.lost, 0) << "seed " << seed;
    EXPECT_EQ(out.phantoms, 0) << "seed " << seed;
    cuts += out.cuts;
  }
  EXPECT_GT(cuts, 100);
}

TEST(PowerCut, CommitsAreLostWithoutFullSyncSoTheModelBites) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) lost += run(seed, "NORMAL", 200).lost;
  EXPECT_GT(lost, 0);
}

TEST(PowerCut, TheSameSeedWritesTheSameBytes) {
  EXPECT_EQ(run(7, "FULL", 150).hash, run(7, "FULL", 150).hash);
  EXPECT_NE(run(7, "FULL", 150).hash, run(8, "FULL", 150).hash);
}

TEST(DiskFaults, AnIoErrorHitsOneCallAndTheNextWorks) {
  Disks disks(1);
  Disk& disk = disks.of("bench");
  auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}).value();
  ASSERT_TRUE(db.exec("CREATE TABLE t(n)"));
  disk.fail_at(1, DiskFault::io_error);
  const auto failed = db.exec("INSERT INTO t VALUES(1)");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault, base::Fault::retry_later) << failed.error().detail;
  EXPECT_TRUE(db.exec("INSERT INTO t VALUES(2)"));
}

TEST(DiskFaults, ABadReadHitsOneReadAndTheNextWorks) {
  Disks disks(1);
  Disk& disk = disks.of("bench");
  {
    auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}).value();
    ASSERT_TRUE(db.exec("CREATE TABLE t(n); INSERT INTO t VALUES(1)"));
  }
  disk.fail_at(1, DiskFault::bad_read);
  EXPECT_FALSE(sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}));
  auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()});
  ASSERT_TRUE(db) << db.error().detail;
  EXPECT_TRUE(db->exec("INSERT INTO t VALUES(2)"));
}

TEST(DiskFaults, AFullDiskRefusesUntilThereIsRoomAgain) {
  Disks disks(1);
  Disk& disk = disks.of("bench");
  auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}).value();
  ASSERT_TRUE(db.exec("CREATE TABLE t(body)"));
  disk.set_room(static_cast<std::int64_t>(disk.bytes()));
  const auto failed = db.exec("INSERT INTO t VALUES(zeroblob(100000))");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault, base::Fault::full) << failed.error().detail;
  disk.relieve();
  EXPECT_TRUE(db.exec("INSERT INTO t VALUES(zeroblob(100000))"));
}

TEST(DiskFaults, AnOldImageBringsBackTheOldDay) {
  Disks disks(1);
  Disk& disk = disks.of("bench");
  const auto rows = [&] {
    auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}).value();
    auto s = db.prepare("SELECT count(*) FROM t");
    EXPECT_TRUE(s.step().value());
    return s.integer(0);
  };
  {
    auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}).value();
    ASSERT_TRUE(db.exec("CREATE TABLE t(n); INSERT INTO t VALUES(1)"));
  }
  const auto image = disk.image();
  {
    auto db = sqlite::Db::open("/bench/a.db", {.exclusive = true, .vfs = disks.vfs()}).value();
    ASSERT_TRUE(db.exec("INSERT INTO t VALUES(2)"));
  }
  EXPECT_EQ(rows(), 2);
  disk.restore(image);
  EXPECT_EQ(rows(), 1);
  disk.restore({});
  EXPECT_EQ(disk.bytes(), 0U);
}

TEST(SimFile, OnlyWhatWasSyncedIsSureToSurvive) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    base::Prng prng(seed);
    File file;
    file.write(0, std::string(2000, 'a'));
    file.sync();
    file.write(500, std::string(700, 'b'));
    file.write(1990, std::string(900, 'c'));
    EXPECT_EQ(file.durable_bytes().text(), std::string(2000, 'a'));
    ASSERT_TRUE(file.power_cut(prng));
    const auto after = file.bytes();
    EXPECT_TRUE(after.size() == 2000 || after.size() == 2890) << after.size();
    EXPECT_EQ(after.substr(0, 500), std::string(500, 'a'));
    EXPECT_EQ(after.substr(1200, 300), std::string(300, 'a'));
    for (const auto c : after) EXPECT_TRUE(c == 'a' || c == 'b' || c == 'c' || c == 0);
  }
}

}  // namespace
}  // namespace dockline::sim
