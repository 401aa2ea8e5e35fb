#include "server/routing/person.hpp"

#include <algorithm>
#include <map>

#include "server/routing/json.hpp"
#include "server/routing/record.hpp"

namespace dockline::server::routing {
namespace {

using base::Fault;

base::Result<std::vector<wire::Allocation>> allocations_of(const Facts& facts,
                                                           const std::vector<Wish>& wishes) {
  std::vector<wire::Allocation> out;
  for (const auto& wish : wishes) {
    const bool site = std::any_of(facts.sites.begin(), facts.sites.end(),
                                  [&](const Site& s) { return s.site == wish.site; });
    if (!site) return base::fail(Fault::reject, "site: \"" + wish.site + "\" is not configured");
    bool any = false;
    for (const auto& need : facts.needs) {
      if (wish.line != 0 && wish.line != need.line) continue;
      any = true;
      const bool twice =
          std::any_of(out.begin(), out.end(), [&](const auto& a) { return a.line == need.line; });
      if (twice) {
        return base::fail(Fault::reject,
                          "lines: line " + std::to_string(need.line) + " is named twice");
      }
      out.push_back({need.line, need.sku, need.quantity, wish.site});
    }
    if (!any) {
      return base::fail(Fault::conflict,
                        (wish.line == 0 ? std::string("nothing of the order")
                                        : "nothing of line " + std::to_string(wish.line)) +
                            " can go anywhere: it is at a station, packed, or cancelled; take it "
                            "back from the station first");
    }
  }
  return out;
}

// The first rule that does not let this site ship all of it, in words.
struct Forbidden {
  const Rule* rule = nullptr;
  std::string why;
};
std::optional<Forbidden> forbidden(const Facts& facts, const Chain& chain, const Site& site) {
  const Ask ask = ask_of(facts, chain);
  std::vector<Quantity> pieces;
  for (const auto& demand : ask.demands) pieces.push_back(demand.want);
  const auto wanted = pieces;
  Allowed allowed{.pieces = pieces};
  std::optional<Forbidden> soft;
  for (const auto& [rule, values] : chain.musts) {
    allowed.site = true;
    rule->narrow(ask, site, values, allowed);
    const std::size_t n = services_of(site);
    const std::uint32_t all = n == 0 ? 0 : ~0U >> (32 - n);
    const bool service = !site.services || (allowed.services & all) != 0;
    if (allowed.site && service && pieces == wanted) continue;
    Forbidden found{rule, rule->say({ask, site, nullptr, values, {}})};
    if (rule->firm) return found;
    if (!soft) soft = std::move(found);
    pieces = wanted;
  }
  return soft;
}

// Facts of the part of the order that one site shall ship.
Facts part_of(const Facts& facts, const std::vector<wire::Allocation>& all,
              const std::string& site) {
  Facts part = facts;
  part.needs.clear();
  for (const auto& a : all) {
    if (a.site == site) part.needs.push_back({a.line, a.sku, a.quantity});
  }
  return part;
}

base::Status allow(const Facts& facts, const Chain& chain, const std::vector<wire::Allocation>& all,
                   const Word& word, std::vector<std::string>& set_aside) {
  std::vector<std::string> sites;
  for (const auto& a : all) {
    if (std::find(sites.begin(), sites.end(), a.site) == sites.end()) sites.push_back(a.site);
  }
  const auto refuse = [](const std::string& text, bool firm) {
    return base::fail(Fault::conflict, text + (firm ? "; nobody can set this rule aside"
                                                    : "; send force to do it all the same"));
  };
  for (const auto& name : sites) {
    const auto site = std::find_if(facts.sites.begin(), facts.sites.end(),
                                   [&](const Site& s) { return s.site == name; });
    const auto no = forbidden(part_of(facts, all, name), chain, *site);
    if (!no) continue;
    const std::string rule(no->rule->name);
    if (no->rule->firm || !word.force) {
      return refuse("the rule " + rule + " forbids it: " + name + " " + no->why, no->rule->firm);
    }
    set_aside.push_back(rule + " (" + name + " " + no->why + ")");
  }
  const std::size_t most = chain.split == Split::none ? 1 : chain.sites_max;
  if (sites.size() > most) {
    const std::string text = chain.name + " ships an order from at most " + std::to_string(most) +
                             (most == 1 ? " site" : " sites");
    if (!word.force) return refuse(text, false);
    set_aside.push_back("split (" + text + ")");
  }
  return {};
}

void add_costs(wire::DecisionMade& made, const Choice& choice, const Chain& chain,
               const std::map<std::string, Load>& loads) {
  std::vector<wire::CostTerm> costs;
  for (std::size_t s = 0; s < choice.problem.sites.size(); ++s) {
    const auto& name = choice.problem.ask.facts->sites[choice.problem.sites[s].at].site;
    const auto load = loads.find(name);
    if (load == loads.end()) continue;
    for (auto& term : terms_of(choice, chain, s, load->second)) {
      term.why.insert(0, name + ": ");
      costs.push_back(std::move(term));
    }
  }
  made.costs = std::move(costs);
}

// Of the person's sites, in the place of those that the chain would have taken.
void name_services(wire::DecisionMade& made, const Choice& choice,
                   const std::map<std::string, Load>& loads) {
  std::erase_if(made.inputs,
                [](const wire::DecisionInput& i) { return i.name.starts_with(kServiceOf); });
  for (std::size_t s = 0; s < choice.problem.sites.size(); ++s) {
    const auto& name = choice.problem.ask.facts->sites[choice.problem.sites[s].at].site;
    const auto load = loads.find(name);
    if (load == loads.end()) continue;
    if (auto by = service_of(choice, s, load->second)) {
      made.inputs.insert(made.inputs.begin(), std::move(*by));
    }
  }
}

std::string reason_of(const Word& word, const std::vector<wire::Allocation>& all,
                      const std::vector<std::string>& set_aside, const wire::DecisionMade& chain) {
  std::string names;
  for (const auto& a : all) {
    if (names.find(a.site) == std::string::npos) names += (names.empty() ? "" : ", ") + a.site;
  }
  std::string text = word.by + " sends it from " + names + ": " + word.why + ".";
  for (std::size_t i = 0; i < set_aside.size(); ++i) {
    text += (i == 0 ? " Set aside: " : "; ") + set_aside[i];
    if (i + 1 == set_aside.size()) text += ".";
  }
  return text + " " + chain.rule + " v" + std::to_string(chain.version) + " says: " + chain.reason;
}

}  // namespace

base::Result<wire::DecisionMade> decide_person(const Facts& facts, const Chain& chain,
                                               const std::vector<Wish>& wishes, const Word& word,
                                               std::string id) {
  auto all = allocations_of(facts, wishes);
  if (!all) return base::pass(all.error());
  std::vector<std::string> set_aside;
  if (auto ok = allow(facts, chain, *all, word, set_aside); !ok) return base::pass(ok.error());
  auto made = decide(facts, chain, std::move(id));
  made.reason = reason_of(word, *all, set_aside, made);
  made.rule = kPerson;
  made.version = 1;
  made.by = word.by;
  made.outcome = "allocated";
  made.remainder.reset();
  made.optimality.reset();
  std::map<std::string, Load> loads;
  const Choice choice = choose(facts, chain);
  for (const auto& a : *all) {
    const auto& demands = choice.problem.ask.demands;
    const auto d = std::find_if(demands.begin(), demands.end(),
                                [&](const Demand& x) { return x.sku == a.sku; });
    loads[a.site].grams += d->grams * a.quantity;
    loads[a.site].pieces += a.quantity;
  }
  for (auto& candidate : made.candidates) candidate.chosen = loads.contains(candidate.site);
  if (chain.weighs()) {
    add_costs(made, choice, chain, loads);
    name_services(made, choice, loads);
  }
  made.allocations = std::move(*all);
  return made;
}

}  // namespace dockline::server::routing
