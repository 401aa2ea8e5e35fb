// A first answer over several sites: take the site that serves most for its price, until all is
// served; then leave sites out and exchange them as long as that helps. No proof, only a good plan.
#include <algorithm>

#include "server/routing/cover.hpp"

namespace dockline::server::routing {
namespace {

bool take_if_better(Cover& cover, Sites& sites, Sites tried, Plan& best) {
  Plan plan = cover.plan_of(tried);
  if (plan.score >= best.score) return false;
  best = std::move(plan);
  sites = std::move(tried);
  return true;
}

bool leave_one_out(Cover& cover, Sites& sites, Plan& best) {
  for (std::size_t i = 0; sites.size() > 1 && i < sites.size(); ++i) {
    Sites fewer = sites;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (take_if_better(cover, sites, std::move(fewer), best)) return true;
  }
  return false;
}

bool exchange_one(Cover& cover, const Kept& kept, Sites& sites, Plan& best, std::int64_t& left) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (const auto other : kept.sites) {
      if (std::find(sites.begin(), sites.end(), other) != sites.end()) continue;
      if (--left < 0) return false;
      Sites changed = sites;
      changed[i] = other;
      if (take_if_better(cover, sites, std::move(changed), best)) return true;
    }
  }
  return false;
}

}  // namespace

void improve(const Problem& problem, const Kept& kept, std::int64_t swaps, Plan& best) {
  Cover cover(problem);
  Sites sites;
  auto left = problem.target;
  const auto open = [&] {
    return std::any_of(left.begin(), left.end(), [](Quantity q) { return q > 0; });
  };
  while (open() && sites.size() < problem.sites_max) {
    const std::size_t site = cover.next_for(kept.sites, sites, left);
    if (site == Cover::kNone) return;
    sites.push_back(site);
  }
  if (open()) return;
  Plan plan = cover.plan_of(sites);
  if (plan.score < best.score) best = std::move(plan);
  while (leave_one_out(cover, sites, best) || exchange_one(cover, kept, sites, best, swaps)) {
  }
}

}  // namespace dockline::server::routing
