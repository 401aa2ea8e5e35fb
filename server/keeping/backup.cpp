#include "server/keeping/backup.hpp"

#include <algorithm>
#include <filesystem>

#include <boost/json.hpp>

#include "server/archive/segment.hpp"
#include "server/audit/audit.hpp"
#include "server/store/store.hpp"
#include "shared/base/time.hpp"
#include "shared/runtime/lane.hpp"
#include "shared/runtime/system.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::keeping {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Fault;

// "2026-11-21T05:23:25.123Z" -> "20261121T052325.123Z": sorts by time, and is a file name anywhere.
std::string stamp(std::int64_t now_ms) {
  std::string text = base::to_rfc3339(now_ms);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

// Findings that say the facts themselves are not as they were kept; the rest concerns tables that
// can be rebuilt from them.
bool of_the_facts(const audit::Finding& f) {
  return f.check == "file" || f.check == "log" || f.check == "chain" || f.check == "archive" ||
         f.check == "ids";
}

std::string sentence(const audit::Finding& f) { return f.place + ": " + f.what; }

// Segments of the archive go beside the copy, each once; a copy that is there must be whole.
base::Result<std::int64_t> copy_segments(const std::string& from, const std::string& to) {
  std::error_code failed;
  std::int64_t copied = 0;
  if (!fs::exists(from, failed)) return 0;
  if (auto ok = runtime::make_folder(to); !ok) return base::pass(ok.error());
  for (const auto& entry : fs::directory_iterator(from, failed)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".dls")) continue;
    const std::string there = to + "/" + name;
    if (fs::exists(there, failed)) {
      auto known = archive::Segment::open(there);
      if (known && known->verify()) continue;
    }
    const auto bytes = runtime::read_file(entry.path().string());
    if (!bytes) return base::pass(bytes.error());
    if (auto ok = runtime::write_file(there, *bytes); !ok) return base::pass(ok.error());
    auto made = archive::Segment::open(there);
    if (!made) return base::pass(made.error());
    if (auto ok = made->verify(); !ok) return base::pass(ok.error());
    ++copied;
  }
  if (auto ok = runtime::sync_folder(to); !ok) return base::pass(ok.error());
  return copied;
}

base::Result<std::vector<StreamMark>> cursors(sqlite::Db& db) {
  std::vector<StreamMark> out;
  auto rows = db.try_prepare(
      "SELECT site, station, inc, through FROM stream_in WHERE through > 0 ORDER BY site, station, "
      "place");
  if (!rows) return base::pass(rows.error());
  for (;;) {
    auto there = rows->step();
    if (!there) return base::pass(there.error());
    if (!*there) return out;
    out.push_back({rows->str(0), rows->str(1), rows->str(2), rows->integer(3)});
  }
}

// Looks at a copy: its cursors and its audit. It lies in another folder than its archive, so the
// segments are looked for beside it.
base::Result<audit::Report> look(const std::string& file, std::vector<StreamMark>& marks) {
  auto db = sqlite::Db::open(file, {.read_only = true});
  if (!db) return base::pass(db.error());
  if (auto ok = db->begin(); !ok) return base::pass(ok.error());
  auto report = audit::check(*db, {});
  if (!report) return report;
  auto read = cursors(*db);
  db->rollback();
  if (!read) return base::pass(read.error());
  marks = std::move(*read);
  return report;
}

std::string manifest(const BackupMade& made) {
  json::array streams;
  for (const auto& m : made.done.streams) {
    streams.push_back(json::object{
        {"site", m.site}, {"station", m.station}, {"inc", m.inc}, {"through", m.through}});
  }
  return json::serialize(json::object{{"dockline", "backup"},
                                      {"made_ms", made.done.made_ms},
                                      {"position", made.done.position},
                                      {"chain", made.chain},
                                      {"bytes", made.done.bytes},
                                      {"state", made.done.state},
                                      {"problem", made.done.problem},
                                      {"streams", std::move(streams)}}) +
         "\n";
}

// The newest `keep` copies stay, and one suspect one for the support.
void prune(const std::string& folder, std::int64_t keep) {
  std::error_code failed;
  std::vector<std::string> good, suspect;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("server-")) continue;
    if (name.ends_with(".db")) good.push_back(entry.path().string());
    if (name.ends_with(".suspect")) suspect.push_back(entry.path().string());
  }
  const auto drop = [&](std::vector<std::string>& files, std::size_t stay) {
    std::sort(files.begin(), files.end());
    for (std::size_t i = 0; i + stay < files.size(); ++i) {
      fs::remove(files[i], failed);
      fs::remove(files[i] + ".json", failed);
    }
  };
  drop(good, static_cast<std::size_t>(std::max<std::int64_t>(1, keep)));
  drop(suspect, 1);
}

}  // namespace

