// What became of a recorded trade, line by line: a tally of its own over the files and the people's
// notes, beside the checkers. A line that is nowhere, and a piece that is sold twice, is a
// violation.
#pragma once

#include <string>

#include "tests/sim/history/history.hpp"
#include "tests/sim/run/fleet.hpp"

namespace dockline::sim {

// After the end, programs stopped. One JSON object; what is wrong becomes a protest of the fleet.
[[nodiscard]] std::string tally(Fleet& fleet, const History& history);

}  // namespace dockline::sim
