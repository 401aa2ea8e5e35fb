// A bench for the tests of the station's machine: scans, sheets and takings back, one call each.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "agent/station/station.hpp"
#include "agent/station/testing.hpp"

namespace dockline::agent::station::testing {

using firmware::DeviceKind;
using firmware::DeviceState;
using firmware::PrintStep;

inline constexpr std::string_view kMug = "4006381333931", kMugCase = "14006381333938",
                                  kPot = "96385074", kBlue = "5901234123457",
                                  kTracking = "DL0000000017";

// One bench with two scanners and two printers. Every input is saved and loaded again, as the store
// would, so each test also tests that the state is whole.
class Bench1 : public ::testing::Test {
 protected:
  Bench1() { start(true); }

  void start(bool fresh) {
    station_ = std::make_unique<Station>(
        Bench{{"zebra", "spare"}, {"left", "right"}, 0, "leipzig", "bench-4"}, state_, live_jobs());
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
      if (const auto* done = std::get_if<CountAnswered>(&effect)) {
        std::erase_if(books_.counts, [&](const auto& one) { return one.task == done->task; });
      }
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

}  // namespace dockline::agent::station::testing
