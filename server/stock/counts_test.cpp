#include "server/stock/counts.hpp"

#include <variant>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

Moment at(std::int64_t ms, std::string station = "bench-1") { return {ms, 0, std::move(station)}; }

TEST(Counts, ACountBecomesTheDifferenceToTheBooks) {
  CountedPlace shelf;
  ASSERT_TRUE(shelf.apply(Moved{"in", at(1), 10})->empty());
  const auto posted = shelf.apply(Counted{"c", at(2), 8, 10}).value();
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(posted[0].change, -2);
  EXPECT_EQ(shelf.balance(), 8);
  EXPECT_TRUE(shelf.apply(Counted{"c2", at(3), 8, 8})->empty()) << "it agrees";
}

// Another bench took three before the count; its fact comes after. The counter saw the shelf
// without them: the books must end at seven, not at four.
TEST(Counts, AMovementFromBeforeThatIsHeardLaterWasSeenByTheCounter) {
  CountedPlace shelf;
  ASSERT_TRUE(shelf.apply(Moved{"in", at(1), 10}).has_value());
  EXPECT_EQ(shelf.apply(Counted{"c", at(5), 7, 10})->at(0).change, -3);
  const auto posted = shelf.apply(Moved{"out", at(3, "bench-2"), -3}).value();
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(posted[0].count, "c");
  EXPECT_EQ(posted[0].change, 3);
  EXPECT_EQ(shelf.balance(), 7);
  EXPECT_EQ(shelf.counts()[0].difference, 0);
  EXPECT_EQ(shelf.counts()[0].unheard, -3);
}

TEST(Counts, AMovementFromAfterStaysRightHoweverLateTheCount) {
  CountedPlace shelf;
  ASSERT_TRUE(shelf.apply(Moved{"in", at(1), 10}).has_value());
  ASSERT_TRUE(shelf.apply(Moved{"out", at(9, "bench-2"), -3}).has_value());
  EXPECT_EQ(shelf.apply(Counted{"c", at(5), 9, 10})->at(0).change, -1);
  EXPECT_EQ(shelf.balance(), 6);
}

TEST(Counts, TheSameFactAgainBringsNothingAndAnotherUnderItsNameIsRefused) {
  CountedPlace shelf;
  ASSERT_TRUE(shelf.apply(Moved{"in", at(1), 10}).has_value());
  EXPECT_TRUE(shelf.apply(Moved{"in", at(1), 10})->empty());
  EXPECT_EQ(shelf.balance(), 10);
  EXPECT_EQ(shelf.apply(Moved{"in", at(1), 11}).error().fault, base::Fault::conflict);
  EXPECT_EQ(shelf.apply(Moved{"in", at(2), 10}).error().fault, base::Fault::conflict);
  EXPECT_EQ(shelf.apply(Moved{"x", at(1), 10}).error().fault, base::Fault::conflict);
  EXPECT_FALSE(shelf.apply(Counted{"c", at(3), -1, 0}).has_value());
  EXPECT_FALSE(shelf.apply(Moved{"y", at(4), kPiecesMax + 1}).has_value());
}

