#include <algorithm>
#include <map>

#include "server/routing/problem.hpp"
#include "server/whatif/whatif.hpp"

namespace dockline::server::whatif {

using routing::Load;
using routing::Problem;

namespace {

// Adds what the sites of `problem` cost that are in `loads`, and takes them out of it.
void add(const Problem& problem, std::map<std::string, Load>& loads, Priced& out) {
  const auto& facts = *problem.ask.facts;
  for (std::size_t s = 0; s < problem.sites.size(); ++s) {
    const auto& site = facts.sites[problem.sites[s].at];
    const auto found = loads.find(site.site);
    if (found == loads.end()) continue;
    const Load load = found->second;
    loads.erase(found);
    const auto cost = problem.cost(s, load);
    const auto& way = problem.ways[cost.way];
    out.minor += cost.minor;
    out.cash += cost.cash;
    out.parcels += routing::parcels_of(way.tariff, load.grams);
    const auto leaves = routing::leaves_ms(site, facts.now_ms);
    if (!facts.promised_ms || !leaves || way.service == nullptr || !way.service->transit_ms) {
      continue;
    }
    out.late_known = true;
    out.late_ms = std::max(out.late_ms, *leaves + *way.service->transit_ms - *facts.promised_ms);
  }
}

}  // namespace

Priced price(const routing::Facts& facts, const routing::Chain& chain,
             const std::vector<wire::Allocation>& allocations) {
  routing::Chain costs = chain;
  costs.guards.clear();
  auto free = facts;
  for (auto& site : free.sites) site.excluded.reset();
  const Problem allowed = routing::prepare(free, costs);
  std::map<std::string, Load> loads;
  for (const auto& a : allocations) {
    for (const auto& demand : allowed.ask.demands) {
      if (demand.sku != a.sku) continue;
      loads[a.site].grams += demand.grams * a.quantity;
      loads[a.site].pieces += a.quantity;
    }
  }
  const auto further = static_cast<std::int64_t>(loads.size()) - 1;
  Priced out;
  add(allowed, loads, out);
  if (!loads.empty()) {  // sites that the rules forbid have a price all the same
    costs.musts.clear();
    add(routing::prepare(free, costs), loads, out);
  }
  if (further > 0) {
    out.minor += allowed.further * further;
    out.cash += allowed.further_cash * further;
  }
  return out;
}

}  // namespace dockline::server::whatif
