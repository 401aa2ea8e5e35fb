// Replays arrivals on a shadow copy of server.db: the real HubApp takes them in, routes, releases
// and commits, and each turn's own time is measured. No broker, no HTTP: what would leave is
// counted, channels answer after as long as they took in the log, benches are queues.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/rehearse/benches.hpp"
#include "server/rehearse/peak.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::rehearse {

// What the log says of how its world behaved.
struct Past {
  std::vector<Arrival> arrivals;
  std::vector<std::string> sites;
  std::vector<std::pair<std::string, std::string>> stations;
  std::map<std::string, std::vector<BenchTimes>> benches;  // by site
  struct Answers {
    std::vector<std::string> locations;
    std::vector<std::int64_t> took_us;
  };
  std::map<std::string, Answers> channels;
  std::int64_t last_ms = 0;
};
[[nodiscard]] base::Result<Past> read_past(const std::string& path);

struct Run {
  std::int64_t factor = 1, orders = 0, refused = 0, backordered = 0, published = 0;
  std::int64_t turns = 0, took_ms = 0;
  std::vector<Stage> stages;
};
struct ReplayWish {
  std::string path;  // of a copy that may be written to
  const Past* past = nullptr;
  const Peak* peak = nullptr;
  std::int64_t factor = 1;
  std::uint64_t seed = 1;
  std::function<bool()> go_on;  // false: stop
};
[[nodiscard]] base::Result<Run> replay(const ReplayWish& wish);

}  // namespace dockline::server::rehearse
