// Today at a glance: what is late, what waits longest, how fast channels heard. Bounded: counts by
// index, and at most kLagEventsMax of the log's newest events. Thread rule and failures: as Reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

inline constexpr std::int64_t kLagEventsMax = 20'000;
inline constexpr std::int64_t kLagWindowMs = 3'600'000;

struct TodayStations {
  std::int64_t total = 0, up = 0, silent = 0, never = 0;
  std::int64_t waiting = 0;  // facts that they still hold
};
// From the fact that changed a figure to the channel's confirmation, over the last hour.
struct TodayLag {
  std::string channel;
  std::int64_t n = 0, p50_ms = 0, p95_ms = 0, p99_ms = 0;
};
struct TodayCases {
  std::string kind;
  std::int64_t open = 0, oldest_ms = 0;
};
// The one of its kind that waits longest.
struct TodayWait {
  std::string what;  // a state of orders, outbox, exception, station
  std::string id;
  std::int64_t since_ms = 0;
};
struct Today {
  std::vector<std::pair<std::string, std::int64_t>> orders;  // state, count
  std::int64_t late = 0, at_risk = 0, held = 0;              // orders that are not packed
  TodayStations stations;
  std::vector<TodayLag> lag;
  std::vector<TodayCases> cases;
  std::vector<TodayWait> waits;
};

[[nodiscard]] base::Result<Today> today(Reader& reader, std::int64_t now_ms);

}  // namespace dockline::server::store
