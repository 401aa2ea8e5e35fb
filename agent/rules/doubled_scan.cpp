#include "agent/rules/doubled_scan.hpp"

#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent::rules {

std::optional<std::int64_t> doubled_scan(const std::optional<SeenScan>& last, std::string_view code,
                                         std::string_view device, std::int64_t mono_ms) {
  if (!last || last->code != code) return std::nullopt;
  if (PLANT("double-read-counts-twice")) return std::nullopt;
  const std::int64_t gap_ms = mono_ms - last->mono_ms;
  if (gap_ms < 0) return std::nullopt;
  if (gap_ms < base::limits::kRepeatedScanMs) return gap_ms;
  if (last->device == device && gap_ms < base::limits::kDoubledScanMs) return gap_ms;
  return std::nullopt;
}

}  // namespace dockline::agent::rules
