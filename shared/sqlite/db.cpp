#include "shared/sqlite/db.hpp"

#include <cerrno>
#include <utility>

#include <sqlite3.h>

#include "shared/base/check.hpp"
#include "shared/base/plant.hpp"

namespace dockline::sqlite {
namespace {

using base::Error;
using base::Fault;

Error map_error(sqlite3* db, int code, std::string_view doing, const std::string& path) {
  const int primary = code & 0xff;
  std::string detail = std::string(doing) + " " + path + ": " +
                       (db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  switch (primary) {
    case SQLITE_FULL:
      return {Fault::full, detail + ". Free some space on that disk"};
    case SQLITE_IOERR:
      // A full disk can also surface as a failed write or sync.
      if (db != nullptr && sqlite3_system_errno(db) == ENOSPC) {
        return {Fault::full, detail + ". Free some space on that disk"};
      }
      return {Fault::retry_later, detail + ". Look at the disk (dmesg)"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Fault::retry_later,
              detail + ". Another process uses this file: stop it, or choose another data_dir"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Fault::corrupt, detail +
                                  ". Keep this file for the support, then restore the newest "
                                  "backup or start with an empty data_dir"};
    case SQLITE_CONSTRAINT:
      return {Fault::conflict, detail};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {Fault::reject, detail + ". Check that the folder exists and may be written"};
    default:
      return {Fault::bug, detail};
  }
}

// The first page is read here: what is no database at all is refused.
base::Result<std::int64_t> file_bytes(Db& db) {
  auto size =
      db.try_prepare("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
  if (!size) return base::pass(size.error());
  auto row = size->step();
  if (!row) return base::pass(row.error());
  return size->integer(0);
}

base::Status quick_check(Db& db) {
  auto made = db.try_prepare("PRAGMA quick_check(1)");
  if (!made) return base::pass(made.error());
  Statement& check = *made;
  auto row = check.step();
  if (!row) return base::pass(row.error());
  if (!*row || check.text(0) == "ok") return {};
  return base::fail(Fault::corrupt,
                    "check " + db.path() + ": " + check.str(0) +
                        ". Keep this file for the support, then restore the newest backup or start "
                        "with an empty data_dir");
}

base::Status set_pragmas(Db& db, const OpenOptions& options) {
  std::string sql;
  // First of all: a pragma that reads the file would open shared memory, which stays then.
  if (options.exclusive && !options.read_only) sql += "PRAGMA locking_mode=EXCLUSIVE;";
  sql += "PRAGMA cache_size=-" + std::to_string(options.cache_kib) + ";";
  if (!options.read_only) {
    sql +=
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA wal_autocheckpoint=" +
        std::to_string(options.checkpoint_pages) +
        ";PRAGMA journal_size_limit=" + std::to_string(options.checkpoint_pages * 4'096) + ";";
  }
  if (PLANT("commit-without-sync")) sql += "PRAGMA synchronous=OFF;";
  return db.exec(sql.c_str());
}

}  // namespace

base::Result<Db> Db::open(const std::string& path, const OpenOptions& options) {
  // Before the first use of the library: counting every allocation under one lock costs time that
  // nobody looks at. Refused, and harmless, when somebody (the simulator's disk) was earlier.
  static const int set_up = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(set_up);
  sqlite3* raw = nullptr;
  const int flags =
      (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (code != SQLITE_OK) {
    auto failed = map_error(raw, code, "open", path);
    sqlite3_close_v2(raw);
    return base::pass(std::move(failed));
  }
  Db db(raw, path);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, static_cast<int>(options.busy_timeout_ms));
  if (auto ok = set_pragmas(db, options); !ok) return base::pass(ok.error());
  if (!options.read_only) {
    const auto bytes = file_bytes(db);
    if (!bytes) return base::pass(bytes.error());
    if (*bytes > options.check_bytes_max) return db;
    if (auto ok = quick_check(db); !ok) return base::pass(ok.error());
  }
  return db;
}

base::Status check_whole(const std::string& path, const std::string& vfs) {
  auto db = Db::open(path, {.read_only = true, .vfs = vfs});
  if (!db) return base::pass(db.error());
  return quick_check(*db);
}

// Asked by SQLite at each commit; not 0 makes it a rollback. COMMIT itself comes after `inside`.
Db::Db(sqlite3* db, std::string path) : db_(db), path_(std::move(path)) {
  const auto alone = [](void* inside) { return *static_cast<bool*>(inside) ? 1 : 0; };
  sqlite3_commit_hook(db_, alone, inside_.get());
}

Db::Db(Db&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)),
      inside_(std::move(other.inside_)),
      begin_(std::exchange(other.begin_, nullptr)),
      commit_(std::exchange(other.commit_, nullptr)),
      rows_before_(other.rows_before_),
      path_(std::move(other.path_)) {}

Db& Db::operator=(Db&& other) noexcept {
  if (this != &other) {
    close();
    db_ = std::exchange(other.db_, nullptr);
    inside_ = std::move(other.inside_);
    begin_ = std::exchange(other.begin_, nullptr);
    commit_ = std::exchange(other.commit_, nullptr);
    rows_before_ = other.rows_before_;
    path_ = std::move(other.path_);
  }
  return *this;
}

Db::~Db() { close(); }

// close_v2 waits for statements that are finalised later.
void Db::close() {
  sqlite3_finalize(begin_);
  sqlite3_finalize(commit_);
  if (db_ != nullptr) sqlite3_commit_hook(db_, nullptr, nullptr);
  sqlite3_close_v2(db_);
}

base::Status Db::exec(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return base::pass(error("run SQL on"));
  return {};
}

Statement Db::prepare(std::string_view sql) {
  Statement made(db_, sql);
#if defined(DOCKLINE_ASSUME_FATAL) && !defined(DOCKLINE_PLANTS)
  // In the dev build at once, so that every test that opens a store tries all of its SQL.
  static_cast<void>(made.rewind());
#endif
  return made;
}

base::Result<Statement> Db::try_prepare(std::string_view sql) {
  sqlite3_stmt* stmt = nullptr;
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), 0, &stmt, nullptr);
  if (code == SQLITE_OK) return Statement(stmt);
  auto failed = error("read");
  if (failed.fault == Fault::bug) {
    failed = {Fault::reject, path_ + " is no file of this program's version (" +
                                 sqlite3_errmsg(db_) +
                                 "). Start the program once to bring it up "
                                 "to date, or use the program that wrote it"};
  }
  return base::pass(std::move(failed));
}

base::Status Db::once(sqlite3_stmt*& stmt, const char* sql) {
  if (stmt == nullptr &&
      sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, nullptr) != SQLITE_OK) {
    return base::pass(error("run SQL on"));
  }
  if (sqlite3_step(stmt) != SQLITE_DONE) {
    auto failed = error("run SQL on");
    sqlite3_reset(stmt);
    return base::pass(std::move(failed));
  }
  sqlite3_reset(stmt);
  return {};
}

base::Status Db::begin() {
  auto done = once(begin_, sqlite3_db_readonly(db_, "main") == 1 ? "BEGIN" : "BEGIN IMMEDIATE");
  *inside_ = done.has_value();
  rows_before_ = sqlite3_total_changes64(db_);
  return done;
}

base::Status Db::commit() {
  *inside_ = false;
  auto done = once(commit_, "COMMIT");
  if (!done) rollback();
  return done;
}

void Db::rollback() {
  *inside_ = false;
  if (in_transaction()) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}

base::Status Db::checkpoint() {
  const int code =
      sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK) return base::pass(error("write back the journal of"));
  return {};
}

bool Db::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
bool Db::wrote() const { return sqlite3_total_changes64(db_) != rows_before_; }
std::int64_t Db::last_insert_rowid() const { return sqlite3_last_insert_rowid(db_); }
std::int64_t Db::changes() const { return sqlite3_changes64(db_); }

base::Error Db::error(std::string_view doing) const {
  return map_error(db_, sqlite3_extended_errcode(db_), doing, path_);
}

}  // namespace dockline::sqlite
