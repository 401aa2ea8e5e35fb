// Private to the read side: the statements of Reader, prepared once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "server/store/archive_book.hpp"
#include "server/store/query.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::store {

// What order_row() reads, from p_order o.
#define DOCKLINE_ORDER_COLUMNS                                                               \
  "o.ord, o.id, o.number, o.channel, o.customer, o.placed_ms, o.received_ms, o.updated_ms, " \
  "o.state, o.site, o.station, o.tracking, o.pieces, o.packed"

struct Reader::Impl {
  explicit Impl(sqlite::Db db_in);

  // Each call looks at one moment: a read transaction around its queries, and fresh trouble.
  template <class F>
  auto look(F&& make) -> base::Result<decltype(make())> {
    trouble = {};
    if (auto ok = db.begin(); !ok) return base::pass(ok.error());
    auto value = make();
    db.rollback();
    if (auto ok = trouble.status(); !ok) return base::pass(ok.error());
    return value;
  }

  // A statement of a topic's own file, prepared at its first use. `sql` is a literal: it lives on.
  Query& query(std::string_view sql) {
    const auto found = later.find(sql);
    if (found != later.end()) return found->second;
    return later.emplace(sql, Query(db, trouble, sql)).first->second;
  }

  std::vector<SiteFigure> sites_of(const std::string& sku);
  std::vector<ToldFigure> told_of(const std::string& sku);
  StockRow stock_row(const std::string& sku, const std::string& title);
  ImportRow with_counts(ImportRow row, const std::string& fingerprint);

  sqlite::Db db;
  Trouble trouble;
  ArchiveBook archive;  // bytes of older facts
  std::map<std::string_view, Query> later;
  // orders
  Query order_by_id, order_by_number, order_lines, order_timeline, order_more, order_decisions;
  // stock
  Query stock_page, stock_total, item, barcodes, places, reserved, bins, other_bins, told,
      told_waiting, moves, reservations;
  // stations
  Query stations, devices, last_through, down_last, parked, leases;
  // the rest
  Query exception_page, exception_total, outbox_page, outbox_total, channels, events, decisions,
      decision_total, import_one, import_all, import_counts, import_orders, import_rows,
      import_rows_total, position, states, sums;
  // keeping
  Query backups, parked_page, parked_total, parked_one, segments, head;
};

// Of a list of orders: what it is asked by decides which index it goes by, so that no list walks
// all orders but one that looks for a text. ?1 state, ?2 channel, ?3 text, ?4 below which key, ?5
// rows, ?6 rows left out before. They live on.
[[nodiscard]] const std::string& order_page_sql(const OrderQuery& query);
[[nodiscard]] const std::string& order_total_sql(const OrderQuery& query);

// An order in a list: column 0 is its key for paging, then those of OrderRow.
[[nodiscard]] OrderRow order_row(const sqlite::Statement& s);
// Rows asked for, within reason.
[[nodiscard]] std::int64_t bounded(std::int64_t limit);
// "" is 0. Nothing when it is no number.
[[nodiscard]] std::optional<std::int64_t> after_number(const std::string& after);
[[nodiscard]] base::Error bad_after(const std::string& after);

}  // namespace dockline::server::store
