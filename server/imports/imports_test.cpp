#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/imports/columns.hpp"
#include "server/imports/plan.hpp"
#include "server/imports/values.hpp"

namespace dockline::server::imports {
namespace {

using ::testing::HasSubstr;

TEST(Csv, ReadsQuotesLineBreaksAndAnyLineEnding) {
  const auto file = read_csv("a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n2,plain\n3,last").value();
  ASSERT_EQ(file.rows.size(), 3U);
  EXPECT_EQ(file.rows[0].fields[1], "x, \"y\"\nz");
  EXPECT_EQ(file.rows[2].fields[1], "last");
  EXPECT_EQ(file.rows[2].row, 3);
}

TEST(Csv, AQuoteThatIsNeverClosedBreaksItsOwnRowOnly) {
  std::string bytes = "a,b\n1,\"open\n";
  for (int i = 2; i < 40; ++i) bytes += std::to_string(i) + ",fine\n";
  const auto file = read_csv(bytes).value();
  ASSERT_EQ(file.rows.size(), 39U);
  EXPECT_THAT(file.rows[0].problem, HasSubstr("quote"));
  EXPECT_EQ(file.rows[1].problem, "");
  EXPECT_EQ(file.rows[38].fields[0], "39");
}

TEST(Csv, FindsTheDelimiterAndSkipsMarksAndBlankLines) {
  const auto file = read_csv("\xef\xbb\xbf\nsku;qty\n\nMUG;3\n  \n").value();
  ASSERT_EQ(file.rows.size(), 1U);
  EXPECT_EQ(file.header[0], "sku");
  EXPECT_EQ(file.rows[0].fields[1], "3");
  EXPECT_FALSE(read_csv("").has_value());
  EXPECT_THAT(read_csv("\xff\xfe"
                       "a")
                  .error()
                  .detail,
              HasSubstr("UTF-16"));
}

TEST(Values, AreReadWithoutFloatingPoint) {
  EXPECT_EQ(whole_number("6.0"), 6);
  EXPECT_EQ(whole_number("-12"), -12);
  EXPECT_EQ(whole_number("6.5"), std::nullopt);
  EXPECT_EQ(whole_number("six"), std::nullopt);
  EXPECT_EQ(whole_number("99999999999999999999"), std::nullopt);
  EXPECT_EQ(hundredths("2.55"), 255);
  EXPECT_EQ(hundredths("2,5"), 250);
  EXPECT_EQ(hundredths("-0.125"), -13);
  EXPECT_EQ(hundredths("1.2.3"), std::nullopt);
  EXPECT_EQ(wall_ms("2010-12-01 08:26:00"), 1'291'191'960'000);
  EXPECT_EQ(wall_ms("12/1/2010 8:26"), 1'291'191'960'000);
  EXPECT_EQ(wall_ms("1.12.2010 08:26"), 1'291'191'960'000);
  EXPECT_EQ(wall_ms("2010-02-30"), std::nullopt);
  EXPECT_EQ(customer("17850.0"), "17850");
  EXPECT_EQ(country("United Kingdom"), "GB");
}

TEST(Columns, AreFoundByTheNamesPeopleGiveThem) {
  const Columns columns({"Invoice No", "Stock_Code", "QTY", "Colour"});
  EXPECT_TRUE(columns.has(Column::order));
  EXPECT_TRUE(columns.has(Column::sku));
  EXPECT_TRUE(columns.has(Column::quantity));
  EXPECT_FALSE(columns.has(Column::price));
  EXPECT_THAT(columns.missing({Column::sku, Column::title}), HasSubstr("title (a heading like"));
}

constexpr const char* kHeader =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

Plan plan(const std::string& rows) { return plan_orders(kHeader + rows, {"csv", "GBP"}).value(); }

TEST(PlanOrders, RowsOfOneNumberAreOneOrderAndRepeatedSkusStayLines) {
  const auto p = plan(
      "1,85123a,MUG,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
      "2,X,OTHER,1,2010-12-01 08:26:00,1,17850.0,United Kingdom\n"
      "1,85123A,MUG,2,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
      "1,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom\n");
  ASSERT_EQ(p.units.size(), 2U);
  const auto& order = p.units[0];
  EXPECT_EQ(order.rows, (std::vector<std::int64_t>{1, 3, 4}));
  ASSERT_EQ(order.order.lines.size(), 2U);
  EXPECT_EQ(order.order.lines[1].sku, "85123A");
  EXPECT_EQ(order.order.charges[0].unit_price_minor, 1800);
  EXPECT_EQ(order.order.ship_to.country, "GB");
}

TEST(PlanOrders, TellsCancellationsAndCorrectionsFromOrders) {
  const auto p = plan(
      "C536383,35004C,DUCKS,-1,2010-12-01 09:49:00,4.65,15311.0,United Kingdom\n"
      "536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom\n"
      "537000,21414,found,22,2010-12-03 15:32:00,0.0,,United Kingdom\n"
      "537001,22580,ADVENT,2,2010-12-03 15:32:00,0.0,12647.0,Germany\n");
  ASSERT_EQ(p.units.size(), 4U);
  EXPECT_EQ(p.units[0].kind, UnitKind::cancellation);
  EXPECT_EQ(p.units[0].quantity, 1);
  EXPECT_EQ(p.units[1].kind, UnitKind::adjustment);
  EXPECT_EQ(p.units[1].quantity, -10);
  EXPECT_EQ(p.units[2].reason, "found (537000)");
  EXPECT_EQ(p.units[3].kind, UnitKind::order) << "a free gift is still a piece to send";
}

TEST(PlanOrders, EveryBrokenRowSaysWhatAndWhere) {
  const auto p = plan(
      "1,A,T\xfctle,1,2010-12-01 08:26:00,1,1.0,X\n"
      "1,A,Title,many,2010-12-01 08:26:00,1,1.0,X\n"
      "1,A\n"
      "1,A,Title,1,yesterday,1,1.0,X\n"
      "1,A,Title,1,2010-12-01,cheap,1.0,X\n"
      "1,A,Title,-1,2010-12-01,1,1.0,X\n"
      "1,A,Title,0,2010-12-01,1,1.0,X\n"
      ",A,Title,1,2010-12-01,1,1.0,X\n"
      "C9,D,Discount,-1,2010-12-01,27.5,1.0,X\n"
      "8,POST,Postage,1,2010-12-01,27.5,1.0,X\n"
      "1,A,Title,1,2010-12-01,1,1.0,X\n");
  std::size_t rows = 0;
  for (const auto& unit : p.units) {
    rows += unit.rows.size();
    EXPECT_EQ(unit.kind == UnitKind::broken, !unit.why.empty());
  }
  EXPECT_EQ(rows, 11U);
  EXPECT_EQ(p.units.back().kind, UnitKind::order);
  EXPECT_THAT(p.units[0].why, HasSubstr("row 1, column 3 (title) is not UTF-8 (T\\xfctle)"));
  EXPECT_THAT(p.units[1].why, HasSubstr("column 4 (quantity) is \"many\""));
  EXPECT_THAT(p.units[8].why, HasSubstr("credit without goods"));
  EXPECT_THAT(p.units[9].why, HasSubstr("only charges (POST)"));
}

TEST(PlanOrders, TheSameRowInAnotherFileHasTheSameKey) {
  const std::string row = "C1,A,T,-1,2010-12-01,1,1.0,X\n";
  const auto once = plan(row);
  const auto other = plan("7,B,T,1,2010-12-01,1,1.0,X\n" + row + row);
  EXPECT_EQ(once.units[0].key, other.units[1].key);
  EXPECT_NE(other.units[1].key, other.units[2].key);
}

TEST(PlanOrders, AFileWithoutTheNeededColumnsIsRefusedAsAWhole) {
  EXPECT_THAT(plan_orders("a,b\n1,2\n", {"csv", "EUR"}).error().detail,
              HasSubstr("the header lacks: order"));
}

TEST(PlanStock, ReadsCountsAndRefusesASecondFigure) {
  const auto p = plan_stock(
                     "sku,title,barcode,site,quantity,bin,weight_g\n"
                     "mug,Mug,111 222,leipzig,5,A-1,300\n"
                     "MUG,Mug,,leipzig,7,,\n"
                     "CUP,Cup,,ulm,-1,,\n")
                     .value();
  ASSERT_EQ(p.units.size(), 3U);
  EXPECT_EQ(p.units[0].quantity, 5);
  EXPECT_THAT(p.units[1].why, HasSubstr("counted a second time"));
  EXPECT_THAT(p.units[2].why, HasSubstr("column 5 (quantity)"));
}

TEST(PlanEntries, AnItemIsOneRowOrOneASiteForItsBins) {
  const auto p = plan_entries("items",
                              "sku,title,barcode,weight,site,bin\n"
                              "mug,Mug,111 222,300,leipzig,A-1\n"
                              "MUG ,Mug with a handle,333,,leipzig,B-2\n"
                              "MUG,Mug,,,venlo,C-3\n"
                              "MUG,Mug,,310,ulm,D-4\n"
                              "CUP,,,,,\n"
                              "CUP,Cup,,,,\n"
                              "Mug,Mug,111 222,300,venlo,E-5\n")
                     .value();
  ASSERT_EQ(p.units.size(), 7U);
  EXPECT_EQ(p.units[0].kind, UnitKind::entry);
  EXPECT_EQ(p.units[1].kind, UnitKind::broken);
  EXPECT_THAT(p.units[1].why, HasSubstr("SKU MUG stands in row 1 already"));
  EXPECT_THAT(p.units[1].why, HasSubstr("Put them together"));
  EXPECT_EQ(p.units[2].kind, UnitKind::entry) << p.units[2].why;  // its bin at another site
  EXPECT_THAT(p.units[3].why, HasSubstr("another weight_g in row 1"));
  EXPECT_EQ(p.units[4].kind, UnitKind::broken);
  EXPECT_EQ(p.units[5].kind, UnitKind::entry) << p.units[5].why;  // the row before says nothing
  EXPECT_THAT(p.units[6].why, HasSubstr("stands in row 3 already"));
}

}  // namespace
}  // namespace dockline::server::imports
