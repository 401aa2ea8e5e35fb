// Makes a failing run smaller as long as the same promise stays broken, and tells its story.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/main/jobs.hpp"

namespace dockline::sim {

// Tries without kinds of faults, with fewer stations, sites and hours, for at most this long.
[[nodiscard]] Done minimise(const Done& failed, std::int64_t seconds_most);

// What a person should read of a trace: the faults, and what concerns the order, label, station or
// article that the violation names; the last `lines_most` lines before it.
[[nodiscard]] std::vector<std::string> story(const std::string& trace_file,
                                             const Violation& violation, std::size_t lines_most);

}  // namespace dockline::sim
