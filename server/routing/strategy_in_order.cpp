// The house's own order: the first site by priority that has everything. Where none has and the
// chain splits, each by priority gives what it has until nothing is missing.
#include <algorithm>
#include <vector>

#include "server/routing/strategy.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::routing {
namespace {

Quantity gives(const Problem& problem, std::size_t site, std::size_t demand, Quantity wanted) {
  const auto has = std::min(problem.cap(site, demand), wanted);
  return problem.split == Split::lines && has < problem.target[demand] ? 0 : has;
}

Plan of_one(const Problem& problem, std::size_t site) {
  Plan plan;
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    if (problem.cap(site, d) < problem.target[d]) return {};
    if (problem.target[d] > 0) plan.shares.push_back({site, d, problem.target[d]});
  }
  plan.score = score_of(problem, plan.shares);
  return plan;
}

Plan of_several(const Problem& problem) {
  Plan plan;
  auto left = problem.target;
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    for (std::size_t d = 0; d < problem.demands(); ++d) {
      const auto pieces = gives(problem, site, d, left[d]);
      if (pieces < 1) continue;
      plan.shares.push_back({site, d, pieces});
      left[d] -= pieces;
    }
  }
  if (std::ranges::any_of(left, [](Quantity q) { return q > 0; })) return {};
  // More sites than the chain allows, or a split that the order does not earn, is no plan.
  plan.score = score_of(problem, plan.shares);
  return plan.found() ? plan : Plan{};
}

Answer in_order(const Problem& problem) {
  const auto sites = problem.sites.size();
  for (std::size_t n = 0; n < sites; ++n) {
    auto plan = of_one(problem, PLANT("house-order-forgotten") ? sites - 1 - n : n);
    if (plan.found()) return measured(problem, std::move(plan));
  }
  return measured(problem, problem.sites_max > 1 ? of_several(problem) : Plan{});
}

}  // namespace

Strategy strategy_in_order() {
  return {"in-order", "The first site by priority that can, whatever it costs", in_order};
}

}  // namespace dockline::server::routing
