// Books, a shop of three articles at two locations, and what they must show of each other.
#pragma once

#include <gtest/gtest.h>

#include "tests/channels/channel_world.hpp"

namespace dockline::server::publish {

class Channels : public testing::Test {
 protected:
  explicit Channels(std::uint64_t seed = 1) : w(seed) {
    w.configs.push_back({.name = "shop",
                         .kind = "vendure",
                         .url = "http://shop/admin-api",
                         .user = "dockline",
                         .secret = "a-password",
                         .locations = {{"berlin", "1"}, {"lyon", "2"}},
                         .poll_ms = 500,
                         .sweep_ms = 1'000,
                         .audit_ms = 5'000});
    w.shop.user = "dockline";
    w.shop.password = "a-password";
    for (const auto* sku : {"MUG", "TEE", "CAP"}) {
      w.shop.stock[sku] = {{"1", {.on_hand = 77}}, {"2", {.on_hand = 3}}};
      w.books.shelf[sku] = {{"berlin", 20}, {"lyon", 20}};
    }
  }
  std::int64_t shows(const std::string& sku, const std::string& location) {
    const auto& level = w.shop.stock[sku][location];
    return level.on_hand - level.allocated;
  }
  void expect_equal() {
    for (const auto& [sku, sites] : w.books.shelf) {
      for (const auto& [site, location] : w.configs[0].locations) {
        EXPECT_EQ(shows(sku, location), w.books.sellable(sku, site)) << sku << " " << site;
      }
    }
  }
  ChannelWorld w;
};

}  // namespace dockline::server::publish
