#include "server/routing/record.hpp"

#include <algorithm>

#include "server/routing/leaving.hpp"
#include "server/routing/strategy.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::routing {
namespace {

const Site& site_of(const Choice& choice, std::size_t site) {
  return choice.problem.ask.facts->sites[choice.problem.sites[site].at];
}

Load all_it_can(const Problem& problem, std::size_t site) {
  Load load;
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    const Load more = problem.load_of(d, std::min(problem.cap(site, d), problem.target[d]));
    load.grams += more.grams;
    load.pieces += more.pieces;
  }
  return load;
}

std::string counted(std::int64_t n, std::string_view what) {
  return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}

struct RuledOut {
  std::string by, why;
};

bool can_ship(const Allowed& allowed, const Site& site) {
  const bool pieces =
      std::any_of(allowed.pieces.begin(), allowed.pieces.end(), [](Quantity q) { return q > 0; });
  const std::size_t n = services_of(site);
  const std::uint32_t all = n == 0 ? 0 : ~0U >> (32 - n);
  const bool service = !site.services || (allowed.services & all) != 0;
  return allowed.site && pieces && service;
}

// The first rule after which the site can ship nothing.
RuledOut ruled_out(const Choice& choice, const Chain& chain, const Site& site) {
  if (site.excluded) return {"excluded", *site.excluded};
  const Ask& ask = choice.problem.ask;
  std::vector<Quantity> pieces;
  for (const auto& demand : ask.demands) pieces.push_back(demand.want);
  Allowed allowed{.pieces = pieces};
  if (site.services && site.services->empty()) return {"carrier", "has no carrier service"};
  for (const auto& [rule, values] : chain.musts) {
    rule->narrow(ask, site, values, allowed);
    if (can_ship(allowed, site)) continue;
    return {std::string(rule->name), rule->say({ask, site, nullptr, values, {}})};
  }
  return {"limits", "is one site too many for one decision"};
}

// In words without a price: the chain takes the first that can.
std::string plain_why(const Problem& problem, std::size_t site, bool chosen, bool any) {
  const auto first = problem.caps.begin() + static_cast<std::ptrdiff_t>(site * problem.demands());
  const std::string missing =
      lacks(problem.ask, {first, first + static_cast<std::ptrdiff_t>(problem.demands())});
  if (!missing.empty()) return missing;
  return chosen || !any ? "has everything" : "has everything, but is further away";
}

struct Weighing {
  const Choice& choice;
  const Chain& chain;
  std::vector<Load> loads;
  std::size_t costed = 0;
};

void weigh(Weighing& w, std::size_t site, wire::Candidate& candidate) {
  const Problem& problem = w.choice.problem;
  const Load load = candidate.chosen ? w.loads[site] : all_it_can(problem, site);
  if (load.pieces == 0) return;
  const Minor cost = minor_of(problem.score(site, load));
  const auto& currency = problem.ask.facts->currency;
  if (candidate.why == "has everything, but is further away") candidate.why = "has everything";
  candidate.why += candidate.chosen ? ", ships for " : ", would ship what it has for ";
  candidate.why += money(cost, currency);
  if (!candidate.chosen && w.costed >= kCostedMax) return;
  ++w.costed;
  candidate.costs = terms_of(w.choice, w.chain, site, load);
}

// How old is what was heard of the sites, and counted there. Only a chain that asks has it.
void add_sites_heard(const Facts& facts, std::vector<wire::DecisionInput>& inputs) {
  for (const auto& site : facts.sites) {
    if (inputs.size() >= kInputsMax / 2) return;
    if (site.alive) {
      inputs.push_back({"heard of " + site.site,
                        counted(site.alive->stations, "station") + " at work, " +
                            counted(site.alive->printers, "printer") + " ready",
                        site.alive->heard_ms});
    }
    if (site.load_as_of_ms && site.capacity_left) {
      inputs.push_back({"room today at " + site.site, counted(*site.capacity_left, "order"),
                        site.load_as_of_ms});
    }
  }
}

std::string left_open(const Choice& choice) {
  std::string text;
  std::size_t named = 0;
  const Problem& problem = choice.problem;
  for (std::size_t d = 0; d < problem.demands(); ++d) {
    const Quantity missing = problem.ask.demands[d].want - problem.target[d];
    if (missing <= 0 || ++named > kNamedMax) continue;
    text += (named == 1 ? "" : ", ") + std::to_string(missing) + " of ";
    text += problem.ask.demands[d].sku;
  }
  if (named > kNamedMax) text += " and " + std::to_string(named - kNamedMax) + " more SKUs";
  return text;
}

