// Runs plans in child processes of their own: a crash is a finding, and SQLite's random state is
// fresh in each.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/sim/plan/plan.hpp"
#include "tests/sim/run/run.hpp"

namespace dockline::sim {

struct Job {
  Wishes wishes;
  std::string trace;  // file; empty: none
};
struct Done {
  Job job;
  Outcome outcome;
  double seconds = 0;  // of a core
};

// In this process.
[[nodiscard]] Done perform(const Job& job);
// `at_once` children; `done` is called as they end. `next` gives jobs until it says false.
void perform_all(std::uint64_t at_once, const std::function<bool(Job&)>& next,
                 const std::function<void(Done)>& done);
[[nodiscard]] Done perform_in_child(const Job& job);

}  // namespace dockline::sim
