#include "server/routing/arrivals.hpp"

#include <gtest/gtest.h>

namespace dockline::server::routing {
namespace {

TEST(RoutingArrivals, AFewParcelsSayNothingOfTheNextOne) {
  EXPECT_EQ(reliability_per_mille({"Post", "parcel", kArrivalsMin - 1, 0}), std::nullopt);
  EXPECT_EQ(reliability_per_mille({"Post", "parcel", kArrivalsMin, 0}), 0);
  EXPECT_EQ(reliability_per_mille({"Post", "parcel", kArrivalsMin, kArrivalsMin}), 1'000);
  EXPECT_EQ(reliability_per_mille({"Post", "parcel", 1'203, 1'158}), 962);
}

TEST(RoutingArrivals, WhatWasSeenIsSaidWithHowOften) {
  EXPECT_EQ(in_words({"Post", "parcel", 1'203, 1'158}),
            "962 of 1000 parcels came as said, of 1203 in 28 days");
}

}  // namespace
}  // namespace dockline::server::routing
