#include "server/stock/ghost.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

constexpr std::int64_t kNow = 1'000 * kDayMs;

Traces traces(std::string sku, Quantity on_hand = 10) {
  return {.sku = std::move(sku),
          .site = "ulm",
          .on_hand = on_hand,
          .counted_ms = kNow - kDayMs,
          .moved_ms = kNow - kDayMs};
}

TEST(Ghost, ChancesFollowTheOdds) {
  EXPECT_EQ(chance_pm(0), 500);
  EXPECT_EQ(chance_pm(1'000), 667);
  EXPECT_EQ(chance_pm(-1'000), 333);
  EXPECT_EQ(chance_pm(INT64_MAX), 999);
  EXPECT_EQ(chance_pm(INT64_MIN), 1);
  for (std::int64_t b = -11'000; b < 11'000; b += 7) EXPECT_LE(chance_pm(b), chance_pm(b + 7));
}

TEST(Ghost, NothingKnownIsUnlikely) {
  const auto got = suspect(traces("MUG"), kNow);
  EXPECT_EQ(got.milli_bits, kPriorMilliBits);
  EXPECT_EQ(got.odds_pm, 30);
}

TEST(Ghost, BooksBelowZeroAreAsGoodAsCertain) {
  EXPECT_GE(suspect(traces("MUG", -1), kNow).odds_pm, 990);
}

TEST(Ghost, EachTraceRaisesTheOdds) {
  const auto base = suspect(traces("MUG"), kNow).milli_bits;
  auto t = traces("MUG");
  t.short_picks = 2;
  EXPECT_EQ(suspect(t, kNow).milli_bits - base, 5'000);
  t = traces("MUG");
  t.was_negative = true;
  EXPECT_GT(suspect(t, kNow).milli_bits, base);
  t = traces("MUG");
  t.moves = 64;
  EXPECT_EQ(suspect(t, kNow).milli_bits - base, 6 * 300);
  t = traces("MUG");
  t.counted_ms.reset();
  EXPECT_GT(suspect(t, kNow).milli_bits, base);
  t = traces("MUG");
  t.moved_ms = kNow - 40 * kDayMs;
  EXPECT_EQ(suspect(t, kNow).milli_bits, base) << "it hardly ever moves";
  t.daily_milli = 2'000;
  EXPECT_GT(suspect(t, kNow).milli_bits, base);
  t.on_hand = 0;
  EXPECT_EQ(suspect(t, kNow).milli_bits, base) << "nothing to move";
}

Traces drawn(base::Prng& prng, int n) {
  auto t = traces("SKU-" + std::to_string(n), prng.between(-2, 30));
  t.site = prng.chance(500) ? "ulm" : "hull";
  t.short_picks = prng.between(0, 6);
  t.was_negative = prng.chance(200);
  t.moves = prng.between(0, 5'000);
  if (prng.chance(300)) t.counted_ms.reset();
  t.moved_ms = kNow - prng.between(0, 500) * kDayMs;
  t.daily_milli = prng.between(0, 4'000);
  t.piece_value_minor = prng.between(0, 9'000);
  return t;
}

TEST(Ghost, EvidenceAddsUpAndMoreOfItNeverLowersTheOdds) {
  base::Prng prng(1'313);
  for (int round = 0; round < 5'000; ++round) {
    const auto t = drawn(prng, round);
    const auto got = suspect(t, kNow);
    std::int64_t sum = 0;
    for (const auto& e : got.evidence) sum += e.milli_bits;
    ASSERT_EQ(sum, got.milli_bits);
    ASSERT_LE(std::abs(sum), kMilliBitsMax);
    auto more = t;
    more.short_picks += 1;
    more.moves *= 2;
    ASSERT_GE(suspect(more, kNow).odds_pm, got.odds_pm);
    ASSERT_GE(suspect(t, kNow + 60 * kDayMs).odds_pm, got.odds_pm) << "silence never reassures";
  }
}

TEST(Ghost, TheMostSuspectComeFirstAndTheDearerOfEquals) {
  auto cheap = traces("A"), dear = traces("B"), bad = traces("C");
  dear.piece_value_minor = 500;
  bad.short_picks = 1;
  const auto ranking = rank(std::vector{cheap, dear, bad}, kNow);
  EXPECT_EQ(ranking[0].sku, "C");
  EXPECT_EQ(ranking[1].sku, "B");
  EXPECT_EQ(ranking[2].sku, "A");
}

TEST(Ghost, TasksGoToStationsThatAreUpWithinTheirBoundsAndOnce) {
  base::Prng prng(99);
  for (int round = 0; round < 300; ++round) {
    std::vector<Traces> all;
    for (int n = 0; n < 60; ++n) all.push_back(drawn(prng, n));
    const auto ranking = rank(all, kNow);
    const std::vector<Counter> stations = {{"u1", "ulm", true, prng.between(0, 9)},
                                           {"u2", "ulm", true, 0},
                                           {"u3", "ulm", false, 0},
                                           {"h1", "hull", prng.chance(500), 4}};
    const std::set<std::pair<std::string, std::string>> open = {{ranking[0].sku, ranking[0].site}};
    const CountRules rules{.per_station_day = 7, .odds_pm_min = prng.between(0, 900)};
    std::map<std::string, std::int64_t> given;
    std::set<std::string> asked;
    std::int64_t last = 1'000;
    for (const auto& task : propose(ranking, stations, open, rules)) {
      const auto& at = *std::find_if(stations.begin(), stations.end(),
                                     [&](const Counter& c) { return c.station == task.station; });
      ASSERT_TRUE(at.up);
      ASSERT_EQ(at.site, task.site);
      ASSERT_LE(at.today + ++given[task.station], rules.per_station_day);
      ASSERT_GE(task.odds_pm, rules.odds_pm_min);
      ASSERT_LE(task.odds_pm, last);
      last = task.odds_pm;
      ASSERT_TRUE(asked.insert(task.sku + "@" + task.site).second);
      ASSERT_NE(task.sku, ranking[0].sku) << "it has an open task";
      ASSERT_FALSE(task.why.empty());
    }
  }
}

TEST(Ghost, TheStationWithTheFewestTasksIsAsked) {
  auto bad = traces("C");
  bad.short_picks = 4;
  const auto ranking = rank(std::vector{bad}, kNow);
  const auto tasks =
      propose(ranking, std::vector<Counter>{{"a", "ulm", true, 2}, {"b", "ulm", true, 1}}, {}, {});
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].station, "b");
  EXPECT_NE(tasks[0].why.find("4 times a packer"), std::string::npos);
}

}  // namespace
}  // namespace dockline::server::stock
