#include "tests/sim/devices/printer.hpp"

#include <utility>

namespace dockline::sim {
namespace {

constexpr std::int64_t kAnswerMs = 3;
constexpr std::int64_t kPowerOffMs = 4'000;

}  // namespace

std::string tracking_of(std::string_view zpl) {
  const auto bar = zpl.find("^BC");
  if (bar == std::string_view::npos) return {};
  const auto data = zpl.find("^FD", bar);
  const auto end = zpl.find("^FS", bar);
  if (data == std::string_view::npos || end == std::string_view::npos || end < data) return {};
  return std::string(zpl.substr(data + 3, end - data - 3));
}

Printer::Printer(World& world, std::string station, std::string name, Report report)
    : world_(world),
      station_(std::move(station)),
      name_(std::move(name)),
      report_(std::move(report)),
      plug_(world, station_ + "/" + name_, [this](std::string bytes) { take(std::move(bytes)); }) {
  model_.automatic = false;
  model_.serial = "SN-" + station_ + "-" + name_;
  model_.odometer = world.random("printer " + station_ + name_).between(100, 90'000);
  model_.booted_wall_ms = -world.random("printer " + station_ + name_).between(0, 86'400'000);
}

void Printer::take(std::string bytes) {
  auto answer = model_.take(bytes, world_.now_ms());
  if (!answer.empty()) plug_.send(std::move(answer), kAnswerMs);
  print_soon();
}

void Printer::print_soon() {
  if (printing_ != 0 || model_.waiting.empty() || !model_.can_print()) return;
  printing_ = world_.after(print_ms_, [this] {
    printing_ = 0;
    print_one();
    print_soon();
  });
}

void Printer::print_one() {
  if (model_.waiting.empty() || !model_.can_print()) return;
  std::string zpl = model_.waiting.front();
  model_.print_one();
  model_.printed.clear();  // the tray has it
  ++printed_;
  auto tracking = tracking_of(zpl);
  world_.mix(tracking);
  if (world_.tracing()) world_.trace(station_, "label " + tracking + " came out of " + name_);
  report_(LabelCameOut{station_, name_, tracking, zpl});
  tray_.push_back({std::move(tracking), std::move(zpl), world_.now_ms()});
}

std::vector<Printer::Sheet> Printer::take_sheets() { return std::exchange(tray_, {}); }

void Printer::trouble(PrinterTrouble what) {
  in_trouble_ = what != PrinterTrouble::garbage && what != PrinterTrouble::power_cycle;
  switch (what) {
    case PrinterTrouble::paper_out:
      model_.paper_out = true;
      break;
    case PrinterTrouble::head_open:
      model_.head_open = true;
      break;
    case PrinterTrouble::paused:
      model_.paused = true;
      break;
    case PrinterTrouble::no_status:
      model_.answers_status = model_.answers_values = model_.answers_errors = false;
      break;
    case PrinterTrouble::not_reading:
      plug_.set_reads(false);
      break;
    case PrinterTrouble::unplugged:
      plug_.set_plugged(false);
      break;
    case PrinterTrouble::power_cycle:
      world_.cancel(std::exchange(printing_, 0));
      model_.power_cycle(world_.now_ms() + kPowerOffMs);
      plug_.set_plugged(false);
      world_.after(kPowerOffMs, [this] { plug_.set_plugged(true); });
      break;
    case PrinterTrouble::garbage:
      plug_.send(std::string("\x02\x00\xff~^XA,,,\x03\r\n\x02", 13), 0);
      break;
  }
}

void Printer::clear() {
  model_.paper_out = model_.head_open = model_.paused = false;
  model_.answers_status = model_.answers_values = model_.answers_errors = true;
  plug_.set_plugged(true);
  plug_.set_reads(true);
  in_trouble_ = false;
  print_soon();
}

}  // namespace dockline::sim
