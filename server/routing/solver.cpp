#include "server/routing/solver.hpp"

#include <algorithm>
#include <utility>

namespace dockline::server::routing {
namespace {

bool has_everything(const Problem& problem, std::size_t site) {
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    if (problem.cap(site, d) < problem.target[d]) return false;
  }
  return true;
}

// The least it costs to use this site at all, whatever else the plan does.
Score entry_of(const Problem& problem, std::size_t site) {
  Load least{INT64_MAX, INT64_MAX};
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    const Quantity target = problem.target[d];
    const Quantity some = problem.split == Split::pieces ? std::min<Quantity>(1, target) : target;
    if (some == 0 || problem.cap(site, d) < some) continue;
    const Load load = problem.load_of(d, some);
    least = {std::min(least.grams, load.grams), std::min(least.pieces, load.pieces)};
  }
  return least.pieces == INT64_MAX ? kNoScore : problem.score(site, least);
}

// Score per piece of all this site could ship: how good it is when it cannot ship everything.
Score per_piece(const Problem& problem, std::size_t site) {
  Load load;
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    const Load more = problem.load_of(d, std::min(problem.cap(site, d), problem.target[d]));
    load.grams += more.grams;
    load.pieces += more.pieces;
  }
  return load.pieces == 0 ? kNoScore : problem.score(site, load) / load.pieces;
}

struct Ranked {
  Score by;
  std::size_t site;
  friend auto operator<=>(const Ranked&, const Ranked&) = default;
};

// More sites than the search combines: the cheapest that together have everything, then the best.
std::vector<std::size_t> most_useful(const Problem& problem, const std::vector<Ranked>& usable,
                                     std::size_t most) {
  std::vector<std::size_t> chosen;
  const auto take = [&](std::size_t site) {
    if (chosen.size() >= most) return;
    if (std::find(chosen.begin(), chosen.end(), site) == chosen.end()) chosen.push_back(site);
  };
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    Quantity there = 0;
    for (const auto& [entry, site] : usable) {
      const Quantity cap = problem.cap(site, d);
      if (there >= problem.target[d]) break;
      if (cap == 0 || (problem.split == Split::lines && cap < problem.target[d])) continue;
      there += cap;
      take(site);
    }
  }
  std::vector<Ranked> rest;
  for (const auto& [entry, site] : usable) rest.push_back({per_piece(problem, site), site});
  std::sort(rest.begin(), rest.end());
  for (const auto& [by, site] : rest) take(site);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

// Of every plan, from what is cheapest for each SKU by itself.
Score relaxed_bound(const Problem& problem, const Kept& kept, bool single) {
  Score bound = 0;
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    if (problem.target[d] == 0) continue;
    Score least = kNoScore;
    for (std::size_t site = 0; site < problem.sites.size(); ++site) {
      if (problem.cap(site, d) > 0) {
        least = std::min(least, problem.score(site, problem.load_of(d, 1)));
      }
    }
    bound = std::max(bound, least);
  }
  auto entries = kept.entry;
  std::sort(entries.begin(), entries.end());
  if (!single && entries.size() >= 2) {
    bound = std::max(bound, entries[0] + entries[1] + score_of(problem.further));
  }
  return std::min(bound, kept.others);
}

}  // namespace

Score score_of(const Problem& problem, const std::vector<Share>& shares) {
  std::vector<Load> loads(problem.sites.size());
  for (const auto& share : shares) {
    const Load more = problem.load_of(share.demand, share.pieces);
    loads[share.site].grams += more.grams;
    loads[share.site].pieces += more.pieces;
  }
  Score total = 0;
  Minor cash = 0;
  std::size_t used = 0;
  for (std::size_t site = 0; site < loads.size(); ++site) {
    if (loads[site].pieces == 0) continue;
    total += problem.score(site, loads[site]);
    if (problem.cash_limit) cash += problem.cost(site, loads[site]).cash;
    if (++used > 1) {
      total += score_of(problem.further);
      cash += problem.further_cash;
    }
  }
  if (used == 0 || used > problem.sites_max) return kNoScore;
  if (used > 1 && problem.cash_limit && cash > *problem.cash_limit) return kNoScore;
  return total;
}

Plan best_single(const Problem& problem) {
  Plan best;
  Load load;
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    const Load more = problem.load_of(d, problem.target[d]);
    load.grams += more.grams;
    load.pieces += more.pieces;
  }
  if (load.pieces == 0) return best;
  std::size_t chosen = 0;
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    if (!has_everything(problem, site)) continue;
    const Score score = problem.score(site, load);
    if (score >= best.score) continue;
    best.score = score;
    chosen = site;
  }
  for (std::size_t d = 0; best.found() && d < problem.demands(); ++d) {
    if (problem.target[d] > 0) best.shares.push_back({chosen, d, problem.target[d]});
  }
  return best;
}

Kept keep_candidates(const Problem& problem, Score best, std::size_t most) {
  std::vector<Ranked> usable;
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    const Score entry = entry_of(problem, site);
    if (entry != kNoScore) usable.push_back({entry, site});
  }
  std::sort(usable.begin(), usable.end());
  Kept kept;
  if (usable.size() < 2) return kept;
  // With any other site beside it, it costs at least this.
  const auto with_another = [&](const Ranked& one) {
    const Score other = one.site == usable[0].site ? usable[1].by : usable[0].by;
    return one.by + other + score_of(problem.further);
  };
  const auto too_dear = [&](const Ranked& one) { return with_another(one) >= best; };
  const auto from = std::find_if(usable.begin(), usable.end(), too_dear);
  usable.erase(from, usable.end());
  kept.sites.reserve(usable.size());
  for (const auto& one : usable) kept.sites.push_back(one.site);
  if (usable.size() > most) kept.sites = most_useful(problem, usable, most);
  for (const auto& one : usable) {
    const bool stays =
        usable.size() <= most || std::binary_search(kept.sites.begin(), kept.sites.end(), one.site);
    if (!stays) kept.others = std::min(kept.others, with_another(one));
  }
  for (const auto site : kept.sites) kept.entry.push_back(entry_of(problem, site));
  return kept;
}

Answer solve(const Problem& problem) {
  Answer answer;
  answer.plan = best_single(problem);
  answer.bound = answer.plan.score;
  if (problem.sites_max < 2) return answer;
  if (problem.cash_limit && problem.further_cash > *problem.cash_limit) return answer;
  const bool single = answer.plan.found();
  const bool small = problem.demands() <= kSmallSkus;
  const Kept kept =
      keep_candidates(problem, answer.plan.score, small ? kCandidatesKept : kSitesMax);
  if (kept.sites.size() < 2) return answer;
  const bool searched = problem.demands() <= kSetSkusMax;
  if (!single || !small) {
    improve(problem, kept, searched ? 0 : kSwapsMax, answer.plan);
  }
  if (small) {
    search(problem, kept, answer);
  } else if (searched) {
    search_sets(problem, kept, answer);
  } else {
    answer.bound = std::min(answer.plan.score, relaxed_bound(problem, kept, single));
  }
  answer.bound = std::min({answer.bound, kept.others, answer.plan.score});
  answer.proved = answer.bound >= answer.plan.score;
  return answer;
}

}  // namespace dockline::server::routing
