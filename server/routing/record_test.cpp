// What a person reads, and what must hold of every record.
#include <gtest/gtest.h>

#include "server/routing/routing.hpp"
#include "server/routing/test_instances.hpp"
#include "shared/base/limits.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server::routing {
namespace {

std::string encoded(const wire::DecisionMade& made) {
  wire::Event event;
  event.id = "x";
  event.source = "/server";
  event.subject = made.subject;
  event.data = made;
  const auto bytes = wire::encode(event);
  return bytes ? *bytes : "";
}

TEST(RoutingRecord, TermsAddUpToWhatWasChosen) {
  std::int64_t found = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    base::Prng prng(seed);
    const Facts facts = test::random_facts(prng, {.sites = 5, .skus = 3, .pieces = 3});
    const auto made = decide(facts, bind(test::random_chain(prng)).value(), "d");
    if (!made.costs) continue;
    ++found;
    Minor sum = 0;
    for (const auto& term : *made.costs) sum += term.minor;
    ASSERT_EQ(sum, made.optimality->cost_minor) << "seed " << seed;
    ASSERT_EQ(made.optimality->gap_minor, 0) << "seed " << seed;
    ASSERT_EQ(made.optimality->method, "exact") << "seed " << seed;
  }
  EXPECT_GT(found, 500);
}

TEST(RoutingRecord, TheSameFactsMakeTheSameBytes) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Prng prng(seed);
    const Facts facts = test::random_facts(prng, {.sites = 9, .skus = 6, .pieces = 4});
    const Chain chain = bind(all_things_weighed()).value();
    EXPECT_EQ(encoded(decide(facts, chain, "d")), encoded(decide(facts, chain, "d")));
  }
}

TEST(RoutingRecord, FitsIntoOneFactHoweverManySitesAndRulesThereAre) {
  ChainSpec spec = all_things_weighed();
  std::erase_if(spec.rules, [](const Link& l) {
    const Rule* rule = find_rule(l.rule, 1);
    return rule->kind != Rule::Kind::cost && l.rule != "stock";
  });
  spec.split = "pieces";
  spec.sites_max = 8;
  spec.partial = true;
  const Chain chain = bind(spec).value();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    base::Prng prng(seed);
    Facts facts = test::random_facts(prng, {.sites = 400, .skus = 60, .pieces = 5});
    for (std::int64_t n = 0; n < 20; ++n) {
      facts.sites.push_back(facts.sites[0]);
      facts.sites.back().site = "more" + std::to_string(n);
    }
    const auto made = decide(facts, chain, "d");
    const std::string bytes = encoded(made);
    EXPECT_FALSE(bytes.empty()) << "seed " << seed;
    EXPECT_LE(bytes.size(), base::limits::kFactBytesMax);
    EXPECT_LE(made.candidates.size(), kListedMax);
    EXPECT_LE(made.inputs.size(), kInputsMax + 4);
    for (const auto& a : made.allocations) {  // who ships is always listed
      EXPECT_TRUE(std::any_of(made.candidates.begin(), made.candidates.end(),
                              [&](const auto& c) { return c.site == a.site && c.chosen; }));
    }
  }
}

TEST(RoutingRecord, SaysWhatRuledASiteOutAndWhatTheOthersWouldCost) {
  Facts facts{.order = "web:1", .needs = {{1, "MUG", 2}}, .sites = {}, .again = ""};
  facts.now_ms = 1'700'000'000'000;
  facts.currency = "EUR";
  facts.goods = {{"MUG", 400, false, false}};
  facts.services = {
      {.carrier = "PL", .service = "parcel", .rates = {{"1", 1'000, 490}, {"2", 1'000, 790}}}};
  const Alive alive{2, 1, facts.now_ms - 60'000};
  facts.sites = {{.site = "leipzig",
                  .priority = 1,
                  .figures = {{"MUG", 9, 5}},
                  .zone = "1",
                  .alive = Alive{2, 1, facts.now_ms - 1'200'000},
                  .services = {{0}}},
                 {.site = "ulm",
                  .priority = 2,
                  .figures = {{"MUG", 9, 6}},
                  .zone = "2",
                  .alive = alive,
                  .services = {{0}}},
                 {.site = "wien",
                  .priority = 3,
                  .figures = {{"MUG", 9, 7}},
                  .zone = "1",
                  .alive = alive,
                  .services = {{0}}}};
  ChainSpec spec = nearest_with_everything();
  spec.name = "cheapest";
  spec.rules.push_back({.rule = "liveness"});
  spec.rules.push_back({.rule = "shipping"});
  const auto made = decide(facts, bind(spec).value(), "d");
  EXPECT_EQ(made.reason, "wien ships everything for 4.90 EUR; 2 other sites were weighed.");
  EXPECT_EQ(made.candidates[0].why, "silent for 20 min");
  EXPECT_EQ(made.candidates[0].ruled_out_by, "liveness");
  EXPECT_EQ(made.candidates[1].why, "has everything, would ship what it has for 7.90 EUR");
  EXPECT_EQ(made.candidates[1].costs->at(0).why, "1 parcel, 800 g by PL parcel to zone 2");
  EXPECT_EQ(made.candidates[2].why, "has everything, ships for 4.90 EUR");
  EXPECT_EQ(made.costs->at(0).why, "wien: 1 parcel, 800 g by PL parcel to zone 1");
  EXPECT_EQ(made.rules->at(1).name, "liveness");
  EXPECT_EQ(made.currency, "EUR");
}

}  // namespace
}  // namespace dockline::server::routing
