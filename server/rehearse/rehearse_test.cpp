// The peak, its factor, the queues; then a rehearsal on the file of a real hub.
#include "server/rehearse/rehearse.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "server/rulebook/rulebook.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server::rehearse {
namespace {

constexpr std::int64_t kHour = 3'600'000, kMinute = 60'000;

std::vector<Arrival> arrivals(std::initializer_list<std::int64_t> minutes) {
  std::vector<Arrival> out;
  for (const auto m : minutes) out.push_back({m * kMinute, static_cast<std::int64_t>(out.size())});
  return out;
}

TEST(RehearsedPeak, IsTheHourWithMostOrders) {
  const auto peak = find_peak(arrivals({0, 50, 100, 100, 110, 120, 160, 400}), {}, {});
  ASSERT_TRUE(peak.has_value());
  EXPECT_EQ(peak->from_ms, 100 * kMinute);
  EXPECT_EQ(peak->to_ms, 100 * kMinute + kHour);
  EXPECT_EQ(peak->arrivals.size(), 4U);  // 160 is an hour after 100
}

TEST(RehearsedPeak, OfEqualHoursTheLast) {
  const auto peak = find_peak(arrivals({0, 1, 500, 501}), {}, {});
  ASSERT_TRUE(peak.has_value());
  EXPECT_EQ(peak->from_ms, 500 * kMinute);
}

TEST(RehearsedPeak, MayBeChosen) {
  const auto all = arrivals({0, 1, 2, 500, 501});
  const auto peak = find_peak(all, 500 * kMinute, 600 * kMinute);
  ASSERT_TRUE(peak.has_value());
  EXPECT_EQ(peak->arrivals.size(), 2U);
  EXPECT_EQ(find_peak(all, 500 * kMinute, 500 * kMinute).error().fault, base::Fault::reject);
}

TEST(RehearsedPeak, ALogWithoutOneSaysWhatToDo) {
  EXPECT_NE(find_peak({}, {}, {}).error().detail.find("holds no order"), std::string::npos);
  const auto one = find_peak(arrivals({7}), {}, {});
  ASSERT_FALSE(one.has_value());
  EXPECT_NE(one.error().detail.find("--from"), std::string::npos);
}

TEST(RehearsedPeak, AtAFactorEachOrderComesSoOftenBeforeTheNext) {
  const auto peak = find_peak(arrivals({0, 10}), {}, {});
  ASSERT_TRUE(peak.has_value());
  const auto all = at_factor(*peak, 5);
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->size(), 10U);
  EXPECT_EQ((*all)[4].at_ms, 8 * kMinute);
  EXPECT_EQ((*all)[5].at_ms, 10 * kMinute);
  EXPECT_EQ((*all)[9].at_ms, 50 * kMinute);  // 10 + 4 of 5 parts of the rest of the hour
}

TEST(RehearsedPeak, TooManyOrdersAreRefused) {
  const auto peak = find_peak(arrivals({0, 10}), {}, {});
  EXPECT_TRUE(at_factor(*peak, kRehearsedOrdersMax / 2).has_value());
  EXPECT_EQ(at_factor(*peak, kRehearsedOrdersMax / 2 + 1).error().fault, base::Fault::reject);
}

