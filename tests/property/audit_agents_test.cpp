// Both ends under `dockline audit`: a hub on its file, and agent.db files filled through the
// station's own stores with what its streams hold. Then breaches between the two, one at a time.
#include <functional>

#include <gtest/gtest.h>

#include "agent/store/store.hpp"
#include "agent/store/streams.hpp"
#include "server/audit/audit.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline {
namespace {

using server::testing::Bench;
using server::testing::World;

struct Fleet : World {
  Fleet() {
    start();
    auto& one = bench("leipzig", "bench-1");
    stock("MUG", "leipzig", 50);
    for (int i = 0; i < 5; ++i) order("A" + std::to_string(i), {{"MUG", 2}});
    for (std::size_t i = 0; i < 3; ++i) pack(one, one.leases.at(i));
    // One fact the server has not heard of.
    one.connected = false;
    one.say(now, wire::PackHeld{"api:A3", one.leases.at(3).work}, "api:A3");
    sync::SenderOut unsent;
    EXPECT_TRUE(one.sender->flush(now, unsent).has_value());
  }

  // The station's file, as its stores write it.
  std::string agent_db(Bench& b, const std::string& name) {
    const std::string path = (folder / name).string();
    EXPECT_TRUE(agent::store::Store::open(path, "").has_value());
    auto db = sqlite::Db::open(path, {.exclusive = true}).value();
    agent::store::UpStore up(db);
    agent::store::DownStore down(db);
    const auto head = b.out.head().value().value();
    EXPECT_TRUE(b.out
                    .read(head.base.through + 1, head.last.through,
                          [&](const sync::OutRow& row) {
                            EXPECT_TRUE(up.append(row).has_value());
                            return true;
                          })
                    .has_value());
    EXPECT_TRUE(up.put_head(head).has_value());
    const auto heard = b.in.load().value();
    for (const auto& row : heard) EXPECT_TRUE(down.put(row).has_value());
    auto work = db.prepare(
        "INSERT INTO work(lease, order_id, number, tote, epoch, state, counts, carrier, due_ms, "
        "pieces, "
        "changed_ms, document) VALUES(?1, ?2, ?2, NULL, ?3, 'open', '', 'House', 0, 1, 0, x'')");
    for (std::size_t i = 3; i < b.leases.size(); ++i) {
      EXPECT_TRUE(work.bind(b.leases[i].work.lease, b.leases[i].order, b.leases[i].work.epoch)
                      .run()
                      .has_value());
    }
    return path;
  }
  server::audit::Report check(const std::vector<std::string>& agents) {
    reader.reset();
    turn.reset();
    return server::audit::check_files(config.db_path, agents, "").value();
  }
};

void sql(const std::string& path, const std::string& text) {
  auto db = sqlite::Db::open(path, {}).value();
  const auto done = db.exec(text.c_str());
  ASSERT_TRUE(done.has_value()) << done.error().detail;
}

TEST(AuditAgents, BothEndsOfAnHonestDayAgree) {
  Fleet w;
  const auto file = w.agent_db(w.bench("leipzig", "bench-1"), "one.db");
  const auto report = w.check({file});
  EXPECT_TRUE(report.clean()) << to_text(report);
  EXPECT_EQ(report.agents, 1);
  const std::vector<std::string> alone{file};
  EXPECT_TRUE(server::audit::check_files("", alone, "").value().clean());
}

TEST(AuditAgents, ARunningStationsFileIsNotReadButExplained) {
  Fleet w;
  const auto file = w.agent_db(w.bench("leipzig", "bench-1"), "one.db");
  auto running = agent::store::Store::open(file, "");
  ASSERT_TRUE(running.has_value());
  const std::vector<std::string> files{file};
  const auto report = server::audit::check_files(w.config.db_path, files, "");
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().detail.find("Stop dockline-agent"), std::string::npos)
      << report.error().detail;
}

struct Breach {
  const char* name;
  const char* agent_sql;   // on the station's file
  const char* server_sql;  // on the server's
  const char* check;
  const char* says;
};

class AuditAgentsBreach : public ::testing::TestWithParam<Breach> {};

