// The solver against brute force: every way to share an order out, priced rule by rule.
#include "server/routing/solver.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "server/routing/routing.hpp"
#include "server/routing/test_instances.hpp"

namespace dockline::server::routing {
namespace {

// Prices plans straight from the rules, without anything prepare() has added up.
class Brute {
 public:
  Brute(const Facts& facts, const Chain& chain, const Problem& problem)
      : facts_(facts), chain_(chain), problem_(problem) {
    for (const auto& [rule, values] : chain.guards) {
      if (const auto limit = rule->cash_limit(problem.ask, values)) {
        limit_ = std::min(*limit, limit_.value_or(*limit));
      }
    }
  }

  Score best() {
    given_.assign(problem_.sites.size(), std::vector<Quantity>(problem_.demands(), 0));
    share_out(0, 0, problem_.demands() == 0 ? 0 : problem_.target[0]);
    return best_;
  }
  std::int64_t plans() const { return plans_; }

 private:
  void share_out(std::size_t d, std::size_t site, Quantity left) {
    if (d == problem_.demands()) {
      ++plans_;
      best_ = std::min(best_, price());
      return;
    }
    if (left == 0) {
      const Quantity next = d + 1 < problem_.demands() ? problem_.target[d + 1] : 0;
      share_out(d + 1, 0, next);
      return;
    }
    if (site == problem_.sites.size()) return;
    for (Quantity q = 0; q <= std::min(left, problem_.cap(site, d)); ++q) {
      if (chain_.split != Split::pieces && q != 0 && q != problem_.target[d]) continue;
      given_[site][d] = q;
      share_out(d, site + 1, left - q);
    }
    given_[site][d] = 0;
  }

  // The allowed services of a site are the ways prepare() found; the rules have tests of their own.
  Score price() const {
    Score total = 0;
    Minor cash = 0;
    std::int64_t used = 0;
    for (std::size_t site = 0; site < problem_.sites.size(); ++site) {
      Load load;
      for (std::size_t d = 0; d < problem_.demands(); ++d) {
        load.pieces += given_[site][d];
        load.grams += given_[site][d] * problem_.ask.demands[d].grams;
      }
      if (load.pieces == 0) continue;
      ++used;
      const auto [minor, site_cash] = cheapest(problem_.sites[site], load);
      total +=
          minor * kTieSpan + static_cast<Score>(facts_.sites.size() + problem_.sites[site].rank);
      cash += site_cash;
    }
    if (used == 0 || used > static_cast<std::int64_t>(chain_.sites_max)) return kNoScore;
    for (const auto& [rule, values] : chain_.costs) {
      if (rule->further == nullptr) continue;
      total += rule->further(problem_.ask, values) * (used - 1) * kTieSpan;
      if (rule->cash) cash += rule->further(problem_.ask, values) * (used - 1);
    }
    return used > 1 && limit_ && cash > *limit_ ? kNoScore : total;
  }

  std::pair<Minor, Minor> cheapest(const Able& able, const Load& load) const {
    std::pair<Minor, Minor> best{kNoScore, 0};
    Load whole;
    for (const auto& demand : problem_.ask.demands) {
      whole.grams += demand.want * demand.grams;
      whole.pieces += demand.want;
    }
    std::size_t basic = able.first_way;
    for (std::size_t w = able.first_way; w < able.first_way + able.ways; ++w) {
      const bool fixed_less = spend(able, w, whole).second < spend(able, basic, whole).second;
      if (fixed_less) basic = w;
    }
    for (std::size_t w = able.first_way; w < able.first_way + able.ways; ++w) {
      const auto spent = spend(able, w, load);
      if (w != basic && limit_ && spent.second > *limit_) continue;
      if (spent.first < best.first) best = spent;
    }
    return best;
  }

  std::pair<Minor, Minor> spend(const Able& able, std::size_t w, const Load& load) const {
    const Site& site = facts_.sites[able.at];
    const Service* service = problem_.ways[w].service;
    std::pair<Minor, Minor> sum;
    for (const auto& [rule, values] : chain_.costs) {
      Minor minor = 0;
      if (rule->once != nullptr) minor += rule->once(problem_.ask, site, service, values);
      if (rule->piece != nullptr) minor += rule->piece(problem_.ask, site, values) * load.pieces;
      if (rule->tariff != nullptr) {
        minor += parcels_cost(rule->tariff(problem_.ask, site, service, values), load.grams);
      }
      sum.first += minor;
      if (rule->cash) sum.second += minor;
    }
    return sum;
  }

