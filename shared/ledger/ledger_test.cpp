#include "shared/ledger/ledger.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::ledger {
namespace {

TEST(Ledger, AMoveHasTwoEntriesThatSumToZero) {
  const auto deltas = post({"MUG", 3, "supplier", "leipzig/shelf"}).value();
  EXPECT_EQ(deltas[0].place, "supplier");
  EXPECT_EQ(deltas[0].change + deltas[1].change, 0);
}

TEST(Ledger, RefusesWhatIsNoMove) {
  EXPECT_FALSE(post({"MUG", 0, "supplier", "leipzig/shelf"}).has_value());
  EXPECT_FALSE(post({"MUG", -1, "supplier", "leipzig/shelf"}).has_value());
  EXPECT_FALSE(post({"", 1, "supplier", "leipzig/shelf"}).has_value());
  EXPECT_FALSE(post({"MUG", 1, "leipzig/shelf", "leipzig/shelf"}).has_value());
  EXPECT_FALSE(post({"MUG", 1, "leipzig", "leipzig/shelf"}).has_value());
  EXPECT_FALSE(post({"MUG", 1, "/shelf", "supplier"}).has_value());
}

TEST(Ledger, AMoveBetweenBinsChangesNoBalanceAndSumsToZeroInBoth) {
  const auto deltas = post({"MUG", 3, "a/shelf", "a/shelf", "", "B-2"}).value();
  EXPECT_EQ(deltas[0].place, deltas[1].place);
  EXPECT_EQ(deltas[0].bin, "");
  EXPECT_EQ(deltas[1].bin, "B-2");
  EXPECT_EQ(deltas[0].change + deltas[1].change, 0);
  EXPECT_TRUE(between_bins({"MUG", 3, "a/shelf", "a/shelf", "", "B-2"}));
  EXPECT_FALSE(between_bins({"MUG", 3, "supplier", "a/shelf", "", "B-2"}));
  EXPECT_FALSE(post({"MUG", 3, "a/shelf", "a/shelf", "B-2", "B-2"}).has_value());
  EXPECT_FALSE(post({"MUG", 3, "a/shelf", "a/damaged", "", "B-2"}).has_value());
  EXPECT_FALSE(post({"MUG", 3, "supplier", "a/shelf", "B-2", ""}).has_value());
}

TEST(Ledger, AllBinsOfAShelfSumToItsBalanceAfterAnyMoves) {
  base::Prng prng(11);
  const std::vector<std::string> places = {"supplier", "customer", "a/shelf", "a/shelf",
                                           "a/packed"};
  const std::vector<std::string> bins = {"", "A", "B", "C"};
  Book book;
  for (int i = 0; i < 5'000; ++i) {
    const Move move{"MUG",
                    prng.between(1, 9),
                    places[prng.below(places.size())],
                    places[prng.below(places.size())],
                    bins[prng.below(bins.size())],
                    bins[prng.below(bins.size())]};
    const auto before = book.balance("MUG", "a/shelf");
    const bool done = book.apply(move).has_value();
    if (done && between_bins(move)) {
      ASSERT_EQ(book.balance("MUG", "a/shelf"), before);
    }
    Quantity all = 0;
    for (const auto& bin : bins) all += book.in_bin("MUG", "a/shelf", bin);
    ASSERT_EQ(all, book.balance("MUG", "a/shelf"));
    ASSERT_EQ(book.sum("MUG"), 0);
  }
}

TEST(Ledger, KnowsRealPlacesFromVirtualOnes) {
  EXPECT_TRUE(is_real("leipzig/packed"));
  EXPECT_FALSE(is_real("customer"));
  EXPECT_EQ(site_of("leipzig/shelf"), "leipzig");
  EXPECT_EQ(site_of("supplier"), "");
  for (const char* place : {"a/staging", "a/quarantine", "a/damaged"}) {
    EXPECT_TRUE(is_real(place)) << place;
    EXPECT_FALSE(is_shelf(place)) << place;
    EXPECT_EQ(site_of(place), "a");
  }
  EXPECT_FALSE(is_real("a/transit"));  // the road: below zero it is no error
  EXPECT_EQ(site_of("a/transit"), "a");
  EXPECT_TRUE(post({"MUG", 1, "a/shelf", "b/transit"}).has_value());
  EXPECT_FALSE(post({"MUG", 1, "a/shelf", "b/roof"}).has_value());
  EXPECT_FALSE(post({"MUG", 1, "a/shelf", "/transit"}).has_value());
}

TEST(Ledger, ARealPlaceBelowZeroIsKeptAsItIs) {
  Book book;
  ASSERT_TRUE(book.apply({"MUG", 2, "leipzig/shelf", "leipzig/packed"}).has_value());
  EXPECT_EQ(book.balance("MUG", "leipzig/shelf"), -2);
  EXPECT_EQ(promised(available(-2, 1)), 0);
}

TEST(Ledger, AllPlacesOfASkuSumToZeroAfterAnyMoves) {
  base::Prng prng(7);
  const std::vector<std::string> places = {"supplier", "customer", "adjustment", "a/shelf",
                                           "a/packed", "b/shelf",  "a/damaged",  "b/transit"};
  Book book;
  for (int i = 0; i < 5'000; ++i) {
    const Move move{prng.chance(500) ? "MUG" : "CUP", prng.between(1, 40),
                    places[prng.below(places.size())], places[prng.below(places.size())]};
    (void)book.apply(move);
    ASSERT_EQ(book.sum("MUG"), 0);
    ASSERT_EQ(book.sum("CUP"), 0);
  }
}

}  // namespace
}  // namespace dockline::ledger
