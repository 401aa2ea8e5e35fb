// Long runs with everything that may go wrong on the way: what must hold meanwhile, and in the end.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "tests/channels/channels_fixture.hpp"

namespace dockline::server::publish {
namespace {

// Requests take effect late, also after we gave them up or died; figures and parcels of the same
// pieces go out together. The shop may show less for a while, but never more than there was in the
// time that a request can be under way.
class NeverTooMuch : public Channels, public testing::WithParamInterface<std::uint64_t> {
 protected:
  NeverTooMuch() : Channels(GetParam()) {}
  using Key = std::pair<std::string, std::string>;  // sku, location
  void note() {
    for (const auto& [sku, sites] : w.books.shelf) {
      for (const auto& [site, location] : w.configs[0].locations) {
        auto& past = past_[{sku, location}];
        const auto can = w.books.sellable(sku, site);
        if (past.empty() || past.back().second != can) past.emplace_back(w.now.mono_ms, can);
        while (past.size() > 1 && past[1].first < w.now.mono_ms - kUnderWayMs) past.pop_front();
      }
    }
  }
  std::int64_t most(const Key& key) {
    std::int64_t most = 0;
    for (const auto& [at_ms, can] : past_[key]) most = std::max(most, can);
    return most;
  }
  static constexpr std::int64_t kUnderWayMs = 5'000;
  std::map<Key, std::deque<std::pair<std::int64_t, std::int64_t>>> past_;
};

TEST_P(NeverTooMuch, IsShownWhateverIsUnderWay) {
  auto& p = w.prng;
  w.open();
  w.run(2'000);
  w.on_step = [&] { note(); };
  w.shop.on_stock_set = [&](const std::string& sku, const std::string& location, std::int64_t n) {
    note();
    EXPECT_LE(n, most({sku, location})) << sku << " at " << location << " " << w.now.mono_ms;
  };
  w.faults = {.lost = static_cast<std::uint32_t>(p.below(100)),
              .answer_lost = static_cast<std::uint32_t>(p.below(100)),
              .refused = static_cast<std::uint32_t>(p.below(100)),
              .late = static_cast<std::uint32_t>(p.below(200))};
  const std::vector<std::string> skus{"MUG", "TEE", "CAP"};
  for (int i = 0; i < 150; ++i) {
    const auto& sku = skus[p.below(skus.size())];
    const auto dice = p.below(20);
    if (dice < 8) {
      static_cast<void>(w.shop.buy(sku, p.between(1, 3), w.now.wall_ms));
    } else if (dice < 14) {
      for (auto& [id, order] : w.books.orders) {
        if (!order.packed && p.chance(500)) w.pack(order);
      }
    } else if (dice < 19) {
      w.books.shelf[sku][p.chance(500) ? "berlin" : "lyon"] += p.between(-2, 3);
      w.touch(sku);
    } else {
      w.crash();
    }
    w.run(p.between(1, 700));
  }
  w.faults = {};
  w.run(120'000);
  expect_equal();
}
INSTANTIATE_TEST_SUITE_P(Seeds, NeverTooMuch, testing::Range<std::uint64_t>(1, 41));

// Customers buy and cancel, benches pack, people adjust, the network loses requests and answers,
// the server crashes. Then it is quiet, and both sides must say the same.
class ChannelFaults : public Channels, public testing::WithParamInterface<std::uint64_t> {
 protected:
  ChannelFaults() : Channels(GetParam()) {}
};

TEST_P(ChannelFaults, EndWithBothSidesEqual) {
  auto& p = w.prng;
  w.open();
  w.run(2'000);
  w.faults = {.lost = static_cast<std::uint32_t>(p.below(150)),
              .answer_lost = static_cast<std::uint32_t>(p.below(150)),
              .refused = static_cast<std::uint32_t>(p.below(100))};
  const std::vector<std::string> skus{"MUG", "TEE", "CAP"};
  for (int i = 0; i < 120; ++i) {
    const auto& sku = skus[p.below(skus.size())];
    const auto dice = p.below(10);
    if (dice < 4) {
      static_cast<void>(w.shop.buy(sku, p.between(1, 4), w.now.wall_ms));
    } else if (dice < 6) {
      for (auto& [id, order] : w.books.orders) {
        if (!order.packed && p.chance(300)) w.pack(order);
      }
    } else if (dice == 6 && !w.shop.orders.empty()) {
      // Of two minds, until it is packed or nothing is left.
      const auto at =
          w.shop.orders.size() - 1 - p.below(std::min<std::size_t>(3, w.shop.orders.size()));
      for (auto changes = p.between(1, 4); changes > 0; --changes) {
        auto& order = w.shop.orders[at];
        const auto known = w.books.orders.find("shop:" + order.code);
        const bool packed = known != w.books.orders.end() && known->second.packed;
        if (packed || !order.fulfilments.empty() || order.state == "Cancelled") break;
        const auto& own = order.lines[0].sku;
        if (p.chance(400)) {
          static_cast<void>(
              w.shop.add(order, p.chance(500) ? own : skus[p.below(skus.size())], p.between(1, 2)));
        } else {
          w.shop.cancel(order, p.between(1, 2));
        }
        w.run(p.between(1, 4'000));
      }
    } else if (dice < 9) {
      w.books.shelf[sku][p.chance(500) ? "berlin" : "lyon"] += p.between(-3, 5);
      w.touch(sku);
    } else {
      w.crash();
    }
    w.run(p.between(1, 700));
  }
  w.faults = {};
  w.run(60'000);
  for (auto& [id, order] : w.books.orders) {
    if (!order.packed) w.pack(order);
  }
  w.run(120'000);
  expect_equal();
  EXPECT_EQ(w.books.orders.size() + static_cast<std::size_t>(std::ranges::count_if(
                                        w.shop.orders,
                                        [&](const auto& o) {
                                          return !w.books.orders.contains("shop:" + o.code) &&
                                                 o.state == "Cancelled";
                                        })),
            w.shop.orders.size());
  std::set<std::string> raised;
  for (const auto& one : w.told_of<wire::ExceptionRaised>()) raised.insert(one.subject);
  EXPECT_LT(raised.size(), 12U);
  for (const auto& order : w.shop.orders) {
    if (order.state == "Cancelled") continue;
    // Packed before the cancellation was seen: a person has it, nothing was guessed.
    if (raised.contains("shop:" + order.code)) continue;
    const auto& known = w.books.orders.at("shop:" + order.code).lines;
    for (const auto& line : order.lines) {
      const auto at = std::ranges::find(known, line.id, &KnownLine::external_id);
      ASSERT_EQ(at == known.end() ? 0 : ModelBooks::open(*at), line.quantity) << order.code;
    }
    ASSERT_EQ(order.fulfilments.size(), 1U) << order.code;
    EXPECT_EQ(order.fulfilments[0].state, "Shipped");
    EXPECT_EQ(order.fulfilments[0].tracking, "DL" + order.code);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, ChannelFaults, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace dockline::server::publish
