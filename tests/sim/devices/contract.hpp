// What the DeviceHub may expect of a printer and a scanner: one suite, run over the models
// (contract_test.cpp) and over the rigs of tests/rigs behind real TCP and pseudo-terminals
// (tests/devices/rig_contract_test.cpp).
//
// A Place has: timers(), stream(address), printer_address(), scanner_address(),
// run_until(condition, at most ms), trouble(PrinterTrouble), mend(), sheets() (the ZPL of what came
// out so far), scan(bytes), scanner_plugged(bool).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "firmware-interfaces/hub/device_hub.hpp"
#include "tests/sim/devices/printer.hpp"

namespace dockline::sim {

template <class Place>
class DeviceContract : public testing::Test {
 protected:
  void SetUp() override {
    hub = std::make_unique<firmware::DeviceHub>(
        place.timers(), [this](std::string_view address) { return place.stream(address); },
        firmware::HubEvents{
            .on_scan = [this](firmware::ScanReport s) { scans.push_back(s.data); },
            .on_scan_refused = [this](const firmware::ScanRefusedReport&) { ++refused; },
            .on_device = [this](const firmware::DeviceReport& d) { states[d.device] = d.state; },
            .on_print =
                [this](const firmware::PrintReport& p) {
                  steps.push_back(p.step);
                  if (p.step == firmware::PrintStep::prepared) hub->send(p.device, p.job);
                }});
    ASSERT_TRUE(hub->add(firmware::ScannerConfig{"left", place.scanner_address()}));
    ASSERT_TRUE(hub->add(firmware::PrinterConfig{"zebra", place.printer_address()}));
    hub->start();
    ASSERT_TRUE(becomes("zebra", firmware::DeviceState::ready));
    ASSERT_TRUE(becomes("left", firmware::DeviceState::ready));
  }
  bool becomes(const std::string& device, firmware::DeviceState state, std::int64_t ms = 12'000) {
    return place.run_until([&] { return states[device] == state; }, ms);
  }
  bool leaves_ready() {
    return place.run_until([&] { return states["zebra"] != firmware::DeviceState::ready; }, 5'000);
  }
  void print(const std::string& text) {
    steps.clear();
    hub->print("zebra", text, label(text));
  }
  static std::string label(const std::string& text) {
    return "^XA^FO1,1^BCN,150,N,N,N,A^FD" + text + "^FS^XZ";
  }
  bool decided(std::int64_t ms = 40'000) {
    return place.run_until([this] { return !steps.empty() && firmware::is_final(steps.back()); },
                           ms);
  }
  firmware::PrintStep outcome() const { return steps.back(); }

  Place place;
  std::vector<std::string> scans;
  int refused = 0;
  std::map<std::string, firmware::DeviceState> states;
  std::vector<firmware::PrintStep> steps;
  std::unique_ptr<firmware::DeviceHub> hub;
};

TYPED_TEST_SUITE_P(DeviceContract);

TYPED_TEST_P(DeviceContract, ALabelComesOutOnceAsSentAndIsConfirmed) {
  for (const std::string text : {"DL1", "DL2", "DL3"}) {
    this->print(text);
    ASSERT_TRUE(this->decided());
    EXPECT_EQ(this->outcome(), firmware::PrintStep::confirmed);
  }
  EXPECT_EQ(this->place.sheets(),
            (std::vector{this->label("DL1"), this->label("DL2"), this->label("DL3")}));
}

TYPED_TEST_P(DeviceContract, EachTroubleOfThePrinterIsSeenUnderItsNameAndGoesWhenMended) {
  using firmware::DeviceState;
  const std::map<PrinterTrouble, DeviceState> named = {
      {PrinterTrouble::paper_out, DeviceState::paper_out},
      {PrinterTrouble::head_open, DeviceState::head_open},
      {PrinterTrouble::paused, DeviceState::paused},
      {PrinterTrouble::no_status, DeviceState::not_ready},
      {PrinterTrouble::unplugged, DeviceState::gone}};
  for (const auto& [trouble, state] : named) {
    this->place.trouble(trouble);
    EXPECT_TRUE(this->becomes("zebra", state)) << firmware::name(state);
    this->place.mend();
    EXPECT_TRUE(this->becomes("zebra", DeviceState::ready)) << firmware::name(state);
  }
}

TYPED_TEST_P(DeviceContract, APrinterWithoutPaperRefusesBeforeAnyByteLeaves) {
  this->place.trouble(PrinterTrouble::paper_out);
  ASSERT_TRUE(this->becomes("zebra", firmware::DeviceState::paper_out));
  this->print("DL1");
  ASSERT_TRUE(this->decided());
  EXPECT_EQ(this->outcome(), firmware::PrintStep::refused);
  this->place.mend();
  ASSERT_TRUE(this->becomes("zebra", firmware::DeviceState::ready));
  EXPECT_TRUE(this->place.sheets().empty());
}

TYPED_TEST_P(DeviceContract, ALabelSentToAPrinterThatPausesWaitsAndComesOutOnce) {
  this->print("DL1");
  ASSERT_TRUE(this->place.run_until(
      [this] { return !this->steps.empty() && this->steps.back() == firmware::PrintStep::sent; },
      5'000));
  this->place.trouble(PrinterTrouble::paused);
  ASSERT_TRUE(this->becomes("zebra", firmware::DeviceState::paused));
  EXPECT_TRUE(this->place.sheets().empty());
  this->place.mend();
  ASSERT_TRUE(this->decided());
  EXPECT_EQ(this->outcome(), firmware::PrintStep::confirmed);
  EXPECT_EQ(this->place.sheets().size(), 1U);
}

TYPED_TEST_P(DeviceContract, APowerCycleForgetsWhatWaitedAndIsNeverTakenForAPrint) {
  this->print("DL1");
  ASSERT_TRUE(this->place.run_until(
      [this] { return !this->steps.empty() && this->steps.back() == firmware::PrintStep::sent; },
      5'000));
  this->place.trouble(PrinterTrouble::power_cycle);
  ASSERT_TRUE(this->decided(60'000));
  EXPECT_NE(this->outcome(), firmware::PrintStep::confirmed);
  ASSERT_TRUE(this->becomes("zebra", firmware::DeviceState::ready, 30'000));
  EXPECT_TRUE(this->place.sheets().empty());
  this->print("DL2");
  ASSERT_TRUE(this->decided());
  EXPECT_EQ(this->outcome(), firmware::PrintStep::confirmed);
  EXPECT_EQ(this->place.sheets(), std::vector{this->label("DL2")});
}

TYPED_TEST_P(DeviceContract, APrinterThatTakesNoBytesIsSeenAndTakesThemWhenItReadsAgain) {
  this->place.trouble(PrinterTrouble::not_reading);
  ASSERT_TRUE(this->leaves_ready());
  this->place.mend();
  ASSERT_TRUE(this->becomes("zebra", firmware::DeviceState::ready, 20'000));
  this->print("DL1");
  ASSERT_TRUE(this->decided());
  EXPECT_EQ(this->place.sheets().size(), 1U);
}

TYPED_TEST_P(DeviceContract, AScanArrivesOnceAndWhole) {
  this->place.scan("4006381333931\r\n");
  ASSERT_TRUE(this->place.run_until([this] { return !this->scans.empty(); }, 3'000));
  this->place.scan("DL1\r\n");
  ASSERT_TRUE(this->place.run_until([this] { return this->scans.size() == 2; }, 3'000));
  EXPECT_EQ(this->scans, (std::vector<std::string>{"4006381333931", "DL1"}));
}

TYPED_TEST_P(DeviceContract, AnUnpluggedScannerIsGoneAndComesBackByItself) {
  this->place.scanner_plugged(false);
  ASSERT_TRUE(this->becomes("left", firmware::DeviceState::gone));
  this->place.scanner_plugged(true);
  ASSERT_TRUE(this->becomes("left", firmware::DeviceState::ready));
  this->place.scan("4006381333931\r\n");
  ASSERT_TRUE(this->place.run_until([this] { return !this->scans.empty(); }, 3'000));
  EXPECT_EQ(this->scans, std::vector<std::string>{"4006381333931"});
}

TYPED_TEST_P(DeviceContract, AnEndlessFrameIsRefusedOnceAndTheNextScanIsGood) {
  this->place.scan(std::string(9'000, 'x') + "\r\n");
  this->place.run_until([this] { return this->refused > 0; }, 3'000);
  this->place.scan("4006381333931\r\n");
  ASSERT_TRUE(this->place.run_until([this] { return !this->scans.empty(); }, 3'000));
  EXPECT_EQ(this->scans, std::vector<std::string>{"4006381333931"});
  EXPECT_EQ(this->refused, 1);
}

REGISTER_TYPED_TEST_SUITE_P(DeviceContract, ALabelComesOutOnceAsSentAndIsConfirmed,
                            EachTroubleOfThePrinterIsSeenUnderItsNameAndGoesWhenMended,
                            APrinterWithoutPaperRefusesBeforeAnyByteLeaves,
                            ALabelSentToAPrinterThatPausesWaitsAndComesOutOnce,
                            APowerCycleForgetsWhatWaitedAndIsNeverTakenForAPrint,
                            APrinterThatTakesNoBytesIsSeenAndTakesThemWhenItReadsAgain,
                            AScanArrivesOnceAndWhole, AnUnpluggedScannerIsGoneAndComesBackByItself,
                            AnEndlessFrameIsRefusedOnceAndTheNextScanIsGood);

}  // namespace dockline::sim
