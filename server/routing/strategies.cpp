// One line for each strategy; its file makes the value. The first is in force where a chain names
// none.
#include <algorithm>
#include <array>

#include "server/routing/strategy.hpp"

namespace dockline::server::routing {

Strategy strategy_cheapest();
Strategy strategy_fewest_sites();
Strategy strategy_in_order();

std::span<const Strategy> strategies() {
  static const std::array all = {
      strategy_cheapest(),
      strategy_fewest_sites(),
      strategy_in_order(),
  };
  return all;
}

const Strategy* find_strategy(std::string_view name) {
  const auto found = std::ranges::find(strategies(), name, &Strategy::name);
  return found == strategies().end() ? nullptr : &*found;
}

Answer measured(const Problem& problem, Plan plan) {
  Answer answer = solve(problem);
  answer.bound = std::min(answer.bound, plan.score);
  answer.proved = plan.found() ? plan.score <= answer.bound : !answer.plan.found();
  answer.plan = std::move(plan);
  return answer;
}

}  // namespace dockline::server::routing