std::string found_reason(const Choice& choice, const Chain& chain,
                         const std::vector<wire::Candidate>& candidates) {
  const Problem& problem = choice.problem;
  const Facts& facts = *problem.ask.facts;
  const Answer& answer = choice.answer;
  const auto loads = loads_of(choice);
  std::string names;
  std::size_t used = 0;
  for (std::size_t site = 0; site < loads.size(); ++site) {
    if (loads[site].pieces == 0) continue;
    names += (used++ == 0 ? "" : ", ") + site_of(choice, site).site;
  }
  std::string text;
  const std::string what = problem.all_there ? "everything" : "everything that is there";
  if (!chain.weighs() && used == 1) {
    text = names + " is the nearest site that has " + what + ".";
  } else if (!chain.weighs()) {
    text = names + " together have " + what + ".";
  } else {
    const std::string cost = money(minor_of(answer.plan.score), facts.currency);
    const auto others = candidates.size() - used;
    text = names + (used == 1 ? " ships " : " together ship ") + what + " for " + cost + "; " +
           std::to_string(others) + (others == 1 ? " other site was" : " other sites were") +
           " weighed.";
  }
  if (!problem.all_there) text += " No site has " + left_open(choice) + ": that waits.";
  const bool cheapest = chain.strategy == &strategies().front();
  if (!cheapest) text += " Chosen by the strategy " + std::string(chain.strategy->name) + ".";
  if (!answer.proved && (cheapest || chain.weighs())) {
    text += " Nothing can cost less than " + money(minor_of(answer.bound), facts.currency) +
            (cheapest ? "; whether there is something between was not searched to the end." : ".");
  }
  return text;
}

// Why nothing is shipped although sites may ship something.
std::string missing_reason(const Choice& choice, const Chain& chain,
                           const std::vector<wire::Candidate>& candidates) {
  const Problem& problem = choice.problem;
  if (problem.cash_limit && problem.sites_max > 1) {
    Problem unguarded = problem;
    unguarded.cash_limit.reset();
    const Answer split = solve(unguarded);
    if (split.plan.found()) {
      const auto& guard = chain.guards.front();
      return "Only a split has everything, for " +
             money(minor_of(split.plan.score), problem.ask.facts->currency) + ", and " +
             guard.rule->say(
                 {problem.ask, problem.ask.facts->sites.front(), nullptr, guard.values, {}}) +
             ": not taken unasked." +
             (choice.answer.proved ? "" : " Not every split was looked at.");
    }
  }
  const auto& first = candidates.front();
  std::string text = "No site has everything: " + first.site + " " + first.why + ".";
  if (!choice.answer.proved) {
    text += " No way to split it was found; not all were looked at.";
  } else if (chain.weighs() && problem.all_there) {
    text += " All sites together have it, but " + chain.name + " does not split it like that.";
  }
  return text;
}

}  // namespace

std::vector<Load> loads_of(const Choice& choice) {
  std::vector<Load> loads(choice.problem.sites.size());
  for (const auto& share : choice.answer.plan.shares) {
    const Load more = choice.problem.load_of(share.demand, share.pieces);
    loads[share.site].grams += more.grams;
    loads[share.site].pieces += more.pieces;
  }
  return loads;
}

std::vector<wire::CostTerm> terms_of(const Choice& choice, const Chain& chain, std::size_t site,
                                     const Load& load) {
  const Problem& problem = choice.problem;
  const Site& facts = site_of(choice, site);
  const Service* service = problem.ways[problem.cost(site, load).way].service;
  std::vector<wire::CostTerm> terms;
  for (const auto& [rule, values] : chain.costs) {
    if (rule->further != nullptr) continue;  // of the plan, not of a site
    Minor minor = 0;
    if (rule->once != nullptr) minor += clamped(rule->once(problem.ask, facts, service, values));
    if (rule->piece != nullptr) {
      minor += scaled(load.pieces, clamped(rule->piece(problem.ask, facts, values)), 1);
    }
    if (rule->tariff != nullptr) {
      minor += parcels_cost(rule->tariff(problem.ask, facts, service, values), load.grams);
    }
    terms.push_back(
        {std::string(rule->name), minor, rule->say({problem.ask, facts, service, values, load})});
  }
  return terms;
}

