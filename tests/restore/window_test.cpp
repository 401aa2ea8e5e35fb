// A server that can digest nothing of a station stops it in time (PROTOCOL.md section 15).
#include <gmock/gmock.h>

#include "shared/base/limits.hpp"
#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::restore {
namespace {

namespace limits = base::limits;

TEST(Window, ClosesWhenTooManyFactsAreParkedAndTheRestWaitsAtTheStation) {
  server::testing::World w;
  w.start();
  auto& bench = w.bench("leipzig", "bench-1");
  const int all = static_cast<int>(limits::kParkedFactsMax) + 3'000;
  for (int i = 0; i < all; ++i) {
    bench.say_raw(w.now, "id-" + std::to_string(i), "no JSON " + std::to_string(i));
  }
  for (int i = 0; i < 10; ++i) w.settle();
  auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
  auto query = db.prepare("SELECT count(*) FROM parked");
  ASSERT_TRUE(*query.bind().step());
  const auto parked = static_cast<std::uint64_t>(query.integer(0));
  EXPECT_GE(parked, limits::kParkedFactsMax);
  EXPECT_LE(parked, limits::kParkedFactsMax + limits::kWindowFactsMax);
  EXPECT_EQ(bench.sender->waiting(), static_cast<std::uint64_t>(all) - parked);
  EXPECT_THAT(w.open_exceptions(), ::testing::Contains("poison"));
  // Another station is not held up.
  auto& other = w.bench("ulm", "bench-2");
  other.say(w.now, wire::StationTrouble{"test", "of the other"});
  w.settle();
  EXPECT_EQ(other.sender->waiting(), 0U);
}

}  // namespace
}  // namespace dockline::restore
