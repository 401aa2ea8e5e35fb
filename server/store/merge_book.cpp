#include "server/store/merge_book.hpp"

namespace dockline::server::store {
namespace {
using sqlite::Statement;
}

MergeBook::MergeBook(sqlite::Db& db, Trouble& t)
    : put_(db, t, "INSERT OR IGNORE INTO p_merge(ord, parcel, apart) VALUES(?1, ?2, 0)"),
      apart_(db, t, "UPDATE p_merge SET apart = 1 WHERE ord = ?1"),
      parcel_(db, t, "SELECT parcel FROM p_merge WHERE ord = ?1"),
      others_(db, t,
              "SELECT o.ord, o.apart FROM p_merge m JOIN p_merge o ON o.parcel = m.parcel "
              "WHERE m.ord = ?1 AND o.ord <> ?1 ORDER BY o.ord"),
      is_apart_(db, t, "SELECT apart FROM p_merge WHERE ord = ?1"),
      bearers_(db, t,
               "SELECT ord, site, station, state FROM p_lease WHERE tracking = ?1 AND ord <> ?2 "
               "ORDER BY ord, lease") {}

void MergeBook::put(std::int64_t ord, std::int64_t parcel) { put_.run(ord, parcel); }

void MergeBook::set_apart(std::int64_t ord) { apart_.run(ord); }

std::optional<std::int64_t> MergeBook::parcel_of(std::int64_t ord) { return parcel_.integer(ord); }

std::vector<MergedOrder> MergeBook::others(std::int64_t ord) {
  std::vector<MergedOrder> out;
  others_.each([&](const Statement& s) { out.push_back({s.integer(0), s.integer(1) != 0}); }, ord);
  return out;
}

bool MergeBook::apart(std::int64_t ord) { return is_apart_.integer(ord).value_or(0) != 0; }

std::vector<Bearer> MergeBook::bearers(std::string_view tracking, std::int64_t but_ord) {
  std::vector<Bearer> out;
  bearers_.each(
      [&](const Statement& s) { out.push_back({s.integer(0), s.str(1), s.str(2), s.str(3)}); },
      tracking, but_ord);
  return out;
}

}  // namespace dockline::server::store
