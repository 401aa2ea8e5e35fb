#include "server/store/reader_life.hpp"

#include <limits>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr std::int64_t kRowsMost = 1'000;

#define DOCKLINE_OUTLOOK_FILTER                                                             \
  "o.state IN ('open', 'backordered', 'allocated', 'released') AND (?1 = 0 OR o.held = 1) " \
  "AND (?2 = '' OR EXISTS(SELECT 1 FROM p_forecast f WHERE f.ord = o.ord AND f.outlook = ?2))"

}  // namespace

base::Result<std::optional<OrderLife>> life_of(Reader& reader, const std::string& id) {
  auto& in = reader.impl();
  return in.look([&] {
    std::int64_t ord = 0;
    auto found = in.query(
                       "SELECT ord, buyer, promised_ms, vip, fetched, held FROM p_order "
                       "WHERE id = ?1")
                     .one(
                         [&](const Statement& s) {
                           ord = s.integer(0);
                           OrderLife life;
                           life.buyer = s.str(1);
                           life.promised_ms = s.maybe_integer(2);
                           life.vip = s.integer(3) != 0;
                           life.fetched = s.integer(4) != 0;
                           life.held = s.integer(5) != 0;
                           return life;
                         },
                         id);
    if (!found) return found;
    in.query(
          "SELECT position, reason, about, what, proposal, by_whom, since_ms, state, ended_by, "
          "ended_why, ended_ms FROM p_hold WHERE ord = ?1 ORDER BY position")
        .each(
            [&](const Statement& s) {
              found->holds.push_back({s.integer(0), s.str(1), s.str(2), s.str(3), s.str(4),
                                      s.str(5), s.integer(6), s.str(7), s.str(8), s.str(9),
                                      s.integer(10)});
            },
            ord);
    in.query("SELECT part, line, quantity FROM p_part WHERE ord = ?1 ORDER BY part, line")
        .each(
            [&](const Statement& s) {
              found->parts.push_back({s.integer(0), s.integer(1), s.integer(2)});
            },
            ord);
    in.query(
          "SELECT o.id, o.number FROM p_merge m JOIN p_merge b ON b.parcel = m.parcel JOIN p_order "
          "o ON o.ord = b.ord WHERE m.ord = ?1 AND b.ord <> ?1 AND m.apart = 0 AND b.apart = 0 "
          "ORDER BY o.ord")
        .each([&](const Statement& s) { found->merged.push_back({s.str(0), s.str(1)}); }, ord);
    found->forecast = in.query(
                            "SELECT outlook, promised_ms, predicted_ms, worst, why, at_ms FROM "
                            "p_forecast WHERE ord = ?1")
                          .one(
                              [](const Statement& s) {
                                return ForecastRow{s.str(0), s.integer(1), s.integer(2),
                                                   s.str(3), s.str(4),     s.integer(5)};
                              },
                              ord);
    return found;
  });
}

base::Result<Page<OrderRow>> orders_by_outlook(Reader& reader, const OutlookQuery& q) {
  const auto after = after_number(q.after);
  if (!after) return base::pass(bad_after(q.after));
  const std::int64_t below = *after == 0 ? std::numeric_limits<std::int64_t>::max() : *after;
  const std::int64_t limit = bounded(q.limit);
  auto& in = reader.impl();
  return in.look([&] {
    Page<OrderRow> page;
    std::int64_t last = 0;
    in.query(
          "SELECT o.ord, o.id, o.number, o.channel, o.customer, o.placed_ms, o.received_ms, "
          "o.updated_ms, o.state, o.site, o.station, o.tracking, o.pieces, o.packed "
          "FROM p_order o WHERE " DOCKLINE_OUTLOOK_FILTER
          " AND o.ord < ?3 ORDER BY o.ord DESC LIMIT ?4 OFFSET ?5")
        .each(
            [&](const Statement& s) {
              page.items.push_back(order_row(s));
              last = s.integer(0);
            },
            q.held, q.outlook, below, limit, q.skip);
    if (static_cast<std::int64_t>(page.items.size()) == limit) page.next = std::to_string(last);
    page.total = in.query("SELECT count(*) FROM p_order o WHERE " DOCKLINE_OUTLOOK_FILTER)
                     .integer(q.held, q.outlook)
                     .value_or(0);
    return page;
  });
}

base::Result<std::vector<BackorderRow>> backorders(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<BackorderRow> rows;
    in.query(
          "SELECT b.sku, b.most, b.released_ms, b.preorder_most, coalesce((SELECT "
          "sum(l.open + l.backordered) FROM p_line l WHERE l.sku = b.sku AND "
          "l.open + l.backordered > 0), 0), b.preorder, b.why, b.by_whom FROM p_backorder b "
          "ORDER BY b.sku LIMIT ?1")
        .each(
            [&](const Statement& s) {
              rows.push_back({s.str(0), s.integer(1), s.integer(2), s.integer(3), s.integer(4),
                              s.integer(5) != 0, s.str(6), s.str(7)});
            },
            kRowsMost);
    return rows;
  });
}

}  // namespace dockline::server::store
