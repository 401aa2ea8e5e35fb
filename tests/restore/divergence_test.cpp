// Both ends believe different things: found and mended within minutes (PROTOCOL.md section 14).
#include <gmock/gmock.h>

#include "shared/base/prng.hpp"
#include "shared/ledger/mirror.hpp"
#include "tests/restore/fleet_world.hpp"

namespace dockline::restore {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::int64_t kMinutesMs = 15 * 60'000;  // two digests and what follows

struct Divergence : ::testing::Test {
  void SetUp() override {
    w.stock("MUG", 100);
    w.stock("CUP", 100);
    w.start("a");
    w.run_for(5'000);
    packed = w.order("1", "MUG", 2);
    w.order("2", "CUP", 3);
    w.run_for(3'000);
    w.pack(bench(), "1", "MUG-BC", 2, "DL0000000001");
    w.run_for(kMinutesMs, 200);
    EXPECT_EQ(w.count("dockline.sync.query.v1"), 0);
    EXPECT_GT(w.count("dockline.sync.digest.v1"), 0);
    EXPECT_GT(w.number("SELECT compared_ms FROM mirror_state"), 0);
  }
  void TearDown() override {
    // It is at rest: from here on no digest differs.
    const auto differed = w.number("SELECT differed_ms FROM mirror_state");
    w.order("last", "CUP", 1);
    w.run_for(kMinutesMs, 200);
    EXPECT_EQ(w.number("SELECT differed_ms FROM mirror_state"), differed);
    EXPECT_GT(w.number("SELECT compared_ms FROM mirror_state"), differed);
    EXPECT_THAT(w.hub_rejected, IsEmpty());
    EXPECT_THAT(bench().rejected, IsEmpty());
    const auto report = server::verify_replay(w.config.db_path, w.folder.string()).value();
    EXPECT_TRUE(report.equal);
  }
  Computer& bench() { return *w.computers["a"]; }

  // Adds pieces to a row and its sum, as code with a fault would.
  static void plant(const std::string& file, const std::string& of, const std::string& sku,
                    const std::string& place, std::int64_t change) {
    auto db = sqlite::Db::open(file, {}).value();
    const ledger::MirrorKey key{sku, place};
    const std::int64_t bucket = ledger::mirror_bucket(key);
    const auto number = [&](const std::string& sql) {
      auto query = db.prepare(sql);
      return *query.bind().step() ? query.integer(0) : 0;
    };
    const std::string b = std::to_string(bucket);
    const std::string row =
        of + " bucket = " + b + " AND sku = '" + sku + "' AND place = '" + place + "'";
    const auto before = number("SELECT quantity FROM mirror WHERE " + row);
    ASSERT_NE(before, 0);
    ASSERT_NE(before + change, 0);
    const auto sum = static_cast<std::uint64_t>(
                         number("SELECT sum FROM mirror_sum WHERE " + of + " bucket = " + b)) +
                     ledger::mirror_weight(key, before + change) -
                     ledger::mirror_weight(key, before);
    const auto run = [&](const std::string& sql) {
      ASSERT_TRUE(db.prepare(sql).bind().run().has_value()) << sql;
    };
    run("UPDATE mirror SET quantity = " + std::to_string(before + change) + " WHERE " + row);
    run("UPDATE mirror_sum SET sum = " + std::to_string(static_cast<std::int64_t>(sum)) +
        " WHERE " + of + " bucket = " + b);
  }
  void at_server(const std::function<void()>& what) {
    w.stop_hub();
    what();
    w.start_hub();
    w.run_for(60'000, 100);
  }
  void at_station(const std::function<void()>& what) {
    w.stop("a");
    what();
    w.start("a");
    w.run_for(5'000);
  }
  std::int64_t corrected(const std::string& side) {
    return w.number(
        "SELECT count(*) FROM events WHERE type = 'dockline.sync.corrected.v1' AND "
        "json_extract(body, '$.data.side') = '" +
        side + "'");
  }

  FleetWorld w;
  std::string packed;
};

TEST_F(Divergence, AFigureThatTheServerHasWrongIsMendedFromItsOwnFacts) {
  at_server([&] {
    plant(w.config.db_path, "site = 'leipzig' AND station = 'bench-1' AND", "MUG", "leipzig/packed",
          3);
  });
  w.run_for(4 * kMinutesMs + 60'000, 200);  // nothing changes: the hourly digest finds it
  EXPECT_EQ(corrected("server"), 1);
  EXPECT_EQ(corrected("station"), 0);
  EXPECT_THAT(w.exceptions(), Not(Contains("mirror_differs")));
}

TEST_F(Divergence, AFigureThatTheStationHasWrongIsMendedAndAPersonCounts) {
  at_station([&] { plant(w.disk("a").string(), "", "MUG", "leipzig/shelf", -4); });
  w.run_for(kMinutesMs, 200);
  EXPECT_EQ(corrected("server"), 0);
  EXPECT_EQ(corrected("station"), 1);
  EXPECT_THAT(w.exceptions(), Contains("mirror_differs"));
}

TEST_F(Divergence, ALeaseThatTheBenchHasLostIsGivenToItAgain) {
  at_station([&] {
    {
      auto db = sqlite::Db::open(w.disk("a").string(), {}).value();
      ASSERT_TRUE(db.prepare("DELETE FROM work WHERE number = '2'").bind().run().has_value());
    }
    plant(w.disk("a").string(), "", "CUP", "leased", -2);
  });
  w.run_for(kMinutesMs, 200);
  EXPECT_EQ(w.count("dockline.lease.held.v1"), 2);
  w.count_pieces(bench(), "2", "CUP-BC", 3);
  ASSERT_FALSE(bench().prints.empty());
  EXPECT_EQ(w.banner(bench()), "printing");
}

TEST_F(Divergence, SumsThatAreNotThoseOfTheirLinesAreMadeAnew) {
  at_station([&] {
    auto db = sqlite::Db::open(w.disk("a").string(), {}).value();
    ASSERT_TRUE(db.prepare("UPDATE mirror_sum SET sum = sum / 2 + 1").bind().run().has_value());
  });
  w.run_for(2 * kMinutesMs, 200);
  EXPECT_GT(corrected("station"), 0);
  EXPECT_THAT(w.exceptions(), Not(Contains("mirror_differs")));
}

TEST_F(Divergence, AWorkingDayWithUndoAndCancellationsNeverDiffers) {
  base::Prng prng(3);
  int next = 3;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(next);
    const auto id = w.order(number, prng.chance(500) ? "MUG" : "CUP", 1);
    ++next;
    w.run_for(2'000, 50);
    const std::string barcode = w.look(id).lines[0].sku + "-BC";
    switch (prng.below(4)) {
      case 0:
        (void)w.ask(server::CancelOrder{id, "no", {}});
        break;
      case 1:
        w.count_pieces(bench(), number, barcode, 1);
        w.print_well(bench());
        w.scan(bench(), w.look(id).order.tracking);
        w.scan(bench(), "DL-UNDO");
        w.input(bench(), agent::PageCommand{"UNDO"});
        w.run_for(1'000, 50);
        w.scan(bench(), w.look(id).order.tracking);
        break;
      case 2:
        w.count_pieces(bench(), number, barcode, 1);
        w.print_well(bench());
        w.scan(bench(), w.look(id).order.tracking);
        break;
      default:
        if (prng.chance(300)) w.start("a");
        break;
    }
    w.run_for(static_cast<std::int64_t>(prng.between(1, 400)) * 1'000, 200);
  }
  w.run_for(kMinutesMs, 200);
  EXPECT_EQ(w.count("dockline.sync.query.v1"), 0);
  EXPECT_EQ(w.number("SELECT differed_ms FROM mirror_state"), 0);
}

}  // namespace
}  // namespace dockline::restore
