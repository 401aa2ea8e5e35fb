// The product's DeviceHub over simulated devices.
#include <gtest/gtest.h>

#include "firmware-interfaces/hub/device_hub.hpp"
#include "tests/sim/devices/printer.hpp"
#include "tests/sim/devices/scanner.hpp"

namespace dockline::sim {
namespace {

class WorldTimers final : public ports::Timers {
 public:
  explicit WorldTimers(World& world) : world_(world) {}
  ports::TimerId after(std::int64_t delay_ms, std::function<void()> fire) override {
    return world_.after(delay_ms, std::move(fire));
  }
  void cancel(ports::TimerId id) override { world_.cancel(id); }
  base::Instant now() const override { return {world_.now_ms(), world_.now_ms() + 1'000'000}; }

 private:
  World& world_;
};

class Devices : public testing::Test {
 protected:
  void SetUp() override { start(); }
  void start() {
    hub = std::make_unique<firmware::DeviceHub>(
        timers,
        [this](std::string_view address) -> base::Result<std::unique_ptr<ports::ByteStream>> {
          return address.ends_with("9100") ? printer.stream() : scanner.stream();
        },
        firmware::HubEvents{
            .on_scan = [this](firmware::ScanReport s) { scans.push_back(s.data); },
            .on_scan_refused = [this](const firmware::ScanRefusedReport&) { ++refused; },
            .on_device = [this](firmware::DeviceReport d) { states[d.device] = d.state; },
            .on_print =
                [this](firmware::PrintReport p) {
                  steps.push_back(p.step);
                  if (p.step == firmware::PrintStep::prepared) hub->send(p.device, p.job);
                }});
    ASSERT_TRUE(hub->add(firmware::ScannerConfig{"left", "tcp://127.0.0.1:1"}));
    ASSERT_TRUE(hub->add(firmware::PrinterConfig{"zebra", "tcp://127.0.0.1:9100"}));
    hub->start();
    world.run_until(world.now_ms() + 5'000);
  }
  void pass(std::int64_t ms) { world.run_until(world.now_ms() + ms); }
  void print(const std::string& job) {
    hub->print("zebra", job, "^XA^FO1,1^BCN,150,N,N,N,A^FH_^FDDL0000000007^FS^XZ");
  }

  World world{1};
  WorldTimers timers{world};
  std::vector<Observation> seen;
  Printer printer{world, "leipzig/1", "zebra", [this](const Observation& o) { seen.push_back(o); }};
  Scanner scanner{world, "leipzig/1", "left"};
  std::vector<std::string> scans;
  int refused = 0;
  std::map<std::string, firmware::DeviceState> states;
  std::vector<firmware::PrintStep> steps;
  std::unique_ptr<firmware::DeviceHub> hub;
};

TEST_F(Devices, BothAreReadySoonAfterTheStart) {
  EXPECT_EQ(states["left"], firmware::DeviceState::ready);
  EXPECT_EQ(states["zebra"], firmware::DeviceState::ready);
}

TEST_F(Devices, AScanArrivesWholeHoweverItIsSplit) {
  scanner.set_split_per_mille(1000);
  EXPECT_TRUE(scanner.scan("4006381333931"));
  pass(200);
  EXPECT_EQ(scans, std::vector<std::string>{"4006381333931"});
}

TEST_F(Devices, ABouncedTriggerSendsItsCodeTwiceWithinTheTimeThatTheStationTakesForOneScan) {
  scanner.scan("4006381333931", ScanTrouble::doubled);
  pass(base::limits::kDoubledScanMs);
  EXPECT_EQ(scans.size(), 2U);
}

TEST_F(Devices, AScanIntoAnUnpluggedScannerIsLost) {
  scanner.set_plugged(false);
  pass(100);
  EXPECT_FALSE(scanner.scan("4006381333931"));
  EXPECT_EQ(states["left"], firmware::DeviceState::gone);
  scanner.set_plugged(true);
  pass(3'000);
  EXPECT_EQ(states["left"], firmware::DeviceState::ready);
}

TEST_F(Devices, ALabelComesOutOnceAndIsConfirmed) {
  print("j1");
  pass(5'000);
  ASSERT_EQ(printer.tray().size(), 1U);
  EXPECT_EQ(printer.take_sheets().front().tracking, "DL0000000007");
  EXPECT_EQ(steps.back(), firmware::PrintStep::confirmed);
  ASSERT_EQ(seen.size(), 1U);
}

TEST_F(Devices, EachTroubleIsOnTheScreenWithinTwoSecondsAndGoesAwayWhenMended) {
  using enum PrinterTrouble;
  for (const auto what : {paper_out, head_open, paused, no_status, not_reading, unplugged}) {
    printer.trouble(what);
    pass(2'500);
    EXPECT_NE(states["zebra"], firmware::DeviceState::ready) << static_cast<int>(what);
    printer.clear();
    pass(8'000);
    EXPECT_EQ(states["zebra"], firmware::DeviceState::ready) << static_cast<int>(what);
  }
}

TEST_F(Devices, APowerCycleInTheMiddleOfALabelIsNeverReportedAsPrinted) {
  for (std::int64_t after_ms = 0; after_ms < 900; after_ms += 20) {
    steps.clear();
    static_cast<void>(printer.take_sheets());
    print("j" + std::to_string(after_ms));
    pass(after_ms);
    printer.trouble(PrinterTrouble::power_cycle);
    pass(60'000);
    ASSERT_FALSE(steps.empty());
    const bool out = !printer.tray().empty();
    if (steps.back() == firmware::PrintStep::confirmed) {
      EXPECT_TRUE(out) << after_ms;
    }
    if (steps.back() == firmware::PrintStep::not_printed) {
      EXPECT_FALSE(out) << after_ms;
    }
  }
}

TEST_F(Devices, ADeadProcessLeavesNothingBehindThatDisturbsTheNext) {
  print("j1");
  pass(3);
  hub.reset();
  pass(100);
  start();
  EXPECT_EQ(states["zebra"], firmware::DeviceState::ready);
}

TEST(TrackingOf, ReadsTheBarCodeOfALabel) {
  EXPECT_EQ(tracking_of("^XA^FO1^BCN,1^FDDL1^FS^XZ"), "DL1");
  EXPECT_EQ(tracking_of("^XA^FO1^FDno bar code^FS^XZ"), "");
}

}  // namespace
}  // namespace dockline::sim
