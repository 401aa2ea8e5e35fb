#include "tests/sim/checkers/sql.hpp"

#include <sqlite3.h>

namespace dockline::sim {

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(stmt_, column); }

std::string_view Row::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(stmt_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column));
  return bytes == nullptr ? std::string_view{} : std::string_view{bytes, size};
}

std::int64_t Sweep::integer(int column) const { return sqlite3_value_int64(values_[column]); }

std::string_view Sweep::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values_[column]));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values_[column]));
  return bytes == nullptr ? std::string_view{} : std::string_view{bytes, size};
}

void Sql::seen(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto* self = static_cast<const Sql*>(sqlite3_user_data(context));
  (*self->sweeping_)(Sweep(values));
}

bool Sql::sweep(std::string_view sql, const std::function<void(const Sweep&)>& take) {
  sweeping_ = &take;
  return each(sql, {}, [](const Row&) {});
}

bool Sql::open(const std::string& path, const std::string& vfs) {
  if (db_ != nullptr) return true;
  ++connection_;
  const int code = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (code == SQLITE_OK) {
    sqlite3_create_function_v2(
        db_, "seen", -1, SQLITE_UTF8, this, nullptr, seen,
        [](sqlite3_context* context) { sqlite3_result_null(context); }, nullptr);
    return true;
  }
  trouble_ = db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_);
  close();
  return false;
}

void Sql::close() {
  for (const auto& [sql, stmt] : kept_) sqlite3_finalize(stmt);
  kept_.clear();
  sqlite3_close_v2(db_);
  db_ = nullptr;
}

bool Sql::each(std::string_view sql, std::initializer_list<Value> values,
               const std::function<void(const Row&)>& take) {
  if (db_ == nullptr) {
    ++failures_;
    return false;
  }
  int code = SQLITE_OK;
  auto kept = kept_.find(sql);
  if (kept == kept_.end()) {
    sqlite3_stmt* made = nullptr;
    code = sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    kept = kept_.emplace(std::string(sql), made).first;
  }
  sqlite3_stmt* stmt = kept->second;
  int at = 0;
  for (const auto& value : values) {
    ++at;
    if (code != SQLITE_OK) break;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(stmt, at, *number);
    } else {
      const auto& text = std::get<std::string>(value);
      code =
          sqlite3_bind_text(stmt, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
  }
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) take(Row(stmt));
  }
  if (code != SQLITE_DONE) trouble_ = std::string(sqlite3_errmsg(db_)) + " in " + std::string(sql);
  sqlite3_reset(stmt);
  if (code == SQLITE_DONE) return true;
  ++failures_;
  close();
  return false;
}

bool Sql::has_table(std::string_view name) {
  bool there = false;
  static_cast<void>(each("SELECT 1 FROM sqlite_master WHERE name = ?1", {std::string(name)},
                         [&](const Row&) { there = true; }));
  return there;
}

}  // namespace dockline::sim