std::vector<wire::Candidate> candidates_of(const Choice& choice, const Chain& chain) {
  const Problem& problem = choice.problem;
  const Facts& facts = *problem.ask.facts;
  Weighing weighing{choice, chain, loads_of(choice)};
  std::vector<wire::Candidate> candidates;
  std::size_t site = 0;  // those that may ship come in the same order
  for (const std::size_t at : ranked(facts)) {
    wire::Candidate candidate{facts.sites[at].site, facts.sites[at].priority, false, ""};
    if (site < problem.sites.size() && problem.sites[site].at == at) {
      candidate.chosen = weighing.loads[site].pieces > 0;
      candidate.why = plain_why(problem, site, candidate.chosen, choice.answer.plan.found());
      if (chain.weighs()) weigh(weighing, site, candidate);
      ++site;
    } else {
      auto out = ruled_out(choice, chain, facts.sites[at]);
      candidate.why = std::move(out.why);
      if (chain.weighs()) candidate.ruled_out_by = std::move(out.by);
    }
    candidates.push_back(std::move(candidate));
  }
  // Who ships is listed first where not all are listed.
  if (chain.weighs() && candidates.size() > kListedMax) {
    std::stable_partition(candidates.begin(), candidates.end(),
                          [](const wire::Candidate& c) { return c.chosen; });
  }
  return candidates;
}

std::optional<wire::DecisionInput> service_of(const Choice& choice, std::size_t site,
                                              const Load& load) {
  const Problem& problem = choice.problem;
  const Service* service = problem.ways[problem.cost(site, load).way].service;
  if (service == nullptr) return std::nullopt;
  return wire::DecisionInput{std::string(kServiceOf) + site_of(choice, site).site,
                             service_called(*service), std::nullopt};
}

// A decision about a 600-line order must still fit into one fact: figures that decided come first.
std::vector<wire::DecisionInput> inputs_of(const Choice& choice, const Chain& chain) {
  const Facts& facts = *choice.problem.ask.facts;
  const auto& demands = choice.problem.ask.demands;
  std::vector<wire::DecisionInput> inputs;
  if (chain.weighs() && facts.margin_minor) {
    inputs.push_back({"contribution", money(*facts.margin_minor, facts.currency), std::nullopt});
  }
  if (chain.weighs() && facts.promised_ms) {
    inputs.push_back({"promised for", base::to_rfc3339(*facts.promised_ms), std::nullopt});
  }
  if (chain.weighs()) {
    const auto loads = loads_of(choice);
    for (std::size_t site = 0; site < loads.size(); ++site) {
      if (loads[site].pieces == 0) continue;
      if (auto by = service_of(choice, site, loads[site])) inputs.push_back(std::move(*by));
    }
  }
  add_sites_heard(facts, inputs);
  using Place = std::pair<const Site*, const Figure*>;
  std::vector<Place> short_of, enough;
  for (const auto& site : facts.sites) {
    for (const auto& figure : site.figures) {
      const auto wanted =
          std::lower_bound(demands.begin(), demands.end(), figure.sku,
                           [](const Demand& d, const std::string& s) { return d.sku < s; });
      const bool lacking =
          wanted != demands.end() && wanted->sku == figure.sku && figure.atp < wanted->want;
      (lacking ? short_of : enough).emplace_back(&site, &figure);
    }
  }
  short_of.insert(short_of.end(), enough.begin(), enough.end());
  const std::size_t listed = std::min(short_of.size(), kInputsMax - inputs.size());
  for (std::size_t i = 0; i < listed; ++i) {
    const auto& [site, figure] = short_of[i];
    inputs.push_back(
        {"atp " + site->site + " " + figure->sku, std::to_string(figure->atp),
         figure->as_of_ms == 0 ? std::nullopt : std::optional<std::int64_t>(figure->as_of_ms)});
  }
  if (listed < short_of.size()) {
    inputs.push_back(
        {"further figures, not listed", std::to_string(short_of.size() - listed), std::nullopt});
  }
  return inputs;
}

std::string reason_of(const Choice& choice, const Chain& chain,
                      const std::vector<wire::Candidate>& candidates) {
  if (choice.answer.plan.found()) return found_reason(choice, chain, candidates);
  if (candidates.empty()) return "No site is configured, so nothing can be allocated.";
  if (choice.problem.sites.empty() && candidates.front().ruled_out_by &&
      *candidates.front().ruled_out_by != "stock") {
    return "No site may ship it: " + candidates.front().site + " " + candidates.front().why + ".";
  }
  return missing_reason(choice, chain, candidates);
}

}  // namespace dockline::server::routing
