// A plan made of given sites, and which site to take next: what the searches over several sites
// share. Greedy: good, not proved.
#pragma once

#include <vector>

#include "server/routing/solver.hpp"

namespace dockline::server::routing {

using Sites = std::vector<std::size_t>;  // places in Problem::sites

class Cover {
 public:
  explicit Cover(const Problem& problem) : problem_(problem), loads_(problem.sites.size()) {}

  // The plan of these sites: each SKU where it is cheapest now, parts only where none has all.
  [[nodiscard]] Plan plan_of(const Sites& sites);
  // The unused site that serves most for its price; what it serves is taken from `left`.
  [[nodiscard]] std::size_t next_for(const Sites& among, const Sites& used,
                                     std::vector<Quantity>& left) const;

  static constexpr std::size_t kNone = SIZE_MAX;

 private:
  [[nodiscard]] Quantity served(std::size_t site, std::size_t demand, Quantity left) const;
  [[nodiscard]] std::size_t best_for(const Sites& sites, const Plan& plan, std::size_t demand,
                                     Quantity left) const;
  void put(Plan& plan, const Share& share);

  const Problem& problem_;
  std::vector<Load> loads_;  // of the sites of the plan under way
};

}  // namespace dockline::server::routing
