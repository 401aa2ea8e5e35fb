// What every driver obeys, whatever it speaks.
#include <gtest/gtest.h>

#include "firmware-interfaces/drivers/drivers.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"
#include "tests/devices/vectors.hpp"

namespace dockline::firmware {
namespace {

std::string noise(base::Prng& prng, std::size_t size) {
  // Mostly the bytes that mean something to some driver.
  constexpr std::string_view kLikely = "\x02\x03\r\n\t\"[]:,0123456789^~ABC\x1d\xff";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out +=
        prng.chance(800) ? kLikely[prng.below(kLikely.size())] : static_cast<char>(prng.below(256));
  }
  return out;
}

std::string text(const ScannerEvent& event) {
  const auto* scan = std::get_if<Scan>(&event);
  return scan != nullptr ? "scan " + scan->symbology + " " + scan->data
                         : "refused " + std::get<ScanRefused>(event).head;
}

std::vector<std::string> scans(const ScannerDriver& driver, std::string_view bytes,
                               base::Prng* cut) {
  const auto codec = driver.make({});
  std::vector<ScannerEvent> events;
  const base::Instant now{1'000, 0};
  while (!bytes.empty()) {
    const auto n = cut == nullptr ? bytes.size() : 1 + cut->below(40);
    codec->feed(now, bytes.substr(0, n), events);
    bytes.remove_prefix(std::min<std::size_t>(n, bytes.size()));
  }
  std::vector<std::string> out;
  for (const auto& event : events) {
    out.push_back(text(event));
  }
  return out;
}

TEST(ScannerContract, TheSameBytesGiveTheSameScansHoweverTheyAreCut) {
  base::Prng prng(20);
  for (const auto& driver : scanner_drivers()) {
    for (int i = 0; i < 200; ++i) {
      const auto bytes = noise(prng, 1 + prng.below(400));
      EXPECT_EQ(scans(driver, bytes, nullptr), scans(driver, bytes, &prng)) << driver.name;
    }
  }
}

TEST(ScannerContract, NoiseNeverMakesAScanLongerThanTheLimitNorAnEmptyOne) {
  base::Prng prng(21);
  for (const auto& driver : scanner_drivers()) {
    const auto codec = driver.make({});
    std::vector<ScannerEvent> events;
    for (int i = 0; i < 200; ++i) {
      codec->feed({1'000 + i, 0}, std::string(prng.below(9'000), 'a') + noise(prng, 100), events);
    }
    for (const auto& event : events) {
      if (const auto* scan = std::get_if<Scan>(&event)) {
        EXPECT_FALSE(scan->data.empty());
        EXPECT_LE(scan->data.size(), base::limits::kScanBytesMax);
      }
    }
  }
}

TEST(ScannerContract, AResetForgetsHalfAScanAndNeedsNoTick) {
  for (const auto& driver : scanner_drivers()) {
    const auto codec = driver.make({});
    std::vector<ScannerEvent> events;
    codec->feed({1, 0}, "half", events);
    codec->reset();
    EXPECT_FALSE(codec->deadline_ms()) << driver.name;
    codec->tick({100'000, 0}, events);
    EXPECT_TRUE(events.empty()) << driver.name;
  }
}

TEST(PrinterContract, SurvivesNoiseAndAnswersAfterIt) {
  base::Prng prng(22);
  for (const auto& driver : printer_drivers()) {
    const auto codec = driver.make();
    std::vector<PrinterEvent> events;
    for (int i = 0; i < 500; ++i) {
      codec->feed(noise(prng, 200), events);
    }
    codec->reset();
    events.clear();
    EXPECT_FALSE(codec->ask_value(PrinterValueKind::odometer).empty());
    codec->feed("\"7\"", events);
    ASSERT_EQ(events.size(), 1U) << driver.name;
    EXPECT_EQ(std::get<PrinterValue>(events[0]).number, 7);
  }
}

TEST(PrinterContract, EveryQuestionIsALineOfItsOwn) {
  for (const auto& driver : printer_drivers()) {
    const auto codec = driver.make();
    for (const auto& question : {codec->ask_status(), codec->ask_errors(), codec->cancel_partial(),
                                 codec->cancel_all(), codec->ask_value(PrinterValueKind::serial)}) {
      EXPECT_TRUE(question.ends_with("\r\n")) << driver.name << ": " << question;
    }
  }
}

}  // namespace
}  // namespace dockline::firmware
