// Defects that other systems have in this place, each by its name, and what Dockline does instead.
#include <map>

#include <gtest/gtest.h>

#include "server/routing/backlog.hpp"
#include "server/routing/routing.hpp"
#include "server/routing/test_instances.hpp"

namespace dockline::server::routing {
namespace {

Chain splitting(std::string split, bool partial, std::vector<Link> more = {}) {
  ChainSpec spec = nearest_with_everything();
  spec.split = std::move(split);
  spec.sites_max = 4;
  spec.partial = partial;
  for (auto& link : more) spec.rules.push_back(std::move(link));
  return bind(spec).value();
}

using Books = std::map<std::pair<std::string, std::string>, Quantity>;  // site, SKU

Books figures_of(const Facts& facts) {
  Books books;
  for (const auto& site : facts.sites) {
    for (const auto& figure : site.figures) books[{site.site, figure.sku}] = figure.atp;
  }
  return books;
}

// medusa 16338: the wrong site fulfilled an order and the books of both sites were corrupt after.
// A site is named only if its own figure covers what it gets, by the very candidate that was
// chosen.
TEST(RoutingDefects, Medusa16338TheWrongSiteFulfillingAndCorruptingBoth) {
  std::int64_t pieces = 0;
  for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
    base::Prng prng(seed);
    const Facts facts = test::random_facts(prng, {.sites = 6, .skus = 4, .pieces = 4});
    const auto made = decide(facts, bind(test::random_chain(prng)).value(), "d");
    Books left = figures_of(facts);
    for (const auto& a : made.allocations) {
      const auto at = left.find({a.site, a.sku});
      ASSERT_NE(at, left.end()) << "seed " << seed;
      ASSERT_GT(a.quantity, 0) << "seed " << seed;
      at->second -= a.quantity;
      ASSERT_GE(at->second, 0) << "seed " << seed;
      pieces += a.quantity;
      const auto candidate =
          std::find_if(made.candidates.begin(), made.candidates.end(),
                       [&](const wire::Candidate& c) { return c.site == a.site; });
      ASSERT_NE(candidate, made.candidates.end()) << "seed " << seed;
      ASSERT_TRUE(candidate->chosen && !candidate->ruled_out_by) << "seed " << seed;
    }
  }
  EXPECT_GT(pieces, 3'000);
}

// Splits nobody wanted: not without the chain's leave, not when one site has everything for less,
// not when it eats what the order earns, and not by the back door of a partial shipment.
TEST(RoutingDefects, SplitsNobodyWanted) {
  Facts facts{.order = "web:1", .needs = {{1, "MUG", 1}, {2, "CUP", 1}}, .sites = {}, .again = ""};
  facts.margin_minor = 5'000;
  facts.sites = {{"near", 1, {{"CUP", 0, 1}, {"MUG", 9, 1}}},
                 {"mid", 2, {{"CUP", 9, 1}, {"MUG", 0, 1}}},
                 {"far", 3, {{"CUP", 9, 1}, {"MUG", 9, 1}}}};
  const auto sites = [](const wire::DecisionMade& made) {
    std::string text;
    for (const auto& a : made.allocations) text += a.site + " ";
    return text;
  };
  const std::vector<Link> costs = {{.rule = "shipping"}, {.rule = "split"}, {.rule = "margin"}};
  EXPECT_EQ(sites(decide(facts, unconfigured().standard, "d")), "far far ");
  EXPECT_EQ(sites(decide(facts, splitting("lines", false, costs), "d")), "far far ");
  facts.sites.pop_back();
  EXPECT_EQ(sites(decide(facts, unconfigured().standard, "d")), "");
  EXPECT_EQ(sites(decide(facts, splitting("none", true), "d")), "");  // it would be two parcels
  EXPECT_EQ(sites(decide(facts, splitting("lines", false, costs), "d")), "near mid ");
  facts.margin_minor = 4'299;  // two parcels at 20.00 and 3.00 for the second
  const auto kept = decide(facts, splitting("lines", true, costs), "d");
  EXPECT_EQ(kept.outcome, "backordered");
  EXPECT_EQ(
      kept.reason,
      "Only a split has everything, for 43.00, and the order earns 42.99: not taken unasked.");
  facts.margin_minor.reset();
  EXPECT_EQ(sites(decide(facts, splitting("lines", true, costs), "d")), "");
}

// vendure 565, 1558: a partly fulfilled order ended in a state from which nothing led on. Whatever
// is not allocated is a remainder by line and SKU; decided again with new stock, it is served.
TEST(RoutingDefects, Vendure565And1558PartialFulfilmentsWithDeadEnds) {
  std::int64_t partial = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    base::Prng prng(seed);
    Facts facts = test::random_facts(prng, {.sites = 4, .skus = 4, .pieces = 3});
    facts.needs.push_back({9, facts.needs[0].sku, 1});  // a second line of the same SKU
    const auto chain = splitting("pieces", true);
    const auto made = decide(facts, chain, "d");
    std::map<std::int64_t, Quantity> open;
    for (const auto& need : facts.needs) open[need.line] = need.quantity;
    for (const auto& a : made.allocations) open[a.line] -= a.quantity;
    Quantity rest = 0;
    for (const auto& [line, quantity] : open) {
      ASSERT_GE(quantity, 0) << "seed " << seed;
      rest += quantity;
    }
    ASSERT_EQ(made.outcome == "allocated", rest == 0) << "seed " << seed;
    if (made.outcome != "partly_allocated") continue;
    ++partial;
    Facts later{.order = facts.order, .needs = {}, .sites = {}, .again = "stock was found"};
    for (const auto& r : made.remainder.value()) {
      ASSERT_EQ(r.quantity, open[r.line]) << "seed " << seed;
      later.needs.push_back({r.line, r.sku, r.quantity});
      open.erase(r.line);
    }
    for (const auto& [line, quantity] : open) ASSERT_EQ(quantity, 0) << "seed " << seed;
    later.sites = {{.site = "ulm", .priority = 1}};
    for (const auto& demand : ask_of(later, chain).demands) {
      later.sites[0].figures.push_back({std::string(demand.sku), demand.want, 5});
    }
    const auto again = decide(later, chain, "e");
    ASSERT_EQ(again.outcome, "allocated") << "seed " << seed;
    ASSERT_EQ(again.allocations.size(), later.needs.size()) << "seed " << seed;
  }
  EXPECT_GT(partial, 200);
}

// A remainder waits only for what is nowhere to be had, and says for what.
TEST(RoutingDefects, ARemainderIsOnlyWhatNobodyHas) {
  Facts facts{.order = "web:1", .needs = {{1, "MUG", 3}, {2, "CUP", 1}}, .sites = {}, .again = ""};
  facts.sites = {{"near", 1, {{"CUP", 1, 1}, {"MUG", 1, 1}}}, {"far", 2, {{"MUG", 1, 1}}}};
  const auto made = decide(facts, splitting("pieces", true), "d");
  EXPECT_EQ(made.outcome, "partly_allocated");
  ASSERT_EQ(made.remainder->size(), 1U);
  EXPECT_EQ(made.remainder->at(0).quantity, 1);
  EXPECT_EQ(made.reason,
            "near, far together have everything that is there. No site has 1 of MUG: that waits.");
}

}  // namespace
}  // namespace dockline::server::routing
