#include "agent/station/station.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "agent/station/testing.hpp"

namespace dockline::agent::station {
namespace {

using firmware::DeviceKind;
using firmware::DeviceState;
using firmware::PrintStep;

constexpr std::string_view kMug = "4006381333931", kMugCase = "14006381333938", kPot = "96385074",
                           kBlue = "5901234123457", kTracking = "DL0000000017";

// One bench with two scanners and two printers. Every input is saved and loaded again, as the store
// would, so each test also tests that the state is whole.
class Bench1 : public ::testing::Test {
 protected:
  Bench1() { start(true); }

  void start(bool fresh) {
    station_ = std::make_unique<Station>(Bench{{"zebra", "spare"}, {"left", "right"}, 0}, state_,
                                         live_jobs());
    Effects fx;
    ASSERT_TRUE(station_->restart(now_, books_, fresh, fx));
    keep(fx);
  }
  std::vector<Job> live_jobs() const {
    std::vector<Job> out;
    for (const auto& [id, job] : books_.jobs) {
      if (!is_final(job.state) || job.job == state_.last_label) out.push_back(job);
    }
    return out;
  }
  void power_cut() {
    now_.mono_ms = 5;
    start(true);
  }
  void keep(const Effects& fx) {
    fx_ = fx;
    for (const auto& effect : fx) {
      if (const auto* save = std::get_if<SaveWork>(&effect)) books_.take(*save);
      if (const auto* drop = std::get_if<DropWork>(&effect)) books_.drop(drop->lease);
      if (const auto* f = std::get_if<RecordFact>(&effect)) facts_.push_back(f->data);
    }
    for (auto& job : station_->take_changed_sheets()) books_.jobs[job.id()] = job;
    state_ = state_from_json(to_json(station_->state())).value();
    EXPECT_EQ(to_json(state_), to_json(station_->state()));
  }
  std::string scan(std::string_view code, std::string_view device = "left") {
    now_.mono_ms += 1000;
    now_.wall_ms += 1000;
    return scan_now(code, device);
  }
  std::string scan_now(std::string_view code, std::string_view device = "left") {
    Effects fx;
    const auto verdict =
        station_->scan(now_, {std::string(device), std::string(code), ""}, books_, fx);
    keep(fx);
    return std::string(verdict.value());
  }
  std::string scan(Command command) { return scan(sheet_code(name(command))); }
  std::string digit(int n) { return scan(sheet_code(std::to_string(n))); }
  void report(PrintStep step, DeviceState state = DeviceState::ready, std::string evidence = "") {
    ASSERT_NE(station_->job(), nullptr);
    report_for(*station_->job(), step, state, std::move(evidence));
  }
  void report_for(const Job& job, PrintStep step, DeviceState state = DeviceState::ready,
                  std::string evidence = "") {
    Effects fx;
    station_->print(now_, {job.printer, job.id(), step, state, {}, std::move(evidence)}, fx);
    keep(fx);
  }
  void wait(std::int64_t ms) {
    now_.mono_ms += ms;
    now_.wall_ms += ms;
    Effects fx;
    station_->tick(now_, fx);
    keep(fx);
  }
  void device(std::string device, DeviceKind kind, DeviceState state) {
    Effects fx;
    station_->device(now_, {std::move(device), kind, state, ""}, fx);
    keep(fx);
  }
  void pack_all() {
    scan("A100");
    scan(kMug);
    scan(kMug);
    scan(kPot);
  }
  void revoke(std::string reason = "cancelled", std::string order = "web:A100",
              std::int64_t epoch = 1) {
    Effects fx;
    ASSERT_TRUE(station_->revoked(now_, {order, {"lease-1", epoch}, reason}, books_, fx));
    keep(fx);
  }
  // The order in work is granted once more.
  void give_again(std::string tracking, std::int64_t epoch = 2) {
    auto& order = books_.works.at("web:A100").order;
    order.work.epoch = epoch;
    order.label.tracking = std::move(tracking);
    Effects fx;
    ASSERT_TRUE(station_->granted(now_, order, books_, fx));
    keep(fx);
  }
  template <class T>
  int count_facts() const {
    int n = 0;
    for (const auto& f : facts_) n += std::holds_alternative<T>(f) ? 1 : 0;
    return n;
  }
  template <class T>
  const T* effect() const {
    for (const auto& e : fx_) {
      if (const auto* found = std::get_if<T>(&e)) return found;
    }
    return nullptr;
  }
  const State& s() const { return station_->state(); }
  Phase phase() const { return s().phase; }
  std::string sound() const { return s().sound; }
  std::string moment() const { return s().moment.id; }
  JobState job() const { return station_->job()->state; }

  base::Instant now_{1'000'000, 1'790'000'000'000};
  testing::MemoryBooks books_ = testing::small_shop();
  State state_;
  std::unique_ptr<Station> station_;
  Effects fx_;
  std::vector<wire::EventData> facts_;
};

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