TEST(Counts, AnothersMovementTooCloseToTellTheOrderIsDoubtful) {
  CountedPlace shelf;
  ASSERT_TRUE(shelf.apply(Moved{"mine", at(999), 10}).has_value());
  ASSERT_TRUE(shelf.apply(Counted{"c", at(1'000), 10, 10}).has_value());
  EXPECT_TRUE(shelf.doubtful(500).empty()) << "a station knows its own order";
  ASSERT_TRUE(shelf.apply(Moved{"theirs", at(1'400, "bench-2"), -1}).has_value());
  EXPECT_EQ(shelf.doubtful(500), (std::vector<std::string>{"c"}));
  EXPECT_TRUE(shelf.doubtful(300).empty());
}

TEST(Counts, WhatWasSettledChangesNothingAnyMore) {
  CountedPlace shelf;
  ASSERT_TRUE(shelf.apply(Moved{"in", at(1), 10}).has_value());
  ASSERT_TRUE(shelf.apply(Counted{"c", at(5), 7, 10}).has_value());
  ASSERT_TRUE(shelf.apply(Moved{"out", at(6), -2}).has_value());
  shelf.settle(at(3));
  EXPECT_EQ(shelf.size(), 3U) << "no count before that";
  shelf.settle(at(100));
  EXPECT_EQ(shelf.size(), 2U);
  EXPECT_EQ(shelf.apply(Moved{"late", at(2, "bench-2"), -3})->at(0).change, 3);
  EXPECT_TRUE(shelf.apply(Counted{"older", at(3), 4, 4})->empty());
  EXPECT_EQ(shelf.balance(), 5);
}

using Fact = std::variant<Moved, Counted>;

// The truth: a shelf on which things happen one after the other, some of which nobody writes down
// (that is what counts find), told by three benches.
struct History {
  std::vector<Fact> facts;
  Quantity truth = 0;
  std::vector<Quantity> differences;
};
History drawn(base::Prng& prng) {
  History out;
  Quantity books = 0;
  for (std::int64_t i = 0; i < 40; ++i) {
    const Moment when{100 + i / 3, i, "bench-" + std::to_string(prng.below(3))};
    const auto id = std::to_string(i);
    if (prng.chance(150)) {
      out.truth = std::max<Quantity>(0, out.truth + prng.between(-2, 2));  // lost, or turned up
      out.facts.push_back(Counted{id, when, out.truth, prng.between(0, 20)});
      out.differences.push_back(out.truth - books);
      books = out.truth;
    } else {
      const auto change = prng.between(-std::min<Quantity>(5, out.truth), 6);
      out.facts.push_back(Moved{id, when, change});
      out.truth += change;
      books += change;
    }
  }
  out.truth = books;  // what the last count and the movements after it say
  return out;
}

void shuffle(std::vector<Fact>& facts, base::Prng& prng) {
  for (std::size_t i = facts.size(); i > 1; --i) std::swap(facts[i - 1], facts[prng.below(i)]);
}

TEST(Counts, AnyOrderOfArrivalEndsWithTheBalancesOfTheTrueOrder) {
  base::Prng prng(31'337);
  for (int round = 0; round < 3'000; ++round) {
    auto history = drawn(prng);
    auto arriving = history.facts;
    for (std::size_t n = 0; n < 5; ++n) arriving.push_back(arriving[prng.below(arriving.size())]);
    shuffle(arriving, prng);
    CountedPlace shelf;
    Quantity posted = 0, moved = 0;
    for (const auto& fact : arriving) {
      const auto size = shelf.size();
      const auto adjustments =
          std::visit([&](const auto& f) { return shelf.apply(f); }, fact).value();
      for (const auto& a : adjustments) posted += a.change;
      if (const auto* m = std::get_if<Moved>(&fact); m != nullptr && shelf.size() > size) {
        moved += m->change;
      }
      ASSERT_EQ(shelf.balance(), moved + posted) << "the ledger has what was handed out";
    }
    ASSERT_EQ(shelf.balance(), history.truth) << "round " << round;
    std::vector<Quantity> differences;
    for (const auto& view : shelf.counts()) differences.push_back(view.difference);
    ASSERT_EQ(differences, history.differences) << "round " << round;
  }
}

TEST(Counts, SettlingOnTheWayLeavesTheSameBalance) {
  base::Prng prng(4'242);
  for (int round = 0; round < 3'000; ++round) {
    const auto history = drawn(prng);
    auto arriving = history.facts;
    shuffle(arriving, prng);
    CountedPlace shelf;
    for (const auto& fact : arriving) {
      ASSERT_TRUE(std::visit([&](const auto& f) { return shelf.apply(f); }, fact).has_value());
      if (prng.chance(100)) shelf.settle(at(prng.between(100, 115)));
    }
    ASSERT_EQ(shelf.balance(), history.truth) << "round " << round;
  }
}

}  // namespace
}  // namespace dockline::server::stock
