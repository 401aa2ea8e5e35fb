// Backup, restore, archive and parked facts on files made by the product.
#include <fstream>

#include <gtest/gtest.h>

#include "server/archive/segment.hpp"
#include "server/audit/audit.hpp"
#include "server/keeping/backup.hpp"
#include "server/keeping/retention.hpp"
#include "server/store/snapshot_view.hpp"
#include "shared/base/bytes.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server::keeping {
namespace {

namespace fs = std::filesystem;
using server::testing::Bench;
using server::testing::World;

struct Days : World {
  Days() {
    config.backups = true;
    folder_of_backups = (folder / "backups").string();
  }
  void a_day(const std::string& prefix, int orders) {
    auto& b = bench("leipzig", "bench-1");
    stock("MUG", "leipzig", 100);
    const auto from = b.leases.size();
    for (int i = 0; i < orders; ++i) order(prefix + std::to_string(i), {{"MUG", 1}});
    for (auto i = from; i < b.leases.size(); ++i) pack(b, b.leases[i]);
  }
  BackupMade backup() {
    now.wall_ms += 1'000;
    auto made = make_backup({.db_path = config.db_path,
                             .folder = folder_of_backups,
                             .keep = 2,
                             .now_ms = now.wall_ms,
                             .go_on = {}});
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().detail);
    return std::move(*made);
  }
  audit::Report audit() { return audit::check_files(config.db_path, {}, "").value(); }
  void stop() {
    reader.reset();
    turn.reset();
  }
  std::int64_t count(const std::string& sql) {
    auto db = sqlite::Db::open(config.db_path, {.read_only = true}).value();
    auto row = db.prepare(sql);
    EXPECT_TRUE(row.step().value());
    return row.integer(0);
  }
  // Moves all facts up to `keep` before the end into segments and lets the hub empty the rows.
  int archive(std::int64_t keep, std::int64_t backed_up) {
    int segments = 0;
    for (;; ++segments) {
      auto made = make_segment({.db_path = config.db_path,
                                .keep_days = 0,
                                .keep_events = keep,
                                .backed_up = backed_up,
                                .now_ms = now.wall_ms,
                                .events_least = 10});
      EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().detail);
      if (!made || !*made) break;
      const auto reply = ask(**made);
      EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    }
    for (int i = 0; i < 50; ++i) put(Tick{});
    return segments;
  }
  std::string folder_of_backups;
};

// ---------------------------------------------------------------------------------------- backup
TEST(Backup, StationsKeepTheirFactsUntilAVerifiedCopyHoldsThem) {
  Days w;
  w.start();
  w.a_day("A", 3);
  auto& bench = w.bench("leipzig", "bench-1");
  const auto before = bench.sender->acked();
  EXPECT_EQ(before, bench.sender->last());
  EXPECT_EQ(w.count("SELECT safe FROM stream_in WHERE site = 'leipzig'"), 0);
  const auto made = w.backup();
  EXPECT_EQ(made.done.state, "verified") << made.done.problem;
  ASSERT_EQ(made.done.streams.size(), 1U);
  EXPECT_EQ(made.done.streams[0].through, static_cast<std::int64_t>(bench.sender->last()));
  w.a_day("B", 1);  // not in the copy
  EXPECT_TRUE(w.ask(made.done).created);
  w.settle();
  EXPECT_EQ(w.count("SELECT safe FROM stream_in WHERE site = 'leipzig'"),
            made.done.streams[0].through);
  EXPECT_LT(made.done.streams[0].through, static_cast<std::int64_t>(bench.sender->last()));
  EXPECT_EQ(w.count("SELECT count(*) FROM backup WHERE state = 'verified'"), 1);
}

TEST(Backup, ACopyThatIsNotWholeIsKeptAsideAndMakesNothingSafe) {
  Days w;
  w.start();
  w.a_day("A", 2);
  w.stop();
  {
    auto db = sqlite::Db::open(w.config.db_path, {}).value();
    ASSERT_TRUE(
        db.exec("UPDATE events SET heard_ms = heard_ms + 1 WHERE position = 9").has_value());
  }
  const auto made = w.backup();
  EXPECT_EQ(made.done.state, "failed");
  EXPECT_NE(made.done.problem.find("event 9"), std::string::npos) << made.done.problem;
  EXPECT_TRUE(made.done.streams.empty());
  EXPECT_TRUE(made.done.file.ends_with(".suspect"));
  EXPECT_TRUE(fs::exists(made.done.file));
}

