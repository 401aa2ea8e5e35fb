// What orders say of their lines beside the rows that keep pieces for them, in the order of both:
// for a check that goes through all of them, a page at a time. Reads only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

struct LineKey {
  std::int64_t ord = 0, line = 0;
  friend auto operator<=>(const LineKey&, const LineKey&) = default;
};
// A line with what it counts on, or a row of its reservations.
struct ReservedRow {
  LineKey at;
  bool is_line = false;
  std::string sku;
  domain::Quantity allocated = 0, released = 0;
};

class ReservedRows {
 public:
  explicit ReservedRows(sqlite::Db& db);
  // The next ones behind `after`, by order and line; as many as `limit`, less than that at the end.
  [[nodiscard]] base::Result<std::vector<ReservedRow>> page(const LineKey& after,
                                                            std::int64_t limit);
  [[nodiscard]] static std::string_view sql();  // for its test

 private:
  sqlite::Statement page_;
};

}  // namespace dockline::server::store
