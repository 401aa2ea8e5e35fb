// Random orders, cancellations, shorts, moves, reconnects and restarts. After each step: pieces are
// conserved, each piece is in one state, reserved equals the pieces in hand, what is released has a
// holder; at the end the projections are what the log says.
#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "tests/property/hub_player.hpp"

namespace dockline::server {
namespace {

using testing::kSteps;
using testing::Player;

class HubProperty : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(HubProperty, NothingIsMadeOrLostAndReplayIsEqual) {
  Player player(GetParam());
  for (int i = 0; i < kSteps && !::testing::Test::HasFailure(); ++i) {
    player.step();
    if (i % 40 == 39) player.restart();
    player.check();
  }
  const auto books = server::audit::check_files(player.w.config.db_path, {}, "").value();
  ASSERT_TRUE(books.clean()) << to_text(books);
  const auto report = player.w.verify();
  EXPECT_TRUE(report.equal);
  for (const auto& table : report.tables) EXPECT_TRUE(table.equal) << table.table;
  if (HasFailure()) std::printf("seed %llu\n", static_cast<unsigned long long>(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, HubProperty, ::testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace dockline::server
