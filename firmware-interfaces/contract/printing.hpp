// The steps of one print job as the owner of the print journal sees them (DEVICES: printing a label
// exactly once). The journal itself is the owner's; these are its inputs.
//
//   print(job, bytes) --> prepared{mark}  no byte has left yet: commit SENDING with `mark`, then
//                                         call send(job)
//                     \-> refused         no byte has left; the job is over
//   send(job)         --> sent, waiting*  then one of
//                         confirmed       the printer counted one more label and holds nothing
//                         not_printed     proven: the count stood still and nothing is left in it
//                         uncertain       a person must say
//   recover(job, mark)--> confirmed | not_printed | uncertain   after a restart in SENDING
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "firmware-interfaces/contract/device.hpp"

namespace dockline::firmware {

// What a printer said of itself at one moment. Kept durably before the first byte leaves.
struct PrinterMark {
  std::optional<std::string> serial;
  std::optional<std::int64_t> odometer;  // labels ever printed
  std::optional<std::int64_t> uptime_s;  // since power-on, when this was asked...
  std::int64_t asked_wall_ms = 0;        // ...so that a restart in between is seen

  friend bool operator==(const PrinterMark&, const PrinterMark&) = default;
};

enum class PrintStep { refused, prepared, sent, waiting, confirmed, not_printed, uncertain };
[[nodiscard]] std::string_view name(PrintStep step);
// After these the device side has forgotten the job.
[[nodiscard]] bool is_final(PrintStep step);

struct PrintReport {
  std::string device;
  std::string job;
  PrintStep step = PrintStep::refused;
  DeviceState state = DeviceState::unknown;  // why refused or waiting; ready otherwise
  PrinterMark mark;      // prepared: before the job; confirmed..uncertain: as last heard
  std::string evidence;  // for people and the journal: "odometer 4711 -> 4712, nothing waiting"
};

}  // namespace dockline::firmware
