// What expires while it is sold: many lots at one moment, with a shop that is shown figures, a
// restart in between and a clock that goes back.
#include <algorithm>

#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "server/store/lot_sql.hpp"
#include "shared/sqlite/db.hpp"
#include "tests/channels/shop_model.hpp"
#include "tests/hub/hub_world.hpp"
#include "tests/hub/query_plan.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr domain::Quantity kLots = 130;  // more than two turns take

struct Expiry : ::testing::Test {
  void SetUp() override {
    shop.user = "dockline";
    shop.password = "a-password";
    shop.stock["MUG"] = {{"1", {.on_hand = 70}}};
    w.config.make_channels = [] {
      std::vector<std::unique_ptr<channels::Channel>> made;
      made.push_back(channels::make({.name = "shop",
                                     .kind = "vendure",
                                     .url = "http://shop/admin-api",
                                     .user = "dockline",
                                     .secret = "a-password",
                                     .locations = {{"leipzig", "1"}},
                                     .poll_ms = 500,
                                     .sweep_ms = 1'000,
                                     .audit_ms = 60'000,
                                     .buffer = 0})
                         .value());
      return made;
    };
    w.start();
    // 130 lots of a piece each expire at one moment, 20 pieces never do.
    w.stock("MUG", "leipzig", 20);
    moment = w.now.wall_ms + kHourMs;
    for (domain::Quantity n = 0; n < kLots; ++n) {
      domain::Lot lot;
      lot.lot = "L" + std::to_string(n);
      lot.expires_ms = moment;
      const auto reply = w.ask(ReceiveGoods{{}, "leipzig", "MUG", "", 1, 0, lot, "ada"});
      ASSERT_FALSE(reply.error.has_value()) << reply.error->detail;
    }
    run(2'000);
    ASSERT_EQ(figure().on_hand, 20 + kLots);
    ASSERT_EQ(shows(), 20 + kLots);
  }
  void TearDown() override {
    EXPECT_TRUE(w.rejected.empty());
    EXPECT_TRUE(w.verify().equal);
    const auto report = audit::check_files(w.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  void run(std::int64_t ms) {
    for (std::int64_t left = ms; left > 0; left -= 50) {
      w.settle();
      for (int i = 0; i < 100 && !w.requests.empty(); ++i) {
        for (auto& request : std::exchange(w.requests, {})) {
          w.put(ChannelResult{request.request, shop.answer(request.http)});
        }
      }
    }
  }
  // The wall clock jumps or goes on; nothing else happens.
  void at(std::int64_t wall_ms) {
    w.now.mono_ms += 1'000;
    w.now.wall_ms = wall_ms;
  }
  void tick(int times = 1) {
    for (; times > 0; --times) {
      ++w.now.mono_ms;
      ++w.now.wall_ms;
      w.put(Tick{});
    }
  }
  bool at_once() { return w.turn->app()->tick_in_ms(w.now) == 0; }
  store::SiteFigure figure() {
    return w.reader->stock_of("MUG").value().value().stock.sites.front();
  }
  std::int64_t shows() {
    const auto& level = shop.stock["MUG"]["1"];
    return level.on_hand - level.allocated;
  }
  void expect_all_aside() {
    EXPECT_EQ(figure().on_hand, 20);
    EXPECT_EQ(figure().quarantine, kLots);
    // Each lot once.
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto moves = db.prepare("SELECT count(*) FROM p_move WHERE reason = 'expired'");
    ASSERT_TRUE(moves.step().value());
    EXPECT_EQ(moves.integer(0), kLots);
    const auto open = w.open_exceptions();
    EXPECT_EQ(std::count(open.begin(), open.end(), "expired"), 1);
    run(60'000);  // what was under way when the hub ended is told again after a while
    EXPECT_EQ(shows(), 20);
  }

  testing::World w;
  channels::vendure::ShopModel shop;
  std::int64_t moment = 0;
};

TEST_F(Expiry, AllLotsLeaveTheShelfWithinTurnsOfTheirMoment) {
  at(moment - 2);
  tick();
  EXPECT_EQ(figure().on_hand, 20 + kLots);
  tick();
  EXPECT_EQ(figure().on_hand, 20 + kLots - 50);  // no turn takes more than its page
  EXPECT_TRUE(at_once());
  tick(2);
  EXPECT_FALSE(at_once());
  expect_all_aside();
}

TEST_F(Expiry, ARestartInBetweenChangesNothing) {
  at(moment);
  tick();
  EXPECT_EQ(figure().on_hand, 20 + kLots - 50);
  w.reader.reset();
  w.turn.reset();
  w.requests.clear();  // nobody hears their answers any more
  w.start();
  tick(2);
  expect_all_aside();
}

TEST_F(Expiry, AClockThatGoesBackStopsThereAndGoesOnAtTheMoment) {
  at(moment);
  tick();
  at(moment - kHourMs);
  tick(3);
  EXPECT_EQ(figure().on_hand, 20 + kLots - 50);  // what is aside stays there
  EXPECT_FALSE(at_once());
  run(2'000);
  EXPECT_EQ(shows(), 20 + kLots - 50);
  at(moment);
  tick(3);
  expect_all_aside();
}

TEST_F(Expiry, TheLookIsOneStepIntoAnIndexOfWhatIsStillSold) {
  auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
  const auto said = testing::plan_of(db, store::expired_lots_sql(), moment, std::int64_t{50});
  EXPECT_NE(said.find("SEARCH p_lot USING INDEX p_lot_shelf_expires (expires_ms>? AND "),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find("TEMP B-TREE"), std::string::npos) << said;
}

}  // namespace
}  // namespace dockline::server
