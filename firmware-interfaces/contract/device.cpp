#include "firmware-interfaces/contract/device.hpp"

#include "firmware-interfaces/contract/printing.hpp"

namespace dockline::firmware {

std::string_view name(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::scanner:
      return "scanner";
    case DeviceKind::printer:
      return "printer";
    case DeviceKind::scale:
      return "scale";
  }
  return "";
}

std::string_view name(DeviceState state) {
  switch (state) {
    case DeviceState::ready:
      return "ready";
    case DeviceState::gone:
      return "gone";
    case DeviceState::paper_out:
      return "paper_out";
    case DeviceState::head_open:
      return "head_open";
    case DeviceState::ribbon_out:
      return "ribbon_out";
    case DeviceState::paused:
      return "paused";
    case DeviceState::not_ready:
      return "not_ready";
    case DeviceState::unknown:
      return "unknown";
  }
  return "";
}

std::string_view name(PrintStep step) {
  switch (step) {
    case PrintStep::refused:
      return "refused";
    case PrintStep::prepared:
      return "prepared";
    case PrintStep::sent:
      return "sent";
    case PrintStep::waiting:
      return "waiting";
    case PrintStep::confirmed:
      return "confirmed";
    case PrintStep::not_printed:
      return "not_printed";
    case PrintStep::uncertain:
      return "uncertain";
  }
  return "";
}

bool is_final(PrintStep step) {
  switch (step) {
    case PrintStep::prepared:
    case PrintStep::sent:
    case PrintStep::waiting:
      return false;
    case PrintStep::refused:
    case PrintStep::confirmed:
    case PrintStep::not_printed:
    case PrintStep::uncertain:
      return true;
  }
  return true;
}

}  // namespace dockline::firmware
