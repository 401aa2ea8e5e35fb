#include "tests/sim/devices/contract.hpp"

#include "tests/sim/devices/scanner.hpp"

namespace dockline::sim {
namespace {

class ModelPlace final : public ports::Timers {
 public:
  ports::TimerId after(std::int64_t delay_ms, std::function<void()> fire) override {
    return world_.after(delay_ms, std::move(fire));
  }
  void cancel(ports::TimerId id) override { world_.cancel(id); }
  base::Instant now() const override { return {world_.now_ms(), world_.now_ms() + 1'000'000}; }

  ports::Timers& timers() { return *this; }
  base::Result<std::unique_ptr<ports::ByteStream>> stream(std::string_view address) {
    return address == printer_address() ? printer_.stream() : scanner_.stream();
  }
  static std::string printer_address() { return "tcp://127.0.0.1:9100"; }
  static std::string scanner_address() { return "pty:///scanner"; }
  bool run_until(const std::function<bool()>& done, std::int64_t ms) {
    for (std::int64_t i = 0; i < ms && !done(); ++i) world_.run_until(world_.now_ms() + 1);
    return done();
  }
  void trouble(PrinterTrouble what) { printer_.trouble(what); }
  void mend() { printer_.clear(); }
  std::vector<std::string> sheets() const {
    std::vector<std::string> out;
    for (const auto& sheet : printer_.tray()) out.push_back(sheet.zpl);
    return out;
  }
  void scan(std::string bytes) {
    bytes.resize(bytes.size() - 2);  // it sends its own line end
    scanner_.scan(bytes);
  }
  void scanner_plugged(bool plugged) { scanner_.set_plugged(plugged); }

 private:
  World world_{1};
  Printer printer_{world_, "leipzig/1", "zebra", [](const Observation&) {}};
  Scanner scanner_{world_, "leipzig/1", "left"};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Model, DeviceContract, ModelPlace);

}  // namespace
}  // namespace dockline::sim
