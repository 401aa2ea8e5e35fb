// Private to agent/station: one scan on its way through the machine, and a few words they all use.
#pragma once

#include "agent/station/station.hpp"

namespace dockline::agent::station {

struct Station::Scan {
  base::Instant now;
  const ScanInput& in;
  Books& books;
  Effects& fx;
  domain::Quantity times = 1;  // QTY
  [[nodiscard]] bool typed() const { return in.device.empty(); }
};

namespace verdict {
inline constexpr Verdict kCounted = "counted", kOpened = "opened", kClosed = "closed",
                         kCommand = "command", kDoubled = "doubled", kUnknown = "unknown",
                         kWrongItem = "wrong-item", kTooMany = "too-many",
                         kWrongLabel = "wrong-label", kNotNow = "not-now", kTakenOut = "taken-out",
                         kAsked = "asked", kLabel = "label", kRefused = "refused";
}  // namespace verdict

}  // namespace dockline::agent::station
