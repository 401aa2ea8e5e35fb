// How a chain chooses among the plans that its rules allow. One file each, one line in
// strategies.cpp. What a plan costs is the rules' word whichever strategy found it; the record says
// how far from the cheapest it can be.
#pragma once

#include <span>
#include <string_view>

#include "server/routing/solver.hpp"

namespace dockline::server::routing {

struct Strategy {
  std::string_view name;
  std::string_view help;  // one line, for the reference
  Answer (*answer)(const Problem& problem);
};
// The standard is first.
[[nodiscard]] std::span<const Strategy> strategies();
[[nodiscard]] const Strategy* find_strategy(std::string_view name);

// An answer with this plan: bound and proof are those of the cheapest plan.
[[nodiscard]] Answer measured(const Problem& problem, Plan plan);

}  // namespace dockline::server::routing
