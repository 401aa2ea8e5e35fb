// Two clocks in one value. Order and timers use mono_ms; wall_ms is an annotation that may jump.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace dockline::base {

struct Instant {
  std::int64_t mono_ms = 0;  // monotonic, milliseconds since an arbitrary start
  std::int64_t wall_ms = 0;  // milliseconds since 1970-01-01T00:00:00Z, as this machine believes

  friend bool operator==(const Instant&, const Instant&) = default;
};

// RFC 3339 with milliseconds, UTC: 2026-11-24T13:02:31.250Z (CloudEvents 1.0 "time").
[[nodiscard]] std::string to_rfc3339(std::int64_t wall_ms);
// Accepts any RFC 3339 date-time (fraction and offset optional). Fault::reject otherwise.
[[nodiscard]] Result<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace dockline::base
