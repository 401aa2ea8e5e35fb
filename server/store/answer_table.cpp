#include "server/store/answer_table.hpp"

#include <vector>

namespace dockline::server::store {
namespace {
using sqlite::Statement;
}

AnswerTable::AnswerTable(sqlite::Db& db, Trouble& t)
    : find_(db, t, "SELECT request, told FROM answer WHERE key = ?1 AND at_ms >= ?2"),
      put_(db, t,
           "INSERT OR REPLACE INTO answer(key, request, told, at_ms) VALUES(?1, ?2, ?3, ?4)"),
      old_(db, t, "SELECT key FROM answer WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2"),
      drop_(db, t, "DELETE FROM answer WHERE key = ?1"),
      count_(db, t, "SELECT count(*) FROM answer"),
      position_(db, t,
                "SELECT coalesce(max(t.position), 0) FROM p_timeline t JOIN p_order o USING(ord) "
                "WHERE o.id = ?1") {}

std::optional<KeptAnswer> AnswerTable::find(std::string_view key, std::int64_t since_ms) {
  return find_.one([](const Statement& s) { return KeptAnswer{s.str(0), std::string(s.blob(1))}; },
                   key, since_ms);
}

void AnswerTable::put(std::string_view key, std::string_view request, std::string_view told,
                      std::int64_t at_ms) {
  put_.run(key, request, Statement::blob_of(told), at_ms);
}

std::int64_t AnswerTable::sweep(std::int64_t since_ms, std::int64_t most) {
  std::vector<std::string> keys;
  old_.each([&](const Statement& s) { keys.push_back(s.str(0)); }, since_ms, most);
  for (const auto& key : keys) drop_.run(key);
  return static_cast<std::int64_t>(keys.size());
}

std::int64_t AnswerTable::count() { return count_.integer().value_or(0); }

std::int64_t AnswerTable::position_of(std::string_view order) {
  return position_.integer(order).value_or(0);
}

}  // namespace dockline::server::store
