// The routing rules of a fleet that has some: drawn from its seed, and the same again as checkers
// know them (observe.hpp), written down without the product's types.
#pragma once

#include <memory>

#include "server/routing/rulebook.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/plan/plan.hpp"

namespace dockline::sim {

[[nodiscard]] std::string site_name(std::int64_t n);
[[nodiscard]] RoutingTruth routing_truth(const Plan& plan);
// Null for a fleet without.
[[nodiscard]] std::shared_ptr<const server::routing::Rulebook> make_rulebook(const Plan& plan);

}  // namespace dockline::sim
