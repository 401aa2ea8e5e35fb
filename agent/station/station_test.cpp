#include "agent/station/station.hpp"

#include <gtest/gtest.h>

#include "agent/station/testing_bench.hpp"

namespace dockline::agent::station {
namespace {

using namespace testing;

TEST_F(Bench1, OpensAnOrderByNumberIdOrToteWhateverTheCase) {
  for (const auto* code : {"a100", "WEB:a100", "t-7"}) {
    EXPECT_EQ(scan(code), "opened");
    EXPECT_EQ(moment(), "order-open");
    EXPECT_EQ(sound(), "tick");
    EXPECT_EQ(scan(Command::hold), "command");
    EXPECT_EQ(phase(), Phase::idle);
  }
  EXPECT_EQ(count_facts<wire::PackOpened>(), 3);
  EXPECT_EQ(count_facts<wire::PackHeld>(), 3);
}

TEST_F(Bench1, CountsPiecesByAnyBarcodeOfTheLine) {
  scan("A100");
  EXPECT_EQ(scan("04006381333931"), "counted");  // the same GTIN as 14 digits
  EXPECT_EQ(scan("mug-red"), "counted");         // the SKU itself
  EXPECT_EQ(station_->totals().packed, 2);
  EXPECT_EQ(moment(), "item-accepted");
}

TEST_F(Bench1, ACaseBarcodeCountsSeveral) {
  scan("A100");
  EXPECT_EQ(scan(kMugCase), "counted");
  EXPECT_EQ(station_->count_of(1).packed, 2);
  EXPECT_EQ(scan(kMugCase), "too-many");
  EXPECT_EQ(station_->count_of(1).packed, 2);
}

TEST_F(Bench1, QuantityThenDigitsThenItemCountsSeveralAtOnce) {
  scan("A100");
  scan(Command::qty);
  digit(2);
  EXPECT_EQ(moment(), "qty");
  EXPECT_EQ(scan(kMug), "counted");
  EXPECT_EQ(station_->count_of(1).packed, 2);
  scan(Command::undo);
  EXPECT_EQ(station_->count_of(1).packed, 0);
  scan(Command::qty);
  EXPECT_EQ(scan(kMug), "refused");  // no digits
  EXPECT_EQ(scan(kMug), "counted");
}

TEST_F(Bench1, AWrongItemIsRefusedBesideItsNeighbour) {
  scan("A100");
  EXPECT_EQ(scan(kBlue), "wrong-item");
  EXPECT_EQ(sound(), "nope");
  EXPECT_EQ(s().hand.id, "pair");
  EXPECT_EQ(s().near_line, 1);
  EXPECT_EQ(station_->totals().packed, 0);
  EXPECT_EQ(count_facts<wire::ItemCounted>(), 0);
  EXPECT_EQ(scan(kMug), "counted");
  EXPECT_EQ(s().hand.id, "");
}

TEST_F(Bench1, AnUnknownBarcodeIsRefusedAndProblemNamesIt) {
  scan("A100");
  EXPECT_EQ(scan("garbage\x01\xff"), "unknown");
  EXPECT_EQ(moment(), "unknown-barcode");
  scan(Command::problem);
  EXPECT_EQ(phase(), Phase::idle);
  const auto& noted = std::get<wire::ProblemNoted>(facts_[facts_.size() - 2]);
  EXPECT_EQ(noted.about, "unknown-barcode");
  EXPECT_EQ(noted.barcode, "garbage\\x01\\xff");
  EXPECT_EQ(noted.order, "web:A100");
}

TEST_F(Bench1, TheSameScanAgainCountsOnce) {
  scan("A100");
  scan(kMug);
  now_.mono_ms += 79;
  EXPECT_EQ(scan_now(kMug, "right"), "doubled");
  now_.mono_ms += 320;  // 399 ms after the first
  EXPECT_EQ(scan_now(kMug), "doubled");
  EXPECT_EQ(moment(), "doubled-scan");
  EXPECT_EQ(sound(), "tock");
  EXPECT_EQ(station_->totals().packed, 1);
  now_.mono_ms += 1;
  EXPECT_EQ(scan_now(kMug), "counted");
}

TEST_F(Bench1, ShortThenLineNumberNotesAMissingPiece) {
  scan("A100");
  scan(Command::short_piece);
  EXPECT_EQ(s().asking, Asking::short_line);
  EXPECT_EQ(sound(), "hm");
  digit(2);  // bin order: 1 pot in A-1, 2 mug in B-1
  EXPECT_EQ(station_->count_of(1).missing, 1);
  EXPECT_EQ(moment(), "short-noted");
  scan(Command::undo);
  EXPECT_EQ(station_->count_of(1).missing, 0);
  EXPECT_EQ(std::get<wire::ShortNoted>(facts_.back()).quantity, -1);
}

TEST_F(Bench1, AShortQuestionIsLeftByUndoOrByAnItem) {
  scan("A100");
  scan(Command::short_piece);
  scan(Command::undo);
  EXPECT_EQ(s().asking, Asking::nothing);
  EXPECT_EQ(phase(), Phase::packing);
  scan(Command::short_piece);
  digit(7);
  EXPECT_EQ(s().asking, Asking::short_line);
  EXPECT_EQ(scan(kMug), "counted");
  EXPECT_EQ(s().asking, Asking::nothing);
}

TEST_F(Bench1, UndoTakesBackOneActAfterTheOther) {
  scan("A100");
  scan(kMug);
  scan(kPot);
  scan(Command::undo);
  EXPECT_EQ(station_->count_of(2).packed, 0);
  EXPECT_EQ(moment(), "taken-back");
  scan(Command::undo);
  EXPECT_EQ(station_->totals().packed, 0);
  scan(Command::undo);  // the opening itself
  EXPECT_EQ(phase(), Phase::idle);
  scan(Command::undo);
  EXPECT_EQ(moment(), "nothing-to-undo");
  EXPECT_EQ(count_facts<wire::ItemUncounted>(), 2);
}

TEST_F(Bench1, UndoByButtonTakesBackTheNewestOnly) {
  scan("A100");
  scan(kMug);
  const auto newest = s().undo.back().action;
  Effects fx;
  ASSERT_TRUE(station_->undo_action(now_, newest - 1, books_, fx));
  EXPECT_EQ(station_->totals().packed, 1);
  ASSERT_TRUE(station_->undo_action(now_, newest, books_, fx));
  EXPECT_EQ(station_->totals().packed, 0);
}

TEST_F(Bench1, ACancellationWhilePackingTakesEverythingOut) {
  scan("A100");
  scan(kMug);
  scan(kPot);
  revoke();
  EXPECT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(sound(), "stop");
  wait(5'000);
  ASSERT_NE(effect<PlaySound>(), nullptr);
  EXPECT_EQ(scan(kBlue), "wrong-item");
  EXPECT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(scan(kMug), "taken-out");
  EXPECT_EQ(scan(kMug), "too-many");
  power_cut();
  EXPECT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(scan(kPot), "taken-out");
  EXPECT_EQ(phase(), Phase::idle);
  EXPECT_EQ(moment(), "all-out");
  EXPECT_EQ(count_facts<wire::ItemUncounted>(), 2);
  EXPECT_EQ(std::get<wire::LeaseReturned>(facts_.back()).reason, "revoked");
  EXPECT_FALSE(books_.works.contains("web:A100"));
}

TEST_F(Bench1, ACancelledOrderThatNobodyTouchedGoesBackAtOnce) {
  revoke();
  EXPECT_FALSE(books_.works.contains("web:A100"));
  EXPECT_EQ(count_facts<wire::LeaseReturned>(), 1);
  EXPECT_EQ(scan("A100"), "unknown");
}

TEST_F(Bench1, AnOlderRevocationIsIgnored) {
  revoke("moved", "web:A100", 0);
  EXPECT_TRUE(books_.works.contains("web:A100"));
}

TEST_F(Bench1, ACancelledHeldBoxIsEmptiedWhenScanned) {
  scan("A100");
  scan(kMug);
  scan(Command::hold);
  revoke();
  EXPECT_EQ(books_.works.at("web:A100").state, WorkState::revoked);
  EXPECT_EQ(scan("A100"), "opened");
  EXPECT_EQ(phase(), Phase::taking_out);
  scan(kMug);
  EXPECT_EQ(phase(), Phase::idle);
}

TEST_F(Bench1, ACancellationWhilePrintingVoidsTheLabel) {
  pack_all();
  report(PrintStep::prepared);
  revoke();
  EXPECT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(station_->journal().jobs().empty() ? JobState::voided : job(), JobState::voided);
  EXPECT_NE(effect<ForgetSheet>(), nullptr);
  scan(Command::problem);
  EXPECT_EQ(phase(), Phase::idle);
}

TEST_F(Bench1, AHeldOrderGoesOnWhereItWasLeft) {
  scan("A100");
  scan(kMug);
  scan(Command::hold);
  EXPECT_EQ(scan("A200"), "opened");
  scan(Command::hold);
  scan("A100");
  EXPECT_EQ(station_->totals().packed, 1);
}

TEST_F(Bench1, AnotherOrderAsksToHoldThisOne) {
  scan("A100");
  EXPECT_EQ(scan("A200"), "opened");  // nothing was counted: no question
  EXPECT_EQ(scan("A100"), "opened");
  scan(kMug);
  EXPECT_EQ(scan("A200"), "asked");
  EXPECT_EQ(moment(), "other-order");
  scan(Command::no);
  EXPECT_EQ(s().order, "web:A100");
  scan("A200");
  scan(Command::confirm);
  EXPECT_EQ(s().order, "web:A200");
  EXPECT_EQ(books_.works.at("web:A100").counts.size(), 1U);
}

TEST_F(Bench1, AnOrderWithNothingInTheBoxGoesBack) {
  scan("A200");
  scan(Command::short_piece);
  digit(1);
  EXPECT_EQ(phase(), Phase::idle);
  EXPECT_EQ(std::get<wire::LeaseReturned>(facts_.back()).reason, "short");
  EXPECT_EQ(moment(), "given-back");
}

TEST_F(Bench1, AnItemWithoutAnOrderCountsNothing) {
  EXPECT_EQ(scan(kMug), "not-now");
  EXPECT_EQ(moment(), "no-order");
  EXPECT_EQ(facts_.size(), 0U);
}

TEST_F(Bench1, HelpIsLeftByAnyScan) {
  scan(Command::help);
  EXPECT_TRUE(s().help);
  scan("A100");
  EXPECT_FALSE(s().help);
  EXPECT_EQ(phase(), Phase::packing);
}

TEST_F(Bench1, ALostScannerIsMissedUntilTheOtherIsUsed) {
  device("left", DeviceKind::scanner, DeviceState::ready);
  device("left", DeviceKind::scanner, DeviceState::gone);
  ASSERT_NE(station_->missed_scanner(), nullptr);
  EXPECT_EQ(sound(), "gone");
  scan("A100", "right");
  EXPECT_EQ(station_->missed_scanner(), nullptr);
  device("left", DeviceKind::scanner, DeviceState::ready);
  EXPECT_EQ(sound(), "back");
  EXPECT_EQ(count_facts<wire::DeviceChanged>(), 3);
}

TEST_F(Bench1, ADamagedCommandBarcodeIsNoCommand) {
  scan("A100");
  EXPECT_EQ(scan("DLKUNB"), "unknown");
  EXPECT_EQ(phase(), Phase::packing);
  EXPECT_EQ(scan("dlkhob"), "command");
  EXPECT_EQ(phase(), Phase::idle);
}

TEST_F(Bench1, TypedTextIsRecordedWithoutABarcode) {
  scan("A100", "");
  EXPECT_EQ(scan(kMug, ""), "counted");
  EXPECT_EQ(std::get<wire::ItemCounted>(facts_.back()).barcode, "");
}

TEST_F(Bench1, CommandsThatDoNotFitAreRefusedWithoutHarm) {
  for (const auto c : {Command::confirm, Command::no, Command::other, Command::qty,
                       Command::reprint, Command::short_piece, Command::hold}) {
    scan(c);
    EXPECT_EQ(moment(), "not-now") << name(c);
    EXPECT_EQ(phase(), Phase::idle);
  }
  EXPECT_EQ(scan(sheet_code("RETURN")), "not-now");
}

}  // namespace
}  // namespace dockline::agent::station
