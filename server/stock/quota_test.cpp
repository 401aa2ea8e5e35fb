#include "server/stock/quota.hpp"

#include <gtest/gtest.h>

#include "server/stock/derivation.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

TEST(Quota, IsSharedEvenly) {
  const std::vector<QuotaStation> stations = {{"a"}, {"b"}};
  auto got = share_quota(9, 100, stations).value();
  EXPECT_EQ(got[0].pieces, 5) << "four, and the one that division leaves";
  EXPECT_EQ(got[1].pieces, 4);
  got = share_quota(9, 4, stations).value();
  EXPECT_EQ(got[0].pieces, 2) << "only four are free";
  EXPECT_EQ(got[1].pieces, 2);
}

TEST(Quota, ASilentStationKeepsWhatItWasLeased) {
  const std::vector<QuotaStation> stations = {{"a", true, 6}, {"b", false, 9}};
  auto got = share_quota(10, 100, stations).value();
  EXPECT_EQ(got[0].pieces, 6);
  EXPECT_EQ(got[1].pieces, 4);
  got = share_quota(10, 2, stations).value();
  EXPECT_EQ(got[0].pieces, 6) << "it may be using them already";
  EXPECT_EQ(got[1].pieces, 0);
}

TEST(Quota, RefusesWhatIsOutOfBounds) {
  EXPECT_FALSE(share_quota(-1, 0, {}).has_value());
  EXPECT_FALSE(share_quota(0, kPiecesMax + 1, {}).has_value());
  EXPECT_FALSE(share_quota(1, 1, std::vector<QuotaStation>{{"a"}, {"a"}}).has_value());
  EXPECT_FALSE(share_quota(1, 1, std::vector<QuotaStation>{{"a", true, -1}}).has_value());
  EXPECT_TRUE(share_quota(5, 5, {})->empty());
}

// Stations go silent one after the other: whatever each was leased at its last word, the leases of
// all never exceed the quota or what was free, and the figure of the site counts every one of them.
TEST(Quota, AllLeasesFitTheQuotaAndWhatIsFree) {
  base::Prng prng(909);
  for (int round = 0; round < 3'000; ++round) {
    const auto quota = prng.between(0, 40), free = prng.between(-5, 60);
    std::vector<QuotaStation> stations;
    for (int i = 0; i < 5; ++i) {
      stations.push_back({"s" + std::to_string(i)});
    }
    for (int step = 0; step < 8; ++step) {
      Quantity sum = 0;
      bool heard = false;
      const auto leases = share_quota(quota, free, stations).value();
      SiteFacts site{.site = "ulm", .on_hand = {free, 1}};
      for (std::size_t i = 0; i < leases.size(); ++i) {
        ASSERT_EQ(leases[i].station, stations[i].station);
        ASSERT_GE(leases[i].pieces, 0);
        ASSERT_TRUE(!stations[i].silent || leases[i].pieces == stations[i].leased);
        sum += leases[i].pieces;
        heard = heard || !stations[i].silent;
        stations[i].leased = leases[i].pieces;
        site.stations.push_back(
            {.station = stations[i].station, .silent = true, .quota_left = leases[i].pieces});
      }
      const auto most = std::min(quota, std::max<Quantity>(0, free));
      ASSERT_LE(sum, most);
      if (heard) {
        ASSERT_EQ(sum, most) << "nothing is kept back";
      }
      ASSERT_EQ(available_to_promise(site, 0)->value, free - sum);
      stations[prng.below(stations.size())].silent = prng.chance(600);
    }
  }
}

}  // namespace
}  // namespace dockline::server::stock
