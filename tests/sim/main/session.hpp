// One call of dockline-sim: all its seeds, the sum of them, and what a person needs when one fails.
#pragma once

#include "tests/sim/main/options.hpp"

namespace dockline::sim {

[[nodiscard]] int session(const Options& options);  // the exit code

}  // namespace dockline::sim
