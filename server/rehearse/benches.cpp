#include "server/rehearse/benches.hpp"

#include <algorithm>
#include <utility>

namespace dockline::server::rehearse {

Stage stage_of(std::string name, std::vector<Job> jobs, std::int64_t servers,
               std::int64_t window_us) {
  Stage out{.name = std::move(name), .servers = std::max<std::int64_t>(1, servers)};
  out.done = static_cast<std::int64_t>(jobs.size());
  if (jobs.empty()) return out;
  std::vector<std::int64_t> took;
  std::vector<std::pair<std::int64_t, int>> steps;  // one more waits, one less
  std::int64_t work = 0;
  for (const auto& job : jobs) {
    took.push_back(job.done_us - job.came_us);
    work += job.done_us - job.began_us;
    if (job.began_us > job.came_us) {
      steps.emplace_back(job.came_us, 1);
      steps.emplace_back(job.began_us, -1);
    }
    if (job.came_us <= window_us && job.began_us > window_us) ++out.waiting_at_end;
  }
  std::ranges::sort(took);
  out.p50_us = took[took.size() / 2];
  out.p99_us = took[took.size() * 99 / 100];
  std::ranges::sort(steps);
  std::int64_t waiting = 0;
  for (const auto& [at, change] : steps) {
    waiting += change;
    out.most_waiting = std::max(out.most_waiting, waiting);
  }
  out.load_per_mille = work * 1'000 / std::max<std::int64_t>(1, window_us * out.servers);
  return out;
}

Stage pack_all(const std::string& site, std::vector<Work> work,
               const std::vector<BenchTimes>& benches, std::int64_t window_us, base::Prng& draw) {
  std::ranges::sort(work, {}, &Work::at_us);
  std::vector<std::int64_t> free_at(benches.size(), 0);
  std::vector<Job> jobs;
  for (const auto& one : work) {
    if (benches.empty()) break;
    const auto next = std::ranges::min_element(free_at);
    const auto& bench = benches[static_cast<std::size_t>(next - free_at.begin())];
    const auto began = std::max(one.at_us, *next);
    const auto took =
        bench.pack_us.empty() ? kAssumedPackUs : bench.pack_us[draw.below(bench.pack_us.size())];
    *next = began + took;
    jobs.push_back({one.at_us, began, *next});
  }
  return stage_of("benches " + site, std::move(jobs), static_cast<std::int64_t>(benches.size()),
                  window_us);
}

}  // namespace dockline::server::rehearse
