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

}  // namespace
}  // namespace dockline::sqlite
