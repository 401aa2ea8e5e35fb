// What the rest of Dockline hears about a device. Plain values; see README.md for who sends them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dockline::firmware {

enum class DeviceKind { scanner, printer, scale };

// What the person at the bench can act on. `gone`: no connection to the device. `not_ready`: it is
// there and does not work (too hot, memory damaged, does not answer). `unknown`: not asked yet.
enum class DeviceState {
  ready,
  gone,
  paper_out,
  head_open,
  ribbon_out,
  paused,
  not_ready,
  unknown
};

[[nodiscard]] std::string_view name(DeviceKind kind);
[[nodiscard]] std::string_view name(DeviceState state);

// Sent when state or detail changes, and once for every device right after the start.
struct DeviceReport {
  std::string device;  // configured name: "left scanner"
  DeviceKind kind = DeviceKind::scanner;
  DeviceState state = DeviceState::unknown;
  std::string detail;  // for people: what, where, remedy

  friend bool operator==(const DeviceReport&, const DeviceReport&) = default;
};

}  // namespace dockline::firmware