TEST(Backup, OlderCopiesGoAndTheNewestStay) {
  Days w;
  w.start();
  w.a_day("A", 1);
  std::vector<std::string> files;
  for (int i = 0; i < 4; ++i) files.push_back(w.backup().done.file);
  EXPECT_FALSE(fs::exists(files[0]));
  EXPECT_FALSE(fs::exists(files[1] + ".json"));
  EXPECT_TRUE(fs::exists(files[2]) && fs::exists(files[3]) && fs::exists(files[3] + ".json"));
  for (const auto& entry : fs::directory_iterator(w.folder_of_backups)) {
    EXPECT_EQ(entry.path().string().find(".part"), std::string::npos) << entry.path();
  }
}

TEST(Restore, GetsBackFromTheStationsWhatTheBackupDoesNotHold) {
  Days w;
  w.start();
  w.a_day("A", 3);
  const auto made = w.backup();
  EXPECT_TRUE(w.ask(made.done).created);
  w.a_day("B", 2);  // acknowledged, and in no backup
  auto& bench = w.bench("leipzig", "bench-1");
  const auto last = bench.sender->last();
  const auto packed = w.count("SELECT count(*) FROM events WHERE source = '/leipzig/bench-1'");
  w.stop();
  const auto without = restore({.file = made.done.file, .data_dir = w.folder.string()});
  ASSERT_FALSE(without.has_value());
  EXPECT_NE(without.error().detail.find("--force"), std::string::npos);
  const auto done =
      restore({.file = made.done.file, .data_dir = w.folder.string(), .force = true, .now_ms = 1});
  ASSERT_TRUE(done.has_value()) << done.error().detail;
  EXPECT_TRUE(fs::exists(done->put_aside));
  EXPECT_EQ(done->position, made.done.position);
  EXPECT_EQ(w.count("SELECT value FROM counter WHERE name = 'restored'"), 1);
  EXPECT_EQ(w.count("SELECT value FROM counter WHERE name = 'generation'"), 2);
  EXPECT_GT(w.count("SELECT count(*) FROM stream_in"), 0);
  EXPECT_EQ(w.count("SELECT count(*) FROM stream_in WHERE safe < through"), 0);
  w.start();
  w.pass(90'000);
  EXPECT_EQ(bench.sender->last(), last);  // nothing was lost, so nothing was numbered anew
  EXPECT_EQ(w.count("SELECT count(*) FROM events WHERE source = '/leipzig/bench-1'"), packed);
  const auto report = w.audit();
  for (const auto& f : report.findings) EXPECT_NE(f.check, "streams") << audit::to_text(report);
}

TEST(Restore, RefusesWhatIsNoWholeBackupAndARunningServer) {
  Days w;
  w.start();
  w.a_day("A", 1);
  const auto made = w.backup();
  const auto running =
      restore({.file = made.done.file, .data_dir = w.folder.string(), .force = true});
  ASSERT_FALSE(running.has_value());
  EXPECT_NE(running.error().detail.find("Stop dockline-server"), std::string::npos)
      << running.error().detail;
  w.stop();
  const std::string before = w.audit().head;
  std::fstream(made.done.file, std::ios::in | std::ios::out | std::ios::binary).seekp(20 * 4096)
      << std::string(16'384, '\xa5');
  EXPECT_FALSE(
      restore({.file = made.done.file, .data_dir = w.folder.string(), .force = true}).has_value());
  EXPECT_FALSE(restore({.file = "/nowhere.db", .data_dir = w.folder.string(), .force = true}));
  EXPECT_EQ(w.audit().head, before);  // the live file is as it was
}

// --------------------------------------------------------------------------------------- archive
TEST(Archive, FactsLeaveTheDatabaseAndAreStillThere) {
  Days w;
  w.start();
  w.a_day("A", 6);
  const auto head = w.audit().head;
  const auto events = w.reader->events(0, 1'000, "", "").value();
  const auto order = w.look("api:A0");
  const auto made = w.backup();
  ASSERT_EQ(w.archive(10, made.done.position), 1);
  EXPECT_EQ(w.count("SELECT count(*) FROM events WHERE length(body) > 0"), 10);
  EXPECT_EQ(w.audit().head, head);
  EXPECT_TRUE(w.audit().clean()) << audit::to_text(w.audit());
  // The API reads through archived positions, byte for byte.
  const auto later = w.reader->events(0, 1'000, "", "").value();
  ASSERT_EQ(later.items.size(), events.items.size());
  for (std::size_t i = 0; i < events.items.size(); ++i) {
    EXPECT_EQ(later.items[i].body, events.items[i].body) << i;
  }
  EXPECT_EQ(w.look("api:A0").timeline.front().body, order.timeline.front().body);
  EXPECT_TRUE(w.verify().equal);
  // So does the snapshot that a new computer of the bench gets.
  auto view = store::SnapshotView::open(w.config.db_path, "").value();
  int told = 0;
  view->facts(1, "/leipzig/bench-1", [&](std::string_view type, std::string_view body) {
    EXPECT_NE(body.find(type), std::string_view::npos);
    ++told;
  });
  EXPECT_GT(told, 2);
  view.reset();
  // And goes on: new facts, a second segment, a restart, a fact that comes a second time.
  w.a_day("B", 3);
  auto& bench = w.bench("leipzig", "bench-1");
  bench.say_raw(w.now, events.items[20].id, events.items[20].body);
  w.settle();
  ASSERT_EQ(w.archive(10, w.backup().done.position), 1);
  w.stop();
  w.start();
  EXPECT_TRUE(w.verify().equal);
  const auto report = w.audit();
  for (const auto& f : report.findings) EXPECT_EQ(f.check, "streams") << audit::to_text(report);
}

TEST(Archive, NothingLeavesBeforeABackupHoldsIt) {
  Days w;
  w.start();
  w.a_day("A", 6);
  EXPECT_EQ(w.archive(1, 0), 0);
  EXPECT_EQ(w.archive(1, 8), 0);  // fewer than are worth a file
  EXPECT_EQ(w.archive(1, 12), 1);
  EXPECT_EQ(w.count("SELECT count(*) FROM events WHERE length(body) = 0"), 12);
}

TEST(Archive, AKillBetweenAnyTwoStepsLosesAndDoublesNothing) {
  Days w;
  w.start();
  w.a_day("A", 4);
  const auto backed_up = w.backup().done.position;
  const auto head = w.audit().head;
  const RetentionWish wish{.db_path = w.config.db_path,
                           .keep_events = 5,
                           .backed_up = backed_up,
                           .now_ms = 1,
                           .events_least = 10};
  // Killed in the middle of the file: what was to become it is no segment.
  const auto first = make_segment(wish).value().value();
  const std::string path = (w.folder / "archive" / first.file).string();
  fs::copy_file(path, path + ".part");
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_TRUE(w.audit().clean());
  // Killed after the file, before its row: it is made again, the same.
  const auto again = make_segment(wish).value().value();
  EXPECT_EQ(again.sha256, first.sha256);
  EXPECT_TRUE(w.audit().clean());
  // Killed after the row, before its rows were emptied: told twice it is refused, and emptied.
  EXPECT_FALSE(w.ask(again).error.has_value());
  EXPECT_TRUE(w.ask(again).error.has_value());
  EXPECT_EQ(w.count("SELECT count(*) FROM events WHERE length(body) = 0"), 0);
  w.stop();
  EXPECT_TRUE(w.audit().clean());
  w.start();
  for (int i = 0; i < 3; ++i) w.put(Tick{});
  EXPECT_EQ(w.count("SELECT count(*) FROM events WHERE length(body) = 0"), again.last);
  EXPECT_EQ(w.audit().head, head);
  EXPECT_TRUE(w.audit().clean()) << audit::to_text(w.audit());
  EXPECT_TRUE(w.verify().equal);
}

TEST(Archive, ASegmentThatDoesNotFitTheLogIsRefused) {
  Days w;
  w.start();
  w.a_day("A", 4);
  auto made = make_segment({.db_path = w.config.db_path,
                            .keep_events = 5,
                            .backed_up = 1'000,
                            .now_ms = 1,
                            .events_least = 10})
                  .value()
                  .value();
  auto other = made;
  other.chain = std::string(64, '0');
  EXPECT_TRUE(w.ask(other).error.has_value());
  other = made;
  other.first = 2;
  EXPECT_TRUE(w.ask(other).error.has_value());
  EXPECT_FALSE(w.ask(made).error.has_value());
}

TEST(Archive, IsRestoredWithTheBackupThatNeedsIt) {
  Days w;
  w.start();
  w.a_day("A", 5);
  w.archive(5, w.backup().done.position);
  const auto made = w.backup();
  EXPECT_EQ(made.done.state, "verified") << made.done.problem;
  w.stop();
  const std::string other = (w.folder / "new-machine").string();
  const auto done = restore({.file = made.done.file, .data_dir = other});
  ASSERT_TRUE(done.has_value()) << done.error().detail;
  EXPECT_EQ(done->segments, 1);
  EXPECT_TRUE(audit::check_files(other + "/server.db", {}, "").value().clean());
}

// ---------------------------------------------------------------------------------------- parked
TEST(Parked, ARetryAppliesWhatIsUnderstoodByNowAndMovesNoCursor) {
  Days w;
  w.config.version = "1";
  w.start();
  auto& bench = w.bench("leipzig", "bench-1");
  // A fact of another station's source is refused by this server; one without JSON for ever.
  wire::Event event;
  event.id = "01900000-0000-7000-8000-00000000abcd";
  event.source = "/leipzig/bench-1";
  event.time_ms = w.now.wall_ms;
  event.dlinc = bench.sender->inc();
  event.dlseq = bench.sender->next_seq();
  event.data = wire::PackHeld{"api:A0", {"api:A0/1", 1}};
  std::string bytes = wire::encode(event).value();
  const auto at = bytes.find("dockline.pack.held.v1");
  std::string future = bytes;
  future.replace(at, 21, "dockline.pack.held.v9");
  bench.say_raw(w.now, event.id, future);
  bench.say_raw(w.now, "01900000-0000-7000-8000-000000000001", "no json at all");
  w.settle();
  EXPECT_EQ(w.count("SELECT count(*) FROM parked WHERE state = 'waiting'"), 2);
  const auto through = w.count("SELECT through FROM stream_in");
  const auto events = w.count("SELECT count(*) FROM events");
  EXPECT_TRUE(w.audit().clean()) << audit::to_text(w.audit());
  const auto one = w.ask(RetryParked{1, ""});
  EXPECT_FALSE(one.error.has_value());
  EXPECT_FALSE(one.created);  // still unknown
  EXPECT_TRUE(w.ask(RetryParked{77, ""}).error.has_value());
  EXPECT_TRUE(w.ask(RetryParked{0, "leipzig"}).error.has_value());
  // The new program knows the type: as if it had always been one it knows.
  w.stop();
  {
    auto db = sqlite::Db::open(w.config.db_path, {}).value();
    auto put = db.prepare("UPDATE parked SET bytes = ?1 WHERE id = 1");
    ASSERT_TRUE(put.bind(sqlite::Statement::blob_of(bytes)).run().has_value());
  }
  w.config.version = "2";
  w.start();
  for (int i = 0; i < 3; ++i) w.put(Tick{});
  EXPECT_EQ(w.count("SELECT count(*) FROM parked WHERE state = 'applied'"), 1);
  EXPECT_EQ(w.count("SELECT count(*) FROM parked WHERE state = 'waiting'"), 1);
  EXPECT_EQ(w.count("SELECT tries FROM parked WHERE id = 2"), 2);
  EXPECT_EQ(w.count("SELECT through FROM stream_in"), through);
  EXPECT_EQ(w.count("SELECT count(*) FROM events"), events + 1);
  // Not again at the next start of the same program.
  w.stop();
  w.start();
  for (int i = 0; i < 3; ++i) w.put(Tick{});
  EXPECT_EQ(w.count("SELECT tries FROM parked WHERE id = 2"), 2);
  EXPECT_EQ(w.count("SELECT count(*) FROM events"), events + 1);
}

}  // namespace
}  // namespace dockline::server::keeping
