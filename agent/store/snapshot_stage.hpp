// The stage of a snapshot in agent.db, and what the swap does to the tables that the server fills.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/snapshot.hpp"

namespace dockline::agent::store {

class SnapshotStage {
 public:
  explicit SnapshotStage(sqlite::Db& db);
  [[nodiscard]] base::Result<sync::Stage> load();
  [[nodiscard]] base::Status stage(const sync::Stage& stage, std::string_view piece);
  [[nodiscard]] base::Result<std::string> first_line();
  // Every line of every piece, in order.
  [[nodiscard]] base::Status each_line(const std::function<base::Status(std::string_view)>& take);
  [[nodiscard]] base::Status clear();

  [[nodiscard]] base::Status clear_items();
  [[nodiscard]] base::Result<std::vector<std::string>> leases();  // of all work rows

 private:
  sqlite::Statement load_, put_, read_, clear_, clear_items_, clear_barcodes_, leases_;
};

}  // namespace dockline::agent::store