TEST(RehearsedBenches, OneBenchThatIsFullFallsBehind) {
  std::vector<Work> work;
  for (std::int64_t i = 0; i < 100; ++i) work.push_back({i * 1'000});
  base::Prng draw(1);
  const std::vector<BenchTimes> one{{"a/b-1", {2'000}}};
  const auto full = pack_all("a", work, one, 100'000, draw);
  EXPECT_EQ(full.load_per_mille, 2'000);
  EXPECT_TRUE(full.bends());
  EXPECT_EQ(full.waiting_at_end, 49);  // of 100, half were begun
  EXPECT_GT(full.p99_us, full.p50_us);
  const auto three = pack_all("a", work, {one[0], one[0], one[0]}, 100'000, draw);
  EXPECT_FALSE(three.bends());
  EXPECT_EQ(three.most_waiting, 0);
  EXPECT_EQ(three.p99_us, 2'000);
}

TEST(RehearsedBenches, ABenchThatNeverPackedIsAssumed) {
  base::Prng draw(1);
  const auto stage = pack_all("a", {{0}}, {{"a/b-1", {}}}, 1'000, draw);
  EXPECT_EQ(stage.p50_us, kAssumedPackUs);
}

TEST(RehearsedBends, TheFullestStageIsFirstAndSaysAtWhichRate) {
  rehearse::Run run{.factor = 10, .orders = 100};
  run.stages = {{.name = "intake", .load_per_mille = 100},
                {.name = "benches a", .servers = 2, .load_per_mille = 2'500}};
  const auto bends = bends_of({run});
  ASSERT_EQ(bends.size(), 2U);
  EXPECT_EQ(bends[0].stage, "benches a");
  EXPECT_EQ(bends[0].at_tenths, 40);
  EXPECT_NE(bends[0].helps.find("5 benches"), std::string::npos);
  EXPECT_EQ(bends[1].at_tenths, 1'000);
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Rehearsal, OfARealHubTouchesNothingOutsideAndFindsTheBenchThatIsFull) {
  server::testing::World w;
  w.start();
  w.stock("MUG", "leipzig", 1'000);
  auto& bench = w.bench("leipzig", "bench-1");
  for (int i = 0; i < 20; ++i) {
    w.order(std::to_string(i), {{"MUG", 2}});
    ASSERT_FALSE(bench.leases.empty());
    const auto lease = bench.leases.back();
    bench.say(w.now, wire::PackOpened{lease.order, lease.work}, lease.order);
    w.pass(120'000);  // two minutes at the bench
    w.pack(bench, lease);
  }
  const auto scratch = w.folder / "scratch";
  std::filesystem::create_directories(scratch);
  const auto before = bytes_of(w.config.db_path), wal = bytes_of(w.config.db_path + "-wal");
  const auto report = rehearse(
      {.db_path = w.config.db_path, .scratch = scratch, .factor = 10, .now_ms = w.now.wall_ms});
  ASSERT_TRUE(report.has_value()) << report.error().detail;
  EXPECT_EQ(bytes_of(w.config.db_path), before);
  EXPECT_EQ(bytes_of(w.config.db_path + "-wal"), wal);
  EXPECT_TRUE(std::filesystem::is_empty(scratch));
  EXPECT_EQ(report->orders, 20);
  ASSERT_EQ(report->runs.size(), 3U);
  EXPECT_EQ(report->runs[1].factor, 5);
  const auto& highest = report->runs[2];
  EXPECT_EQ(highest.orders, 200);
  EXPECT_EQ(highest.refused, 0);
  EXPECT_EQ(highest.backordered, 0);
  ASSERT_FALSE(report->bends.empty());
  EXPECT_EQ(report->bends[0].stage, "benches leipzig");
  EXPECT_GT(report->bends[0].load_per_mille, 1'000);
  EXPECT_NE(to_text(*report).find("First full: benches leipzig"), std::string::npos);
  EXPECT_NE(to_json(*report).find("\"factor\":10"), std::string::npos);
}

// ---------------------------------------------------------------- the house's own rules
// Twelve orders of an hour, all sent from leipzig, which the house asked first then; both sites
// have the goods.
struct RehearsedHouse : ::testing::Test {
  void SetUp() override {
    w.start();
    w.stock("MUG", "leipzig", 5'000);
    w.stock("MUG", "ulm", 5'000);
    for (const auto* place : {"leipzig", "ulm"}) {
      const std::string bench = std::string("bench-") + (place[0] == 'l' ? "1" : "2");
      auto& b = w.bench(place, bench);
      wire::DeviceChanged printer{"p1", "printer", "ready", {}};
      b.say(w.now, printer);
      w.settle();
    }
    for (int i = 0; i < 12; ++i) {
      ReceiveOrder order;
      order.number = std::to_string(i);
      order.ship_to = {.name = "Ada"};
      order.ship_to.country = "DE";
      order.lines.push_back(
          {.line = 0, .sku = "MUG", .title = "A mug", .quantity = 1, .unit_price_minor = 900});
      ASSERT_FALSE(w.ask(std::move(order)).error);
      w.pass(60'000);
    }
  }
  House house(std::string_view text) {
    House out{.sites = {{"leipzig", "Leipzig", 2}, {"ulm", "Ulm", 1}},
              .orders = {},
              .rulebook = nullptr,
              .words = "server.toml"};
    if (text.empty()) return out;
    auto book = rulebook::read(text, "routing.toml", std::nullopt);
    EXPECT_TRUE(book.has_value()) << config::to_text(book.error());
    out.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
    return out;
  }
  // Orders of the highest factor by the site that they went to.
  std::map<std::string, std::int64_t> sent(std::optional<House> by) {
    const auto report = rehearse({.db_path = w.config.db_path,
                                  .scratch = w.folder,
                                  .factor = 5,
                                  .house = std::move(by),
                                  .now_ms = w.now.wall_ms});
    EXPECT_TRUE(report.has_value()) << report.error().detail;
    std::map<std::string, std::int64_t> out;
    if (!report) return out;
    rules = report->rules;
    EXPECT_NE(to_text(*report).find("Routed by: " + rules), std::string::npos);
    const auto& highest = report->runs.back();
    EXPECT_EQ(highest.refused, 0);
    EXPECT_EQ(highest.backordered, 0);
    for (const auto& stage : highest.stages) {
      if (stage.name.starts_with("benches ")) out[stage.name.substr(8)] = stage.done;
    }
    return out;
  }
  server::testing::World w;
  std::string rules;
};

using Sent = std::map<std::string, std::int64_t>;

TEST_F(RehearsedHouse, SitesAreAskedByTheirPriority) {
  EXPECT_EQ(sent(std::nullopt), (Sent{{"leipzig", 60}}));
  EXPECT_NE(rules.find("--config"), std::string::npos);
  EXPECT_EQ(sent(house("")), (Sent{{"ulm", 60}}));
  EXPECT_EQ(rules, "server.toml");
}

// The cheaper site; and it is only asked because benches are heard with a printer each.
TEST_F(RehearsedHouse, TheRoutingFileDecidesAndBenchesAreAlive) {
  EXPECT_EQ(sent(house(R"([routing]
currency = "EUR"
chain = "cheap"
[[chain]]
name = "cheap"
rules = ["stock", "liveness", "handling"]
[[site]]
name = "leipzig"
handling_parcel_minor = 100
handling_piece_minor = 0
[[site]]
name = "ulm"
handling_parcel_minor = 300
handling_piece_minor = 0
)")),
            (Sent{{"leipzig", 60}}));
}

// What people said of a site while the server ran stands in the log, and holds instead of the file.
TEST_F(RehearsedHouse, WhatPeopleDescribedOfASiteHolds) {
  const auto said = w.ask(DescribeSite{.site = "leipzig",
                                       .values = {{"capacity_per_day", "40"}},
                                       .why = "half the crew is ill",
                                       .by = "kim"});
  ASSERT_FALSE(said.error) << said.error->detail;
  w.settle();
  auto by = house(R"([routing]
currency = "EUR"
chain = "full"
[[chain]]
name = "full"
rules = ["stock", "capacity"]
[[site]]
name = "leipzig"
capacity_per_day = 4000
[[site]]
name = "ulm"
capacity_per_day = 4000
)");
  by.sites = {{"leipzig", "Leipzig", 1}, {"ulm", "Ulm", 2}};
  const auto got = sent(std::move(by));
  EXPECT_GT(got.at("leipzig"), 0);
  EXPECT_LE(got.at("leipzig"), 40);
  EXPECT_EQ(got.at("leipzig") + got.at("ulm"), 60);
}

TEST(Rehearsal, OfAnEmptyLogSaysThatThereIsNoPeak) {
  server::testing::World w;
  w.start();
  const auto report = rehearse({.db_path = w.config.db_path, .scratch = w.folder});
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().detail.find("no order"), std::string::npos);
}

TEST(Rehearsal, AFileThatIsNotThereAndAFactorOutOfRangeAreNamed) {
  EXPECT_NE(rehearse({.db_path = "/nowhere/server.db", .scratch = "/tmp"})
                .error()
                .detail.find("/nowhere/server.db"),
            std::string::npos);
  EXPECT_NE(rehearse({.db_path = "/nowhere", .scratch = "/tmp", .factor = 0})
                .error()
                .detail.find("--factor"),
            std::string::npos);
}

}  // namespace
}  // namespace dockline::server::rehearse
