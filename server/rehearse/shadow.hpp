// Replays arrivals on a shadow copy of server.db: the real HubApp takes them in, routes, releases
// and commits, and each turn's own time is measured. No broker, no HTTP: what would leave is
// counted, channels answer after as long as they took in the log, benches are queues.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/app/hub_app.hpp"
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

// What the house has declared, as its server reads it. What people described of sites while the
// server ran is in the log, and holds there as ever.
struct House {
  std::vector<SiteConfig> sites;  // with their priorities; no other site takes part
  orders::Rules orders;
  std::shared_ptr<const routing::Rulebook> rulebook;  // null: no routing file is named
  std::string words;                                  // which files these are
};

struct Run {
  std::int64_t factor = 1, orders = 0, refused = 0, backordered = 0, published = 0;
  std::int64_t turns = 0, took_ms = 0;
  std::vector<Stage> stages;
};
struct ReplayWish {
  std::string path;  // of a copy that may be written to
  const Past* past = nullptr;
  const Peak* peak = nullptr;
  const House* house = nullptr;  // null: sites as the log has them, and the default chain
  std::int64_t factor = 1;
  std::uint64_t seed = 1;
  std::function<bool()> go_on;  // false: stop
};
[[nodiscard]] base::Result<Run> replay(const ReplayWish& wish);

}  // namespace dockline::server::rehearse
