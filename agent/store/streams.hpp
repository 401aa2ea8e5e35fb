// The durable sides of the station's two streams (shared/sync), on the station's connection.
#pragma once

#include "shared/sqlite/db.hpp"
#include "shared/sync/receiver_store.hpp"
#include "shared/sync/sender_store.hpp"

namespace dockline::agent::store {

class UpStore final : public sync::SenderStore {
 public:
  explicit UpStore(sqlite::Db& db);
  [[nodiscard]] base::Result<std::optional<sync::SenderHead>> head() override;
  [[nodiscard]] base::Status put_head(const sync::SenderHead& head) override;
  [[nodiscard]] base::Status append(const sync::OutRow& row) override;
  [[nodiscard]] base::Result<sync::Chain> chain_at(sync::Seq seq) override;
  [[nodiscard]] base::Status read(sync::Seq first, sync::Seq last,
                                  const std::function<bool(const sync::OutRow&)>& each) override;
  [[nodiscard]] base::Status erase(sync::Seq through) override;
  [[nodiscard]] base::Status renumber(sync::Seq from, sync::Seq to,
                                      const sync::Chain& chain) override;

 private:
  sqlite::Statement head_, put_head_, append_, chain_at_, read_, erase_, renumber_;
};

class DownStore final : public sync::ReceiverStore {
 public:
  explicit DownStore(sqlite::Db& db);
  [[nodiscard]] base::Result<std::vector<sync::InRow>> load() override;
  [[nodiscard]] base::Status put(const sync::InRow& row) override;

 private:
  sqlite::Statement load_, put_;
};

}  // namespace dockline::agent::store
