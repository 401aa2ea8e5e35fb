// Scanners repeat: a worn trigger or a code read twice in one sweep. The same code within 80 ms is
// one scan whoever read it; from the same scanner it is one scan within kDoubledScanMs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dockline::agent::rules {

struct SeenScan {
  std::string code;
  std::string device;
  std::int64_t mono_ms = 0;
};

// Milliseconds since the scan that this one repeats; nothing when it is a scan of its own.
[[nodiscard]] std::optional<std::int64_t> doubled_scan(const std::optional<SeenScan>& last,
                                                       std::string_view code,
                                                       std::string_view device,
                                                       std::int64_t mono_ms);

}  // namespace dockline::agent::rules
