#include "server/keeping/keeper.hpp"

#include <algorithm>
#include <filesystem>

#include "server/store/store.hpp"
#include "shared/runtime/log.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::keeping {
namespace {

namespace log = runtime::log;
constexpr std::int64_t kFirstMs = 10'000;  // after the start: stations come back first
constexpr std::int64_t kRetryMs = 60'000;

// When the newest copy that counts was made; 0: never.
std::int64_t newest_backup(const std::string& db_path) {
  auto db = sqlite::Db::open(db_path, {.read_only = true});
  if (!db) return 0;
  auto row =
      db->try_prepare("SELECT coalesce(max(made_ms), 0) FROM backup WHERE state = 'verified'");
  if (!row) return 0;
  const auto there = row->step();
  return there && *there ? row->integer(0) : 0;
}

}  // namespace

Keeper::Keeper(KeeperOptions options, Ports ports)
    : options_(std::move(options)), ports_(std::move(ports)) {
  lane_.post([this] { begin(); });
  thread_ = std::jthread([this] { lane_.run(); });
}

Keeper::~Keeper() {
  stopping_ = true;
  lane_.stop();
  if (thread_.joinable()) thread_.join();
}

void Keeper::begin() {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(options_.db_path, failed);
  if (!failed && static_cast<std::int64_t>(bytes) > store::kCheckedAtStartBytes) {
    const auto from = lane_.now().mono_ms;
    if (auto ok = sqlite::check_whole(options_.db_path, ""); !ok) {
      if (ok.error().fault == base::Fault::corrupt) return ports_.fatal(ok.error().detail);
      log::warn("file.check", {{"why", ok.error().detail}});
    } else {
      log::info("file.whole", {{"took_ms", lane_.now().mono_ms - from}});
    }
  }
  if (options_.folder.empty()) {
    log::warn("backup.none", {{"risk",
                               "if this disk dies, what stations have trimmed is lost: set "
                               "[backup] folder in the configuration"}});
    return;
  }
  last_ms_ = newest_backup(options_.db_path);
  schedule();
}

void Keeper::schedule() {
  const auto due = last_ms_ + options_.every_ms - lane_.now().wall_ms;
  lane_.after(std::clamp(due, kFirstMs, std::max(options_.every_ms, kFirstMs)), [this] {
    backup({});
    schedule();
  });
}

void Keeper::backup_now(BackupTold done) {
  lane_.post([this, done = std::move(done)] {
    if (options_.folder.empty()) {
      return done(base::fail(base::Fault::reject,
                             "no backup folder is configured. Set folder in [backup] of the "
                             "server's configuration, then restart it"));
    }
    backup(done);
  });
}

void Keeper::ask(Command command, std::function<void(Reply)> then) {
  ports_.submit(std::move(command), [this, then = std::move(then)](Reply reply) {
    if (reply.error) log::error("keeping.refused", {{"why", reply.error->detail}});
    if (!then || stopping_) return;
    lane_.post([then, reply = std::move(reply)] { then(reply); });
  });
}

void Keeper::raise(const char* kind, std::string what, std::string context) {
  log::warn(kind, {{"what", what}, {"context", context}});
  ask(RaiseException{kind, "server", std::move(what), std::move(context), {}});
}

void Keeper::backup(const BackupTold& done) {
  const auto now = lane_.now().wall_ms;
  auto made = make_backup({.db_path = options_.db_path,
                           .folder = options_.folder,
                           .keep = options_.keep,
                           .now_ms = now,
                           .go_on = [this] { return !stopping_.load(); }});
  // A try that failed is repeated soon, but not at once.
  last_ms_ = made && made->done.state == "verified" ? now : now - options_.every_ms + kRetryMs;
  if (stopping_) return;
  if (!made) {
    raise("backup_failed", "No backup could be made.", made.error().detail);
    if (done) done(base::pass(made.error()));
    return;
  }
  log::info("backup." + made->done.state,
            {{"file", made->done.file}, {"took_ms", made->done.took_ms}});
  if (made->done.state != "verified") {
    raise("backup_failed", "The copy of the database is not whole.", made->done.problem);
  } else if (made->differs) {
    raise("books_differ", "The books do not say what the facts say.", *made->differs);
  }
  const auto position = made->done.position;
  const bool verified = made->done.state == "verified";
  ask(made->done, [this, done, made = *made, position, verified](const Reply& reply) {
    if (done) {
      if (reply.error)
        done(base::pass(*reply.error));
      else
        done(made);
    }
    if (verified && !reply.error) archive(position);
  });
}

void Keeper::archive(std::int64_t backed_up) {
  if ((options_.keep_days == 0 && options_.keep_events == 0) || stopping_) return;
  const auto made = make_segment({.db_path = options_.db_path,
                                  .keep_days = options_.keep_days,
                                  .keep_events = options_.keep_events,
                                  .backed_up = backed_up,
                                  .now_ms = lane_.now().wall_ms,
                                  .events_least = options_.events_least});
  if (!made)
    return raise("archive_failed", "Older facts stay in the database.", made.error().detail);
  if (!*made) return;
  log::info("archive.segment", {{"file", (*made)->file}, {"bytes", (*made)->bytes}});
  ask(**made, [this, backed_up](const Reply& reply) {
    if (!reply.error) archive(backed_up);
  });
}

}  // namespace dockline::server::keeping
