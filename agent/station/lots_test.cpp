// Lots, serials and expiry at the bench: what a code says of its pieces, and what may be packed.
#include <gmock/gmock.h>

#include "agent/station/barcode.hpp"
#include "agent/station/testing_bench.hpp"
#include "shared/base/limits.hpp"

namespace dockline::agent::station {
namespace {

using testing::Bench1;
using testing::kPot;
using testing::kTracking;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kNow = 1'790'000'000'000;  // 2026-09-21
constexpr const char* kMugGtin = "0104006381333931";

std::optional<domain::Lot> read(std::string_view data, std::string_view symbology = "]d2") {
  return lot_in(data, symbology, kNow);
}
std::string day(const std::optional<domain::Lot>& lot) {
  return lot && lot->expires_ms ? base::to_rfc3339(*lot->expires_ms) : "none";
}

TEST(Barcodes, ElementStringsNameLotSerialAndExpiry) {
  const auto all = read(
      "0109506000134352"
      "17261031"
      "10ABC-1\x1d"
      "21S/77");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->lot, "ABC-1");
  EXPECT_EQ(all->serial, "S/77");
  EXPECT_EQ(day(all), "2026-11-01T00:00:00.000Z") << "good until the end of its day";
  EXPECT_EQ(read("10L9\x1d"
                 "0109506000134352",
                 "]C1")
                ->lot,
            "L9")
      << "in any order";
  EXPECT_EQ(item_key("10L9\x1d"
                     "0109506000134352",
                     "]C1"),
            "09506000134352");
  EXPECT_EQ(read("01095060001343523103001750"
                 "21S1")
                ->serial,
            "S1")
      << "measures have no separator";
  EXPECT_EQ(read("010950600013435230"
                 "12\x1d"
                 "10L1")
                ->lot,
            "L1")
      << "a count has one";
  EXPECT_EQ(read("0109506000134352"
                 "21S1\x1d")
                ->serial,
            "S1")
      << "at the end it may stand";
  EXPECT_EQ(read("]d20109506000134352"
                 "10L1",
                 "")
                ->lot,
            "L1")
      << "the scanner put its identifier";
  EXPECT_EQ(read("0109506000134352"
                 "10L1",
                 "")
                ->lot,
            "L1")
      << "or none, and all of it fits";
}

TEST(Barcodes, ADigitalLinkNamesThemToo) {
  const auto all =
      read("https://id.example/01/09506000134352/10/A%2FB/21/S%201?17=270228&3103=1", "]Q1");
  ASSERT_FALSE(all) << "a blank is in no serial";
  const auto good = read("https://id.example/01/09506000134352/10/A%2FB/21/S1?17=270228", "]Q1");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->lot, "A/B");
  EXPECT_EQ(good->serial, "S1");
  EXPECT_EQ(day(good), "2027-03-01T00:00:00.000Z");
  EXPECT_EQ(item_key("https://id.example/01/09506000134352/10/A"), "09506000134352");
}

TEST(Barcodes, AnExpiryHasItsMonthsEndAndTheNearestCentury) {
  EXPECT_EQ(day(read("010950600013435217280200")), "2028-03-01T00:00:00.000Z");
  EXPECT_EQ(day(read("010950600013435217270200")), "2027-03-01T00:00:00.000Z");
  EXPECT_EQ(day(read("010950600013435217760101")), "2076-01-02T00:00:00.000Z");
  EXPECT_EQ(day(read("010950600013435217770101")), "1977-01-02T00:00:00.000Z");
  EXPECT_FALSE(read("010950600013435217270230")) << "no such day";
  EXPECT_FALSE(read("010950600013435217271301"));
  EXPECT_FALSE(read("010950600013435215260101")) << "best before is no expiry";
}

TEST(Barcodes, WhatContradictsItselfNamesNothing) {
  for (const char* data : {"0109506000134352", "010950600013435210",
                           "0109506000134352"
                           "10A\x1d"
                           "10B",
                           "0109506000134352"
                           "10123456789012345678901",
                           "\x1d"
                           "0109506000134352"
                           "10A",
                           "0109506000134352"
                           "10A\x1d\x1d"
                           "21B",
                           "0109506000134353"
                           "10A",
                           "10", "x", ""}) {
    EXPECT_FALSE(read(data)) << data;
  }
  EXPECT_FALSE(
      read("0109506000134352"
           "10A",
           "]C0"))
      << "plain Code 128";
  EXPECT_TRUE(
      read("0109506000134352"
           "10A\x1d"
           "10A"))
      << "the same twice is no contradiction";
}