base::Result<BackupMade> make_backup(const BackupWish& wish) {
  const auto began = runtime::system_now().mono_ms;
  if (auto ok = runtime::make_folder(wish.folder); !ok) return base::pass(ok.error());
  const std::string name = "server-" + stamp(wish.now_ms) + ".db";
  const std::string part = wish.folder + "/" + name + ".part";
  const auto away = [&](const base::Error& e) {
    std::error_code failed;
    fs::remove(part, failed);
    return base::fail(e, "backup");
  };
  const sqlite::CopyOptions copying{.vfs = {}, .pause_us = 0, .go_on = wish.go_on};
  if (auto ok = sqlite::copy(wish.db_path, part, copying); !ok) return away(ok.error());
  // After the copy: a segment it names was a file before its row was committed.
  auto segments = copy_segments(store::archive_folder(wish.db_path), wish.folder + "/archive");
  if (!segments) return away(segments.error());
  BackupMade made;
  auto report = look(part, made.done.streams);
  if (!report) return away(report.error());
  made.done.made_ms = wish.now_ms;
  made.done.position = report->events;
  made.done.state = "verified";
  made.chain = report->head;
  for (const auto& finding : report->findings) {
    if (of_the_facts(finding) && made.done.state == "verified") {
      made.done.state = "failed";
      made.done.problem = sentence(finding);
    } else if (!made.differs) {
      made.differs = sentence(finding);
    }
  }
  std::error_code failed;
  made.done.bytes = static_cast<std::int64_t>(fs::file_size(part, failed));
  made.done.file = wish.folder + "/" + name + (made.done.state == "verified" ? "" : ".suspect");
  if (made.done.state != "verified") made.done.streams.clear();
  made.done.took_ms = runtime::system_now().mono_ms - began;
  if (auto ok = runtime::write_file(made.done.file + ".json", manifest(made)); !ok) {
    return away(ok.error());
  }
  fs::rename(part, made.done.file, failed);
  if (failed) return away({Fault::retry_later, "rename " + part + ": " + failed.message()});
  if (auto ok = runtime::sync_folder(wish.folder); !ok) return base::pass(ok.error());
  prune(wish.folder, wish.keep);
  return made;
}

// ---------------------------------------------------------------------------------------- restore
namespace {

// A running server has its file open; nobody else may have.
base::Status check_stopped(const std::string& path) {
  auto db = sqlite::Db::open(path, {.exclusive = true, .busy_timeout_ms = 300});
  if (db || db.error().fault != Fault::retry_later) return {};  // a damaged file is why we are here
  return base::fail(Fault::retry_later,
                    path +
                        " is in use. Stop dockline-server first (systemctl stop "
                        "dockline-server)");
}

base::Result<std::int64_t> mark_restored(const std::string& file) {
  // Brings an older schema up to date first.
  auto store = store::Store::open(file, "");
  if (!store) return base::pass(store.error());
  auto& db = (*store)->db();
  auto ok = db.exec(
      "INSERT INTO counter(name, value) VALUES('restored', 1) ON CONFLICT(name) DO UPDATE SET "
      "value = 1;"
      "UPDATE counter SET value = value + 1 WHERE name = 'generation';"
      // The copy was made before it counted: it does not know that it makes its own facts safe, and
      // that stations have let go of them since.
      "UPDATE stream_in SET safe = through;"
      "DELETE FROM note WHERE name = 'backup_due'");
  if (!ok) return base::pass(ok.error());
  const std::int64_t generation = (*store)->own.value("generation");
  if (auto fine = (*store)->trouble(); !fine) return base::pass(fine.error());
  if (ok = db.exec("PRAGMA wal_checkpoint(TRUNCATE)"); !ok) return base::pass(ok.error());
  return generation;
}

// server.db with its WAL, and the archive folder, get another name; nothing is deleted.
base::Result<std::string> put_aside(const std::string& data, const std::string& ending) {
  std::error_code failed;
  std::string old;
  for (const char* name : {"server.db-wal", "server.db-shm", "archive", "server.db"}) {
    const std::string path = data + "/" + name;
    if (!fs::exists(path, failed)) continue;
    fs::rename(path, path + ending, failed);
    if (failed) {
      return base::fail(Fault::retry_later, "cannot rename " + path + ": " + failed.message());
    }
    if (std::string_view(name) == "server.db") old = path + ending;
  }
  return old;
}

}  // namespace

base::Result<Restored> restore(const RestoreWish& wish) {
  std::error_code failed;
  const std::string live = wish.data_dir + "/server.db", part = live + ".restoring";
  if (!fs::exists(wish.file, failed)) {
    return base::fail(Fault::reject, wish.file +
                                         ": there is no such file. Backups lie in the "
                                         "folder that backup.folder names");
  }
  if (auto ok = runtime::make_folder(wish.data_dir); !ok) return base::pass(ok.error());
  const bool there = fs::exists(live, failed);
  if (there && !wish.force) {
    return base::fail(Fault::conflict, live +
                                           " exists. With --force it is put aside (renamed, not "
                                           "deleted) and the backup takes its place");
  }
  if (there) {
    if (auto ok = check_stopped(live); !ok) return base::pass(ok.error());
  }
  std::vector<StreamMark> marks;
  auto report = look(wish.file, marks);
  if (!report) return base::pass(report.error());
  Restored out;
  for (const auto& finding : report->findings) {
    if (of_the_facts(finding)) {
      return base::fail(Fault::corrupt,
                        wish.file + " is not whole: " + sentence(finding) + " Take another backup");
    }
    if (out.differs.empty()) out.differs = sentence(finding);
  }
  if (auto ok = sqlite::copy(wish.file, part, {}); !ok) return base::pass(ok.error());
  const auto generation = mark_restored(part);
  if (!generation) return base::pass(generation.error());
  const auto aside = put_aside(wish.data_dir, ".before-" + stamp(wish.now_ms));
  if (!aside) return base::pass(aside.error());
  const auto segments = copy_segments(store::archive_folder(wish.file), wish.data_dir + "/archive");
  if (!segments) return base::pass(segments.error());
  fs::rename(part, live, failed);
  if (failed) return base::fail(Fault::retry_later, "rename " + part + ": " + failed.message());
  if (auto ok = runtime::sync_folder(wish.data_dir); !ok) return base::pass(ok.error());
  out.put_aside = *aside;
  out.position = report->events;
  out.generation = *generation;
  out.streams = static_cast<std::int64_t>(marks.size());
  out.segments = *segments;
  return out;
}

}  // namespace dockline::server::keeping
