// Counts that this bench was asked for (table count_task): kept as they came, offered until they
// are answered, forgotten when the server says so.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/wire/events.hpp"

namespace dockline::agent::store {

class CountTasks {
 public:
  explicit CountTasks(sqlite::Db& db);

  // `document`: the fact's bytes. False: it is known already, answered or not.
  [[nodiscard]] base::Result<bool> take(std::string_view task, std::string_view document);
  [[nodiscard]] base::Status answered(std::string_view task);
  [[nodiscard]] base::Status drop(std::string_view task);
  // Of all tasks those named stay: the server knows no others.
  [[nodiscard]] base::Status keep_only(const std::set<std::string>& tasks);

  // Open ones.
  [[nodiscard]] base::Result<std::optional<wire::CountAsked>> find(std::string_view task);
  [[nodiscard]] base::Result<std::optional<wire::CountAsked>> next();
  [[nodiscard]] base::Result<std::int64_t> waiting();

 private:
  [[nodiscard]] base::Result<std::optional<wire::CountAsked>> read(sqlite::Statement& query);

  sqlite::Db* db_;
  sqlite::Statement take_, known_, answered_, drop_, all_, find_, next_, waiting_;
};

}  // namespace dockline::agent::store
