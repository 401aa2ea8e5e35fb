// PLANT("name"): a place where the simulator's own build can put in a known bug, to prove that its
// checkers see it. In every other build it is the constant false: nothing of a plant is compiled
// into what ships (tests/sim checks the binaries). The list with reasons is tests/sim/plants.
#pragma once

#ifdef DOCKLINE_PLANTS
#include <string_view>

namespace dockline::base {
// One plant at a time, for the whole process; "" for none. Set before the first World is made.
void plant(std::string_view name);
[[nodiscard]] bool planted(std::string_view name);
}  // namespace dockline::base

#define PLANT(name) (::dockline::base::planted(name))
#else
#define PLANT(name) (false)
#endif
