// From the last piece to the scanned label: printing, doubt, reprints, restarts.
#include <gtest/gtest.h>

#include "agent/station/station.hpp"
#include "agent/station/testing_bench.hpp"

namespace dockline::agent::station {
namespace {

using namespace testing;

TEST_F(Bench1, AfterTheLastPieceTheLabelIsWantedAndItsScanClosesTheOrder) {
  pack_all();
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(job(), JobState::wanted);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(effect<PrintSheet>()->device, "zebra");
  report(PrintStep::prepared);
  EXPECT_EQ(job(), JobState::sending);
  ASSERT_NE(effect<SendSheet>(), nullptr);
  report(PrintStep::sent);
  report(PrintStep::confirmed, DeviceState::ready, "odometer 1 -> 2");
  EXPECT_EQ(job(), JobState::confirmed);
  EXPECT_EQ(sound(), "tick");
  EXPECT_EQ(scan("dl0000000017"), "closed");
  EXPECT_EQ(phase(), Phase::closed);
  EXPECT_EQ(sound(), "done");
  EXPECT_EQ(s().closed_today, 1);
  const auto& closed = std::get<wire::PackClosed>(facts_.back());
  EXPECT_EQ(closed.lines.size(), 2U);
  EXPECT_EQ(closed.lines[0].packed, 2);
  EXPECT_EQ(books_.works.at("web:A100").state, WorkState::done);
  EXPECT_EQ(scan("A100"), "refused");
  EXPECT_EQ(moment(), "order-done");
}

TEST_F(Bench1, TheSsccClosesTooPlainOrAsGs1) {
  for (const auto* code :
       {"003401230000000014", "00003401230000000014", "]C100003401230000000014"}) {
    pack_all();
    report(PrintStep::prepared);
    EXPECT_EQ(scan(code), "closed") << code;
    scan(Command::undo);
    scan(Command::undo);
    scan(Command::hold);
    books_.works["web:A100"].counts.clear();
    books_.jobs.clear();
    start(true);
  }
}

TEST_F(Bench1, AnotherLabelIsRefused) {
  pack_all();
  report(PrintStep::prepared);
  EXPECT_EQ(scan("DL0000000024"), "wrong-label");
  EXPECT_EQ(moment(), "wrong-label");
  EXPECT_EQ(phase(), Phase::label);
}

TEST_F(Bench1, UndoAfterClosingReopensUntilAnotherOrderIsOpened) {
  pack_all();
  report(PrintStep::prepared);
  scan(kTracking);
  scan(Command::undo);
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(s().closed_today, 0);
  EXPECT_EQ(count_facts<wire::PackReopened>(), 1);
  EXPECT_EQ(scan(kTracking), "closed");
  scan("A200");
  scan(Command::undo);  // takes back the opening of A200, not the closing
  EXPECT_EQ(count_facts<wire::PackReopened>(), 1);
}

TEST_F(Bench1, ALabelThatIsThereIsNotPrintedAgainAfterUndo) {
  pack_all();
  report(PrintStep::prepared);
  report(PrintStep::sent);
  report(PrintStep::confirmed);
  scan(Command::undo);
  EXPECT_EQ(phase(), Phase::packing);
  EXPECT_EQ(scan(kPot), "counted");
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(station_->job()->attempt, 1);
  EXPECT_EQ(job(), JobState::confirmed);
}

TEST_F(Bench1, AHeldOrderWhoseLabelWasPrintedNeverPrintsItAnew) {
  pack_all();
  report(PrintStep::prepared);
  scan(kTracking);
  scan(Command::undo);
  scan(Command::hold);
  scan("A200");
  scan(kPot);
  report(PrintStep::prepared);
  scan("DL0000000024");
  scan("A100");
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(scan(kTracking), "closed");
}

// What is final is not loaded with what is under way; the order in work needs it all the same.
TEST_F(Bench1, AnOrderOpenedAgainNeverPrintsAnewAfterAPowerCut) {
  pack_all();
  report(PrintStep::prepared);
  scan(kTracking);
  scan(Command::undo);
  scan(Command::undo);  // one piece comes out of the box
  scan(Command::hold);
  scan("A200");
  scan(kPot);
  report(PrintStep::prepared);
  scan("DL0000000024");
  scan("A100");
  power_cut();
  EXPECT_EQ(scan(kPot), "counted");
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  ASSERT_NE(station_->job(), nullptr);
  EXPECT_EQ(job(), JobState::applied);
  EXPECT_EQ(scan(kTracking), "closed");
}

TEST_F(Bench1, AnOrderGivenAgainUnderAnotherLabelPrintsThatOne) {
  pack_all();
  report(PrintStep::prepared);
  report(PrintStep::sent);
  report(PrintStep::confirmed);
  scan(Command::undo);
  give_again("DL0000000031");
  EXPECT_EQ(scan(kPot), "counted");
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(station_->job()->label.tracking, "DL0000000031");
  EXPECT_EQ(station_->job()->attempt, 2);
  EXPECT_EQ(books_.jobs.at("lease-1#1").state, JobState::voided);
  EXPECT_EQ(scan(kTracking), "wrong-label");
  report(PrintStep::prepared);
  report(PrintStep::sent);
  report(PrintStep::confirmed);
  scan(Command::reprint);
  EXPECT_EQ(station_->job()->label.tracking, "DL0000000031");
  EXPECT_EQ(scan("DL0000000031"), "closed");
}

TEST_F(Bench1, ALabelThatChangesWhileItsSheetIsLookedForIsPrintedAtOnce) {
  pack_all();
  report(PrintStep::prepared);
  give_again("DL0000000031");
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(station_->job()->label.tracking, "DL0000000031");
  give_again("DL0000000031", 3);
  EXPECT_EQ(effect<PrintSheet>(), nullptr) << "the same label once";
}

TEST_F(Bench1, EightSecondsWithoutAnswerAskThePacker) {
  pack_all();
  report(PrintStep::prepared);
  report(PrintStep::sent);
  wait(7'900);
  EXPECT_EQ(job(), JobState::sent);
  wait(100);
  EXPECT_EQ(job(), JobState::unknown);
  EXPECT_EQ(sound(), "hm");
  scan(Command::no);
  EXPECT_EQ(station_->job()->attempt, 2);
  EXPECT_EQ(job(), JobState::wanted);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
}

TEST_F(Bench1, AnUnknownLabelThatIsScannedIsTheAnswer) {
  pack_all();
  report(PrintStep::prepared);
  report(PrintStep::uncertain, DeviceState::ready, "printer was restarted");
  EXPECT_EQ(job(), JobState::unknown);
  EXPECT_EQ(scan(kTracking), "closed");
}

TEST_F(Bench1, OnlyAProofLetsALabelBeSentAgainUnasked) {
  pack_all();
  report(PrintStep::prepared);
  report(PrintStep::sent);
  report(PrintStep::not_printed, DeviceState::ready, "odometer stood still");
  EXPECT_EQ(job(), JobState::wanted);
  EXPECT_EQ(station_->job()->attempt, 1);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
}

TEST_F(Bench1, PaperOutWaitsAndGoesOnByItself) {
  pack_all();
  report(PrintStep::refused, DeviceState::paper_out);
  EXPECT_EQ(station_->job()->trouble, DeviceState::paper_out);
  EXPECT_EQ(sound(), "hm");
  wait(2'000);
  EXPECT_NE(effect<PrintSheet>(), nullptr);  // tries again
  report(PrintStep::refused, DeviceState::paper_out);
  device("zebra", DeviceKind::printer, DeviceState::paper_out);
  device("zebra", DeviceKind::printer, DeviceState::ready);
  EXPECT_NE(effect<PrintSheet>(), nullptr);
}

TEST_F(Bench1, ALabelThatWaitedTenMinutesAsksFirst) {
  pack_all();
  report(PrintStep::refused, DeviceState::paper_out);
  wait(600'000);
  EXPECT_TRUE(station_->job()->late);
  device("zebra", DeviceKind::printer, DeviceState::ready);
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  scan(Command::no);
  EXPECT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(station_->job()->attempt, 1);
}

// The disk may be an older image: the sheet that waits on it may have come out since.
TEST_F(Bench1, ASheetThatWaitedThroughARestartAsksFirst) {
  pack_all();
  power_cut();
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  device("zebra", DeviceKind::printer, DeviceState::ready);
  wait(60'000);
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  power_cut();
  scan(Command::no);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(station_->job()->attempt, 1);
}

TEST_F(Bench1, ASheetThatWaitedThroughARestartIsScannedIfItCame) {
  pack_all();
  power_cut();
  EXPECT_EQ(scan(kTracking), "closed");
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
}

TEST_F(Bench1, ACopyThatWaitedThroughARestartPrintsAtTheNextReprint) {
  pack_all();
  report(PrintStep::prepared);
  scan(kTracking);
  scan(Command::reprint);
  power_cut();
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  scan(Command::reprint);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(effect<PrintSheet>()->id, "lease-1#2");
}

TEST_F(Bench1, OtherPrintsOnTheOtherPrinter) {
  pack_all();
  report(PrintStep::refused, DeviceState::paper_out);
  scan(Command::other);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(effect<PrintSheet>()->device, "spare");
  EXPECT_EQ(station_->job()->attempt, 1);  // nothing was sent: no copy
  report(PrintStep::prepared);
  report(PrintStep::waiting, DeviceState::head_open);
  scan(Command::other);
  EXPECT_EQ(station_->job()->attempt, 2);  // it may lie in the printer: a marked copy
  EXPECT_EQ(station_->job()->printer, "zebra");
}

TEST_F(Bench1, APowerCutWhilePrintingAsksThePrinterAndThenThePacker) {
  pack_all();
  report(PrintStep::prepared);
  power_cut();
  EXPECT_EQ(phase(), Phase::label);
  ASSERT_NE(effect<RecoverSheet>(), nullptr);
  report(PrintStep::uncertain);
  EXPECT_EQ(job(), JobState::unknown);
  power_cut();
  EXPECT_EQ(job(), JobState::unknown);
  EXPECT_EQ(effect<PrintSheet>(), nullptr);
  EXPECT_EQ(effect<RecoverSheet>(), nullptr);
}

TEST_F(Bench1, APowerCutLosesNoPiece) {
  scan("A100");
  scan(kMug);
  power_cut();
  EXPECT_TRUE(s().restarted);
  EXPECT_EQ(station_->totals().packed, 1);
  EXPECT_EQ(scan(kMug), "counted");
  EXPECT_FALSE(s().restarted);
  scan(Command::undo);
  scan(Command::undo);
  EXPECT_EQ(station_->totals().packed, 0);
}

TEST_F(Bench1, ReprintIsAMarkedCopyOfTheLastLabel) {
  pack_all();
  report(PrintStep::prepared);
  scan(kTracking);
  scan(Command::reprint);
  ASSERT_NE(effect<PrintSheet>(), nullptr);
  EXPECT_TRUE(effect<PrintSheet>()->id.ends_with("#2"));
  EXPECT_EQ(scan(kTracking), "label");
  EXPECT_EQ(station_->job()->state, JobState::applied);
  EXPECT_EQ(count_facts<wire::PackClosed>(), 1);
}

// ---------------------------------------------------------------- two orders in one parcel
struct OneParcel : Bench1 {
  // A200 goes in the parcel of A100, which is packed and labelled.
  void SetUp() override {
    books_.works.at("web:A200").order.label = books_.works.at("web:A100").order.label;
    pack_all();
    report(PrintStep::prepared);
    report(PrintStep::sent);
    scan(kTracking);
    ASSERT_EQ(phase(), Phase::closed);
    scan("A200");
    scan(kPot);
  }
  int sheets() const { return static_cast<int>(books_.jobs.size()); }
};

TEST_F(OneParcel, TheSecondPrintsNothingAndIsClosedByTheLabelOnTheBox) {
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(station_->job(), nullptr);
  EXPECT_EQ(station_->box_of(), "A100");
  EXPECT_EQ(sheets(), 1);
  EXPECT_EQ(scan("DL0000000024"), "wrong-label");
  EXPECT_EQ(scan(kTracking), "closed");
  const auto& closed = std::get<wire::PackClosed>(facts_.back());
  EXPECT_EQ(closed.order, "web:A200");
  EXPECT_EQ(closed.label.tracking, kTracking);
  EXPECT_EQ(sheets(), 1);
}

TEST_F(OneParcel, APowerCutChangesNothing) {
  power_cut();
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(station_->job(), nullptr);
  EXPECT_EQ(station_->box_of(), "A100");
  wait(60'000);
  EXPECT_EQ(sheets(), 1);
  EXPECT_EQ(scan(kTracking), "closed");
}

TEST_F(OneParcel, WhoDoesNotFindTheLabelGetsASheetOnRequest) {
  scan(Command::reprint);
  EXPECT_EQ(sheets(), 2);
  EXPECT_EQ(job(), JobState::wanted);
  report(PrintStep::prepared);
  EXPECT_EQ(scan(kTracking), "closed");
}

TEST_F(OneParcel, AnotherLabelGivenMeanwhileIsPrinted) {
  auto& order = books_.works.at("web:A200").order;
  order.work.epoch = 2;
  order.label.tracking = "DL0000000031";
  Effects fx;
  ASSERT_TRUE(station_->granted(now_, order, books_, fx));
  keep(fx);
  EXPECT_FALSE(station_->box_of());
  EXPECT_EQ(station_->job()->label.tracking, "DL0000000031");
  EXPECT_EQ(sheets(), 2);
}

}  // namespace
}  // namespace dockline::agent::station
