#include "server/store/post_table.hpp"

namespace dockline::server::store {

using sqlite::Statement;

PostTable::PostTable(sqlite::Db& db, Trouble& t)
    : rows_(db, t,
            "SELECT purchase, supplier, url, body, sent, late, attempts, next_ms, created_ms, "
            "last_error FROM purchase_post ORDER BY purchase"),
      put_(db, t,
           "INSERT OR REPLACE INTO purchase_post(purchase, supplier, url, body, sent, late, "
           "attempts, next_ms, created_ms, last_error) "
           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      remove_(db, t, "DELETE FROM purchase_post WHERE purchase = ?1") {}

std::vector<publish::PostRow> PostTable::rows() {
  std::vector<publish::PostRow> out;
  rows_.each([&](const Statement& s) {
    out.push_back({s.str(0), s.str(1), s.str(2), s.str(3), s.integer(4) != 0, s.integer(5) != 0,
                   s.integer(6), s.integer(7), s.integer(8), s.str(9)});
  });
  return out;
}

void PostTable::put(const publish::PostRow& row) {
  put_.run(row.purchase, row.supplier, row.url, row.body, row.sent, row.late, row.attempts,
           row.next_ms, row.created_ms, row.last_error);
}

void PostTable::remove(std::string_view purchase) { remove_.run(purchase); }

}  // namespace dockline::server::store
