// The strategies beside each other: the same rules, another way to choose.
#include "server/routing/strategy.hpp"

#include <gmock/gmock.h>

#include "server/routing/routing.hpp"
#include "server/routing/test_instances.hpp"

namespace dockline::server::routing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "a" comes first and is dear, "b" is cheap, "c" has only the cups, cheapest of all.
Facts facts() {
  Facts out{.order = "shop:1", .needs = {{1, "CUP", 1}, {2, "MUG", 1}}, .sites = {}, .again = {}};
  const auto site = [](const char* name, std::int64_t rank, Quantity cups, Quantity mugs,
                       Minor parcel) {
    return Site{.site = name,
                .priority = rank,
                .figures = {{"CUP", cups, 1}, {"MUG", mugs, 1}},
                .handling_parcel_minor = parcel,
                .handling_piece_minor = 0};
  };
  out.sites = {site("a", 1, 5, 5, 900), site("b", 2, 5, 5, 500), site("c", 3, 5, 0, 10),
               site("d", 4, 0, 5, 20)};
  return out;
}

wire::DecisionMade decided(const char* strategy, const Facts& of) {
  ChainSpec spec = nearest_with_everything();
  spec.name = "drawn";
  spec.split = "lines";
  spec.sites_max = 3;
  spec.strategy = strategy;
  spec.rules.push_back({.rule = "handling"});
  return decide(of, bind(spec).value(), "d-1");
}

std::vector<std::string> sites_of(const wire::DecisionMade& made) {
  std::vector<std::string> out;
  for (const auto& a : made.allocations) out.push_back(a.site);
  return out;
}

TEST(RoutingStrategy, EachChoosesItsOwnWay) {
  EXPECT_THAT(sites_of(decided("cheapest", facts())), ElementsAre("c", "d"));
  EXPECT_THAT(sites_of(decided("fewest-sites", facts())), ElementsAre("b", "b"));
  EXPECT_THAT(sites_of(decided("in-order", facts())), ElementsAre("a", "a"));
}

TEST(RoutingStrategy, InOrderSplitsOnlyWhereNoSiteHasEverything) {
  auto short_of = facts();
  short_of.sites[0].figures[1].atp = 0;  // a lacks mugs
  short_of.sites[1].figures[0].atp = 0;  // b lacks cups
  EXPECT_THAT(sites_of(decided("in-order", short_of)), ElementsAre("a", "b"));
  for (auto& s : short_of.sites) s.figures[1].atp = 0;
  EXPECT_EQ(decided("in-order", short_of).outcome, "backordered");
}

TEST(RoutingStrategy, TheRecordSaysWhichAndWhatTheCheapestWouldHaveCost) {
  const auto made = decided("in-order", facts());
  EXPECT_THAT(made.reason,
              HasSubstr("Chosen by the strategy in-order. Nothing can cost less than"));
  ASSERT_TRUE(made.optimality.has_value());
  EXPECT_EQ(made.optimality->method, "bounded");
  EXPECT_EQ(made.optimality->cost_minor, 900);
  EXPECT_EQ(made.optimality->bound_minor, 30);
  EXPECT_THAT(decided("cheapest", facts()).reason, ::testing::Not(HasSubstr("strategy")));
}

TEST(RoutingStrategy, OneThatDoesNotExistIsRefusedWithThoseThatDo) {
  ChainSpec spec = nearest_with_everything();
  spec.strategy = "luck";
  const auto made = bind(spec);
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().detail, HasSubstr("cheapest, fewest-sites, in-order"));
}

// Whatever the instance: no strategy ships what is not there, finds nothing where the cheapest
// finds nothing, or costs less than it; fewest-sites uses no more sites than any other.
TEST(RoutingStrategy, NoneBreaksTheRulesOfTheChain) {
  base::Prng prng(4711);
  int split = 0;
  for (int round = 0; round < 3'000; ++round) {
    const auto spec = test::random_chain(prng);
    const auto chain = bind(spec).value();
    const auto drawn = test::random_facts(prng, {});
    const auto problem = prepare(drawn, chain);
    if (problem.sites.empty()) continue;
    const auto best = solve(problem);
    std::size_t fewest = 0;
    for (const auto& strategy : strategies()) {
      const auto answer = strategy.answer(problem);
      ASSERT_LE(answer.bound, answer.plan.score);
      if (!answer.plan.found()) continue;
      ASSERT_TRUE(best.plan.found()) << strategy.name;
      ASSERT_GE(answer.plan.score, best.bound) << strategy.name;
      ASSERT_EQ(answer.plan.score, score_of(problem, answer.plan.shares)) << strategy.name;
      std::vector<Quantity> given(problem.demands());
      std::set<std::size_t> used;
      for (const auto& share : answer.plan.shares) {
        ASSERT_LE(share.pieces, problem.cap(share.site, share.demand)) << strategy.name;
        given[share.demand] += share.pieces;
        used.insert(share.site);
      }
      ASSERT_EQ(given, problem.target) << strategy.name;
      if (strategy.name == "fewest-sites") fewest = used.size();
      if (strategy.name == "in-order") {
        ASSERT_LE(fewest, used.size());
        split += used.size() > 1 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(split, 0);
}

}  // namespace
}  // namespace dockline::server::routing
