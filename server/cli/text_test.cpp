#include "server/cli/text.hpp"

#include <gtest/gtest.h>

#include "server/cli/table.hpp"

namespace dockline::server::cli {
namespace {

TEST(CliText, MeasuresWhatATerminalShows) {
  EXPECT_EQ(display_width("Müller"), 6u);
  EXPECT_EQ(display_width("東京"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("\xff"), 1u);
  EXPECT_EQ(display_width(""), 0u);
}

TEST(CliText, CutsAtWholeCharactersAndSaysSo) {
  EXPECT_EQ(clipped("Müller", 6), "Müller");
  EXPECT_EQ(clipped("Müllers", 6), "Mülle…");
  EXPECT_EQ(clipped("東京都", 5), "東京…");
  EXPECT_EQ(clipped("東京都", 4), "東…");
}

TEST(CliText, SaysAgesInWords) {
  constexpr std::int64_t kNow = 1'000'000'000;
  EXPECT_EQ(age(kNow - 400, kNow), "just now");
  EXPECT_EQ(age(kNow - 12'000, kNow), "12 s ago");
  EXPECT_EQ(age(kNow - 125 * 60'000, kNow), "2 h 5 min ago");
  EXPECT_EQ(age(kNow - 3 * 86'400'000, kNow), "3 days ago");
  EXPECT_EQ(age(kNow + 4'000, kNow), "in 4 s");
}

TEST(CliText, GroupsDigitsAndCountsThings) {
  EXPECT_EQ(grouped(10'000), "10,000");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
  EXPECT_EQ(grouped(-999), "-999");
  EXPECT_EQ(counted(1, "piece"), "1 piece");
  EXPECT_EQ(counted(0, "piece"), "0 pieces");
}

TEST(CliText, KeepsControlCodesOffTheTerminal) {
  EXPECT_EQ(safe("a\x1b[31mb").find('\x1b'), std::string::npos);
}

TEST(CliTable, AlignsByWidthAndNotByBytes) {
  Table table({{"SKU"}, {"TITLE"}, {"N", true}});
  table.add({{"A"}, {"東京"}, {"5"}});
  table.add({{"LONGER"}, {"Müller"}, {"1,000"}});
  EXPECT_EQ(table.print(0, false),
            "SKU     TITLE       N\n"
            "A       東京        5\n"
            "LONGER  Müller  1,000\n");
}

TEST(CliTable, CutsOnlyTheFlexibleColumnAndOnlyOnATerminal) {
  Table table({{"ORDER"}, {"CUSTOMER", false, true}});
  table.add({{"shop:1"}, {"A very long name indeed"}});
  EXPECT_NE(table.print(0, false).find("A very long name indeed"), std::string::npos);
  EXPECT_EQ(table.print(20, false),
            "ORDER   CUSTOMER\n"
            "shop:1  A very long…\n");
}

TEST(CliTable, ColoursOnlyWhenAsked) {
  EXPECT_EQ(toned("x", Tone::bad, false), "x");
  EXPECT_EQ(toned("x", Tone::bad, true), "\x1b[31mx\x1b[0m");
}

}  // namespace
}  // namespace dockline::server::cli
