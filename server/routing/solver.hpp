// Who ships what at the least cost. One site is tried first, every one that has everything. Then,
// if the chain allows splits, sites are combined: a first answer by a greedy cover, and from there
// branch and bound, for small orders over who serves which SKU, for larger ones over which sites
// together. Small orders end with a proof; where a limit of limits.hpp ends the search, `bound`
// still holds and the gap is reported.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/routing/problem.hpp"

namespace dockline::server::routing {

struct Share {
  std::size_t site = 0;  // place in Problem::sites
  std::size_t demand = 0;
  Quantity pieces = 0;
};

struct Plan {
  Score score = kNoScore;  // kNoScore: there is none
  std::vector<Share> shares;

  [[nodiscard]] bool found() const { return score != kNoScore; }
};

// What a plan costs, whichever way it was found; kNoScore when it breaks a limit of the chain.
[[nodiscard]] Score score_of(const Problem& problem, const std::vector<Share>& shares);

struct Answer {
  Plan plan;
  Score bound = kNoScore;     // no plan can have a lower score
  std::int64_t expanded = 0;  // partial plans looked at
  bool proved = true;         // the plan is the optimum, or there is none
};

[[nodiscard]] Answer solve(const Problem& problem);

// ---------------------------------------------------------------- parts of it
// Which sites are worth combining, and below which score no plan with any other can be.
struct Kept {
  std::vector<std::size_t> sites;
  std::vector<Score> entry;  // of each kept site: the least it costs to use it at all
  Score others = kNoScore;   // bound of every plan that uses a site not kept
};
[[nodiscard]] Plan best_single(const Problem& problem);
// At most so many; none that cannot be part of a better plan than `best`.
[[nodiscard]] Kept keep_candidates(const Problem& problem, Score best, std::size_t most);
// Improves `best` by a cover of several sites, then by exchanging up to `swaps` of them.
void improve(const Problem& problem, const Kept& kept, std::int64_t swaps, Plan& best);
// Improves `best` up to the optimum over the kept sites, or as far as the limits go: the first by
// who serves what, the second by which sites together.
void search(const Problem& problem, const Kept& kept, Answer& best);
void search_sets(const Problem& problem, const Kept& kept, Answer& best);

}  // namespace dockline::server::routing
