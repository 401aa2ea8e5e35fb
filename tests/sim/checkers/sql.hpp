// Reads the files of the judged programs with SQL of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3;
struct sqlite3_context;
struct sqlite3_stmt;
struct sqlite3_value;

namespace dockline::sim {

class Row {
 public:
  explicit Row(sqlite3_stmt* stmt) : stmt_(stmt) {}
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // also a blob's bytes; until the next row
  [[nodiscard]] std::string str(int column) const { return std::string(text(column)); }

 private:
  sqlite3_stmt* stmt_;
};

// A row on its way through seen(...), see Sql::sweep.
class Sweep {
 public:
  explicit Sweep(sqlite3_value** values) : values_(values) {}
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // until the next row

 private:
  sqlite3_value** values_;
};

// One read-only connection, opened when first needed and again after a failure.
class Sql {
 public:
  using Value = std::variant<std::int64_t, std::string>;
  Sql() = default;
  ~Sql() { close(); }
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;

  // False when the file cannot be read now (the computer is off, a fault hit us): try later.
  [[nodiscard]] bool open(const std::string& path, const std::string& vfs);
  void close();
  [[nodiscard]] bool each(std::string_view sql, std::initializer_list<Value> values,
                          const std::function<void(const Row&)>& take);
  // For tables that are read whole and often: `SELECT seen(a, b) FROM t` hands over each row from
  // within one step, at a third of what each() costs.
  [[nodiscard]] bool sweep(std::string_view sql, const std::function<void(const Sweep&)>& take);
  [[nodiscard]] bool has_table(std::string_view name);
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  // Other numbers mean another connection: what SQLite counts per connection began anew.
  [[nodiscard]] std::uint64_t connection() const { return connection_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }  // of each()

 private:
  static void seen(sqlite3_context* context, int count, sqlite3_value** values);

  sqlite3* db_ = nullptr;
  const std::function<void(const Sweep&)>* sweeping_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> kept_;  // asked before
  std::string trouble_;
  std::uint64_t failures_ = 0, connection_ = 0;
};

}  // namespace dockline::sim
