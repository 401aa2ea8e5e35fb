// Stages as queues: what comes, when it is taken, when it is done. Benches pack as they did in the
// log: each order takes one of the times its bench once needed. Pure; chance is a parameter.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/base/prng.hpp"

namespace dockline::server::rehearse {

// What is known of one stage after a run. Times in microseconds.
struct Stage {
  std::string name;
  std::int64_t done = 0, servers = 1;
  std::int64_t p50_us = 0, p99_us = 0;  // from coming to done
  std::int64_t most_waiting = 0;        // at once
  std::int64_t waiting_at_end = 0;      // when the last order had come
  std::int64_t load_per_mille = 0;  // of its time while orders came; above 1,000 it falls behind
  [[nodiscard]] bool bends() const { return load_per_mille > 1'000; }
};

struct Job {
  std::int64_t came_us = 0, began_us = 0, done_us = 0;
};
// `window_us`: while orders came. Load is the work that came in that time by the time there was.
[[nodiscard]] Stage stage_of(std::string name, std::vector<Job> jobs, std::int64_t servers,
                             std::int64_t window_us);

struct BenchTimes {
  std::string name;  // site/station
  std::vector<std::int64_t> pack_us;
};
inline constexpr std::int64_t kAssumedPackUs = 120'000'000;  // of a bench that never packed

struct Work {
  std::int64_t at_us = 0;  // released
};
// One queue before all benches of a site: whoever is free takes the next order.
[[nodiscard]] Stage pack_all(const std::string& site, std::vector<Work> work,
                             const std::vector<BenchTimes>& benches, std::int64_t window_us,
                             base::Prng& draw);

}  // namespace dockline::server::rehearse
