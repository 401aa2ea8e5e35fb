// What is shown while stations of a site are silent: never a piece that they may have used of their
// parts of the quota, however much is sold, found and moved meanwhile.
#include <gtest/gtest.h>

#include "server/rehearse/channel.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

constexpr const char* kSku = "MUG";

std::vector<std::unique_ptr<channels::Channel>> one_channel() {
  channels::Config config;
  config.name = "shop";
  config.kind = "rehearsal";
  config.locations = {{"leipzig", "1"}};
  std::vector<std::unique_ptr<channels::Channel>> out;
  out.push_back(rehearse::make_channel(std::move(config)));
  return out;
}

struct QuotaOfTheSilent : ::testing::TestWithParam<std::uint64_t> {
  std::string bench(std::int64_t n) { return "bench-" + std::to_string(n + 1); }

  // Two minutes go by: who has no heartbeat counts as silent.
  void fall_silent(const std::set<std::int64_t>& who, std::int64_t benches) {
    for (int i = 0; i < 12; ++i) {
      w.now.mono_ms += 10'000;
      w.now.wall_ms += 10'000;
      for (std::int64_t n = 0; n < benches; ++n) {
        w.bench("leipzig", bench(n)).connected = !who.contains(n);
        if (!who.contains(n)) w.connect(w.bench("leipzig", bench(n)));
      }
      settle();
    }
  }
  void settle() {
    for (int round = 0; round < 20; ++round) {
      w.settle();
      const auto asked = std::exchange(w.requests, {});
      if (asked.empty()) return;
      for (const auto& one : asked) {
        w.put(ChannelResult{one.request, base::HttpResponse{200, {}, "{}"}});
      }
    }
  }
  // By the quota's even split; what division leaves goes to the first bench by name.
  static std::int64_t parts(const std::set<std::int64_t>& who, std::int64_t benches,
                            std::int64_t quota) {
    const auto each = quota / benches;
    const auto all = each * static_cast<std::int64_t>(who.size());
    return all + (who.contains(0) ? quota % benches : 0);
  }
  std::int64_t shown() {
    auto reply = w.ask(ExplainStock{kSku});
    EXPECT_TRUE(reply.derivation && reply.derivation->size() == 1);
    return reply.derivation ? reply.derivation->front().figure.value : -1;
  }
  std::int64_t free() {
    const auto row = w.reader->stock_of(kSku).value();
    for (const auto& site : row->stock.sites) {
      if (site.site == "leipzig") return site.on_hand - site.reserved;
    }
    return 0;
  }

  testing::World w;
};

TEST_P(QuotaOfTheSilent, IsNotShownWhateverIsSoldMeanwhile) {
  base::Prng prng(GetParam());
  const std::int64_t benches = prng.between(2, 4);
  w.config.sites = {{"leipzig", "Leipzig", 1}};
  w.config.stations.clear();
  for (std::int64_t n = 0; n < benches; ++n) {
    w.config.stations.push_back({"leipzig", bench(n), ""});
  }
  w.config.make_channels = one_channel;
  w.start();
  w.stock(kSku, "leipzig", prng.between(10, 30));
  auto quota = prng.between(1, 9);
  const auto set = [&] {
    EXPECT_FALSE(w.ask(SetStockPolicy{.site = "leipzig", .quota = quota, .why = "x", .by = "ann"})
                     .error.has_value());
  };
  set();
  fall_silent({}, benches);
  EXPECT_EQ(shown(), free()) << "all are heard";
  std::set<std::int64_t> silent;
  while (silent.empty()) {
    for (std::int64_t n = 0; n < benches - 1; ++n) {
      if (prng.chance(500)) silent.insert(n);
    }
  }
  fall_silent(silent, benches);
  for (int step = 0; step < 12; ++step) {
    const auto wanted = prng.between(1, 6);  // by telephone: also what a shop is not shown
    if (wanted <= free() && prng.chance(750)) {
      (void)w.order("A" + std::to_string(step), {{kSku, wanted}});
    } else if (prng.chance(600)) {
      (void)w.ask(AdjustStock{kSku, "leipzig", prng.between(-4, 6), "seen"});
    } else {
      quota = prng.between(0, 9);
      set();
    }
    fall_silent(silent, benches);
    EXPECT_EQ(shown(), std::max<std::int64_t>(0, free() - parts(silent, benches, quota)))
        << "step " << step << ", quota " << quota << ", " << silent.size() << " of " << benches;
  }
  fall_silent({}, benches);
  EXPECT_EQ(shown(), std::max<std::int64_t>(0, free())) << "all are heard again";
}

INSTANTIATE_TEST_SUITE_P(Seeds, QuotaOfTheSilent, ::testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace dockline::server
