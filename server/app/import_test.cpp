#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Imports : ::testing::Test {
  void SetUp() override { w.start(); }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
  }
  store::ImportRow run(const std::string& kind, const std::string& name, const std::string& bytes) {
    const auto reply = w.ask(StartImport{.kind = kind, .name = name, .bytes = bytes});
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    w.settle();
    return w.reader->import(reply.id).value().value();
  }
  static std::int64_t sum(const store::ImportRow& r) {
    return r.orders + r.cancellations + r.adjustments + r.items + r.exceptions;
  }
  static std::string real_file() {
    const char* source = std::getenv("DOCKLINE_SOURCE");
    EXPECT_NE(source, nullptr) << "run through ctest, or set DOCKLINE_SOURCE to the source folder";
    std::ifstream in(std::string(source) + "/tests/workloads/online-retail-10k.csv");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  testing::World w;
};

TEST_F(Imports, TheRealFileIsDigestedWholeAndASecondRunChangesNothing) {
  const std::string bytes = real_file();
  ASSERT_EQ(bytes.size(), 888'284U);
  const auto first = run("orders", "online-retail-10k.csv", bytes);
  EXPECT_EQ(first.state, "done");
  EXPECT_EQ(first.lines, 10'000);
  EXPECT_EQ(sum(first), 10'000);
  EXPECT_GT(first.changes, 0);
  std::printf(
      "orders %lld lines in %lld orders, cancellations %lld, adjustments %lld, exceptions "
      "%lld, changes %lld\n",
      static_cast<long long>(first.orders), static_cast<long long>(first.order_count),
      static_cast<long long>(first.cancellations), static_cast<long long>(first.adjustments),
      static_cast<long long>(first.exceptions), static_cast<long long>(first.changes));
  const auto position = w.reader->last_position().value();
  const auto second = run("orders", "online-retail-10k.csv", bytes);
  EXPECT_EQ(second.state, "done");
  EXPECT_EQ(second.changes, 0);
  EXPECT_EQ(sum(second), 10'000);
  EXPECT_EQ(w.reader->last_position().value(), position);
  // The same invoices with other bytes: nothing is doubled either.
  const auto third = run("orders", "again.csv", bytes + "\n");
  EXPECT_EQ(third.changes, 0);
  EXPECT_EQ(third.orders, first.orders);
  EXPECT_EQ(third.exceptions, first.exceptions);
  EXPECT_EQ(w.reader->summary(w.now.wall_ms).value().total, first.order_count);
}

TEST_F(Imports, ABrokenRowNeverStopsTheRest) {
  const auto r = run("orders", "bad.csv",
                     "order,sku,title,quantity,customer\n"
                     "1,MUG,Mug,2,Ada\n"
                     "2,CUP,K\xf6nig,1,Bob\n"
                     "3,CUP,Cup,-4,Bob\n"
                     "4,CUP,\"open,1,Bob\n"
                     "5,CUP,Cup,1,Bob\n");
  EXPECT_EQ(r.orders, 2);
  EXPECT_EQ(r.exceptions, 3);
  const auto rows = w.reader->import_rows(r.id, "exception", 0, 10).value();
  ASSERT_EQ(rows.items.size(), 3U);
  EXPECT_THAT(rows.items[0].why, HasSubstr("row 2, column 3 (title) is not UTF-8"));
  EXPECT_EQ(w.open_exceptions().size(), 3U);
}

// Two rows that are one item once spaces and case are gone: the second does not replace the first.
TEST_F(Imports, AnItemThatStandsTwiceInAFileIsAskedAbout) {
  const auto r = run("items", "items.csv",
                     "sku,title,barcode\nmug,Mug,111\nMUG ,Mug with a handle,222\nCUP,Cup,\n");
  EXPECT_EQ(r.items, 2);
  EXPECT_EQ(r.exceptions, 1);
  const auto rows = w.reader->import_rows(r.id, "exception", 0, 10).value();
  ASSERT_EQ(rows.items.size(), 1U);
  EXPECT_THAT(rows.items[0].why, HasSubstr("SKU MUG stands in row 1 already"));
  EXPECT_EQ(w.open_exceptions(), std::vector<std::string>{"import_row"});
  EXPECT_EQ((*w.reader->stock_of("MUG"))->stock.title, "Mug");
}

TEST_F(Imports, ACancellationFindsTheNewestEarlierOrder) {
  const std::string head = "order,sku,title,quantity,placed,price,customer\n";
  const auto r = run("orders", "a.csv",
                     head +
                         "1,MUG,Mug,5,2020-01-01,1,Ada\n"
                         "2,MUG,Mug,2,2020-01-02,1,Ada\n"
                         "3,MUG,Mug,9,2020-01-09,1,Ada\n"
                         "C4,MUG,Mug,-3,2020-01-03,1,Ada\n"
                         "C5,MUG,Mug,-99,2020-01-10,1,Ada\n");
  EXPECT_EQ(r.cancellations, 1);
  EXPECT_EQ(r.exceptions, 1);
  EXPECT_EQ(w.look("csv:2").lines[0].cancelled, 2);
  EXPECT_EQ(w.look("csv:1").lines[0].cancelled, 1);
  EXPECT_EQ(w.look("csv:3").lines[0].cancelled, 0);
}

TEST_F(Imports, CountedStockMovesTheLedgerByTheDifference) {
  const std::string head = "sku,title,barcode,site,quantity,bin,weight_g\n";
  const auto first = run("stock", "s.csv",
                         head +
                             "mug,Mug,4006381333931,leipzig,12,A-1,300\n"
                             "cup,Cup,,nowhere,1,,\n");
  EXPECT_EQ(first.adjustments, 1);
  EXPECT_EQ(first.exceptions, 1);
  EXPECT_EQ(run("stock", "s.csv", head + "mug,Mug,4006381333931,leipzig,12,A-1,300\n").changes, 0);
  (void)run("stock", "t.csv", head + "mug,,,leipzig,10,,\n");
  const auto mug = w.reader->stock_of("MUG").value().value();
  EXPECT_EQ(mug.stock.sites[0].on_hand, 10);
  EXPECT_EQ(mug.stock.sites[0].bin, "A-1");
  EXPECT_EQ(mug.stock.title, "Mug");
  EXPECT_EQ(mug.weight_g, 300);
  ASSERT_EQ(mug.moves.size(), 2U);
  EXPECT_EQ(mug.moves[0].to, "adjustment");
  EXPECT_EQ(mug.moves[1].from, "supplier");
}

TEST_F(Imports, AFileThatCannotBeUsedFailsWithTheReason) {
  const auto r = run("orders", "x.csv", "foo,bar\n1,2\n");
  EXPECT_EQ(r.state, "failed");
  EXPECT_THAT(r.problem, HasSubstr("x.csv: the header lacks: order"));
}

TEST_F(Imports, GoOnAfterARestart) {
  const std::string bytes = real_file();
  const auto reply = w.ask(StartImport{.kind = "orders", .name = "r.csv", .bytes = bytes});
  for (int i = 0; i < 3; ++i) w.put(Tick{});
  const auto half = w.reader->import(reply.id).value().value();
  EXPECT_EQ(half.state, "running");
  EXPECT_GT(half.done, 0);
  w.reader.reset();
  w.turn.reset();
  w.start();
  w.settle();
  const auto done = w.reader->import(reply.id).value().value();
  EXPECT_EQ(done.state, "done");
  EXPECT_EQ(sum(done), 10'000);
}

}  // namespace
}  // namespace dockline::server
