// What a look at a printer proves about one job.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "firmware-interfaces/contract/printer.hpp"
#include "firmware-interfaces/contract/printing.hpp"

namespace dockline::firmware {

// One look: the answers that belong together.
struct Look {
  std::optional<PrinterStatus> status;
  std::optional<PrinterErrors> errors;
  PrinterMark mark;        // as far as asked
  std::int64_t at_ms = 0;  // when it ended (mono)
};

struct JobFacts {
  PrinterMark before;           // when the job was prepared
  bool same_connection = true;  // since the first byte: nothing was cut
  bool restarted = false;       // the printer said so itself
  std::int64_t still_ms = 0;    // for how long looks have shown: empty, ready, count unmoved
  std::int64_t empty_ms = 0;    // for how long looks have shown: empty and ready
  std::int64_t settle_ms = 0;   // how long `still` must last before it counts
};

struct Verdict {
  PrintStep step;  // confirmed, not_printed or uncertain
  std::string evidence;
};

// Empty: nothing is proven yet, look again.
[[nodiscard]] std::optional<Verdict> judge(const JobFacts& job, const Look& look);

// Was the printer switched off and on between the two marks? Empty when it cannot be known.
[[nodiscard]] std::optional<bool> restarted_between(const PrinterMark& before,
                                                    const PrinterMark& now);

// State of the device that a look shows; `unsent` bytes still wait in this machine.
[[nodiscard]] std::pair<DeviceState, std::string> state_of(const Look& look, std::size_t unsent);

}  // namespace dockline::firmware
