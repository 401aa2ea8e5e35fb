// The station's side of the comparison with the server (PROTOCOL.md section 14): a quantity per
// SKU and place, and a sum per bucket, changed together. Same rules as Store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/ledger/mirror.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/wire/events.hpp"

namespace dockline::agent::store {

class Mirror {
 public:
  explicit Mirror(sqlite::Db& db);

  // Up incarnation that the rows are of; empty: not begun.
  [[nodiscard]] base::Result<std::string> inc();
  // Begins anew, with nothing moved and nothing leased.
  [[nodiscard]] base::Status begin(std::string_view inc);
  [[nodiscard]] base::Status add(std::string_view sku, std::string_view place,
                                 domain::Quantity change);
  [[nodiscard]] base::Result<ledger::MirrorSums> sums();
  // Makes all sums of their rows anew.
  [[nodiscard]] base::Status recount();
  [[nodiscard]] base::Result<std::int64_t> entries();
  [[nodiscard]] base::Result<std::vector<wire::SyncLine>> lines(std::int64_t bucket,
                                                                std::size_t limit);
  [[nodiscard]] base::Result<domain::Quantity> quantity(std::string_view sku,
                                                        std::string_view place);
  // Changed since the last call; true after a start.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }
  [[nodiscard]] bool changed() const { return changed_; }

 private:
  sqlite::Statement inc_, put_inc_, clear_rows_, clear_sums_, clear_work_, get_, put_, del_,
      get_sum_, put_sum_, sums_, count_, lines_, all_;
  bool changed_ = true;
};

}  // namespace dockline::agent::store
