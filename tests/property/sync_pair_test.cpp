// Sender and Receiver under seeded faults: PROTOCOL.md section 16, invariants 1 to 8 and 12.
// DOCKLINE_SEED=<n> replays one seed of each property with its trace; DOCKLINE_SEEDS=<n> runs more.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tests/property/sync_world.hpp"

namespace dockline::property {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
  const char* text = std::getenv(variable);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

// Each run draws which faults exist at all, and how strong.
Faults draw(base::Prng& prng) {
  const auto some = [&](std::uint32_t most) {
    return prng.chance(500) ? static_cast<std::uint32_t>(prng.below(most)) : 0U;
  };
  Faults f;
  f.lose = some(300);
  f.repeat = some(300);
  f.reorder = some(300);
  f.damage = some(500);
  f.crash_sender = some(40);
  f.crash_receiver = some(40);
  f.torn_turn = some(20);
  f.link_loss = some(60);
  f.disk_full = some(10);
  return f;
}

// How often a fault must have bitten in a whole run; a single replayed seed need not.
int expected(int times) { return number_from("DOCKLINE_SEED", 0) == 0 ? times : 0; }

struct Tally {
  int forks = 0;
  int gaps = 0;
  std::size_t facts = 0;
};

template <class Shape>
Tally check_seeds(std::uint64_t runs, Shape shape) {
  const std::uint64_t only = number_from("DOCKLINE_SEED", 0);
  runs = number_from("DOCKLINE_SEEDS", runs);
  Tally tally;
  for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? runs : only); ++seed) {
    base::Prng prng(seed * 7919);
    WorldOptions options{.seed = seed, .faults = draw(prng), .trace = only != 0};
    shape(options, prng);
    SyncWorld world(options);
    for (const auto& problem : world.run()) ADD_FAILURE() << "seed " << seed << ": " << problem;
    tally.forks += world.forks();
    tally.gaps += static_cast<int>(world.gaps());
    tally.facts += world.facts();
    if (::testing::Test::HasFailure()) break;
  }
  std::printf("  %zu facts, %d forks, %d gaps\n", tally.facts, tally.forks, tally.gaps);
  return tally;
}

TEST(SyncPair, KeepsEveryPromiseOnABadNetworkWithCrashes) {
  const auto tally = check_seeds(60, [](WorldOptions&, base::Prng&) {});
  EXPECT_EQ(tally.forks, 0);
  EXPECT_EQ(tally.gaps, 0);
}

TEST(SyncPair, LosesNothingWhenTheReceiverIsRestoredFromItsNewestBackup) {
  const auto tally =
      check_seeds(60, [](WorldOptions& o, base::Prng&) { o.faults.backups_lost = 3; });
  EXPECT_EQ(tally.gaps, 0);
}

TEST(SyncPair, ForksWhenTheSendersDiskIsAnOldImage) {
  const auto tally = check_seeds(60, [](WorldOptions& o, base::Prng&) { o.faults.images = 2; });
  EXPECT_GE(tally.forks, expected(10));
}

TEST(SyncPair, TellsEachGapOfAnOlderBackup) {
  const auto tally = check_seeds(60, [](WorldOptions& o, base::Prng&) {
    o.faults.old_backups = 2;
    o.faults.backups_lost = 1;
  });
  EXPECT_GE(tally.gaps, expected(5));
}

TEST(SyncPair, KeepsTheFactsOfBothClones) {
  const auto tally = check_seeds(60, [](WorldOptions& o, base::Prng&) { o.faults.clones = 1; });
  EXPECT_GE(tally.forks, expected(10));
  EXPECT_EQ(tally.gaps, 0);
}

TEST(SyncPair, StaysHonestWhenEverythingHappens) {
  check_seeds(120, [](WorldOptions& o, base::Prng& prng) {
    o.faults.images = static_cast<int>(prng.below(3));
    o.faults.clones = static_cast<int>(prng.below(3));
    o.faults.backups_lost = static_cast<int>(prng.below(3));
    o.faults.old_backups = static_cast<int>(prng.below(2));
    if (prng.chance(300)) o.safe = sync::SafePolicy::through;
  });
}

TEST(SyncPair, KeepsTheDownStreamThroughServerAndStationRestores) {
  check_seeds(100, [](WorldOptions& o, base::Prng& prng) {
    o.direction = sync::Direction::down;
    o.safe = sync::SafePolicy::through;
    o.faults.images = static_cast<int>(prng.below(3));
    o.faults.backups_lost = static_cast<int>(prng.below(3));
    o.faults.old_backups = static_cast<int>(prng.below(2));
  });
}

TEST(SyncPair, RepeatsItselfUnderOneSeed) {
  const auto run = [] {
    SyncWorld world({.seed = 99,
                     .faults = {.lose = 100, .repeat = 100, .reorder = 100, .images = 1},
                     .actions = 100});
    EXPECT_TRUE(world.run().empty());
    return world.trace_hash();
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace dockline::property
