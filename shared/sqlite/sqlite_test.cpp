#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "shared/sqlite/db.hpp"

namespace dockline::sqlite {
namespace {

class Sqlite : public ::testing::Test {
 protected:
  Sqlite() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dl-sqlite-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Sqlite() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return (folder_ / "a.db").string(); }
  std::filesystem::path folder_;
};

constexpr std::array<base::EmbeddedFile, 2> kTwo{{
    {"0001_first.sql", "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL) STRICT;"},
    {"0002_next.sql", "ALTER TABLE t ADD COLUMN c BLOB;"},
}};

TEST_F(Sqlite, KeepsWhatWasCommitted) {
  {
    auto db = Db::open(path(), {.exclusive = true}).value();
    ASSERT_TRUE(migrate(db, kTwo).has_value());
    auto insert = db.prepare("INSERT INTO t(b, c) VALUES(?1, ?2)");
    ASSERT_TRUE(db.begin().has_value());
    ASSERT_TRUE(insert.bind("x", Statement::blob_of(std::string_view("\0\1", 2))).run());
    ASSERT_TRUE(db.commit().has_value());
    ASSERT_TRUE(db.begin().has_value());
    ASSERT_TRUE(insert.bind("lost", nullptr).run());
    db.rollback();
  }
  auto db = Db::open(path(), {}).value();
  ASSERT_TRUE(migrate(db, kTwo).has_value());
  auto query = db.prepare("SELECT b, c FROM t");
  ASSERT_TRUE(query.step().value());
  EXPECT_EQ(query.text(0), "x");
  EXPECT_EQ(query.blob(1).size(), 2U);
  EXPECT_FALSE(query.step().value());
}

TEST_F(Sqlite, RefusesAFileOfANewerProgram) {
  {
    auto db = Db::open(path(), {}).value();
    ASSERT_TRUE(migrate(db, kTwo).has_value());
  }
  auto db = Db::open(path(), {}).value();
  const auto refused = migrate(db, std::span(kTwo).first(1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fault, base::Fault::reject);
  EXPECT_NE(refused.error().detail.find("newer program"), std::string::npos);
}

TEST_F(Sqlite, RefusesAMigrationThatWasEdited) {
  {
    auto db = Db::open(path(), {}).value();
    ASSERT_TRUE(migrate(db, kTwo).has_value());
  }
  auto edited = kTwo;
  edited[0].bytes = "CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT;";
  auto db = Db::open(path(), {}).value();
  EXPECT_EQ(migrate(db, edited).error().fault, base::Fault::corrupt);
}

TEST_F(Sqlite, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path()) << std::string(8192, 'x');
  const auto db = Db::open(path(), {});
  ASSERT_FALSE(db.has_value());
  EXPECT_EQ(db.error().fault, base::Fault::corrupt);
  EXPECT_NE(db.error().detail.find(path()), std::string::npos);
}

TEST_F(Sqlite, RefusesADamagedDatabase) {
  {
    auto db = Db::open(path(), {}).value();
    ASSERT_TRUE(migrate(db, kTwo).has_value());
    for (int i = 0; i < 2000; ++i) ASSERT_TRUE(db.exec("INSERT INTO t(b) VALUES('yyyyyyyyyyyy')"));
  }
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 3);
  file << std::string(4096, '\x5a');
  file.close();
  const auto db = Db::open(path(), {});
  ASSERT_FALSE(db.has_value());
  EXPECT_EQ(db.error().fault, base::Fault::corrupt);
}

TEST_F(Sqlite, ASecondWriterOfAnExclusiveFileIsToldSo) {
  auto first = Db::open(path(), {.exclusive = true}).value();
  ASSERT_TRUE(migrate(first, kTwo).has_value());
  const auto second = Db::open(path(), {.exclusive = true, .busy_timeout_ms = 10});
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().detail.find("Another process"), std::string::npos);
}

TEST_F(Sqlite, AConstraintIsAConflict) {
  auto db = Db::open(path(), {}).value();
  ASSERT_TRUE(migrate(db, kTwo).has_value());
  auto insert = db.prepare("INSERT INTO t(a, b) VALUES(1, ?1)");
  ASSERT_TRUE(insert.bind("x").run().has_value());
  EXPECT_EQ(insert.bind("y").run().error().fault, base::Fault::conflict);
}

// A failing disk makes SQLite end a transaction by itself; so does OR ROLLBACK, which needs no
// failing disk. What is written after that belonged to the transaction.
TEST_F(Sqlite, NothingIsKeptOfATransactionThatSqliteGaveUp) {
  auto db = Db::open(path(), {}).value();
  ASSERT_TRUE(migrate(db, kTwo).has_value());
  auto moved = std::move(db);
  auto insert = moved.prepare("INSERT INTO t(a, b) VALUES(?1, 'x')");
  auto give_up = moved.prepare("INSERT OR ROLLBACK INTO t(a, b) VALUES(?1, 'y')");
  auto count = moved.prepare("SELECT count(*) FROM t");
  ASSERT_TRUE(moved.begin());
  ASSERT_TRUE(insert.bind(1).run());
  EXPECT_FALSE(give_up.bind(1).run());
  EXPECT_FALSE(moved.in_transaction());
  const auto late = insert.bind(2).run();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, base::Fault::retry_later) << late.error().detail;
  EXPECT_FALSE(moved.commit());
  ASSERT_TRUE(count.bind().step().value());
  EXPECT_EQ(count.integer(0), 0);
  count.reset();
  ASSERT_TRUE(moved.begin());
  ASSERT_TRUE(insert.bind(3).run());
  EXPECT_TRUE(moved.commit());
  EXPECT_TRUE(insert.bind(4).run()) << "without a transaction it commits alone, as asked";
}

