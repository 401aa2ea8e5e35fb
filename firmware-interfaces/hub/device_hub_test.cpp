#include "firmware-interfaces/hub/device_hub.hpp"

#include <map>

#include <gtest/gtest.h>

#include "tests/devices/model_printer.hpp"

namespace dockline::firmware {
namespace {

class VirtualTimers final : public ports::Timers {
 public:
  ports::TimerId after(std::int64_t delay_ms, std::function<void()> fire) override {
    const auto id = ++last_;
    due_.emplace(std::pair(now_.mono_ms + delay_ms, id), std::move(fire));
    return id;
  }
  void cancel(ports::TimerId id) override {
    std::erase_if(due_, [id](const auto& row) { return row.first.second == id; });
  }
  [[nodiscard]] base::Instant now() const override { return now_; }

  void run(std::int64_t ms) {
    const auto end = now_.mono_ms + ms;
    while (!due_.empty() && due_.begin()->first.first <= end) {
      const auto first = due_.begin();
      step(std::max(now_.mono_ms, first->first.first));
      auto fire = std::move(first->second);
      due_.erase(first);
      ++fired;
      fire();
    }
    step(end);
  }
  int fired = 0;

 private:
  void step(std::int64_t to) {
    now_.wall_ms += to - now_.mono_ms;
    now_.mono_ms = to;
  }
  base::Instant now_{1'000, 1'000'000'000};
  ports::TimerId last_ = 0;
  std::map<std::pair<std::int64_t, ports::TimerId>, std::function<void()>> due_;
};

// A stream whose far end the test holds.
struct FarEnd {
  ports::ByteStreamEvents* events = nullptr;
  bool plugged = true, hangs = false;
  bool reads = true;
  std::function<std::string(std::string_view)> answer;
  int opens = 0;
};

class FakeStream final : public ports::ByteStream {
 public:
  FakeStream(FarEnd& far, VirtualTimers& timers) : far_(far), timers_(timers) {}
  void open(ports::ByteStreamEvents& events) override {
    EXPECT_EQ(far_.events, nullptr) << "opened twice";
    far_.events = &events;
    ++far_.opens;
    later([this] {
      if (far_.hangs) return;
      if (far_.plugged) {
        far_.events->on_open();
      } else {
        std::exchange(far_.events, nullptr)
            ->on_closed({base::Fault::retry_later, "no such device: plug it in"});
      }
    });
  }
  base::Status write(std::string bytes) override {
    if (!far_.reads) {
      unsent_ += bytes.size();
      return {};
    }
    later([this, bytes = std::move(bytes)] {
      const auto out = far_.answer ? far_.answer(bytes) : "";
      if (!out.empty()) far_.events->on_bytes(out);
    });
    return {};
  }
  [[nodiscard]] std::size_t unsent() const override { return unsent_; }
  void close() override {
    far_.events = nullptr;
    unsent_ = 0;
  }

 private:
  void later(std::function<void()> work) {
    timers_.after(0, [this, work = std::move(work)] {
      if (far_.events != nullptr) work();
    });
  }
  FarEnd& far_;
  VirtualTimers& timers_;
  std::size_t unsent_ = 0;
};

struct Station {
  VirtualTimers timers;
  FarEnd scanner, printer;
  ModelPrinter model;
  std::vector<ScanReport> scans;
  std::vector<ScanRefusedReport> refused;
  std::vector<DeviceReport> devices;
  std::vector<PrintReport> prints;
  bool release = true;  // answer `prepared` with send(), from inside the callback
  std::unique_ptr<DeviceHub> hub;

