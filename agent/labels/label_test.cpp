#include "agent/labels/label.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "agent/labels/text.hpp"
#include "shared/base/prng.hpp"

namespace dockline::agent::labels {
namespace {

LabelDocument sample() {
  LabelDocument d;
  d.order_number = "DL-2026-000123";
  d.sender = "Leipzig";
  d.ship_to.name =
      "Jos\xc3\xa9 Garc\xc3\xad"
      "a";
  d.ship_to.street1 =
      "Musterstra\xc3\x9f"
      "e 7";
  d.ship_to.postal_code = "10115";
  d.ship_to.city = "Berlin";
  d.ship_to.country = "DE";
  d.label = {"DL0123456789", "340123450000000123", "House", "Standard"};
  d.pieces = {{"FILTER-01", "paper filter size 01", 2}, {"KETTLE", "kettle", 1}};
  return d;
}

std::size_t commands(std::string_view zpl) {
  return static_cast<std::size_t>(
      std::ranges::count_if(zpl, [](char c) { return c == '^' || c == '~'; }));
}

TEST(Label, HoldsOrderTrackingAndSscc) {
  const auto zpl = to_zpl(sample()).value();
  EXPECT_TRUE(zpl.find("^XA") != std::string::npos && zpl.find("^XZ") != std::string::npos);
  for (const char* part :
       {"^CI28", "^PW812", "^LL1218", "^FDDL0123456789^FS", "^FDDL-2026-000123^FS",
        "^BY3,3,10^BCN,130,N,N,N,N^FD>;>800340123450000000123^FS", "Jos\xc3\xa9 Garc\xc3\xad",
        "10115 Berlin", "House Standard", "3 pieces in 2 lines", "2 x FILTER-01"}) {
    EXPECT_NE(zpl.find(part), std::string::npos) << part << "\n" << zpl;
  }
  EXPECT_EQ(zpl.find("COPY"), std::string::npos);
  EXPECT_EQ(zpl.find("^PQ"), std::string::npos) << "quantity is one per format";
}

TEST(Label, MarksACopy) {
  auto d = sample();
  d.attempt = 3;
  EXPECT_NE(to_zpl(d)->find("COPY 2"), std::string::npos);
}

TEST(Label, NoTextBecomesACommand) {
  const std::string evil = "^XZ~JA^XA{{sscc}}{{{order}}}_5E\\&\r\n^FS";
  auto d = sample();
  const auto honest = commands(to_zpl(d).value());
  d.order_number = d.sender = d.ship_to.name = d.label.carrier = d.label.service = evil;
  d.ship_to.company = d.ship_to.street1 = d.ship_to.street2 = d.ship_to.city = evil;
  d.ship_to.postal_code = d.ship_to.country = d.ship_to.region = evil;
  for (auto& piece : d.pieces) {
    piece.sku = piece.title = evil;
  }
  const auto zpl = to_zpl(d).value();
  // The order number holds a line end: no barcode for it, so five commands fewer (FO BY BC FH FD
  // FS).
  EXPECT_EQ(commands(zpl), honest - 6);
  EXPECT_EQ(zpl.find("340123450000000123}}"), std::string::npos);
  EXPECT_NE(zpl.find("{{sscc}}"), std::string::npos) << "template syntax in data prints as text";
}

TEST(Label, RandomTextNeverChangesTheCommands) {
  base::Prng prng(6);
  auto d = sample();
  d.order_number = "A";
  const auto honest = commands(to_zpl(d).value());
  for (int i = 0; i < 500; ++i) {
    std::string noise;
    for (std::size_t n = prng.below(200); n > 0; --n) {
      noise +=
          prng.chance(500) ? "^~_{}\\&>#/"[prng.below(10)] : static_cast<char>(prng.below(256));
    }
    d.ship_to.name = d.sender = d.pieces[0].title = d.label.service = noise;
    EXPECT_EQ(commands(to_zpl(d).value()), honest);
  }
}

TEST(Label, RefusesWhatCouldNotBeScanned) {
  const auto refuse = [](auto change) {
    auto d = sample();
    change(d);
    const auto zpl = to_zpl(d);
    EXPECT_FALSE(zpl);
    return zpl ? "" : zpl.error().detail;
  };
  EXPECT_NE(refuse([](auto& d) { d.label.sscc = "340123450000000129"; }).find("check digit"),
            std::string::npos);
  refuse([](auto& d) { d.label.sscc = "00340123450000000123"; });
  refuse([](auto& d) { d.label.tracking = ""; });
  refuse([](auto& d) { d.label.tracking = std::string(30, '1'); });
  refuse([](auto& d) { d.label.tracking = "DL\xc3\xa9"; });
  refuse([](auto& d) { d.label.tracking = "DL>8"; });
  refuse([](auto& d) { d.order_number = ""; });
}

TEST(Label, ChoosesBarsThatFitAndLeavesALongOrderNumberAsText) {
  auto d = sample();
  d.label.tracking = std::string(18, '7');
  EXPECT_NE(to_zpl(d)->find("^FO50,500^BY3"), std::string::npos);
  d.label.tracking = std::string(25, '7');
  EXPECT_NE(to_zpl(d)->find("^FO50,500^BY2"), std::string::npos);
  d.order_number = std::string(60, 'A');
  EXPECT_EQ(to_zpl(d)->find("^FO50,762"), std::string::npos);
  EXPECT_NE(to_zpl(d)->find("ORDER AAAA"), std::string::npos);
}

TEST(Label, KeepsPlaceAndCountryOfALongAddress) {
  auto d = sample();
  d.ship_to.name = d.ship_to.street1.emplace(400, 'n');
  d.ship_to.company = std::string(400, 'c');
  d.ship_to.street2 = std::string(400, 's');
  const auto zpl = to_zpl(d).value();
  EXPECT_NE(zpl.find("10115 Berlin"), std::string::npos);
  EXPECT_NE(zpl.find("^FDDE^FS"), std::string::npos);
}

TEST(Label, CountsRowsItHasNoRoomFor) {
  auto d = sample();
  d.pieces.assign(9, {"S", "t", 2});
  EXPECT_NE(to_zpl(d)->find("18 pieces in 9 lines"), std::string::npos);
  EXPECT_NE(to_zpl(d)->find("and 7 more lines"), std::string::npos);
}

TEST(LabelText, WrapsAtBlanksAndCutsBetweenCharacters) {
  EXPECT_EQ(wrap("one two three", 7, 3), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("abcdefgh", 3, 2), (std::vector<std::string>{"abc", "..."}));
  EXPECT_EQ(wrap("abcdefghij", 5, 2), (std::vector<std::string>{"abcde", "fghij"}));
  EXPECT_TRUE(wrap("   ", 5, 2).empty());
  EXPECT_EQ(cut("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9", 5),
            "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9");
  EXPECT_EQ(cut("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9x", 5), "\xc3\xa4\xc3\xb6...");
}

}  // namespace
}  // namespace dockline::agent::labels
