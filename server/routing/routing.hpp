// Which site ships an order (README.md). choose() finds who ships what at the least cost under a
// chain of rules; decide() makes the record that is kept (law 6): candidates with their costs term
// by term, what ruled each out, figures with their ages, rule versions, outcome, how far from the
// optimum it can be, in plain words. Both are pure: the same facts and chain, the same bytes.
#pragma once

#include <string>

#include "server/routing/chain.hpp"
#include "server/routing/facts.hpp"
#include "server/routing/solver.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::routing {

struct Choice {
  Problem problem;  // points into the facts and the chain
  Answer answer;
};
[[nodiscard]] Choice choose(const Facts& facts, const Chain& chain);

[[nodiscard]] wire::DecisionMade decide(const Facts& facts, const Chain& chain, std::string id);

}  // namespace dockline::server::routing
