// The bugs that can be planted (shared/base/plant.hpp), as listed in plants.txt.
#pragma once

#include <string>
#include <vector>

namespace dockline::sim {

struct Plant {
  std::string name, what;
  int seeds = 0;  // within so many seeds a checker must see it
};

[[nodiscard]] std::vector<Plant> plants();  // in the order of the file

}  // namespace dockline::sim
