// Any bytes, cuts and pauses from a printer: a label leaves at most once per release, nothing
// leaves unreleased, and every job ends.
#include "firmware-interfaces/printing/print_session.hpp"

#include "firmware-interfaces/printers/zpl/zpl.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace dockline::firmware;

class World {
 public:
  void step(dockline::fuzz::Input& input) {
    SessionEffects out;
    switch (input.choice() % 9) {
      case 0:
        if (!connected_) {
          connected_ = true;
          session_.opened(now_, out);
        }
        break;
      case 1:
        if (connected_) {
          connected_ = false;
          session_.closed(now_, "cut", out);
        }
        break;
      case 2:
        if (connected_) session_.bytes(now_, input.take(input.choice()), out);
        break;
      case 3:
        pass(std::int64_t{input.choice()} * 40, input.choice() % 2 == 0 ? 0 : 9, out);
        return;
      case 4:
        session_.print(now_, "job", "^XALABEL^XZ", out);
        ++wanted_;
        break;
      case 5:
        if (prepared_ > released_) {
          ++released_;
          session_.send(now_, "job", out);
        }
        break;
      case 6:
        if (connected_) session_.bytes(now_, ready(), out);
        break;
      case 7:
        if (connected_) session_.bytes(now_, input.choice() % 2 == 0 ? "\"1\"" : "\"2\"", out);
        break;
      case 8:
        session_.recover(now_, "old", {"1", 1, 1, 0}, out);
        ++wanted_;
        break;
    }
    take(out);
  }
  void finish() {
    SessionEffects out;
    pass(2 * dockline::base::limits::kPrintWaitMs + 65 * dockline::base::limits::kPrintSilentMs, 0,
         out);
    CHECK(ended_ == wanted_);
  }

 private:
  static std::string_view ready() {
    return "\x02"
           "030,0,0,1218,000,0,0,0,000,0,0,0\x03\r\n\x02"
           "001,0,0,0,0,2,0,0,00000000,1,000\x03\r\n\x02"
           "0000,0\x03\r\n"
           "\x02\r\nPRINTER STATUS\r\n ERRORS: 0 00000000 00000000\r\n WARNINGS: 0 00000000 "
           "00000000"
           "\r\n\x03";
  }
  void pass(std::int64_t ms, std::size_t unsent, SessionEffects& first) {
    take(first);
    const auto end = now_.mono_ms + ms;
    for (int ticks = 0; ticks < 100'000; ++ticks) {
      const auto due = session_.deadline_ms();
      if (!due || *due > end) {
        break;
      }
      move_to(std::max(*due, now_.mono_ms + 1));
      SessionEffects out;
      session_.tick(now_, unsent, out);
      take(out);
    }
    move_to(end);
  }
  void move_to(std::int64_t ms) {
    now_.wall_ms += std::max<std::int64_t>(ms - now_.mono_ms, 0);
    now_.mono_ms = std::max(now_.mono_ms, ms);
  }
  void take(SessionEffects& out) {
    for (auto at = out.write.find("LABEL"); at != std::string::npos;
         at = out.write.find("LABEL", at + 1)) {
      ++labels_;
    }
    CHECK(labels_ <= released_);
    if (out.reconnect) {
      connected_ = false;
    }
    for (const auto& report : out.reports) {
      if (const auto* print = std::get_if<PrintReport>(&report)) {
        prepared_ += print->step == PrintStep::prepared ? 1 : 0;
        // A release that crossed a refusal is answered once more.
        ended_ += is_final(print->step) && !crossed(*print) ? 1 : 0;
      }
    }
  }
  static bool crossed(const PrintReport& print) {
    return print.evidence == "no byte of the label was sent" ||
           print.evidence == "the printer connection does not know this job";
  }

  std::unique_ptr<PrinterCodec> codec_ = zpl::make();
  PrintSession session_{"printer", *codec_};
  dockline::base::Instant now_{1'000, 1'000'000};
  bool connected_ = false;
  int wanted_ = 0, ended_ = 0, prepared_ = 0, released_ = 0, labels_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dockline::fuzz::Input input(data, std::min<std::size_t>(size, 400));
  World world;
  while (!input.empty()) {
    world.step(input);
  }
  world.finish();
  return 0;
}
