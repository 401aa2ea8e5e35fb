// Where the channel engine keeps its rows and cursors (publish::OutboxStore).
#pragma once

#include <string>
#include <vector>

#include "server/publish/channel_engine.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

class OutboxTable final : public publish::OutboxStore {
 public:
  explicit OutboxTable(sqlite::Db& db);

  [[nodiscard]] base::Result<std::vector<publish::Row>> outbox_rows() override;
  [[nodiscard]] base::Status outbox_put(const publish::Row& row) override;
  [[nodiscard]] base::Status outbox_remove(std::int64_t id) override;
  [[nodiscard]] base::Result<std::string> cursor(const std::string& name) override;
  [[nodiscard]] base::Status set_cursor(const std::string& name, const std::string& value) override;

 private:
  sqlite::Statement rows_, put_, remove_, cursor_, set_cursor_;
};

}  // namespace dockline::server::store
