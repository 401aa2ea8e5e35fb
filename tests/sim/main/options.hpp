// Command line of dockline-sim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/plan/plan.hpp"

namespace dockline::sim {

struct Options {
  Wishes wishes;
  std::uint64_t count = 1;
  std::uint64_t jobs = 1;
  std::string plant, trace, seeds;  // seeds: a regression list to replay
  bool list_plants = false, help = false, in_process = false, minimise = true, plan_only = false,
       repeat = false;
};

// The options, or what is wrong with them in `error`.
[[nodiscard]] std::optional<Options> parse(const std::vector<std::string>& args,
                                           std::string& error);
[[nodiscard]] const char* usage();

}  // namespace dockline::sim
