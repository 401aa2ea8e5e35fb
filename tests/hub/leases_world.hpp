// Leases under a hub whose every end must replay to the same state: silent benches, words of
// people, servers restored from a backup. Tests only.
#pragma once

#include <gmock/gmock.h>

#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server::testing {

struct LeasesWorld : ::testing::Test {
  void SetUp() override {
    w.config.stations.push_back({"leipzig", "bench-9", ""});
    w.start();
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, ::testing::IsEmpty());
    const auto report = w.verify();
    EXPECT_TRUE(report.equal);
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
  }
  Bench& near() { return w.bench("leipzig", "bench-1"); }
  Bench& other() { return w.bench("leipzig", "bench-9"); }

  // bench-1 has the order and goes silent; a person takes it back; bench-9 has it now.
  std::string taken_back() {
    near();
    w.stock("MUG", "leipzig", 5);
    const auto id = w.order("1001", {{"MUG", 2}});
    EXPECT_EQ(near().leases.size(), 1U);
    near().connected = false;
    w.pass(200'000);
    other();
    EXPECT_FALSE(w.ask(ForceRevoke{id, "bench is dead", "boss"}).error.has_value());
    w.settle();
    EXPECT_EQ(other().leases.size(), 1U);
    return id;
  }
  std::string case_of(const std::string& kind) {
    const auto page = w.reader->exceptions("open", "", 50).value();
    for (const auto& row : page.items) {
      if (row.kind == kind) return row.id;
    }
    return "";
  }
  auto figure() { return w.reader->stock_of("MUG").value()->stock.sites[0]; }
  std::int64_t count(const std::string& sql) {
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto query = db.prepare(sql);
    return query.step().value() ? query.integer(0) : 0;
  }

  // ---- restores
  void stop() {
    w.reader.reset();
    w.turn.reset();
  }
  void backup() {
    stop();
    std::filesystem::copy_file(w.config.db_path, w.config.db_path + ".kept");
    w.start();
    w.settle();
  }
  void restore(bool by_command) {
    stop();
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(w.config.db_path + end);
    std::filesystem::copy_file(w.config.db_path + ".kept", w.config.db_path);
    if (by_command) {
      auto db = sqlite::Db::open(w.config.db_path, {}).value();
      ASSERT_TRUE(db.prepare("UPDATE counter SET value = 1 WHERE name = 'restored'").run());
      ASSERT_TRUE(
          db.prepare("UPDATE counter SET value = value + 1 WHERE name = 'generation'").run());
    }
    w.start();
    w.pass(90'000);
  }
  // What a station does with a census: every lease it was ever granted and has not given back.
  void answer_census(Bench& bench, const std::vector<wire::HeldLease>& held) {
    const auto asked = bench.all<wire::LeaseCensus>();
    ASSERT_FALSE(asked.empty());
    wire::LeaseHeld fact;
    fact.census = asked.back().census;
    fact.reason = "census";
    fact.process = sync::to_text(bench.process);
    fact.held = held;
    for (auto& one : fact.held) {
      if (one.work.epoch <= asked.back().epoch) one.grant.reset();
    }
    bench.say(w.now, fact);
    w.settle();
  }
  // What was sent anew with the numbers of another down stream counts once, as at a real bench.
  static std::vector<wire::LeaseGranted> grants(const Bench& bench) {
    std::vector<wire::LeaseGranted> out;
    for (const auto& lease : bench.leases) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const auto& one) { return one.work == lease.work; });
      if (!known) out.push_back(lease);
    }
    return out;
  }
  static wire::HeldLease held(const wire::LeaseGranted& grant, const std::string& state) {
    return {grant.order, grant.work, state, grant};
  }

  World w;
};

}  // namespace dockline::server::testing
