#include "server/routing/json.hpp"

#include <gtest/gtest.h>

#include "server/routing/routing.hpp"
#include "server/routing/test_instances.hpp"

namespace dockline::server::routing {
namespace {

TEST(RoutingJson, FactsComeBackToTheByte) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    base::Prng prng(seed);
    const std::string text = to_json(test::random_facts(prng, {}));
    const auto back = facts_from_json(text);
    ASSERT_TRUE(back.has_value()) << back.error().detail;
    ASSERT_EQ(to_json(*back), text);
  }
}

TEST(RoutingJson, ChainsComeBackToTheByte) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Prng prng(seed);
    const std::string text = to_json(test::random_chain(prng));
    const auto back = chain_from_json(text);
    ASSERT_TRUE(back.has_value()) << back.error().detail;
    ASSERT_EQ(to_json(*back), text);
  }
}

TEST(RoutingJson, IsNothingWhereItWouldBeTooLong) {
  base::Prng prng(3);
  const Facts facts = test::random_facts(prng, {});
  const std::string text = to_json(facts);
  EXPECT_EQ(to_json(facts, text.size()), text);
  for (std::size_t most = 0; most < text.size(); ++most) {
    ASSERT_EQ(to_json(facts, most), std::nullopt) << most;
  }
}

TEST(RoutingJson, EscapesWhatANameHolds) {
  Facts facts{.order = "a\"b\\c\n\x01 \xc3\xbc", .needs = {}, .sites = {}, .again = ""};
  const auto back = facts_from_json(to_json(facts));
  ASSERT_TRUE(back.has_value()) << back.error().detail;
  EXPECT_EQ(back->order, facts.order);
}

TEST(RoutingJson, NamesThePathOfWhatIsWrong) {
  EXPECT_EQ(facts_from_json("[").error().detail, "facts: a JSON object is needed");
  EXPECT_EQ(facts_from_json(R"({"order":"o","needs":[{"line":1,"sku":2}]})").error().detail,
            "facts.needs[0].sku: a text is needed");
  EXPECT_EQ(chain_from_json(R"({"name":"a"})").error().detail, "chain.version: missing");
}

// What was recorded can be decided again: alike under the same chain, otherwise under another.
TEST(RoutingJson, ADecisionIsMadeAgainFromItsRecord) {
  const Chain weighed = bind(all_things_weighed()).value();
  std::int64_t kept = 0, differ = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    base::Prng prng(seed);
    const auto made = decide(test::random_facts(prng, {}), weighed, "d");
    if (!made.facts) continue;
    ++kept;
    const Facts facts = facts_from_json(*made.facts).value();
    const auto again = decide(facts, weighed, "d");
    ASSERT_EQ(again.reason, made.reason);
    ASSERT_EQ(again.facts, made.facts);
    ASSERT_EQ(again.allocations.size(), made.allocations.size());
    const auto other = decide(facts, unconfigured().standard, "d");
    differ += other.outcome != made.outcome ? 1 : 0;
  }
  EXPECT_GT(kept, 400);
  EXPECT_GT(differ, 20);
}

}  // namespace
}  // namespace dockline::server::routing