TEST_P(AuditAgentsBreach, IsFoundAndNamed) {
  Fleet w;
  const auto file = w.agent_db(w.bench("leipzig", "bench-1"), "one.db");
  w.reader.reset();
  w.turn.reset();
  sql(file, GetParam().agent_sql);
  sql(w.config.db_path, GetParam().server_sql);
  const auto report = w.check({file});
  bool found = false;
  for (const auto& f : report.findings) {
    found = found || (f.check == GetParam().check &&
                      (f.place + ": " + f.what).find(GetParam().says) != std::string::npos);
  }
  EXPECT_TRUE(found) << GetParam().check << ", \"" << GetParam().says << "\" expected in\n"
                     << to_text(report);
}

constexpr Breach kBreaches[] = {
    {"ARowOfTheOutboxIsGone", "DELETE FROM up_row WHERE seq = 2", "SELECT 1", "streams",
     "Rows 2 to 2 are missing"},
    {"ARowOfTheOutboxIsChanged", "UPDATE up_row SET bytes = x'7b7d' WHERE seq = 2", "SELECT 1",
     "streams", "does not fit the bytes"},
    {"TheLastUnsentFactIsGone", "DELETE FROM up_row WHERE seq = (SELECT max(seq) FROM up_row)",
     "SELECT 1", "streams", "its rows end at"},
    {"TheServerLostAFactThatItAcknowledged", "SELECT 1",
     "DELETE FROM events WHERE source = '/leipzig/bench-1' AND position = (SELECT min(position) "
     "FROM events WHERE source = '/leipzig/bench-1')",
     "streams", "neither in its log nor parked"},
    {"TheServerHasOtherBytes", "SELECT 1",
     "UPDATE events SET body = x'7b7d' WHERE source = '/leipzig/bench-1' AND position = (SELECT "
     "min(position) FROM events WHERE source = '/leipzig/bench-1')",
     "streams", "other bytes"},
    {"TheStationTrimmedWhatTheServerHasNot",
     "DELETE FROM up_row; UPDATE live SET up_base = up_last, up_base_chain = up_last_chain",
     "SELECT 1", "streams", "what lies between is nowhere"},
    {"TheStationTrimmedWhatNoBackupHolds",
     "DELETE FROM up_row WHERE seq <= 5; UPDATE live SET up_base = 5, up_base_chain = (SELECT "
     "up_base_chain FROM live)",
     "UPDATE stream_in SET safe = 2", "streams", "backups hold facts up to"},
    {"TheStationsFileIsOld",
     "DELETE FROM up_row WHERE seq > 3; UPDATE live SET up_last = 3, up_last_chain = (SELECT chain "
     "FROM up_row WHERE seq = 3)",
     "SELECT 1", "streams", "this file ends at 3"},
    {"TheStationHeardMoreThanTheServerSaid", "UPDATE down_cursor SET through = through + 5",
     "SELECT 1", "streams", "the server has told up to"},
    {"BothEndsDisagreeAboutTheDownStream", "UPDATE down_cursor SET chain = zeroblob(16)",
     "SELECT 1", "streams", "of the server: their chains differ"},
    {"AStationHoldsALeaseThatNobodyGave",
     "INSERT INTO work(lease, order_id, number, tote, epoch, state, counts, carrier, due_ms, "
     "pieces, "
     "changed_ms, document) VALUES('x/1', 'x', 'x', NULL, 9, 'open', '', 'House', 0, 1, 0, x'')",
     "SELECT 1", "leases", "never gave order"},
    {"AStationIsAskedForACountByNobody",
     "INSERT INTO count_task(task, state, document) VALUES('t-1', 'open', x'')", "SELECT 1",
     "counts", "never asked for"},
    {"AStationHoldsALaterEpoch", "UPDATE work SET epoch = epoch + 1", "SELECT 1", "leases",
     "under epoch"},
};
INSTANTIATE_TEST_SUITE_P(Planted, AuditAgentsBreach, ::testing::ValuesIn(kBreaches),
                         [](const auto& i) { return std::string(i.param.name); });

TEST(AuditAgents, TwoFilesThatHoldOneLeaseAreFound) {
  Fleet w;
  auto& b = w.bench("leipzig", "bench-1");
  const auto one = w.agent_db(b, "one.db"), two = w.agent_db(b, "two.db");
  const auto report = w.check({one, two});
  bool found = false;
  for (const auto& f : report.findings) {
    found = found || (f.check == "leases" && f.what.find("one.db too") != std::string::npos);
  }
  EXPECT_TRUE(found) << to_text(report);
}

}  // namespace
}  // namespace dockline
