// Parcels first, money second: the cheapest plan of one site; only where there is none of two, and
// so on up to what the chain allows.
#include "server/routing/strategy.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::routing {
namespace {

Answer fewest_sites(const Problem& problem) {
  if (PLANT("fewest-parcels-forgotten")) return solve(problem);
  Problem fewer = problem;
  for (fewer.sites_max = 1; fewer.sites_max < problem.sites_max; ++fewer.sites_max) {
    auto answer = solve(fewer);
    if (answer.plan.found()) return measured(problem, std::move(answer.plan));
  }
  return solve(problem);
}

}  // namespace

Strategy strategy_fewest_sites() {
  return {"fewest-sites", "As few parcels as possible, then the least cost", fewest_sites};
}

}  // namespace dockline::server::routing
