#include "server/routing/routing.hpp"

#include <algorithm>

#include "server/routing/json.hpp"
#include "server/routing/record.hpp"
#include "server/routing/strategy.hpp"

namespace dockline::server::routing {
namespace {

// Shares are of SKUs; lines are what the order has. A line is kept together where a share has room
// for all of it; what is left is served in the order of the lines.
std::vector<wire::Allocation> allocations_of(const Choice& choice) {
  const Facts& facts = *choice.problem.ask.facts;
  auto shares = choice.answer.plan.shares;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.site < b.site; });
  std::vector<Quantity> left;
  for (const auto& need : facts.needs) left.push_back(need.quantity);
  std::vector<wire::Allocation> whole, parts;
  const auto serve = [&](std::size_t n, bool all) {
    const Need& need = facts.needs[n];
    for (auto& share : shares) {
      if (left[n] <= 0 || choice.problem.ask.demands[share.demand].sku != need.sku) continue;
      if (share.pieces <= 0 || (all && share.pieces < left[n])) continue;
      const Quantity q = std::min(left[n], share.pieces);
      const auto& site = facts.sites[choice.problem.sites[share.site].at];
      parts.push_back({need.line, need.sku, q, site.site});
      share.pieces -= q;
      left[n] -= q;
    }
  };
  for (std::size_t n = 0; n < left.size(); ++n) serve(n, true);
  for (std::size_t n = 0; n < left.size(); ++n) serve(n, false);
  const auto place = [&](const wire::Allocation& a) {
    return std::find_if(
               facts.needs.begin(), facts.needs.end(),
               [&](const Need& need) { return need.line == a.line && need.sku == a.sku; }) -
           facts.needs.begin();
  };
  std::stable_sort(parts.begin(), parts.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return parts;
}

std::vector<wire::Unallocated> remainder_of(const Facts& facts,
                                            const std::vector<wire::Allocation>& allocations) {
  std::vector<wire::Unallocated> rest;
  for (const auto& need : facts.needs) {
    Quantity left = need.quantity;
    for (const auto& a : allocations) {
      if (a.line == need.line && a.sku == need.sku) left -= a.quantity;
    }
    if (left > 0) rest.push_back({need.line, need.sku, left});
  }
  return rest;
}

void add_costs(wire::DecisionMade& made, const Choice& choice, const Chain& chain) {
  const auto loads = loads_of(choice);
  std::vector<wire::CostTerm> costs;
  std::int64_t used = 0;
  for (std::size_t site = 0; site < loads.size(); ++site) {
    if (loads[site].pieces == 0) continue;
    ++used;
    const auto& name = choice.problem.ask.facts->sites[choice.problem.sites[site].at].site;
    for (auto& term : terms_of(choice, chain, site, loads[site])) {
      term.why.insert(0, name + ": ");
      costs.push_back(std::move(term));
    }
  }
  for (const auto& [rule, values] : chain.costs) {
    if (rule->further == nullptr || used < 2) continue;
    const Minor minor = clamped(rule->further(choice.problem.ask, values)) * (used - 1);
    costs.push_back({std::string(rule->name), minor,
                     std::to_string(used - 1) + (used == 2 ? " further site" : " further sites")});
  }
  made.costs = std::move(costs);
  const Answer& answer = choice.answer;
  const Minor cost = minor_of(answer.plan.score), bound = minor_of(answer.bound);
  made.optimality = wire::Optimality{answer.proved ? "exact" : "bounded", cost, bound, cost - bound,
                                     answer.expanded};
}

void add_weighed(wire::DecisionMade& made, const Choice& choice, const Chain& chain) {
  const Facts& facts = *choice.problem.ask.facts;
  std::vector<wire::RuleUsed> rules;
  for (const auto* among : {&chain.musts, &chain.costs, &chain.guards}) {
    for (const auto& b : *among) rules.push_back({std::string(b.rule->name), b.rule->version});
  }
  made.rules = std::move(rules);
  made.currency = facts.currency;
  if (choice.answer.plan.found()) add_costs(made, choice, chain);
  made.facts = to_json(facts, kFactsBytesMax);
  if (!made.facts) {
    made.inputs.push_back({"facts of so many sites, too large to be kept here",
                           std::to_string(facts.sites.size()), std::nullopt});
  }
}

}  // namespace

Choice choose(const Facts& facts, const Chain& chain) {
  Choice choice{prepare(facts, chain), {}};
  if (!choice.problem.sites.empty()) choice.answer = chain.strategy->answer(choice.problem);
  return choice;
}

wire::DecisionMade decide(const Facts& facts, const Chain& chain, std::string id) {
  const Choice choice = choose(facts, chain);
  wire::DecisionMade made;
  made.decision = std::move(id);
  made.kind = "routing";
  made.subject = facts.order;
  made.rule = chain.name;
  made.version = chain.version;
  made.candidates = candidates_of(choice, chain);
  made.reason = reason_of(choice, chain, made.candidates);
  if (!facts.again.empty()) made.reason += " Decided again: " + facts.again + ".";
  made.inputs = inputs_of(choice, chain);
  made.allocations = allocations_of(choice);
  auto rest = remainder_of(facts, made.allocations);
  made.outcome = made.allocations.empty() ? "backordered"
                 : rest.empty()           ? "allocated"
                                          : "partly_allocated";
  if (made.outcome == "partly_allocated") made.remainder = std::move(rest);
  if (chain.weighs()) add_weighed(made, choice, chain);
  if (made.candidates.size() > kListedMax && chain.weighs()) made.candidates.resize(kListedMax);
  return made;
}

}  // namespace dockline::server::routing
