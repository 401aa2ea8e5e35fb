#include "server/store/reader_receiving.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_DELIVERY_COLUMNS                                                                \
  "position, delivery, supplier, site, expected_ms, purchase, origin, announced_ms, closed_ms, " \
  "why, by_whom"
#define DOCKLINE_TRANSFER_COLUMNS                                                             \
  "position, transfer, sku, from_site, to_site, quantity, sent, received, damaged, settled, " \
  "expected_ms, ordered_ms, changed_ms, closed, why, by_whom"

DeliveryRow delivery_of(const Statement& s) {
  DeliveryRow row;
  row.position = s.integer(0);
  row.delivery.id = s.str(1);
  row.delivery.supplier = s.str(2);
  row.delivery.site = s.str(3);
  row.delivery.expected_ms = s.maybe_integer(4).value_or(0);
  row.purchase = s.str(5);
  row.origin = s.str(6);
  row.announced_ms = s.integer(7);
  row.closed_ms = s.maybe_integer(8);
  row.delivery.closed = row.closed_ms.has_value();
  row.why = s.str(9);
  row.by = s.str(10);
  return row;
}

// Its lines and what came of it.
void fill(Reader::Impl& in, DeliveryRow& row) {
  in.query("SELECT line, sku, quantity FROM p_delivery_line WHERE delivery = ?1 ORDER BY line")
      .each(
          [&](const Statement& s) {
            row.delivery.lines.push_back({s.integer(0), s.str(1), s.integer(2)});
          },
          row.delivery.id);
  in.query(
        "SELECT position, at_ms, quantity, damaged, site, sku, code, by_whom FROM p_receipt "
        "WHERE delivery = ?1 ORDER BY position")
      .each(
          [&](const Statement& s) {
            row.receipts.push_back({s.integer(0), s.integer(1), s.integer(2), s.integer(3),
                                    s.str(4), s.str(5), s.str(6), s.str(7)});
          },
          row.delivery.id);
}

TransferRow transfer_of(const Statement& s) {
  TransferRow row;
  row.position = s.integer(0);
  auto& t = row.transfer;
  t.id = s.str(1);
  t.sku = s.str(2);
  t.from_site = s.str(3);
  t.to_site = s.str(4);
  t.wanted = s.integer(5);
  t.sent = s.integer(6);
  t.received = s.integer(7);
  t.damaged = s.integer(8);
  t.settled = s.integer(9);
  t.expected_ms = s.integer(10);
  row.ordered_ms = s.integer(11);
  row.changed_ms = s.integer(12);
  t.closed = s.integer(13) != 0;
  row.why = s.str(14);
  row.by = s.str(15);
  return row;
}

// Rows of one page with the cursor of the next and how many there are.
template <class Row, class Make>
Page<Row> page_of(Reader::Impl& in, const ReceivingQuery& q, std::int64_t before,
                  std::string_view rows, std::string_view total, Make make) {
  Page<Row> page;
  const auto limit = bounded(q.limit);
  in.query(rows).each([&](const Statement& s) { page.items.push_back(make(s)); }, q.state, q.site,
                      q.sku, before, limit, q.skip);
  if (static_cast<std::int64_t>(page.items.size()) == limit) {
    page.next = std::to_string(page.items.back().position);
  }
  page.total = in.query(total).integer(q.state, q.site, q.sku).value_or(0);
  return page;
}

// Newest first: the cursor is the position to stay below.
std::optional<std::int64_t> below(const std::string& after) {
  return after.empty() ? INT64_MAX : after_number(after);
}

}  // namespace

#define DOCKLINE_DELIVERY_FILTER                                                               \
  "(?1 = '' OR (?1 = 'open') = (closed_ms IS NULL)) AND (?2 = '' OR site = ?2) AND "           \
  "(?3 = '' OR EXISTS(SELECT 1 FROM p_delivery_line l WHERE l.delivery = p_delivery.delivery " \
  "AND l.sku = ?3))"
#define DOCKLINE_TRANSFER_FILTER                                                               \
  "(?1 = '' OR (?1 = 'open') = (closed = 0)) AND (?2 = '' OR ?2 IN (from_site, to_site)) AND " \
  "(?3 = '' OR sku = ?3)"
#define DOCKLINE_COUNT_FILTER "?1 = ?1 AND (?2 = '' OR site = ?2) AND (?3 = '' OR sku = ?3)"
#define DOCKLINE_TASK_FILTER \
  "(?1 = '' OR state = ?1) AND (?2 = '' OR site = ?2) AND (?3 = '' OR k.sku = ?3)"

base::Result<Page<DeliveryRow>> deliveries(Reader& reader, const ReceivingQuery& q) {
  const auto before = below(q.after);
  if (!before) return base::pass(bad_after(q.after));
  auto& in = reader.impl();
  return in.look([&] {
    auto page = page_of<DeliveryRow>(
        in, q, *before,
        "SELECT " DOCKLINE_DELIVERY_COLUMNS " FROM p_delivery WHERE " DOCKLINE_DELIVERY_FILTER
        " AND position < ?4 ORDER BY position DESC LIMIT ?5 OFFSET ?6",
        "SELECT count(*) FROM p_delivery WHERE " DOCKLINE_DELIVERY_FILTER, delivery_of);
    for (auto& row : page.items) fill(in, row);
    return page;
  });
}

