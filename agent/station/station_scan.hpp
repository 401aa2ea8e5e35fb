// Private to agent/station: one scan on its way through the machine, and a few words they all use.
#pragma once

#include "agent/station/station.hpp"

namespace dockline::agent::station {

struct Station::Scan {
  base::Instant now;
  const ScanInput& in;
  Books& books;
  Effects& fx;
  domain::Quantity times = 1;                     // QTY
  std::optional<domain::Lot> lot = std::nullopt;  // as the code says
  [[nodiscard]] bool typed() const { return in.device.empty(); }
};

namespace verdict {
inline constexpr Verdict kCounted = "counted", kOpened = "opened", kClosed = "closed",
                         kCommand = "command", kDoubled = "doubled", kUnknown = "unknown",
                         kWrongItem = "wrong-item", kTooMany = "too-many",
                         kWrongLabel = "wrong-label", kNotNow = "not-now", kTakenOut = "taken-out",
                         kAsked = "asked", kLabel = "label", kRefused = "refused",
                         kExpired = "expired", kSerialAgain = "serial-again",
                         kLotNeeded = "lot-needed";
}  // namespace verdict

// lots.cpp. Which lot `pieces` of a count are of, when they are scanned out with a code that says
// `lot`. Nothing: none such are in the box. Without a lot: it is not known of them.
[[nodiscard]] std::optional<std::optional<domain::Lot>> lot_out(
    const Count& count, const std::optional<domain::Lot>& lot, domain::Quantity pieces);

}  // namespace dockline::agent::station
