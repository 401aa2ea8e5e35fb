#include "server/publish/listings.hpp"

#include <set>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::publish {
namespace {

using Key = std::array<std::string, 3>;  // listing, location, SKU

// A channel's listings read page by page, and the table that what is found ends in.
struct Reading {
  ListingRound round;
  std::map<Key, FlawedListing> table;
  std::int64_t now_ms = 1'000;
  std::size_t writes = 0;
  std::set<std::string> ours{"MUG", "CUP", "TEE"};

  void take(std::vector<ListingRound::Change>& changes) {
    for (auto& [row, removed] : changes) {
      ++writes;
      const Key key{row.listing, row.location, row.sku};
      if (removed) {
        EXPECT_EQ(table.erase(key), 1U) << row.listing;
      } else {
        table[key] = row;
      }
    }
    changes.clear();
  }
  void read(const std::vector<channels::ListingSeen>& listings) {
    std::vector<ListingRound::Change> changes;
    for (const auto& one : listings) {
      round.see("shop", one, one.sku, ours.contains(one.sku), now_ms, changes);
      take(changes);
    }
    round.end(changes);
    take(changes);
    EXPECT_EQ(round.kept(), table.size());
    now_ms += 1'000;
  }
  void crash() {
    round = {};
    for (const auto& [key, row] : table) round.load(row, row.sku);
  }
  std::vector<std::string> flaws() const {
    std::vector<std::string> out;
    for (const auto& [key, row] : table)
      out.push_back(row.listing + " " + std::string(name(row.flaw)));
    return out;
  }
};

using Flaws = std::vector<std::string>;

TEST(ListingRound, KeepsWhatIsFlawedAndNothingElse) {
  Reading r;
  r.read({{"1", "MUG", "Mug", ""}, {"2", "", "Nice", ""}, {"3", "GONE", "", ""}});
  EXPECT_EQ(r.flaws(), (Flaws{"2 no_sku", "3 unknown_sku"}));
  const Key nice{"2", "", ""};
  EXPECT_EQ(r.table.at(nice).title, "Nice");
  EXPECT_EQ(r.table.at(nice).seen_ms, 1'000);
  const auto writes = r.writes;
  r.read({{"1", "MUG", "Mug", ""}, {"2", "", "Nice", ""}, {"3", "GONE", "", ""}});
  EXPECT_EQ(r.writes, writes) << "nothing changed: nothing is written";
  r.read({{"1", "MUG", "Mug", ""}, {"2", "", "Nicer", ""}, {"3", "CUP", "", ""}});
  EXPECT_EQ(r.flaws(), (Flaws{"2 no_sku"}));
  EXPECT_EQ(r.table.at(nice).title, "Nicer");
  EXPECT_EQ(r.table.at(nice).seen_ms, 1'000) << "it is as flawed as before";
  r.read({{"2", "LOST", "Nicer", ""}});
  EXPECT_EQ(r.flaws(), (Flaws{"2 unknown_sku"}));
  EXPECT_EQ((r.table.at({"2", "", "LOST"}).seen_ms), 4'000);
  r.read({});
  EXPECT_TRUE(r.table.empty()) << "it is not shown any more";
}

TEST(ListingRound, AListingWithoutAnIdIsKnownByItsSku) {
  Reading r;
  r.read({{"", "GONE", "", ""}, {"", "LOST", "", ""}, {"", "", "", ""}, {"", "MUG", "", ""}});
  EXPECT_EQ(r.table.size(), 3U);
  r.read({{"", "MUG", "", ""}, {"", "MUG", "", ""}});
  EXPECT_TRUE(r.table.empty()) << "two without ids may be one";
}

TEST(ListingRound, TwoOfOneSkuAreKeptOnceBothAreKnown) {
  Reading r;
  const std::vector<channels::ListingSeen> both{
      {"1", "MUG", "", ""}, {"2", "CUP", "", ""}, {"3", "MUG", "", ""}};
  r.read(both);
  EXPECT_EQ(r.flaws(), (Flaws{"3 shared_sku"})) << "the first had passed";
  r.read(both);
  EXPECT_EQ(r.flaws(), (Flaws{"1 shared_sku", "3 shared_sku"}));
  const auto writes = r.writes;
  r.crash();
  r.read(both);
  EXPECT_EQ(r.flaws(), (Flaws{"1 shared_sku", "3 shared_sku"}));
  EXPECT_EQ(r.writes, writes) << "a restart forgets nothing of it";
  r.read({{"1", "MUG", "", ""}, {"2", "CUP", "", ""}, {"3", "TEE", "", ""}});
  EXPECT_EQ(r.flaws(), (Flaws{"1 shared_sku"})) << "alone it is no finding";
  r.read({{"1", "MUG", "", ""}, {"2", "CUP", "", ""}, {"3", "TEE", "", ""}});
  EXPECT_TRUE(r.table.empty());
  r.read({{"1", "MUG", "", "berlin"}, {"3", "MUG", "", "lyon"}});
  EXPECT_TRUE(r.table.empty()) << "each place has one";
}

TEST(ListingRound, OneFlawDoesNotCrowdOutAnother) {
  Reading r;
  std::vector<channels::ListingSeen> all;
  for (std::size_t n = 0; n < kFlawedListingsMax + 50; ++n) {
    all.push_back({std::to_string(n), "GONE" + std::to_string(n), "", ""});
  }
  all.push_back({"last", "", "", ""});
  r.read(all);
  EXPECT_EQ(r.table.size(), kFlawedListingsMax + 1);
  EXPECT_TRUE(r.table.contains({"last", "", ""}));
  all.erase(all.begin(), all.begin() + 30);
  r.read(all);
  r.read(all);
  EXPECT_EQ(r.table.size(), kFlawedListingsMax + 1) << "others take the room of those mended";
}

TEST(ListingHashes, AreASet) {
  base::Prng prng(5);
  HashSet set;
  std::set<std::uint64_t> model;
  for (int i = 0; i < 50'000; ++i) {
    const auto hash = prng.next() % 30'000 + 1;
    ASSERT_EQ(set.add(hash, 1'000'000), model.insert(hash).second);
  }
  EXPECT_EQ(set.size(), model.size());
  set.clear();
  EXPECT_TRUE(set.add(7, 1));
  EXPECT_TRUE(set.add(8, 1)) << "full: nothing is added";
  EXPECT_TRUE(set.add(8, 1));
  EXPECT_FALSE(set.add(7, 2));
}

// Listings come, go and change, the server dies in the middle: two rounds later the table says what
// the channel shows.
TEST(ListingRoundProperty, TwoRoundsAfterTheLastChangeTheTableIsWhatIsShown) {
  base::Prng prng(404);
  for (int trial = 0; trial < 200; ++trial) {
    Reading r;
    std::map<std::string, channels::ListingSeen> shop;
    const std::vector<std::string> skus{"MUG", "CUP", "TEE", "", "GONE", "LOST"};
    const auto listings = [&] {
      std::vector<channels::ListingSeen> out;
      for (const auto& [id, one] : shop) out.push_back(one);
      return out;
    };
    for (int step = 0; step < 12; ++step) {
      for (int n = 0; n < 6; ++n) {
        const auto id = std::to_string(prng.below(12));
        if (prng.chance(300)) {
          shop.erase(id);
        } else {
          shop[id] = {id, skus[prng.below(skus.size())], "title", ""};
        }
      }
      if (prng.chance(200)) r.crash();
      r.read(listings());
    }
    r.read(listings());
    r.read(listings());
    std::map<std::string, int> times;
    for (const auto& [id, one] : shop) ++times[one.sku];
    std::set<std::string> wanted, got;
    for (const auto& [id, one] : shop) {
      if (one.sku.empty() || !r.ours.contains(one.sku) || times[one.sku] > 1) wanted.insert(id);
    }
    for (const auto& [key, row] : r.table) got.insert(row.listing);
    ASSERT_EQ(got, wanted) << "trial " << trial;
  }
}

}  // namespace
}  // namespace dockline::server::publish
