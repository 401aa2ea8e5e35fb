// The first routing rule, as it was before there were chains. Where nothing is configured, records
// must stay the same to the byte: seeds, demo and everything that reads decisions rest on that.
#include <map>

#include <gtest/gtest.h>

#include "server/routing/routing.hpp"
#include "shared/base/prng.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server::routing {
namespace {

using Wants = std::map<std::string, Quantity>;

std::string lacks_of(const Site& site, const Wants& wants) {
  std::string text;
  std::size_t lacking = 0;
  for (const auto& [sku, quantity] : wants) {
    Quantity have = 0;
    for (const auto& figure : site.figures) {
      if (figure.sku == sku) have = std::max<Quantity>(0, figure.atp);
    }
    if (have >= quantity) continue;
    if (++lacking <= 3) {
      text += (lacking == 1 ? "lacks " : ", ") + std::to_string(quantity - have) + " of " + sku;
    }
  }
  if (lacking > 3) text += " and " + std::to_string(lacking - 3) + " more SKUs";
  return text;
}

std::vector<wire::DecisionInput> figures_of(const Facts& facts, const Wants& wants) {
  std::vector<wire::DecisionInput> inputs, enough;
  for (const auto& site : facts.sites) {
    for (const auto& f : site.figures) {
      const auto wanted = wants.find(f.sku);
      const bool lacking = wanted != wants.end() && f.atp < wanted->second;
      (lacking ? inputs : enough)
          .push_back({"atp " + site.site + " " + f.sku, std::to_string(f.atp),
                      f.as_of_ms == 0 ? std::nullopt : std::optional(f.as_of_ms)});
    }
  }
  inputs.insert(inputs.end(), enough.begin(), enough.end());
  if (inputs.size() > 60) {
    const auto left = inputs.size() - 60;
    inputs.resize(60);
    inputs.push_back({"further figures, not listed", std::to_string(left), std::nullopt});
  }
  return inputs;
}

wire::DecisionMade first_rule(const Facts& facts) {
  wire::DecisionMade made;
  made.decision = "d";
  made.kind = "routing";
  made.subject = facts.order;
  made.rule = "nearest-with-everything";
  made.outcome = "backordered";
  Wants wants;
  for (const auto& need : facts.needs) wants[need.sku] += need.quantity;
  std::string chosen;
  for (const auto& site : facts.sites) {
    wire::Candidate candidate{site.site, site.priority, false, lacks_of(site, wants)};
    if (candidate.why.empty()) {
      candidate.why = chosen.empty() ? "has everything" : "has everything, but is further away";
      candidate.chosen = chosen.empty();
      if (chosen.empty()) chosen = site.site;
    }
    made.candidates.push_back(candidate);
  }
  if (!chosen.empty()) {
    made.outcome = "allocated";
    made.reason = chosen + " is the nearest site that has everything.";
    for (const auto& n : facts.needs) {
      made.allocations.push_back({n.line, n.sku, n.quantity, chosen});
    }
  } else if (facts.sites.empty()) {
    made.reason = "No site is configured, so nothing can be allocated.";
  } else {
    made.reason = "No site has everything: " + facts.sites.front().site + " " +
                  made.candidates.front().why + ".";
  }
  if (!facts.again.empty()) made.reason += " Decided again: " + facts.again + ".";
  made.inputs = figures_of(facts, wants);
  return made;
}

Facts poor_facts(base::Prng& prng) {
  Facts facts{.order = "web:7", .needs = {}, .sites = {}, .again = ""};
  if (prng.chance(300)) facts.again = "stock was found";
  const auto lines = prng.between(1, 12);
  for (std::int64_t line = 1; line <= lines; ++line) {
    facts.needs.push_back({line, "S" + std::to_string(prng.between(10, 18)), prng.between(1, 3)});
  }
  Wants wants;
  for (const auto& need : facts.needs) wants[need.sku] += need.quantity;
  const auto sites = prng.between(0, 9);
  for (std::int64_t n = 0; n < sites; ++n) {
    Site site{.site = "site" + std::to_string(n), .priority = n / 2};
    const auto most = prng.between(1, 12);
    for (const auto& [sku, quantity] : wants) {
      site.figures.push_back({sku, prng.between(-2, most), prng.between(0, 2)});
    }
    facts.sites.push_back(std::move(site));
  }
  return facts;
}

std::string bytes_of(const wire::DecisionMade& made) {
  wire::Event event;
  event.id = "x";
  event.source = "/server";
  event.subject = made.subject;
  event.data = made;
  return wire::encode(event).value();
}

TEST(Routing, DecidesToTheByteAsBeforeThereWereChains) {
  std::int64_t allocated = 0;
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    base::Prng prng(seed);
    const Facts facts = poor_facts(prng);
    const auto made = decide(facts, unconfigured().standard, "d");
    ASSERT_EQ(bytes_of(made), bytes_of(first_rule(facts))) << "seed " << seed;
    allocated += made.outcome == "allocated" ? 1 : 0;
  }
  EXPECT_GT(allocated, 1'000);
  EXPECT_LT(allocated, 3'500);
}

}  // namespace
}  // namespace dockline::server::routing
