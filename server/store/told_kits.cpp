#include "server/store/told_kits.hpp"

namespace dockline::server::store {

ToldKits::ToldKits(sqlite::Db& db)
    : elsewhere_(db, trouble_,
                 "SELECT coalesce(sum(quantity), 0) FROM told_kit"
                 " WHERE ord = ?1 AND line = ?2 AND tracking <> ?3"),
      put_(db, trouble_,
           "INSERT OR REPLACE INTO told_kit(ord, line, tracking, quantity)"
           " VALUES (?1, ?2, ?3, ?4)") {}

domain::Quantity ToldKits::elsewhere(std::int64_t ord, std::int64_t line,
                                     std::string_view tracking) {
  return elsewhere_.integer(ord, line, tracking).value_or(0);
}

void ToldKits::put(std::int64_t ord, std::int64_t line, std::string_view tracking,
                   domain::Quantity kits) {
  put_.run(ord, line, tracking, kits);
}

}  // namespace dockline::server::store
