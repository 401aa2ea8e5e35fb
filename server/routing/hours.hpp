// Opening hours and cut-offs of a site stand in its own time, with summer and winter; routing needs
// instants. Time-zone data are an input: the offsets from UTC and when each begins.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "server/routing/facts.hpp"

namespace dockline::server::routing {

struct Offset {
  std::int64_t from_ms = 0;  // UTC; the first one holds before, too
  std::int64_t seconds = 0;  // east of Greenwich
};

// Minutes after midnight, local time.
struct Day {
  std::int64_t opens = 0;
  std::int64_t cut_off = 0;  // not after `opens`: closed that day
};

struct Hours {
  std::array<Day, 7> week = {};           // Monday first
  std::vector<std::int64_t> closed = {};  // local dates, days since 1970-01-01, sorted
  std::vector<Offset> offsets = {};       // by from_ms; none: UTC
};

// The windows of `days` local days from the one that holds `now_ms`. A time that the clock skips is
// read with the offset before the skip, one that comes twice is its first.
[[nodiscard]] std::vector<Window> windows_of(const Hours& hours, std::int64_t now_ms,
                                             std::int64_t days);

}  // namespace dockline::server::routing
