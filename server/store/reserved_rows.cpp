#include "server/store/reserved_rows.hpp"

#include <utility>

namespace dockline::server::store {

// Two walks along two keys, merged as they go: no look at more rows than the page has.
std::string_view ReservedRows::sql() {
  return "SELECT ord, line, 1, sku, allocated, released FROM p_line WHERE (ord, line) > (?1, ?2) "
         "UNION ALL SELECT ord, line, 0, sku, iif(lease = '', quantity, 0), "
         "iif(lease = '', 0, quantity) FROM p_reservation WHERE (ord, line) > (?1, ?2) "
         "ORDER BY 1, 2 LIMIT ?3";
}

ReservedRows::ReservedRows(sqlite::Db& db) : page_(db.prepare(sql())) {}

base::Result<std::vector<ReservedRow>> ReservedRows::page(const LineKey& after,
                                                          std::int64_t limit) {
  std::vector<ReservedRow> out;
  page_.bind(after.ord, after.line, limit);
  for (;;) {
    const auto there = page_.step();
    if (!there) return base::pass(there.error());
    if (!*there) return out;
    out.push_back({.at = {page_.integer(0), page_.integer(1)},
                   .is_line = page_.integer(2) != 0,
                   .sku = page_.str(3),
                   .allocated = page_.integer(4),
                   .released = page_.integer(5)});
  }
}

}  // namespace dockline::server::store
