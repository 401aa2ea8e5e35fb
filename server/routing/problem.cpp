#include "server/routing/problem.hpp"

#include <numeric>
#include <tuple>

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kPieceGramsMax = 100'000'000;  // keeps every weight far from overflow

const Goods* goods_of(const Facts& facts, std::string_view sku) {
  const auto at = std::lower_bound(facts.goods.begin(), facts.goods.end(), sku,
                                   [](const Goods& g, std::string_view s) { return g.sku < s; });
  return at != facts.goods.end() && at->sku == sku ? &*at : nullptr;
}

void add_way(Problem& problem, const Chain& chain, const Site& site, const Service* service) {
  Way way{.service = service, .tariff = {}};
  for (const auto& [rule, values] : chain.costs) {
    if (rule->once != nullptr) {
      const Minor minor = clamped(rule->once(problem.ask, site, service, values));
      way.once += minor;
      way.once_cash += rule->cash ? minor : 0;
    }
    if (rule->tariff != nullptr) way.tariff = rule->tariff(problem.ask, site, service, values);
  }
  problem.ways.push_back(way);
}

// Least cash for the whole order; the first of equals.
void mark_basic(Problem& problem, const Able& able, const Load& whole) {
  std::size_t basic = able.first_way;
  Minor least = kNoScore;
  for (std::size_t w = able.first_way; w < able.first_way + able.ways; ++w) {
    const Minor cash =
        problem.ways[w].once_cash + parcels_cost(problem.ways[w].tariff, whole.grams);
    if (cash < least) {
      least = cash;
      basic = w;
    }
  }
  problem.ways[basic].basic = true;
}

// Asks every rule about one site; false when it can ship nothing.
bool admit(Problem& problem, const Chain& chain, const Site& site, std::span<Quantity> pieces,
           Able& able) {
  if (site.excluded) return false;
  Allowed allowed{.pieces = pieces};
  for (const auto& [rule, values] : chain.musts) {
    rule->narrow(problem.ask, site, values, allowed);
    if (!allowed.site) return false;
  }
  if (std::all_of(pieces.begin(), pieces.end(), [](Quantity q) { return q <= 0; })) return false;
  able.first_way = problem.ways.size();
  if (!site.services) {
    add_way(problem, chain, site, nullptr);
  } else {
    for (std::size_t i = 0; i < services_of(site); ++i) {
      const Service* service = service_at(problem.ask, site, i);
      if (service != nullptr && (allowed.services >> i & 1U) != 0) {
        add_way(problem, chain, site, service);
      }
    }
  }
  able.ways = problem.ways.size() - able.first_way;
  for (const auto& [rule, values] : chain.costs) {
    if (rule->piece == nullptr) continue;
    const Minor minor = clamped(rule->piece(problem.ask, site, values));
    able.piece += minor;
    able.piece_cash += rule->cash ? minor : 0;
  }
  return able.ways > 0;
}

void set_target(Problem& problem, const Chain& chain) {
  const std::size_t demands = problem.demands();
  problem.target.resize(demands);
  for (std::size_t d = 0; d < demands; ++d) {
    const Quantity want = problem.ask.demands[d].want;
    Quantity there = 0;
    for (std::size_t s = 0; s < problem.sites.size() && there < want; ++s) {
      there += problem.cap(s, d);
    }
    problem.all_there = problem.all_there && there >= want;
    problem.target[d] = chain.partial ? std::min(want, there) : want;
  }
}

}  // namespace

Ask ask_of(const Facts& facts, const Chain& chain) {
  Ask ask{&facts, {}};
  ask.demands.reserve(facts.needs.size());
  for (const auto& need : facts.needs) {
    if (need.quantity > 0) ask.demands.push_back({need.sku, need.quantity, 0, nullptr});
  }
  auto& demands = ask.demands;
  std::sort(demands.begin(), demands.end(),
            [](const Demand& a, const Demand& b) { return a.sku < b.sku; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    if (kept > 0 && demands[kept - 1].sku == demands[i].sku) {
      demands[kept - 1].want += demands[i].want;
    } else {
      demands[kept++] = demands[i];
    }
  }
  demands.resize(kept);
  for (auto& demand : demands) {
    demand.goods = goods_of(facts, demand.sku);
    const bool known = demand.goods != nullptr && demand.goods->weight_g.has_value();
    demand.grams = std::clamp<std::int64_t>(
        known ? *demand.goods->weight_g : chain.unknown_weight_g, 0, kPieceGramsMax);
  }
  return ask;
}

std::vector<std::size_t> ranked(const Facts& facts) {
  std::vector<std::size_t> order(std::min(facts.sites.size(), kSitesMax));
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    const auto& x = facts.sites[a];
    const auto& y = facts.sites[b];
    return std::tie(x.priority, x.site) < std::tie(y.priority, y.site);
  };
  if (!std::is_sorted(order.begin(), order.end(), before)) {
    std::stable_sort(order.begin(), order.end(), before);
  }
  return order;
}

Problem prepare(const Facts& facts, const Chain& chain) {
  Problem problem{.ask = ask_of(facts, chain), .split = chain.split, .sites_max = chain.sites_max};
  const std::size_t demands = problem.demands();
  const auto order = ranked(facts);
  problem.tie_base = static_cast<Score>(order.size());
  problem.caps.resize(order.size() * demands);
  problem.sites.reserve(order.size());
  for (const auto& [rule, values] : chain.guards) {
    const auto limit = rule->cash_limit(problem.ask, values);
    if (limit) problem.cash_limit = std::min(*limit, problem.cash_limit.value_or(*limit));
  }
  for (const auto& [rule, values] : chain.costs) {
    if (rule->further == nullptr) continue;
    const Minor minor = clamped(rule->further(problem.ask, values));
    problem.further += minor;
    problem.further_cash += rule->cash ? minor : 0;
  }
  Load whole;
  for (const auto& demand : problem.ask.demands) {
    whole.grams += demand.grams * demand.want;
    whole.pieces += demand.want;
  }
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::span<Quantity> pieces(&problem.caps[problem.sites.size() * demands], demands);
    for (std::size_t d = 0; d < demands; ++d) pieces[d] = problem.ask.demands[d].want;
    Able able{.at = order[rank], .rank = rank};
    const std::size_t ways = problem.ways.size();
    if (admit(problem, chain, facts.sites[able.at], pieces, able)) {
      mark_basic(problem, able, whole);
      problem.sites.push_back(able);
    } else {
      problem.ways.resize(ways);
    }
  }
  set_target(problem, chain);
  return problem;
}

SiteCost Problem::cost(std::size_t site, const Load& load) const {
  const Able& able = sites[site];
  SiteCost best{kNoScore, 0, 0};
  const Minor pieces = scaled(load.pieces, able.piece, 1);
  const Minor pieces_cash =
      able.piece_cash == able.piece ? pieces : scaled(load.pieces, able.piece_cash, 1);
  for (std::size_t w = able.first_way; w < able.first_way + able.ways; ++w) {
    const Way& way = ways[w];
    const Minor parcels = parcels_cost(way.tariff, load.grams);
    const Minor cash = way.once_cash + pieces_cash + parcels;
    if (!way.basic && cash_limit && cash > *cash_limit) continue;
    const Minor minor = way.once + pieces + parcels;
    if (minor < best.minor) best = {minor, cash, w};
  }
  return best;
}

Score Problem::score(std::size_t site, const Load& load) const {
  return score_of(cost(site, load).minor) + tie_base + static_cast<Score>(sites[site].rank);
}

}  // namespace dockline::server::routing
