// What is published is at most what can be shipped: the same random world with a sales channel that
// believes what it is told. When it has answered everything, it shows at no site more than lies
// there and is promised to nobody; and what it is told while things happen is right when it is
// sent.
#include <gtest/gtest.h>

#include "server/rehearse/channel.hpp"
#include "tests/property/hub_player.hpp"

namespace dockline::server {
namespace {

using testing::kSteps;
using testing::Player;

constexpr const char* kChannel = "shop";

std::vector<std::unique_ptr<channels::Channel>> one_channel() {
  channels::Config config;
  config.name = kChannel;
  config.kind = "rehearsal";
  config.locations = {{"leipzig", "1"}, {"ulm", "2"}};
  std::vector<std::unique_ptr<channels::Channel>> out;
  out.push_back(rehearse::make_channel(std::move(config)));
  return out;
}

class HubPublished : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  // Everything that was asked is answered, until nothing is asked any more.
  static void answer_all(Player& player) {
    auto& w = player.w;
    for (int round = 0; round < 100; ++round) {
      const auto asked = std::exchange(w.requests, {});
      for (const auto& request : asked) {
        w.put(ChannelResult{request.request, base::HttpResponse{200, {}, "{}"}});
      }
      w.settle();
      if (asked.empty() && w.requests.empty() && player.count("SELECT count(*) FROM outbox") == 0) {
        return;
      }
      if (asked.empty()) w.pass(2'500);  // a request that a restart forgot is asked again
    }
    ADD_FAILURE() << "the outbox does not come to rest";
  }
  static void check(Player& player) {
    EXPECT_EQ(player.count(
                  "SELECT count(*) FROM p_told t, (SELECT 'leipzig' AS site, '1' AS location "
                  "UNION ALL SELECT 'ulm', '2') s USING(location) WHERE t.quantity > max(0, "
                  "coalesce((SELECT quantity FROM p_balance b WHERE b.sku = t.sku AND b.place = "
                  "s.site || '/shelf'), 0) - coalesce((SELECT sum(quantity) FROM p_reservation r "
                  "WHERE r.sku = t.sku AND r.site = s.site), 0))"),
              0)
        << "more is published than can be shipped";
    EXPECT_EQ(player.count("SELECT count(*) FROM p_told WHERE quantity < 0"), 0);
  }
};

TEST_P(HubPublished, NeverMoreThanCanBeShipped) {
  Player player(GetParam(), one_channel);
  std::int64_t offered = 0;  // figures above zero that were looked at
  for (int i = 0; i < kSteps && !HasFailure(); ++i) {
    player.step();
    if (i % 40 == 39) player.restart();
    if (i % 3 != 0) continue;  // between them figures pile up and overtake each other
    answer_all(player);
    check(player);
    offered += player.count("SELECT count(*) FROM p_told WHERE quantity > 0");
  }
  player.check();
  EXPECT_GT(offered, 0) << "nothing was told";
  if (HasFailure()) std::printf("seed %llu\n", static_cast<unsigned long long>(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, HubPublished, ::testing::Range<std::uint64_t>(1, 7));

}  // namespace
}  // namespace dockline::server
