#include "server/store/drift_book.hpp"

namespace dockline::server::store {

DriftBook::DriftBook(sqlite::Db& db, Trouble& t)
    : put_(db, t,
           "INSERT INTO p_drift(channel, sku, location, told, shown, cause, why, at_ms, times, "
           "position) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9) "
           "ON CONFLICT(channel, sku, location) DO UPDATE SET told = ?4, shown = ?5, cause = ?6, "
           "why = ?7, at_ms = ?8, times = times + 1, position = ?9") {}

void DriftBook::put(const wire::ListingDrifted& d, std::int64_t at_ms, std::int64_t position) {
  put_.run(d.channel, d.sku, d.location, d.told, d.shown, d.cause, d.why, at_ms, position);
}

}  // namespace dockline::server::store
