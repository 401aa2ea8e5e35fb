#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include <sqlite3.h>

#include "shared/sqlite/db.hpp"

namespace dockline::sqlite {
namespace {

using base::Fault;
constexpr int kPagesAtOnce = 1'024;

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Raw = std::unique_ptr<sqlite3, Close>;

base::Error failed(sqlite3* db, const std::string& path) {
  const int code = sqlite3_errcode(db);
  return {(code & 0xff) == SQLITE_FULL ? Fault::full : Fault::retry_later,
          "copy to " + path + ": " + sqlite3_errmsg(db) +
              ". Check that the folder exists, may be written and has room"};
}

// A new file without journal: it is of no use before it is whole, and synced once at the end.
base::Result<Raw> open_target(const std::string& to, const CopyOptions& options) {
  if (options.vfs.empty()) {
    for (const char* end : {"", "-wal", "-shm", "-journal"}) std::remove((to + end).c_str());
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(to.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  Raw target(raw);
  if (code != SQLITE_OK || sqlite3_exec(raw, "PRAGMA journal_mode=OFF;PRAGMA synchronous=FULL",
                                        nullptr, nullptr, nullptr) != SQLITE_OK) {
    return base::pass(failed(raw, to));
  }
  return target;
}

base::Status copy_pages(sqlite3* source, sqlite3* target, const std::string& to,
                        const CopyOptions& options) {
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
  if (backup == nullptr) return base::pass(failed(target, to));
  int code = SQLITE_OK;
  while ((code = sqlite3_backup_step(backup, kPagesAtOnce)) == SQLITE_OK) {
    if (options.go_on && !options.go_on()) {
      sqlite3_backup_finish(backup);
      return base::fail(Fault::retry_later, "the copy to " + to + " was stopped");
    }
    if (options.pause_us > 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(options.pause_us));
    }
  }
  sqlite3_backup_finish(backup);
  if (code == SQLITE_DONE) return {};
  return base::pass(failed(target, to));
}

}  // namespace

base::Status copy(const std::string& from, const std::string& to, const CopyOptions& options) {
  auto source = Db::open(from, {.read_only = true, .vfs = options.vfs});
  if (!source) return base::pass(source.error());
  // A read transaction over the whole copy: the writer goes on, and never makes it start again.
  if (auto ok = source->begin(); !ok) return ok;
  {
    auto look = source->try_prepare("SELECT count(*) FROM sqlite_master");
    if (!look) return base::pass(look.error());
    if (auto row = look->step(); !row) return base::pass(row.error());
  }
  auto target = open_target(to, options);
  if (!target) return base::pass(target.error());
  if (auto ok = copy_pages(source->handle(), target->get(), to, options); !ok) return ok;
  source->rollback();
  // One file that can be read from any medium, without a WAL to be made beside it.
  if (sqlite3_exec(target->get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) !=
      SQLITE_OK) {
    return base::pass(failed(target->get(), to));
  }
  return {};
}

}  // namespace dockline::sqlite
