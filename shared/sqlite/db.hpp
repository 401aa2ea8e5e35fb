// SQLite, thinly: one writer connection per file, prepared statements, explicit transactions,
// numbered migrations. The only module that includes sqlite3.h.
//
// Thread rule: one lane per Db, not shared. Failures are values: full, corrupt, retry_later (busy,
// I/O), conflict (constraint), bug (our SQL is wrong).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/base/embedded.hpp"
#include "shared/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace dockline::sqlite {

class Statement;

inline constexpr std::int64_t kNotChecked = -1;  // as OpenOptions::check_bytes_max

struct OpenOptions {
  bool exclusive = false;  // agent.db: locking_mode=EXCLUSIVE, no shared memory
  bool read_only = false;  // a second connection for readers; no migration, no pragma writes
  std::int64_t busy_timeout_ms = 2'000;
  std::int64_t cache_kib = 2'048;         // page cache of this connection
  std::int64_t checkpoint_pages = 1'000;  // of 4 KiB in the WAL, then they go into the file
  std::string vfs;                        // empty: the system's; the simulator passes its own
  // A larger file is not read to its end before it is used: check it with check_whole() meanwhile.
  std::int64_t check_bytes_max = INT64_MAX;
};

class Db {
 public:
  // Opens or creates; WAL, synchronous=FULL, foreign_keys=ON; then quick_check. A file that is no
  // database, damaged, locked by another process or unwritable is refused with place and remedy.
  [[nodiscard]] static base::Result<Db> open(const std::string& path, const OpenOptions& options);
  Db(Db&&) noexcept;
  Db& operator=(Db&&) noexcept;
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;
  ~Db();

  [[nodiscard]] base::Status exec(const char* sql);  // one or more statements, no results
  // Prepared once, when first used, kept by the caller: what an App never asks costs it nothing at
  // its start. A mistake in our SQL is a bug and aborts (CHECK), in the dev build here already.
  [[nodiscard]] Statement prepare(std::string_view sql);
  // The same for tools that open any file: what the file does not have is an error, not a bug.
  [[nodiscard]] base::Result<Statement> try_prepare(std::string_view sql);

  [[nodiscard]] base::Status begin();  // BEGIN IMMEDIATE; BEGIN on read-only connections
  [[nodiscard]] base::Status commit();
  void rollback();  // harmless without a transaction
  // Everything in the WAL goes into the file, synced. A WAL whose sync failed once is not to be
  // relied on: the system may take its pages for written. Fault::retry_later while others read.
  [[nodiscard]] base::Status checkpoint();
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] bool wrote() const;  // rows were written since begin()

  [[nodiscard]] std::int64_t last_insert_rowid() const;
  [[nodiscard]] std::int64_t changes() const;  // rows of the last statement
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] base::Error error(std::string_view doing) const;  // of the last failed call
  // For tools that need the raw handle (backup, hooks); the handle stays ours.
  [[nodiscard]] sqlite3* handle() { return db_; }

 private:
  Db(sqlite3* db, std::string path);
  // BEGIN and COMMIT of every turn: parsed once.
  [[nodiscard]] base::Status once(sqlite3_stmt*& stmt, const char* sql);
  void close();
  sqlite3* db_ = nullptr;
  // Between begin() and commit() or rollback(). SQLite may end a transaction by itself when a
  // statement meets a failing disk; what is written after that would commit alone, and is refused.
  std::unique_ptr<bool> inside_ = std::make_unique<bool>(false);
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  std::int64_t rows_before_ = 0;  // written by this connection until begin()
  std::string path_;
};

// Reads a whole file through a connection of its own: Fault::corrupt with place and remedy when it
// is damaged. Long work for large files (about 1 s per GB that is in memory, a disk's time else).
[[nodiscard]] base::Status check_whole(const std::string& path, const std::string& vfs);

struct CopyOptions {
  std::string vfs;            // of both files
  std::int64_t pause_us = 0;  // between steps, so that a busy disk has room for others
  // Asked between steps; false stops the copy (Fault::retry_later).
  std::function<bool()> go_on;
};
// A copy of one moment of a database that may be in use, made beside its writer, which is never
// held up. `to` is a single file without a WAL, synced to disk; an older file there is replaced.
[[nodiscard]] base::Status copy(const std::string& from, const std::string& to,
                                const CopyOptions& options);

// Migrations are embedded files "0001_first.sql", "0002_next.sql": forward only, one transaction
// each. `user_version` counts them, table `migration` keeps their checksums. A database of a newer
// program or one whose old migrations differ is refused.
[[nodiscard]] base::Status migrate(Db& db, std::span<const base::EmbeddedFile> files);

// Bind by position from 1, then step() until false, then reset(). Typical use:
//   auto s = stmt.bind(sku, site); while (auto row = s.step(); row && *row) { ... s.text(0) ... }
// Text and blob views are valid until the next step or reset.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Resets, then binds all parameters in order. Strings must live until the statement is stepped to
  // its end or reset (bound without a copy).
  template <class... Args>
  Statement& bind(const Args&... args) {
    if (!rewind()) return *this;  // step() says why
    int at = 0;
    (bind_one(++at, args), ...);
    return *this;
  }
  // True: a row is there. False: done (and reset).
  [[nodiscard]] base::Result<bool> step();
  // For INSERT, UPDATE, DELETE: steps to the end.
  [[nodiscard]] base::Status run();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::string str(int column) const { return std::string(text(column)); }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
  [[nodiscard]] std::optional<std::string> maybe_text(int column) const;

 private:
  friend class Db;
  explicit Statement(sqlite3_stmt* stmt) : stmt_(stmt) {}
  Statement(sqlite3* db, std::string_view sql) : db_(db), sql_(sql) {}
  // Ready for a new run. False: it could not be prepared.
  [[nodiscard]] bool rewind();
  [[nodiscard]] base::Status prepare();
  void bind_one(int at, std::int64_t value);
  void bind_one(int at, std::uint64_t value) { bind_one(at, static_cast<std::int64_t>(value)); }
  void bind_one(int at, int value) { bind_one(at, static_cast<std::int64_t>(value)); }
  void bind_one(int at, bool value) { bind_one(at, static_cast<std::int64_t>(value)); }
  void bind_one(int at, std::string_view text);
  void bind_one(int at, const std::string& text) { bind_one(at, std::string_view(text)); }
  void bind_one(int at, const char* text) { bind_one(at, std::string_view(text)); }
  void bind_one(int at, std::nullptr_t);
  struct BlobView {
    std::string_view bytes;
  };
  void bind_one(int at, const BlobView& blob);
  template <class T>
  void bind_one(int at, const std::optional<T>& value) {
    if (value)
      bind_one(at, *value);
    else
      bind_one(at, nullptr);
  }

 public:
  // Wraps bytes that are to be stored as BLOB: bind(id, Statement::blob_of(bytes)).
  [[nodiscard]] static BlobView blob_of(std::string_view bytes) { return {bytes}; }

 private:
  sqlite3_stmt* stmt_ = nullptr;
  sqlite3* db_ = nullptr;               // not prepared so far: where
  std::string sql_;                     // and what
  std::optional<base::Error> trouble_;  // of preparing it, until step() tells
};

}  // namespace dockline::sqlite
