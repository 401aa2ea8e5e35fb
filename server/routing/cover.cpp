#include "server/routing/cover.hpp"

#include <algorithm>

namespace dockline::server::routing {

Plan Cover::plan_of(const Sites& sites) {
  Plan plan;
  for (const auto site : sites) loads_[site] = {};
  for (std::size_t d = 0; d < problem_.demands(); ++d) {
    Quantity left = problem_.target[d];
    while (left > 0) {
      const std::size_t site = best_for(sites, plan, d, left);
      if (site == kNone) return {};
      const Quantity q = std::min(left, problem_.cap(site, d));
      put(plan, {site, d, q});
      left -= q;
    }
  }
  plan.score = score_of(problem_, plan.shares);
  return plan;
}

std::size_t Cover::next_for(const Sites& among, const Sites& used,
                            std::vector<Quantity>& left) const {
  std::size_t best = kNone;
  Score best_price = kNoScore;
  for (const auto site : among) {
    if (std::find(used.begin(), used.end(), site) != used.end()) continue;
    Load load;
    for (std::size_t d = 0; d < left.size(); ++d) {
      const Load more = problem_.load_of(d, served(site, d, left[d]));
      load.grams += more.grams;
      load.pieces += more.pieces;
    }
    if (load.pieces == 0) continue;
    const Score price = problem_.score(site, load) / load.pieces;
    if (price >= best_price) continue;
    best_price = price;
    best = site;
  }
  for (std::size_t d = 0; best != kNone && d < left.size(); ++d) {
    left[d] -= served(best, d, left[d]);
  }
  return best;
}

Quantity Cover::served(std::size_t site, std::size_t demand, Quantity left) const {
  const Quantity cap = problem_.cap(site, demand);
  if (problem_.split == Split::lines && cap < problem_.target[demand]) return 0;
  return std::min(cap, left);
}

// The site that serves most of it, then the one where it adds least.
std::size_t Cover::best_for(const Sites& sites, const Plan& plan, std::size_t demand,
                            Quantity left) const {
  std::size_t best = kNone;
  Score least = kNoScore;
  Quantity most = 0;
  for (const auto site : sites) {
    const Quantity q = served(site, demand, left);
    if (q == 0 || q < most) continue;
    // The shares of this SKU are the last ones.
    bool given = false;
    for (auto s = plan.shares.rbegin(); s != plan.shares.rend() && s->demand == demand; ++s) {
      given = given || s->site == site;
    }
    if (given) continue;
    const Load more = problem_.load_of(demand, q);
    const Load now = loads_[site];
    const Score before = now.pieces == 0 ? 0 : problem_.score(site, now);
    const Score added =
        problem_.score(site, {now.grams + more.grams, now.pieces + more.pieces}) - before;
    if (q == most && added >= least) continue;
    most = q;
    least = added;
    best = site;
  }
  return best;
}

void Cover::put(Plan& plan, const Share& share) {
  const Load more = problem_.load_of(share.demand, share.pieces);
  loads_[share.site].grams += more.grams;
  loads_[share.site].pieces += more.pieces;
  plan.shares.push_back(share);
}

}  // namespace dockline::server::routing
