// One order as the solver sees it: what each site may ship after every `must`, and what it costs as
// a function of its load. prepare() asks the rules once; after that only numbers are left.
//
// The cost of a site is `once` + `piece` * pieces + the tariff of its weight, the least over its
// carrier services. It never falls when the load grows: the solver's bounds rest on that.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "server/routing/chain.hpp"

namespace dockline::server::routing {

// Minor units, and ties below one of them: fewer sites first, then the order of the sites. Equal
// scores are equal answers, so the optimum does not hang on the way the search went.
using Score = std::int64_t;
inline constexpr Score kNoScore = INT64_MAX;
[[nodiscard]] constexpr Score score_of(Minor minor) { return minor * kTieSpan; }
[[nodiscard]] constexpr Minor minor_of(Score score) { return score / kTieSpan; }

// One carrier service at one site.
struct Way {
  const Service* service = nullptr;  // null: none is known
  Minor once = 0, once_cash = 0;
  Tariff tariff;
  bool basic = false;  // least cash for the whole order: any other is an upgrade
};

struct SiteCost {
  Minor minor = 0;
  Minor cash = 0;
  std::size_t way = 0;
};

struct Able {
  std::size_t at = 0;    // place in Facts::sites
  std::size_t rank = 0;  // by priority, then name
  Minor piece = 0, piece_cash = 0;
  std::size_t first_way = 0, ways = 0;
};

struct Problem {
  Ask ask;
  Split split = Split::none;
  std::size_t sites_max = 1;
  std::vector<Able> sites;  // that may ship something, by rank
  std::vector<Way> ways;
  std::vector<Quantity> caps;    // per site, per demand: at most what is wanted
  std::vector<Quantity> target;  // per demand: what a plan must ship
  Minor further = 0;             // cost of each site after the first
  Minor further_cash = 0;
  std::optional<Minor> cash_limit;  // of a split or an upgrade
  Score tie_base = 0;               // tie of a site: tie_base + rank
  bool all_there = true;            // what is wanted is there, all sites taken together

  [[nodiscard]] std::size_t demands() const { return ask.demands.size(); }
  [[nodiscard]] Quantity cap(std::size_t site, std::size_t demand) const {
    return caps[site * demands() + demand];
  }
  [[nodiscard]] SiteCost cost(std::size_t site, const Load& load) const;
  // Of a site that ships this load, with its tie; without `further`.
  [[nodiscard]] Score score(std::size_t site, const Load& load) const;
  [[nodiscard]] Load load_of(std::size_t demand, Quantity pieces) const {
    return {ask.demands[demand].grams * pieces, pieces};
  }
};

[[nodiscard]] Ask ask_of(const Facts& facts, const Chain& chain);
// Sites by priority, then name: places in Facts::sites.
[[nodiscard]] std::vector<std::size_t> ranked(const Facts& facts);
[[nodiscard]] Problem prepare(const Facts& facts, const Chain& chain);

}  // namespace dockline::server::routing
