// /health and /metrics of a station, from values.
#pragma once

#include <cstdint>
#include <string>

#include "agent/app/station_app.hpp"
#include "shared/runtime/metrics.hpp"

namespace dockline::agent::panel {

struct RunFigures {
  StationApp::Figures app;
  std::string site, station;
  std::int64_t uptime_ms = 0;
  std::uint64_t turns = 0, failures = 0, overflowed = 0, pages = 0;
  bool store_full = false, sound_off = false;
};

[[nodiscard]] std::string health_json(const RunFigures& figures);
[[nodiscard]] std::string metrics_text(const RunFigures& figures,
                                       const runtime::Histogram& answer_time);

}  // namespace dockline::agent::panel