  Station() {
    printer.answer = [this](std::string_view bytes) {
      return model.take(bytes, timers.now().wall_ms);
    };
    hub = std::make_unique<DeviceHub>(
        timers,
        [this](std::string_view address) -> base::Result<std::unique_ptr<ports::ByteStream>> {
          if (address == "bad") return base::fail(base::Fault::reject, "address \"bad\"");
          return std::make_unique<FakeStream>(address == "scanner" ? scanner : printer, timers);
        },
        HubEvents{[this](ScanReport r) { scans.push_back(std::move(r)); },
                  [this](ScanRefusedReport r) { refused.push_back(std::move(r)); },
                  [this](DeviceReport r) { devices.push_back(std::move(r)); },
                  [this](PrintReport r) {
                    prints.push_back(r);
                    if (release && r.step == PrintStep::prepared) hub->send(r.device, r.job);
                  }});
    EXPECT_TRUE(hub->add(ScannerConfig{.name = "left", .address = "scanner"}));
    EXPECT_TRUE(hub->add(PrinterConfig{.name = "zd421", .address = "printer"}));
  }
  std::string state(std::string_view device) const {
    std::string out;
    for (const auto& r : devices) {
      if (r.device == device) out = name(r.state);
    }
    return out;
  }
};

TEST(DeviceHub, ReportsEveryDeviceAtTheStartAndWhenItIsReady) {
  Station s;
  s.hub->start();
  EXPECT_EQ(s.state("left"), "unknown");
  EXPECT_EQ(s.state("zd421"), "unknown");
  s.timers.run(100);
  EXPECT_EQ(s.state("left"), "ready");
  EXPECT_EQ(s.state("zd421"), "ready");
}

TEST(DeviceHub, DeliversScansAndRefusals) {
  Station s;
  s.hub->start();
  s.timers.run(100);
  s.scanner.events->on_bytes("]C1003401234");
  s.scanner.events->on_bytes("50000000123\r");
  s.scanner.events->on_bytes("\nhalf");
  ASSERT_EQ(s.scans.size(), 1U);
  EXPECT_EQ(s.scans[0].device, "left");
  EXPECT_EQ(s.scans[0].data, "00340123450000000123");
  EXPECT_EQ(s.scans[0].symbology, "]C1");
  s.timers.run(1'100);
  ASSERT_EQ(s.refused.size(), 1U);
  EXPECT_EQ(s.refused[0].head, "half");
}

TEST(DeviceHub, ADeviceThatVanishesAndReturnsWorksAgainByItself) {
  Station s;
  s.hub->start();
  s.timers.run(100);
  for (int i = 0; i < 20; ++i) {
    s.scanner.plugged = false;
    s.scanner.events->on_bytes("half a sc");
    std::exchange(s.scanner.events, nullptr)->on_closed({base::Fault::retry_later, "unplugged"});
    EXPECT_EQ(s.state("left"), "gone");
    s.timers.run(5'000);
    s.scanner.plugged = true;
    s.timers.run(1'100);
    EXPECT_EQ(s.state("left"), "ready");
    s.scanner.events->on_bytes("A1\r");
    EXPECT_EQ(s.scans.back().data, "A1");
  }
  EXPECT_EQ(s.scans.size(), 20U);
}

TEST(DeviceHub, AnAddressThatNeverAnswersIsGoneWithinTwoSeconds) {
  Station s;
  s.scanner.hangs = s.printer.hangs = true;
  s.hub->start();
  s.timers.run(1'950);
  EXPECT_EQ(s.state("left"), "gone");
  EXPECT_EQ(s.state("zd421"), "gone");
}

TEST(DeviceHub, PrintsALabelAndHearsThatItIsOut) {
  Station s;
  s.hub->start();
  s.timers.run(100);
  s.hub->print("zd421", "j1", "^XA^XZ");
  s.timers.run(1'000);
  ASSERT_EQ(s.prints.size(), 3U);
  EXPECT_EQ(s.prints[0].step, PrintStep::prepared);
  EXPECT_EQ(s.prints[1].step, PrintStep::sent);
  EXPECT_EQ(s.prints[2].step, PrintStep::confirmed);
  EXPECT_EQ(s.model.printed.size(), 1U);
}

TEST(DeviceHub, APrinterThatTakesNoBytesIsGoneWithinTwoSecondsAndConnectedAnew) {
  Station s;
  s.hub->start();
  s.timers.run(100);
  s.printer.reads = false;
  s.timers.run(1'900);
  EXPECT_EQ(s.state("zd421"), "gone");
  s.timers.run(10'000);
  EXPECT_GT(s.printer.opens, 1);
  s.printer.reads = true;
  s.timers.run(8'000);
  EXPECT_EQ(s.state("zd421"), "ready");
}

TEST(DeviceHub, AnswersForAPrinterNobodyConfigured) {
  Station s;
  s.hub->start();
  s.hub->print("other", "j1", "^XA^XZ");
  s.hub->recover("other", "j2", {});
  ASSERT_EQ(s.prints.size(), 2U);
  EXPECT_EQ(s.prints[0].step, PrintStep::refused);
  EXPECT_EQ(s.prints[1].step, PrintStep::uncertain);
}

TEST(DeviceHub, RefusesConfigurationsItCannotServe) {
  Station s;
  EXPECT_FALSE(s.hub->add(ScannerConfig{.name = "left", .address = "scanner"}));
  EXPECT_FALSE(s.hub->add(PrinterConfig{.name = "x", .address = "bad"}));
  const auto bad = s.hub->add(PrinterConfig{.name = "x", .address = "printer", .driver = "zlp"});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().detail, "printer \"x\": driver \"zlp\" is not known: use zpl");
}

TEST(DeviceHub, WakesSeldomWhenNothingHappens) {
  Station s;
  s.hub->start();
  s.timers.run(1'000);
  s.timers.fired = 0;
  s.timers.run(60'000);
  EXPECT_LT(s.timers.fired, 60 * 8);  // two looks a second, a few wake-ups each
}

}  // namespace
}  // namespace dockline::firmware