base::Result<std::optional<DeliveryRow>> delivery(Reader& reader, const std::string& id) {
  auto& in = reader.impl();
  return in.look([&] {
    auto row = in.query("SELECT " DOCKLINE_DELIVERY_COLUMNS " FROM p_delivery WHERE delivery = ?1")
                   .one(delivery_of, id);
    if (row) fill(in, *row);
    return row;
  });
}

base::Result<Page<TransferRow>> transfers(Reader& reader, const ReceivingQuery& q) {
  const auto before = below(q.after);
  if (!before) return base::pass(bad_after(q.after));
  auto& in = reader.impl();
  return in.look([&] {
    return page_of<TransferRow>(
        in, q, *before,
        "SELECT " DOCKLINE_TRANSFER_COLUMNS " FROM p_transfer WHERE " DOCKLINE_TRANSFER_FILTER
        " AND position < ?4 ORDER BY position DESC LIMIT ?5 OFFSET ?6",
        "SELECT count(*) FROM p_transfer WHERE " DOCKLINE_TRANSFER_FILTER, transfer_of);
  });
}

base::Result<std::optional<TransferRow>> transfer(Reader& reader, const std::string& id) {
  auto& in = reader.impl();
  return in.look([&] {
    return in.query("SELECT " DOCKLINE_TRANSFER_COLUMNS " FROM p_transfer WHERE transfer = ?1")
        .one(transfer_of, id);
  });
}

base::Result<Page<CountRow>> counts(Reader& reader, const ReceivingQuery& q) {
  const auto before = below(q.after);
  if (!before) return base::pass(bad_after(q.after));
  auto& in = reader.impl();
  return in.look([&] {
    return page_of<CountRow>(
        in, q, *before,
        "SELECT position, at_ms, counted, difference, counts, sku, site, source, task, bin, "
        "by_whom FROM p_count WHERE " DOCKLINE_COUNT_FILTER
        " AND position < ?4 ORDER BY position DESC LIMIT ?5 OFFSET ?6",
        "SELECT count(*) FROM p_count WHERE " DOCKLINE_COUNT_FILTER, [](const Statement& s) {
          return CountRow{s.integer(0),      s.integer(1), s.integer(2), s.integer(3),
                          s.integer(4) != 0, s.str(5),     s.str(6),     s.str(7),
                          s.str(8),          s.str(9),     s.str(10)};
        });
  });
}

base::Result<Page<CountTaskRow>> count_tasks(Reader& reader, const ReceivingQuery& q) {
  const auto before = below(q.after);
  if (!before) return base::pass(bad_after(q.after));
  auto& in = reader.impl();
  return in.look([&] {
    return page_of<CountTaskRow>(
        in, q, *before,
        "SELECT k.position, asked_ms, ended_ms, task, k.sku, coalesce(i.title, ''), site, station, "
        "bin, why, state FROM p_count_task k LEFT JOIN p_item i ON i.sku = k.sku "
        "WHERE " DOCKLINE_TASK_FILTER
        " AND k.position < ?4 ORDER BY k.position DESC LIMIT ?5 OFFSET ?6",
        "SELECT count(*) FROM p_count_task k WHERE " DOCKLINE_TASK_FILTER, [](const Statement& s) {
          return CountTaskRow{s.integer(0), s.integer(1), s.integer(2), s.str(3),
                              s.str(4),     s.str(5),     s.str(6),     s.str(7),
                              s.str(8),     s.str(9),     s.str(10)};
        });
  });
}

base::Result<std::vector<HeldLot>> lots(Reader& reader, const std::string& sku) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<HeldLot> out;
    in.query(
          "SELECT place, lot, serial, expires_ms, ownership, owner, quantity, received_ms FROM "
          "p_lot WHERE sku = ?1 ORDER BY place, expires_ms = 0, expires_ms, received_ms, lot, "
          "serial, ownership, owner LIMIT 10000")
        .each(
            [&](const Statement& s) {
              out.push_back({.sku = sku,
                             .place = s.str(0),
                             .lot = s.str(1),
                             .serial = s.str(2),
                             .expires_ms = s.integer(3),
                             .ownership = s.str(4),
                             .owner = s.str(5),
                             .quantity = s.integer(6),
                             .received_ms = s.integer(7)});
            },
            sku);
    return out;
  });
}

base::Result<std::vector<PlaceRow>> places_at(Reader& reader, const std::string& sku,
                                              std::int64_t at_ms) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<PlaceRow> out;
    // Both ends of each movement of the SKU (index p_move_sku) that had happened by then.
    in.query(
          "WITH m AS (SELECT from_place, to_place, quantity FROM p_move JOIN events e "
          "USING(position) WHERE p_move.sku = ?1 AND e.time_ms <= ?2) "
          "SELECT place, sum(q) FROM (SELECT from_place AS place, -quantity AS q FROM m UNION ALL "
          "SELECT to_place, quantity FROM m) GROUP BY place HAVING sum(q) <> 0 ORDER BY place")
        .each([&](const Statement& s) { out.push_back({s.str(0), s.integer(1)}); }, sku, at_ms);
    return out;
  });
}

}  // namespace dockline::server::store
