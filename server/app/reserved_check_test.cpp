// What is reserved against what the orders say, all day: rows are broken behind the hub's back.
#include <algorithm>

#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "server/store/reserved_rows.hpp"
#include "tests/hub/hub_world.hpp"
#include "tests/hub/query_plan.hpp"

namespace dockline::server {
namespace {

using testing::World;

struct ReservedCheckTest : ::testing::Test {
  void SetUp() override {
    w.start();
    w.stock("MUG", "leipzig", 2'000);
    w.stock("CUP", "leipzig", 50);
  }
  void TearDown() override {
    EXPECT_TRUE(w.rejected.empty());
    EXPECT_TRUE(w.verify().equal);
    const auto report = audit::check_files(w.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  void sql(const std::string& text) {
    auto db = sqlite::Db::open(w.config.db_path, {}).value();
    ASSERT_TRUE(db.exec(text.c_str()).has_value()) << text;
  }
  // So long that each row is looked at, whatever round was under way.
  void round() {
    for (int i = 0; i < 2; ++i) {
      w.pass(6'000);
      w.now.mono_ms += 300'000;
    }
    w.pass(6'000);
  }
  std::int64_t open() {
    const auto kinds = w.open_exceptions();
    return std::ranges::count(kinds, "reserved_differs");
  }
  std::string what() {
    const auto page = w.reader->exceptions("open", "", 200, 0, "reserved_differs").value();
    return page.items.empty() ? "" : page.items.front().what;
  }
  World w;
};

TEST_F(ReservedCheckTest, NothingIsRaisedInANormalLife) {
  auto& bench = w.bench("leipzig", "bench-1");
  (void)w.order("1", {{"MUG", 3}, {"CUP", 2}});
  round();
  ASSERT_EQ(bench.leases.size(), 1U);
  w.pack(bench, bench.leases.back(), 1);  // short, so the rest is routed again
  round();
  const auto id = w.order("2", {{"MUG", 4}});
  (void)w.ask(CancelOrder{id, "not wanted"});
  (void)w.order("3", {{"CUP", 500}});  // more than there is
  round();
  EXPECT_EQ(open(), 0);
}

TEST_F(ReservedCheckTest, ARowThatIsWrongIsAnExceptionUntilItIsRight) {
  (void)w.order("1", {{"MUG", 3}});
  (void)w.order("2", {{"CUP", 2}});
  round();
  ASSERT_EQ(open(), 0);
  sql("UPDATE p_reservation SET quantity = 5 WHERE sku = 'MUG'");
  round();
  EXPECT_EQ(open(), 1);
  EXPECT_EQ(what(), "Order 1, line 1: 5 of MUG are reserved, 3 are allocated.");
  round();
  EXPECT_EQ(open(), 1);  // once
  // After a restart as before.
  w.reader.reset();
  w.turn.reset();
  w.start();
  round();
  EXPECT_EQ(open(), 1);
  sql("UPDATE p_reservation SET quantity = 3 WHERE sku = 'MUG'");
  round();
  EXPECT_EQ(open(), 0);
  // It came once and went once.
  const auto closed = w.reader->exceptions("resolved", "", 200, 0, "reserved_differs").value();
  EXPECT_EQ(closed.items.size(), 1U);
}

TEST_F(ReservedCheckTest, OnceClosedByAPersonItIsNotSaidAgainInTheSameWords) {
  (void)w.order("1", {{"MUG", 3}});
  sql("UPDATE p_reservation SET quantity = 5 WHERE sku = 'MUG'");
  round();
  const auto rows = w.reader->exceptions("open", "", 200, 0, "reserved_differs").value();
  ASSERT_EQ(rows.items.size(), 1U);
  (void)w.ask(ResolveException{rows.items.front().id, "noted", "ada"});
  round();
  EXPECT_EQ(open(), 0);
  sql("UPDATE p_reservation SET quantity = 6 WHERE sku = 'MUG'");
  round();
  EXPECT_EQ(open(), 1);
  sql("UPDATE p_reservation SET quantity = 3 WHERE sku = 'MUG'");
  round();
}

// Another article, another state, a row that is lost, one of an order that does not exist.
TEST_F(ReservedCheckTest, EachWayToBeWrongIsFoundBehindManyPages) {
  for (int n = 1; n <= 700; ++n)
    (void)w.ask([&] {
      ReceiveOrder command;
      command.number = std::to_string(n);
      command.ship_to.name = "Ada";
      command.lines.push_back({.line = 0, .sku = "MUG", .title = "MUG", .quantity = 2});
      return command;
    }());
  round();
  ASSERT_EQ(open(), 0);
  struct Case {
    const char *wrong, *right, *says;
  };
  const Case cases[] = {
      {"UPDATE p_reservation SET sku = 'CUP' WHERE ord = 650",
       "UPDATE p_reservation SET sku = 'MUG' WHERE ord = 650",
       "Order 650, line 1: 2 of CUP are reserved, 0 are allocated."},
      {"UPDATE p_reservation SET lease = 'x' WHERE ord = 333",
       "UPDATE p_reservation SET lease = '' WHERE ord = 333",
       "Order 333, line 1: 0 of MUG are reserved, 2 are allocated."},
      {"CREATE TABLE aside AS SELECT * FROM p_reservation WHERE ord = 700; "
       "DELETE FROM p_reservation WHERE ord = 700",
       "INSERT INTO p_reservation SELECT * FROM aside; DROP TABLE aside",
       "Order 700, line 1: 0 of MUG are reserved, 2 are allocated."},
      {"INSERT INTO p_reservation VALUES(9000, 1, 'leipzig', '', 'MUG', 4)",
       "DELETE FROM p_reservation WHERE ord = 9000",
       "An order that does not exist (9000), line 1: 4 of MUG are reserved, 0 are allocated."},
  };
  for (const auto& one : cases) {
    sql(one.wrong);
    round();
    EXPECT_EQ(what(), one.says);
    sql(one.right);
    round();
    EXPECT_EQ(open(), 0) << one.right;
  }
}

TEST_F(ReservedCheckTest, APageIsReadAlongTwoKeys) {
  auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
  const auto said = testing::plan_of(db, store::ReservedRows::sql(), std::int64_t{1},
                                     std::int64_t{1}, std::int64_t{500});
  EXPECT_NE(said.find("MERGE (UNION ALL)"), std::string::npos) << said;
  EXPECT_NE(said.find("SEARCH p_line USING PRIMARY KEY"), std::string::npos) << said;
  EXPECT_NE(said.find("SEARCH p_reservation USING PRIMARY KEY"), std::string::npos) << said;
  EXPECT_EQ(said.find("TEMP B-TREE"), std::string::npos) << said;
}

}  // namespace
}  // namespace dockline::server