// ---------------------------------------------------------------- the bench
class Lots : public Bench1 {
 protected:
  Lots() {
    scan("A100");
    facts_.clear();
  }
  void track(const char* what) {
    books_.works.at("web:A100").order.lines[0].tracked = what;
    power_cut();
  }
  std::string mug(const std::string& rest, std::string_view device = "left") {
    return scan("]d2" + std::string(kMugGtin) + rest, device);
  }
  std::string value(std::string_view key) const {
    for (const auto& [k, v] : s().moment.p) {
      if (k == key) return std::get<std::string>(v);
    }
    return "";
  }
  std::vector<domain::LotPieces> packed(std::int64_t line = 1) const {
    for (const auto& f : facts_) {
      if (const auto* closed = std::get_if<wire::PackClosed>(&f)) {
        for (const auto& l : closed->lines) {
          if (l.line == line) return l.lots.value_or(std::vector<domain::LotPieces>{});
        }
      }
    }
    return {};
  }
};

TEST_F(Lots, WhatTheCodeSaysGoesIntoTheFactsAndTheBox) {
  EXPECT_EQ(mug("10L1"), "counted");
  ASSERT_EQ(count_facts<wire::ItemCounted>(), 1);
  EXPECT_EQ(std::get<wire::ItemCounted>(facts_.back()).lot->lot, "L1");
  power_cut();
  EXPECT_EQ(mug("10L2"), "counted");
  EXPECT_EQ(scan(kPot), "counted");
  EXPECT_EQ(scan(kTracking), "closed");
  ASSERT_EQ(packed().size(), 2U);
  EXPECT_EQ(packed()[0].lot.lot, "L1");
  EXPECT_EQ(packed()[1].lot.lot, "L2");
  EXPECT_EQ(packed()[1].quantity, 1);
  EXPECT_TRUE(packed(2).empty()) << "nobody asked for the pot's";
}

TEST_F(Lots, AnExpiredPieceIsRefusedWhateverTheItemAsksFor) {
  EXPECT_EQ(mug("17260920"), "expired");
  EXPECT_EQ(moment(), "expired");
  EXPECT_EQ(sound(), "nope");
  EXPECT_EQ(value("date"), "2026-09-20");
  EXPECT_EQ(station_->totals().packed, 0);
  EXPECT_TRUE(facts_.empty());
  EXPECT_EQ(mug("17260921"), "counted") << "good until the end of that day";
}

TEST_F(Lots, TheDayIsThatOfTheServersClock) {
  station_->set_clock_ahead(kDayMs);
  EXPECT_EQ(mug("17260921"), "expired");
  station_->set_clock_ahead(-kDayMs);
  EXPECT_EQ(mug("17260920"), "counted");
}

TEST_F(Lots, ATrackedItemAsksForWhatItsCodeDoesNotSay) {
  for (const auto& [what, wrong, right] : {std::tuple{"lot", "17270101", "10L1"},
                                           {"serial", "10L1", "21S1"},
                                           {"expiry", "10L1", "17270101"}}) {
    track(what);
    EXPECT_EQ(scan(testing::kMug), "lot-needed") << what;
    EXPECT_EQ(value("kind"), what);
    EXPECT_EQ(mug(wrong), "lot-needed") << what;
    EXPECT_EQ(scan("MUG-RED", ""), "lot-needed") << "typed";
    EXPECT_EQ(station_->totals().packed, 0);
    EXPECT_EQ(mug(right), "counted") << what;
    scan(Command::undo);
    EXPECT_EQ(station_->totals().packed, 0);
    facts_.clear();
  }
}

