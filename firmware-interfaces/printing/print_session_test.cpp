#include "firmware-interfaces/printing/print_session.hpp"

#include <gtest/gtest.h>

#include "firmware-interfaces/printers/zpl/zpl.hpp"
#include "tests/devices/model_printer.hpp"

namespace dockline::firmware {
namespace {

constexpr std::string_view kLabel = "^XA^FDhello^FS^XZ";

// A session, a model printer and a virtual clock between them.
struct Bench {
  std::unique_ptr<PrinterCodec> codec = zpl::make();
  PrintSession session{"zd421", *codec};
  ModelPrinter printer;
  base::Instant now{1'000, 1'000'000'000};
  bool connected = false, cable = true;
  std::size_t portion = 1000;  // how the printer's answers are cut
  std::vector<DeviceReport> devices;
  std::vector<PrintReport> prints;
  int reconnects = 0;
  std::optional<std::int64_t> reopen_ms;  // the supervisor opens it again then

  explicit Bench(bool connect = true) {
    printer.booted_wall_ms = now.wall_ms - 3'600'000;
    if (connect) {
      open();
      run(700);
    }
  }

  void apply(SessionEffects&& first) {
    std::vector<SessionEffects> todo;
    todo.push_back(std::move(first));
    while (!todo.empty()) {
      auto out = std::move(todo.back());
      todo.pop_back();
      for (auto& report : out.reports) {
        if (auto* device = std::get_if<DeviceReport>(&report)) {
          devices.push_back(*device);
        } else {
          prints.push_back(std::get<PrintReport>(report));
        }
      }
      if (out.reconnect) {
        ++reconnects;
        reopen_ms = now.mono_ms + 250;
        connected = false;
        printer.unread.clear();
      }
      if (out.write.empty() || !connected || !cable) {
        continue;
      }
      const auto answer = printer.take(out.write, now.wall_ms);
      for (std::size_t at = 0; at < answer.size(); at += portion) {
        SessionEffects more;
        session.bytes(now, std::string_view(answer).substr(at, portion), more);
        todo.push_back(std::move(more));
      }
    }
  }
  void open() {
    connected = true;
    SessionEffects out;
    session.opened(now, out);
    apply(std::move(out));
  }
  void cut(const char* why = "connection reset by peer") {
    connected = false;
    SessionEffects out;
    session.closed(now, why, out);
    apply(std::move(out));
  }
  void run(std::int64_t ms) {
    const auto end = now.mono_ms + ms;
    while (true) {
      auto due = std::max(session.deadline_ms().value_or(end), now.mono_ms + 1);
      due = std::min(due, reopen_ms.value_or(due));
      const auto next = std::min(due, end);
      now.wall_ms += next - now.mono_ms;
      now.mono_ms = next;
      if (due > end) {
        return;
      }
      if (reopen_ms && now.mono_ms >= *reopen_ms) {
        reopen_ms = cable ? std::nullopt : std::optional(now.mono_ms + 1000);
        if (cable) {
          open();
        }
      }
      SessionEffects out;
      session.tick(now, !connected || (printer.reads && cable) ? 0 : 100, out);
      apply(std::move(out));
      if (next == end) {
        return;
      }
    }
  }
  void print(std::string job = "j1") {
    SessionEffects out;
    session.print(now, std::move(job), std::string(kLabel), out);
    apply(std::move(out));
  }
  void send(const char* job = "j1") {
    SessionEffects out;
    session.send(now, job, out);
    apply(std::move(out));
  }
  void recover(PrinterMark mark, const char* job = "j1") {
    SessionEffects out;
    session.recover(now, job, std::move(mark), out);
    apply(std::move(out));
  }
  // print, wait for prepared, send.
  void print_and_send() {
    print();
    run(200);
    ASSERT_EQ(last().step, PrintStep::prepared) << last().evidence;
    send();
  }
  PrintReport last() const { return prints.empty() ? PrintReport{} : prints.back(); }
  DeviceState state() const {
    return devices.empty() ? DeviceState::unknown : devices.back().state;
  }
  PrinterMark mark() const {
    return {printer.serial, printer.odometer, (now.wall_ms - *printer.booted_wall_ms) / 1000,
            now.wall_ms};
  }
};

TEST(PrintSession, ConfirmsALabelByTheOdometerAndNamesTheEvidence) {
  Bench b;
  EXPECT_EQ(b.state(), DeviceState::ready);
  b.print();
  b.run(200);
  ASSERT_EQ(b.last().step, PrintStep::prepared);
  EXPECT_EQ(b.last().mark.serial, "SN-1");
  EXPECT_EQ(b.last().mark.odometer, 4711);
  EXPECT_TRUE(b.printer.printed.empty()) << "no byte may leave before send()";
  b.send();
  b.run(1000);
  EXPECT_EQ(b.last().step, PrintStep::confirmed);
  EXPECT_EQ(b.last().evidence, "odometer 4711 -> 4712, nothing waiting");
  EXPECT_EQ(b.printer.printed, std::vector<std::string>{std::string(kLabel)});
}

TEST(PrintSession, ConfirmsHoweverTheAnswersAreSplit) {
  for (const std::size_t portion : {1U, 2U, 5U}) {
    Bench b;
    b.portion = portion;
    b.print_and_send();
    b.run(1000);
    EXPECT_EQ(b.last().step, PrintStep::confirmed) << portion;
  }
}

TEST(PrintSession, RefusesWithoutSendingWhileThePrinterIsNotReady) {
  const std::vector<std::pair<bool ModelPrinter::*, DeviceState>> faults = {
      {&ModelPrinter::paper_out, DeviceState::paper_out},
      {&ModelPrinter::paused, DeviceState::paused},
      {&ModelPrinter::head_open, DeviceState::head_open}};
  for (const auto& [fault, state] : faults) {
    Bench b;
    b.printer.*fault = true;
    b.print();
    b.run(3000);
    EXPECT_EQ(b.last().step, PrintStep::refused);
    EXPECT_EQ(b.last().state, state);
    EXPECT_FALSE(b.last().evidence.empty());
    b.send();  // the owner released it before it heard the refusal
    EXPECT_EQ(b.last().step, PrintStep::not_printed);
    EXPECT_TRUE(b.printer.printed.empty() && b.printer.waiting.empty());
  }
}

TEST(PrintSession, ShowsWhatAPrinterReportsWithinTwoSeconds) {
  Bench b;
  for (const bool silent : {false, true}) {
    b.printer.answers_status = !silent;  // some models keep silent on media out
    b.printer.paper_out = true;
    b.run(2000);
    EXPECT_EQ(b.state(), DeviceState::paper_out) << silent;
    b.printer.paper_out = false;
    b.printer.answers_status = true;
    b.run(2000);
    EXPECT_EQ(b.state(), DeviceState::ready);
  }
}

TEST(PrintSession, ShowsAPulledCableWithinTwoSecondsAndRecoversByItself) {
  Bench b;
  b.cable = false;
  b.run(1950);
  EXPECT_EQ(b.state(), DeviceState::gone);
  b.run(10'000);
  EXPECT_GE(b.reconnects, 1);
  b.cable = true;
  b.run(10'000);
  EXPECT_EQ(b.state(), DeviceState::ready);
}

TEST(PrintSession, WaitsWhilePaperIsOutAndConfirmsWhenItPrintsByItself) {
  Bench b;
  b.printer.automatic = false;
  b.print_and_send();
  b.printer.paper_out = true;
  b.run(60'000);
  EXPECT_EQ(b.last().step, PrintStep::waiting);
  EXPECT_EQ(b.last().state, DeviceState::paper_out);
  b.printer.paper_out = false;
  b.printer.print_one();
  b.run(3000);
  EXPECT_EQ(b.last().step, PrintStep::confirmed);
}

TEST(PrintSession, AsksInsteadOfPrintingAnHourLate) {
  Bench b;
  b.printer.automatic = false;
  b.print_and_send();
  b.printer.paused = true;
  b.run(11 * 60'000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
  EXPECT_EQ(b.printer.cancelled, 1);
  EXPECT_TRUE(b.printer.waiting.empty());
}

TEST(PrintSession, IsUncertainWhenTheCountMovedByMoreThanOne) {
  Bench b;
  b.printer.odometer_step = 2;
  b.print_and_send();
  b.run(1000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
  EXPECT_EQ(b.last().evidence, "odometer 4711 -> 4713: not explained by one label");
}

TEST(PrintSession, KnowsThatALabelCutOffInTheMiddleWasNotPrinted) {
  Bench b;
  b.print();
  b.run(200);
  b.printer.reads = false;
  b.send();
  b.printer.unread.clear();
  b.printer.half = "^XA^FDhel";  // this much arrived
  b.cut();
  EXPECT_EQ(b.last().step, PrintStep::waiting);
  EXPECT_EQ(b.last().state, DeviceState::gone);
  b.run(1000);
  b.printer.reads = true;
  b.open();
  b.run(5000);
  EXPECT_EQ(b.last().step, PrintStep::not_printed) << b.last().evidence;
  EXPECT_TRUE(b.printer.half.empty()) << "half a format must not join the next one";
}

TEST(PrintSession, ConfirmsALabelWhoseConnectionBrokeAfterTheLastByte) {
  Bench b;
  b.print_and_send();
  b.cut();
  b.run(1000);
  b.open();
  b.run(3000);
  EXPECT_EQ(b.last().step, PrintStep::confirmed);
}

TEST(PrintSession, IsUncertainAfterThePrinterRestartedAndForgot) {
  Bench b;
  b.printer.automatic = false;
  b.print_and_send();
  b.cut();
  b.run(1000);
  b.printer.power_cycle(b.now.wall_ms);
  b.open();
  b.run(5000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
  EXPECT_NE(b.last().evidence.find("off and on"), std::string::npos);
}

TEST(PrintSession, IsUncertainWhenAnotherPrinterAnswers) {
  Bench b;
  b.print_and_send();
  b.cut();
  b.printer.serial = "SN-2";
  b.printer.odometer = 12;
  b.open();
  b.run(5000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

TEST(PrintSession, IsUncertainWhenAReplacedPrinterShowsALowerCount) {
  Bench b;
  b.printer.odometer_step = -4000;
  b.print_and_send();
  b.run(1000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

TEST(PrintSession, GivesUpOnAPrinterThatNeverReads) {
  Bench b;
  b.print();
  b.run(200);
  b.printer.reads = false;
  b.send();
  b.run(60'000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
  EXPECT_GE(b.reconnects, 1);
}

TEST(PrintSession, IsUncertainWhenThePrinterFallsSilentAfterTheLabel) {
  Bench b;
  b.print_and_send();
  b.printer.answers_status = b.printer.answers_errors = b.printer.answers_values = false;
  b.cable = false;
  b.run(60'000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

TEST(PrintSession, PrintsOnAClonesWordWhenItCountsNoLabels) {
  Bench b;
  b.printer.answers_values = false;
  b.print();
  b.run(4000);
  ASSERT_EQ(b.last().step, PrintStep::prepared) << b.last().evidence;
  EXPECT_EQ(b.last().mark.odometer, std::nullopt);
  b.send();
  b.run(5000);
  EXPECT_EQ(b.last().step, PrintStep::confirmed);
  EXPECT_NE(b.last().evidence.find("counts no labels"), std::string::npos);
}

TEST(PrintSession, IsUncertainWhenAClonesConnectionBreaksWhilePrinting) {
  Bench b;
  b.printer.odometer.reset();
  b.printer.serial.reset();
  b.printer.booted_wall_ms.reset();
  b.print_and_send();
  b.cut();
  b.open();
  b.run(5000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

TEST(PrintSession, AnswersTheQuestionAfterARestartOfThisComputer) {
  for (const auto& [moved, step] :
       {std::pair{0, PrintStep::not_printed}, std::pair{1, PrintStep::confirmed},
        std::pair{2, PrintStep::uncertain}}) {
    Bench b(false);
    const auto before = b.mark();
    b.printer.odometer = 4711 + moved;
    b.recover(before);
    b.run(500);
    b.open();
    b.run(5000);
    EXPECT_EQ(b.last().step, step) << b.last().evidence;
  }
}

TEST(PrintSession, LeavesTheQuestionToAPersonWhenThePrinterStaysAway) {
  Bench b(false);
  b.recover(b.mark());
  b.run(31'000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

// Found by fuzzing: the question waited for ever behind a job that a lost connection had ended.
TEST(PrintSession, AsksAQueuedQuestionAlsoWhenTheJobBeforeItEndedByALostConnection) {
  Bench b;
  b.print("j2");
  b.recover(b.mark());
  b.cut();
  b.run(31'000);
  EXPECT_EQ(b.last().job, "j1");
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

TEST(PrintSession, DoesNotClaimNotPrintedWhenTheClockOfThisComputerJumped) {
  Bench b(false);
  auto before = b.mark();
  before.asked_wall_ms -= 3'600'000;
  b.recover(before);
  b.open();
  b.run(5000);
  EXPECT_EQ(b.last().step, PrintStep::uncertain);
}

TEST(PrintSession, TakesOneJobAtATime) {
  Bench b;
  b.printer.automatic = false;
  b.print_and_send();
  b.print("j2");
  EXPECT_EQ(b.last().job, "j2");
  EXPECT_EQ(b.last().step, PrintStep::refused);
}

TEST(PrintSession, ForgetsAJobThatWasNotReleasedInTime) {
  Bench b;
  b.print();
  b.run(11'000);
  EXPECT_EQ(b.last().step, PrintStep::refused);
  b.send();
  EXPECT_EQ(b.last().step, PrintStep::not_printed);
  EXPECT_TRUE(b.printer.printed.empty());
}

TEST(PrintSession, WaitsForAnEarlierLabelBeforeItPreparesTheNext) {
  Bench b;
  b.printer.automatic = false;
  b.printer.waiting = {"^XA^XZ"};
  b.print();
  b.run(1000);
  EXPECT_TRUE(b.prints.empty());
  b.printer.print_one();
  b.run(500);
  EXPECT_EQ(b.last().step, PrintStep::prepared);
}

TEST(PrintSession, RefusesAtOnceWhileThePrinterIsGone) {
  Bench b;
  b.cut("connection refused");
  b.print();
  EXPECT_EQ(b.last().step, PrintStep::refused);
  EXPECT_EQ(b.last().state, DeviceState::gone);
}

TEST(PrintSession, ReportsNothingAboutAForgottenJob) {
  Bench b;
  b.print_and_send();
  const auto reports = b.prints.size();
  b.session.forget("j1");
  b.run(5000);
  EXPECT_EQ(b.prints.size(), reports);
}

}  // namespace
}  // namespace dockline::firmware
