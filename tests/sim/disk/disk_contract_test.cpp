// One suite over the system's VFS on a real folder and over the simulated disk: what programs may
// rely on is the same.
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/sqlite/db.hpp"
#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {
namespace {

class Place {
 public:
  virtual ~Place() = default;
  [[nodiscard]] virtual std::string path(const std::string& file) const = 0;
  [[nodiscard]] virtual std::string vfs() const = 0;
  // Runs it in a process that then dies without closing anything.
  virtual void run_and_die(const std::function<void()>& work) = 0;
  // Room for so many bytes from now on. False: not possible here.
  virtual bool set_room(std::int64_t bytes) = 0;
  // A dying process closes nothing: what it opened outlives its work.
  void keep(std::shared_ptr<sqlite::Db> db) {
    if (dying_) kept_.push_back(std::move(db));
  }

 protected:
  std::vector<std::shared_ptr<sqlite::Db>> kept_;
  bool dying_ = false;
};

class RealPlace final : public Place {
 public:
  RealPlace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dl-disk-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~RealPlace() override {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    std::filesystem::remove_all(folder_);
  }
  std::string path(const std::string& file) const override { return folder_ + "/" + file; }
  std::string vfs() const override { return "unix"; }
  void run_and_die(const std::function<void()>& work) override {
    const auto child = ::fork();
    if (child == 0) {
      dying_ = true;
      work();
      ::_exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
  bool set_room(std::int64_t bytes) override {  // a small file system of its own, which root may
    const std::string size = "size=" + std::to_string(bytes);
    const unsigned long flags = mounted_ ? MS_REMOUNT : 0;
    if (::mount("tmpfs", folder_.c_str(), "tmpfs", flags, size.c_str()) != 0) return false;
    return mounted_ = true;
  }

 private:
  std::string folder_;
  bool mounted_ = false;
};

class SimPlace final : public Place {
 public:
  std::string path(const std::string& file) const override { return "/bench/" + file; }
  std::string vfs() const override { return disks_.vfs(); }
  void run_and_die(const std::function<void()>& work) override {
    // What the work opened is closed only after its handles are dead.
    dying_ = true;
    work();
    disks_.of("bench").process_died();
    kept_.clear();
    dying_ = false;
  }
  bool set_room(std::int64_t bytes) override {
    disks_.of("bench").set_room(bytes);
    return true;
  }

 private:
  Disks disks_{1};
};

template <class P>
class DiskContract : public testing::Test {
 protected:
  std::shared_ptr<sqlite::Db> open(bool exclusive = false, bool read_only = false) {
    sqlite::OpenOptions options;
    options.vfs = place.vfs();
    options.exclusive = exclusive;
    options.read_only = read_only;
    options.busy_timeout_ms = 20;
    auto db = sqlite::Db::open(place.path("a.db"), options);
    if (!db) {
      error = db.error();
      return nullptr;
    }
    auto out = std::make_shared<sqlite::Db>(std::move(*db));
    place.keep(out);
    return out;
  }
  static void create(sqlite::Db& db) {
    ASSERT_TRUE(db.exec("CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY, body TEXT)"));
  }
  static void add(sqlite::Db& db, int n) {
    ASSERT_TRUE(db.begin());
    ASSERT_TRUE(db.exec(
        ("INSERT INTO t VALUES(" + std::to_string(n) + ", printf('%.*c', 3000, 'x'))").c_str()));
    ASSERT_TRUE(db.commit());
  }
  static std::int64_t count(sqlite::Db& db) {
    auto s = db.prepare("SELECT count(*) FROM t");
    EXPECT_TRUE(s.step().value());
    return s.integer(0);
  }

  P place;
  std::optional<base::Error> error;
};

using Places = testing::Types<RealPlace, SimPlace>;
TYPED_TEST_SUITE(DiskContract, Places);

TYPED_TEST(DiskContract, WhatWasCommittedIsThereAfterTheProcessDied) {
  for (const bool exclusive : {false, true}) {
    this->place.run_and_die([&] {
      auto db = this->open(exclusive);
      ASSERT_NE(db, nullptr);
      this->create(*db);
      this->add(*db, exclusive ? 2 : 1);
      ASSERT_TRUE(db->begin());
      ASSERT_TRUE(db->exec("INSERT INTO t VALUES(99, 'not committed')"));
    });
    auto db = this->open();
    ASSERT_NE(db, nullptr);
    EXPECT_EQ(this->count(*db), exclusive ? 2 : 1);
  }
}

TYPED_TEST(DiskContract, AReaderSeesOneMomentWhileAWriterGoesOn) {
  auto writer = this->open();
  this->create(*writer);
  this->add(*writer, 1);
  auto reader = this->open(false, true);
  ASSERT_NE(reader, nullptr);
  ASSERT_TRUE(reader->begin());
  EXPECT_EQ(this->count(*reader), 1);
  this->add(*writer, 2);
  EXPECT_EQ(this->count(*reader), 1);
  ASSERT_TRUE(reader->commit());
  EXPECT_EQ(this->count(*reader), 2);
}

TYPED_TEST(DiskContract, TwoWritersTakeTurns) {
  auto one = this->open(), other = this->open();
  this->create(*one);
  ASSERT_TRUE(one->begin());
  const auto busy = other->begin();
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().fault, base::Fault::retry_later);
  ASSERT_TRUE(one->commit());
  ASSERT_TRUE(other->begin());
  ASSERT_TRUE(other->commit());
}

TYPED_TEST(DiskContract, AnExclusiveFileLetsNobodyElseIn) {
  auto owner = this->open(true);
  ASSERT_NE(owner, nullptr);
  this->create(*owner);
  this->add(*owner, 1);
  EXPECT_EQ(this->open(true), nullptr);
  ASSERT_TRUE(this->error.has_value());
  EXPECT_NE(this->error->detail.find("a.db"), std::string::npos) << this->error->detail;
  owner.reset();
  EXPECT_NE(this->open(true), nullptr);
}

TYPED_TEST(DiskContract, ADatabaseGrowsAndShrinksThroughCheckpoints) {
  auto db = this->open();
  this->create(*db);
  for (int n = 1; n <= 600; ++n) this->add(*db, n);
  ASSERT_TRUE(db->exec("DELETE FROM t WHERE n > 10; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
  db.reset();
  db = this->open();
  EXPECT_EQ(this->count(*db), 10);
  auto check = db->prepare("PRAGMA integrity_check");
  ASSERT_TRUE(check.step().value());
  EXPECT_EQ(check.text(0), "ok");
}

TYPED_TEST(DiskContract, AFullDiskIsToldAsFullKeepsWhatWasCommittedAndGoesOnWithRoom) {
  if (!this->place.set_room(1'000'000)) GTEST_SKIP() << "only root may mount a small file system";
  auto db = this->open(true);
  ASSERT_NE(db, nullptr);
  this->create(*db);
  const auto add = [&](int n) {
    return db->exec(
        ("INSERT INTO t VALUES(" + std::to_string(n) + ", printf('%.*c', 3000, 'x'))").c_str());
  };
  int committed = 0;
  base::Status last;
  while (committed < 1'000 && (last = add(committed + 1)).has_value()) ++committed;
  ASSERT_FALSE(last.has_value()) << "it never was full";
  EXPECT_EQ(last.error().fault, base::Fault::full) << last.error().detail;
  EXPECT_GT(committed, 50);
  db.reset();
  ASSERT_TRUE(this->place.set_room(100'000'000));
  db = this->open(true);
  ASSERT_NE(db, nullptr);
  EXPECT_EQ(this->count(*db), committed);
  EXPECT_TRUE(add(committed + 1).has_value());
}

TYPED_TEST(DiskContract, AnOnlineCopyIsWhole) {
  auto db = this->open();
  this->create(*db);
  for (int n = 1; n <= 50; ++n) this->add(*db, n);
  ASSERT_TRUE(db->exec(("VACUUM INTO '" + this->place.path("copy.db") + "'").c_str()));
  sqlite::OpenOptions options;
  options.vfs = this->place.vfs();
  auto copy = sqlite::Db::open(this->place.path("copy.db"), options);
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(this->count(*copy), 50);
}

}  // namespace
}  // namespace dockline::sim