TEST_F(Sqlite, AStatementMayBeMovedBeforeAndAfterItsFirstUse) {
  auto db = Db::open(path(), {}).value();
  ASSERT_TRUE(migrate(db, kTwo).has_value());
  auto first = db.prepare("INSERT INTO t(b) VALUES(?1)");
  Statement second = std::move(first);
  ASSERT_TRUE(second.bind("x").run().has_value());
  Statement third;
  third = std::move(second);
  ASSERT_TRUE(third.bind("y").run().has_value());
  auto count = db.prepare("SELECT count(*) FROM t");
  count.reset();  // harmless, whether it was used or not
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 2);
}

TEST_F(Sqlite, ATransactionThatCouldNotBeginMayBeTriedAgain) {
  auto db = Db::open(path(), {}).value();
  ASSERT_TRUE(migrate(db, kTwo).has_value());
  auto other = Db::open(path(), {.busy_timeout_ms = 1, .check_bytes_max = kNotChecked}).value();
  ASSERT_TRUE(db.begin().has_value());
  EXPECT_FALSE(other.begin().has_value());
  ASSERT_TRUE(db.commit().has_value());
  ASSERT_TRUE(other.begin().has_value());
  ASSERT_TRUE(other.commit().has_value());
}

TEST_F(Sqlite, AnExclusiveFileIsOfOneConnectionAndNeedsNoSharedMemory) {
  auto mine = Db::open(path(), {.exclusive = true}).value();
  ASSERT_TRUE(migrate(mine, kTwo).has_value());
  EXPECT_TRUE(std::filesystem::exists(path() + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(path() + "-shm"));
  for (const bool read_only : {false, true}) {
    auto other = Db::open(path(), {.read_only = read_only, .busy_timeout_ms = 10});
    if (other) {  // a reader hears of it with its first look
      const auto look = other->try_prepare("SELECT count(*) FROM t");
      ASSERT_FALSE(look.has_value());
      EXPECT_EQ(look.error().fault, base::Fault::retry_later);
    } else {
      EXPECT_EQ(other.error().fault, base::Fault::retry_later);
    }
  }
}

TEST_F(Sqlite, CopiesAFileInUseAsItIsAtOneMoment) {
  auto db = Db::open(path(), {}).value();
  ASSERT_TRUE(migrate(db, kTwo).has_value());
  auto insert = db.prepare("INSERT INTO t(b) VALUES(?1)");
  const std::string text(2'000, 'x');
  for (int i = 0; i < 3'000; ++i) ASSERT_TRUE(insert.bind(text).run().has_value());
  const std::string to = (folder_ / "copy.db").string();
  std::ofstream(to) << "an older file";
  int steps = 0;
  // The writer writes on between the steps; none of it may be in the copy, nor start it again.
  const auto copied = copy(path(), to, {.go_on = [&] {
                             EXPECT_TRUE(insert.bind("later").run().has_value());
                             return ++steps < 1'000;
                           }});
  ASSERT_TRUE(copied.has_value()) << copied.error().detail;
  EXPECT_GT(steps, 0);
  EXPECT_LT(steps, 100);
  EXPECT_FALSE(std::filesystem::exists(to + "-wal"));
  EXPECT_TRUE(check_whole(to, "").has_value());
  auto made = Db::open(to, {}).value();
  auto count = made.prepare("SELECT count(*), sum(b = 'later') FROM t");
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 3'000);
  EXPECT_EQ(count.integer(1), 0);
}

TEST_F(Sqlite, ALargeDamagedFileIsFoundByTheWholeCheck) {
  {
    auto db = Db::open(path(), {}).value();
    ASSERT_TRUE(migrate(db, kTwo).has_value());
    auto insert = db.prepare("INSERT INTO t(b) VALUES(?1)");
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(insert.bind(std::string(2'000, 'x')).run().has_value());
    }
  }
  std::fstream(path(), std::ios::in | std::ios::out | std::ios::binary).seekp(40 * 4096)
      << std::string(8'192, '\xa5');
  EXPECT_FALSE(Db::open(path(), {}).has_value());
  EXPECT_TRUE(Db::open(path(), {.check_bytes_max = 64 * 1024}).has_value());
  const auto found = check_whole(path(), "");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().fault, base::Fault::corrupt);
  EXPECT_NE(found.error().detail.find(path()), std::string::npos);
  EXPECT_NE(found.error().detail.find("restore the newest backup"), std::string::npos);
}

}  // namespace
}  // namespace dockline::sqlite