  const Facts& facts_;
  const Chain& chain_;
  const Problem& problem_;
  std::optional<Minor> limit_;
  std::vector<std::vector<Quantity>> given_;
  Score best_ = kNoScore;
  std::int64_t plans_ = 0;
};

TEST(RoutingSolver, FindsWhatBruteForceFindsInThousandsOfSmallOrders) {
  std::int64_t found = 0, splits = 0, plans = 0;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    base::Prng prng(seed);
    const bool few = prng.chance(500);
    const Facts facts =
        test::random_facts(prng, few ? test::Size{.sites = 4, .skus = 2, .pieces = 5}
                                     : test::Size{.sites = 5, .skus = 3, .pieces = 3});
    const Chain chain = bind(test::random_chain(prng)).value();
    const Choice choice = choose(facts, chain);
    Brute brute(facts, chain, choice.problem);
    const Score best = brute.best();
    ASSERT_EQ(choice.answer.plan.score, best) << "seed " << seed;
    ASSERT_TRUE(choice.answer.proved) << "seed " << seed;
    ASSERT_EQ(choice.answer.bound, best) << "seed " << seed;
    ASSERT_EQ(
        choice.answer.plan.found() ? score_of(choice.problem, choice.answer.plan.shares) : kNoScore,
        best)
        << "seed " << seed;
    found += best != kNoScore ? 1 : 0;
    plans += brute.plans();
    const auto& shares = choice.answer.plan.shares;
    splits += std::any_of(shares.begin(), shares.end(),
                          [&](const Share& s) { return s.site != shares.front().site; })
                  ? 1
                  : 0;
  }
  // The test is worth something only while the drawn orders are.
  EXPECT_GT(found, 1'500);
  EXPECT_GT(splits, 300);
  EXPECT_GT(plans, 50'000);
}

// More SKUs than are searched to the end: the bound must lie below the optimum, the plan not.
TEST(RoutingSolver, BoundsTheOptimumOfLargerOrdersFromBothSides) {
  std::int64_t found = 0, met = 0, proved = 0;
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    base::Prng prng(seed);
    const auto size = test::Size{.sites = 4, .skus = 7, .pieces = 2};
    const Facts facts = test::random_facts(prng, size);
    if (facts.needs.size() <= kSmallSkus) continue;
    ChainSpec spec = test::random_chain(prng);
    if (facts.needs.size() > 5 && spec.split == "pieces") spec.split = "lines";
    const Chain chain = bind(spec).value();
    const Choice choice = choose(facts, chain);
    const Score best = Brute(facts, chain, choice.problem).best();
    ASSERT_LE(choice.answer.bound, best) << "seed " << seed;
    ASSERT_GE(choice.answer.plan.score, best) << "seed " << seed;
    ASSERT_TRUE(!choice.answer.proved || choice.answer.plan.score == best) << "seed " << seed;
    found += best != kNoScore ? 1 : 0;
    met += best != kNoScore && choice.answer.plan.score == best ? 1 : 0;
    proved += best != kNoScore && choice.answer.proved ? 1 : 0;
  }
  EXPECT_GT(found, 300);
  EXPECT_GT(met * 10, found * 8);  // greedy shares are the optimum more often than not
  EXPECT_GT(proved, 100);
}

// Too large to try everything: what is promised must still hold.
TEST(RoutingSolver, ReportsABoundThatNoPlanGoesBelow) {
  std::int64_t unproved = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::Prng prng(seed);
    Facts facts = test::random_facts(prng, {.sites = 90, .skus = 40, .pieces = 3});
    for (auto& site : facts.sites) {
      site.services = {0};
      for (auto& figure : site.figures) figure.atp = prng.between(-2, 4);
    }
    ChainSpec spec = nearest_with_everything();
    spec.split = prng.chance(500) ? "lines" : "pieces";
    spec.sites_max = 8;
    spec.partial = true;
    spec.rules.push_back({.rule = "shipping"});
    spec.rules.push_back({.rule = "distance"});
    const Chain chain = bind(spec).value();
    const Choice choice = choose(facts, chain);
    if (!choice.answer.plan.found()) continue;
    EXPECT_LE(choice.answer.bound, choice.answer.plan.score) << "seed " << seed;
    EXPECT_GT(choice.answer.bound, 0) << "seed " << seed;
    EXPECT_LE(choice.answer.expanded, kSetsMax) << "seed " << seed;
    EXPECT_EQ(score_of(choice.problem, choice.answer.plan.shares), choice.answer.plan.score);
    unproved += choice.answer.proved ? 0 : 1;
  }
  EXPECT_GT(unproved, 5);
}

TEST(RoutingSolver, CombinesNoMoreSitesThanItKeeps) {
  base::Prng prng(5);
  Facts facts = test::random_facts(prng, {.sites = 1, .skus = 1, .pieces = 1});
  facts.needs = {{1, "A", 1}, {2, "B", 1}};
  facts.sites.clear();
  for (std::int64_t n = 0; n < 200; ++n) {
    facts.sites.push_back({.site = std::to_string(1'000 + n),
                           .priority = 1,
                           .figures = {{n % 2 == 0 ? "A" : "B", 1, 1}},
                           .distance_km = 1'000 - n});
  }
  ChainSpec spec = nearest_with_everything();
  spec.split = "lines";
  spec.sites_max = 2;
  spec.rules.push_back({.rule = "distance"});
  const Chain chain = bind(spec).value();
  const Problem problem = prepare(facts, chain);
  EXPECT_EQ(keep_candidates(problem, kNoScore, kCandidatesKept).sites.size(), kCandidatesKept);
  const Answer answer = solve(problem);
  ASSERT_TRUE(answer.plan.found());
  EXPECT_TRUE(answer.proved);                         // the bound of those not kept says so
  EXPECT_EQ(minor_of(answer.plan.score), 160 + 160);  // the two nearest: 801 and 802 km
}

// Every price at its limit, more sites than anybody has: no sum may overflow.
TEST(RoutingSolver, SurvivesTheHighestPricesThereAre) {
  ChainSpec spec = all_things_weighed();
  spec.split = "pieces";
  spec.sites_max = static_cast<std::int64_t>(kSitesPerOrderMax);
  spec.unknown_weight_g = kTermMax;
  std::erase_if(spec.rules, [](const Link& link) {
    const Rule* rule = find_rule(link.rule, link.version);
    return rule->kind != Rule::Kind::cost && link.rule != "stock";
  });
  for (auto& link : spec.rules) {
    if (link.rule == "stock") continue;
    for (const auto& parameter : find_rule(link.rule, link.version)->parameters) {
      link.settings.push_back({std::string(parameter.name), kTermMax});
    }
  }
  const Chain chain = bind(spec).value();
  for (const std::int64_t skus : {3, 12, 70}) {
    Facts facts{.order = "o", .needs = {}, .sites = {}, .again = ""};
    for (std::int64_t s = 0; s < skus; ++s) {
      facts.needs.push_back({s + 1, "S" + std::to_string(100 + s), 1'000'000});
    }
    for (std::int64_t n = 0; n < 1'500; ++n) {
      facts.sites.push_back({.site = std::to_string(10'000 + n), .priority = 1});
      for (const auto& need : facts.needs) {
        facts.sites.back().figures.push_back({need.sku, 250'000 + n, 1});
      }
    }
    const Choice choice = choose(facts, chain);
    ASSERT_TRUE(choice.answer.plan.found()) << skus;
    const auto sites = static_cast<Minor>(4);
    EXPECT_GE(minor_of(choice.answer.plan.score), sites * kTermMax) << skus;
    EXPECT_LE(minor_of(choice.answer.plan.score), sites * 11 * kTermMax) << skus;
    EXPECT_GT(choice.answer.bound, 0) << skus;
    EXPECT_LE(choice.answer.bound, choice.answer.plan.score) << skus;
  }
}

TEST(RoutingSolver, TakesTheSiteWithThePriorityWhenPricesAreEqual) {
  Facts facts{.order = "o", .needs = {{1, "A", 1}}, .sites = {}, .again = ""};
  facts.sites = {{.site = "c", .priority = 2, .figures = {{"A", 1, 0}}},
                 {.site = "b", .priority = 1, .figures = {{"A", 1, 0}}},
                 {.site = "a", .priority = 2, .figures = {{"A", 1, 0}}}};
  ChainSpec spec = nearest_with_everything();
  spec.rules.push_back({.rule = "distance"});
  const Chain chain = bind(spec).value();
  EXPECT_EQ(decide(facts, chain, "d").allocations.at(0).site, "b");
  facts.sites.erase(facts.sites.begin() + 1);
  EXPECT_EQ(decide(facts, chain, "d").allocations.at(0).site, "a");
}

}  // namespace
}  // namespace dockline::server::routing
