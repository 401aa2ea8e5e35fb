#include "server/store/tally_book.hpp"

#include <limits>

namespace dockline::server::store {

using sqlite::Statement;

TallyBook::TallyBook(sqlite::Db& db, Trouble& t)
    : moves_(db, t,
             "SELECT m.position, m.n, m.sku, m.quantity, m.from_place, m.to_place, e.source, "
             "e.correlation, e.time_ms, e.heard_ms FROM p_move m JOIN events e USING(position) "
             "WHERE (m.position, m.n) > (?1, ?2) ORDER BY m.position, m.n LIMIT ?3"),
      ship_to_(db, t, "SELECT ship_to FROM p_order WHERE id = ?1"),
      add_sold_(db, t,
                "INSERT INTO tally_sold(sku, site, country, region, code, day, pieces) "
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET "
                "pieces = pieces + excluded.pieces"),
      add_used_(db, t,
                "INSERT INTO tally_used(site, sku, station, day, pieces) "
                "VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET "
                "pieces = pieces + excluded.pieces"),
      old_sold_(db, t, "DELETE FROM tally_sold WHERE day < ?1"),
      old_used_(db, t, "DELETE FROM tally_used WHERE day < ?1"),
      sold_(db, t,
            "SELECT site, country, region, code, sum(pieces) FROM tally_sold "
            "WHERE sku = ?1 AND day >= ?2 GROUP BY site, country, region, code"),
      used_(db, t,
            "SELECT station, sum(pieces) FROM tally_used WHERE site = ?1 AND sku = ?2 "
            "AND day >= ?3 GROUP BY station"),
      used_skus_(db, t,
                 "SELECT DISTINCT sku FROM tally_used WHERE site = ?1 AND sku > ?2 "
                 "ORDER BY sku LIMIT ?3") {}

std::vector<TallyBook::Move> TallyBook::moves(std::int64_t position, std::int64_t n,
                                              std::int64_t limit) {
  std::vector<Move> out;
  moves_.each(
      [&](const Statement& s) {
        out.push_back({.position = s.integer(0),
                       .n = s.integer(1),
                       .sku = s.str(2),
                       .quantity = s.integer(3),
                       .from = s.str(4),
                       .to = s.str(5),
                       .source = s.str(6),
                       .order = s.str(7),
                       .time_ms = s.integer(8),
                       .heard_ms = s.integer(9)});
      },
      position, n, limit);
  return out;
}

std::string TallyBook::ship_to(std::string_view order) { return ship_to_.text(order).value_or(""); }

void TallyBook::add_sold(std::string_view sku, std::string_view site, const Region& to,
                         std::int64_t day, Quantity pieces) {
  add_sold_.run(sku, site, to.country, to.region, to.code, day, pieces);
}

void TallyBook::add_used(std::string_view sku, std::string_view site, std::string_view station,
                         std::int64_t day, Quantity pieces) {
  add_used_.run(site, sku, station, day, pieces);
}

void TallyBook::forget_before(std::int64_t day) {
  old_sold_.run(day);
  old_used_.run(day);
}

void TallyBook::forget_all() { forget_before(std::numeric_limits<std::int64_t>::max()); }

std::vector<TallyBook::Sold> TallyBook::sold(std::string_view sku, std::int64_t since_day) {
  std::vector<Sold> out;
  sold_.each(
      [&](const Statement& s) {
        out.push_back({s.str(0), {s.str(1), s.str(2), s.str(3)}, s.integer(4)});
      },
      sku, since_day);
  return out;
}

std::vector<TallyBook::Used> TallyBook::used(std::string_view site, std::string_view sku,
                                             std::int64_t since_day) {
  std::vector<Used> out;
  used_.each([&](const Statement& s) { out.push_back({s.str(0), s.integer(1)}); }, site, sku,
             since_day);
  return out;
}

std::vector<std::string> TallyBook::used_skus(std::string_view site, std::string_view after,
                                              std::int64_t limit) {
  std::vector<std::string> out;
  used_skus_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site, after, limit);
  return out;
}

bool TallyBook::any_used(std::string_view site) { return !used_skus(site, "", 1).empty(); }

}  // namespace dockline::server::store
