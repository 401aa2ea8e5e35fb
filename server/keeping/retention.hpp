// Older facts into archive segments: reads them, writes the file, reads it back. The rows
// themselves are emptied by the HubApp, after the segment's row is committed
// (server/app/keeping.hpp); a crash anywhere leaves either the file without a row (made again) or
// the row with rows still to empty.
//
// Thread rule: any one thread; blocks. Failures: with place and remedy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/app/inputs.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::keeping {

struct RetentionWish {
  std::string db_path;
  std::int64_t keep_days = 0;    // 0: no limit by age
  std::int64_t keep_events = 0;  // 0: no limit by number
  std::int64_t backed_up = 0;    // position the newest verified backup holds; never beyond it
  std::int64_t now_ms = 0;
  std::int64_t events_least = 5'000;  // smaller segments are not worth a file
};
// Makes the next segment, if there is enough to move. Nothing: not now.
[[nodiscard]] base::Result<std::optional<SegmentMade>> make_segment(const RetentionWish& wish);

}  // namespace dockline::server::keeping
