// Who gets the last units.
#include "server/routing/backlog.hpp"

#include <map>

#include <gtest/gtest.h>

#include "server/routing/test_instances.hpp"

namespace dockline::server::routing {
namespace {

Facts wants(std::string order, Quantity mugs) {
  return {.order = std::move(order),
          .needs = {{1, "MUG", mugs}},
          .sites = {{"leipzig", 1, {{"MUG", 3, 10}}}, {"ulm", 2, {{"MUG", 2, 10}}}},
          .again = ""};
}

std::vector<Turn> decided(const std::vector<Facts>& orders) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < orders.size(); ++i) ids.push_back("d" + std::to_string(i));
  return decide_backlog(orders, unconfigured(), standard_policy(), ids);
}

TEST(RoutingBacklog, GivesTheLastUnitsByClassThenPromiseThenAge) {
  std::vector<Facts> orders = {wants("old", 3), wants("promised", 3), wants("vip", 3)};
  orders[0].placed_ms = 1;
  orders[1].placed_ms = 2;
  orders[1].promised_ms = 50;
  orders[2].placed_ms = 3;
  orders[2].priority_class = 1;
  const auto turns = decided(orders);
  EXPECT_EQ(turns[0].made.subject, "vip");
  EXPECT_EQ(turns[0].made.outcome, "allocated");
  EXPECT_EQ(turns[1].made.subject, "promised");
  EXPECT_EQ(turns[1].made.outcome, "backordered");
  EXPECT_EQ(turns[1].made.reason, "No site has everything: leipzig lacks 3 of MUG.");
  EXPECT_EQ(turns[2].made.subject, "old");
  EXPECT_EQ(turns[0].made.policy,
            "class-promised-age v1: place 1 of 3 by priority class, promised date, age, number");
  EXPECT_EQ(turns[2].order, 0U);
  EXPECT_EQ(turns[2].made.decision, "d0");
}

TEST(RoutingBacklog, GivesAnEarlierOrderNothingThatALaterOneWouldNeedMore) {
  // Strict order, said so: one large order first leaves nothing for two small ones.
  std::vector<Facts> orders = {wants("a", 3), wants("b", 2), wants("c", 1)};
  const auto turns = decided(orders);
  EXPECT_EQ(turns[0].made.allocations.at(0).site, "leipzig");
  EXPECT_EQ(turns[1].made.allocations.at(0).site, "ulm");
  EXPECT_EQ(turns[2].made.outcome, "backordered");
}

TEST(RoutingBacklog, CountsEachOrderAgainstTheDaysCapacity) {
  std::vector<Facts> orders = {wants("a", 1), wants("b", 1)};
  for (auto& order : orders) {
    for (auto& site : order.sites) site.capacity_left = 1;
  }
  ChainSpec spec = nearest_with_everything();
  spec.rules.push_back({.rule = "capacity"});
  const Chains chains{bind(spec).value(), {}};
  const auto turns = decide_backlog(orders, chains, standard_policy(), {"1", "2"});
  EXPECT_EQ(turns[0].made.allocations.at(0).site, "leipzig");
  EXPECT_EQ(turns[1].made.allocations.at(0).site, "ulm");
}

TEST(RoutingBacklog, NeverGivesAPieceTwiceAndHangsOnNoOrderOfInput) {
  ChainSpec spec = nearest_with_everything();
  spec.split = "pieces";
  spec.sites_max = 3;
  spec.partial = true;
  const Chains chains{bind(spec).value(), {}};
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    base::Prng prng(seed);
    const Facts stock = test::random_facts(prng, {.sites = 4, .skus = 3, .pieces = 6});
    std::vector<Facts> orders;
    std::vector<std::string> ids;
    for (int n = 0; n < 8; ++n) {
      Facts facts = stock;
      facts.order = "o" + std::to_string(n);
      facts.priority_class = test::maybe(prng, 1, 3);
      for (auto& need : facts.needs) need.quantity = prng.between(1, 4);
      orders.push_back(std::move(facts));
      ids.push_back("d" + std::to_string(n));
    }
    std::map<std::pair<std::string, std::string>, Quantity> given;
    const auto turns = decide_backlog(orders, chains, standard_policy(), ids);
    std::string trace;
    for (const auto& turn : turns) {
      for (const auto& a : turn.made.allocations) given[{a.site, a.sku}] += a.quantity;
      trace += turn.made.subject + turn.made.reason;
    }
    for (const auto& site : stock.sites) {
      for (const auto& figure : site.figures) {
        const Quantity got = given[{site.site, figure.sku}];
        EXPECT_LE(got, std::max<Quantity>(0, figure.atp)) << "seed " << seed;
      }
    }
    std::reverse(orders.begin(), orders.end());
    std::string other;
    for (const auto& turn : decide_backlog(orders, chains, standard_policy(), ids)) {
      other += turn.made.subject + turn.made.reason;
    }
    EXPECT_EQ(trace, other) << "seed " << seed;
  }
}

}  // namespace
}  // namespace dockline::server::routing