TEST_F(Lots, OneSerialIsPackedOnce) {
  EXPECT_EQ(mug("21S1"), "counted");
  EXPECT_EQ(mug("21S1"), "serial-again");
  EXPECT_EQ(value("number"), "A100");
  EXPECT_EQ(sound(), "nope");
  EXPECT_EQ(station_->totals().packed, 1);
  power_cut();
  EXPECT_EQ(mug("10L1\x1d"
                "21S1"),
            "serial-again")
      << "whatever else its code says";
  scan(Command::undo);
  EXPECT_EQ(mug("21S1"), "counted") << "it is out of the box again";
}

TEST_F(Lots, NorInTheBoxOfAnotherOrderOfThisBench) {
  books_.works.at("web:A200").order.lines[0] = books_.works.at("web:A100").order.lines[0];
  books_.works.at("web:A200").order.lines[0].quantity = 1;
  EXPECT_EQ(mug("21S1"), "counted");
  scan(Command::hold);
  scan("A200");
  EXPECT_EQ(mug("21S1"), "serial-again");
  EXPECT_EQ(value("number"), "A100");
  EXPECT_EQ(mug("21S2"), "counted");
}

TEST_F(Lots, QuantityMultipliesALotAndNeverASerial) {
  track("serial");
  scan(Command::qty);
  digit(2);
  EXPECT_EQ(mug("21S1"), "lot-needed");
  EXPECT_EQ(moment(), "serial-each");
  EXPECT_EQ(station_->totals().packed, 0);
  track("lot");
  scan(Command::qty);
  digit(2);
  EXPECT_EQ(mug("10L1\x1d"
                "21S1"),
            "counted");
  const auto& fact = std::get<wire::ItemCounted>(facts_.back());
  EXPECT_EQ(fact.quantity, 2);
  EXPECT_EQ(fact.lot->lot, "L1");
  EXPECT_FALSE(fact.lot->serial) << "no two pieces have one serial";
}

TEST_F(Lots, UndoAndTakingOutGiveThePieceBackWithItsLot) {
  mug("10L1");
  mug("10L2");
  scan(Command::undo);
  EXPECT_EQ(std::get<wire::ItemUncounted>(facts_.back()).lot->lot, "L2");
  revoke();
  ASSERT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(mug("10L2"), "too-many") << "not in this box any more";
  EXPECT_EQ(scan(testing::kMug), "taken-out") << "its plain code will do";
  bool out = false;
  for (const auto& f : facts_) {
    if (const auto* u = std::get_if<wire::ItemUncounted>(&f)) out = out || u->lot->lot == "L1";
  }
  EXPECT_TRUE(out);
}

TEST_F(Lots, AReopenedBoxKeepsItsLots) {
  mug("10L1");
  mug("10L1");
  scan(kPot);
  scan(kTracking);
  scan(Command::undo);
  power_cut();
  facts_.clear();
  EXPECT_EQ(scan(kTracking), "closed");
  ASSERT_EQ(packed().size(), 1U);
  EXPECT_EQ(packed()[0].quantity, 2);
}

TEST_F(Lots, ABoxNamesSoManyLotsAtMost) {
  auto& line = books_.works.at("web:A100").order.lines[0];
  line.quantity = 1'000;
  power_cut();
  const auto most = static_cast<int>(base::limits::kBoxLotsMax);
  for (int i = 0; i < most; ++i) ASSERT_EQ(mug("21S" + std::to_string(i)), "counted");
  EXPECT_EQ(mug("21X"), "counted") << "not asked for: packed, and not named";
  EXPECT_FALSE(std::get<wire::ItemCounted>(facts_.back()).lot);
  line.tracked = "serial";
  power_cut();
  EXPECT_EQ(mug("21Y"), "refused");
}

TEST(SavedState, OfProgramsWithoutLotsIsRead) {
  const auto counts = counts_from_json(R"([[1,2,0,"MUG-RED"],[2,0,1]])");
  ASSERT_TRUE(counts);
  EXPECT_TRUE(counts->front().lots.empty());
  Count with{1, 2, 0, "MUG-RED", {{{.lot = "L", .serial = {}, .expires_ms = 5}, 2}}};
  const auto again = counts_from_json(counts_to_json({with}));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->front(), with);
}

}  // namespace
}  // namespace dockline::agent::station
