#include <utility>

#include <sqlite3.h>

#include "shared/base/check.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::sqlite {
namespace {

base::Error step_error(sqlite3* db, std::string_view sql) {
  const int code = sqlite3_extended_errcode(db);
  const char* file = sqlite3_db_filename(db, "main");
  const std::string detail = std::string(file != nullptr ? file : "") + ": " + sqlite3_errmsg(db);
  if (code == SQLITE_CONSTRAINT_COMMITHOOK) {
    return {base::Fault::retry_later, detail + ": the transaction was given up after an error"};
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {base::Fault::full, detail + ". Free some space on that disk"};
    case SQLITE_CONSTRAINT:
      return {base::Fault::conflict, detail};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {base::Fault::corrupt, detail + ". Restore the newest backup"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:  // the journal, which is opened by the first statement that needs it
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:  // somebody else starts or recovers the WAL for too long
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {base::Fault::retry_later, detail};
    default:
      return {base::Fault::bug, detail + " in " + std::string(sql)};
  }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : stmt_(std::exchange(other.stmt_, nullptr)),
      db_(std::exchange(other.db_, nullptr)),
      sql_(std::move(other.sql_)),
      trouble_(std::move(other.trouble_)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    sqlite3_finalize(stmt_);
    stmt_ = std::exchange(other.stmt_, nullptr);
    db_ = std::exchange(other.db_, nullptr);
    sql_ = std::move(other.sql_);
    trouble_ = std::move(other.trouble_);
  }
  return *this;
}

Statement::~Statement() { sqlite3_finalize(stmt_); }

// What can fail here is the disk, when the schema has to be read again; the rest is our mistake.
base::Status Statement::prepare() {
  CHECK(db_ != nullptr);
  const int code = sqlite3_prepare_v3(db_, sql_.data(), static_cast<int>(sql_.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt_, nullptr);
  if (code != SQLITE_OK) {
    auto failed = step_error(db_, sql_);
    if (failed.fault == base::Fault::bug) base::check_failed(failed.detail.c_str(), __FILE__, 0);
    return base::pass(std::move(failed));
  }
  db_ = nullptr;
  sql_ = {};
  return {};
}

bool Statement::rewind() {
  if (stmt_ != nullptr) {
    sqlite3_reset(stmt_);
    return true;
  }
  trouble_ = std::nullopt;
  auto ok = prepare();
  if (!ok) trouble_ = std::move(ok.error());
  return ok.has_value();
}

base::Result<bool> Statement::step() {
  if (trouble_) return base::pass(*std::exchange(trouble_, std::nullopt));
  if (stmt_ == nullptr) {
    if (auto ok = prepare(); !ok) return base::pass(ok.error());
  }
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(stmt_);
    return false;
  }
  auto failed = step_error(sqlite3_db_handle(stmt_), sqlite3_sql(stmt_));
  sqlite3_reset(stmt_);
  return base::pass(std::move(failed));
}

base::Status Statement::run() {
  for (;;) {
    auto row = step();
    if (!row) return base::pass(row.error());
    if (!*row) return {};
  }
}

void Statement::reset() {
  if (stmt_ != nullptr) sqlite3_reset(stmt_);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(stmt_, column); }

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  return bytes == nullptr
             ? std::string_view{}
             : std::string_view(bytes,
                                static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column)));
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(stmt_, column));
  return bytes == nullptr
             ? std::string_view{}
             : std::string_view(bytes,
                                static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column)));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(stmt_, column) == SQLITE_NULL;
}

std::optional<std::int64_t> Statement::maybe_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Statement::maybe_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return str(column);
}

void Statement::bind_one(int at, std::int64_t value) {
  CHECK(sqlite3_bind_int64(stmt_, at, value) == SQLITE_OK);
}
void Statement::bind_one(int at, std::string_view text) {
  // A null pointer would bind NULL: an empty text is not NULL.
  CHECK(sqlite3_bind_text64(stmt_, at, text.data() == nullptr ? "" : text.data(), text.size(),
                            SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}
void Statement::bind_one(int at, std::nullptr_t) {
  CHECK(sqlite3_bind_null(stmt_, at) == SQLITE_OK);
}
void Statement::bind_one(int at, const BlobView& blob) {
  CHECK(sqlite3_bind_blob64(stmt_, at, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                            blob.bytes.size(), SQLITE_STATIC) == SQLITE_OK);
}

}  // namespace dockline::sqlite
