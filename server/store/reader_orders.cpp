// Orders, events and decisions for the API.
#include <array>
#include <limits>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {

OrderRow order_row(const sqlite::Statement& s) {
  OrderRow row;
  row.id = s.str(1);
  row.number = s.str(2);
  row.channel = s.str(3);
  row.customer = s.str(4);
  row.placed_ms = s.integer(5);
  row.received_ms = s.integer(6);
  row.updated_ms = s.integer(7);
  row.state = s.str(8);
  row.site = s.str(9);
  row.station = s.str(10);
  row.tracking = s.str(11);
  row.pieces = s.integer(12);
  row.packed = s.integer(13);
  return row;
}

namespace {

using sqlite::Statement;

constexpr std::int64_t kLateMs = 60'000;
constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

OrderLineRow line_row(const Statement& s) {
  OrderLineRow row;
  row.line = s.integer(0);
  row.sku = s.str(1);
  row.title = s.str(2);
  row.quantity = s.integer(3);
  row.unit_price_minor = s.maybe_integer(4);
  std::int64_t* const states[] = {&row.open,     &row.backordered, &row.allocated, &row.released,
                                  &row.packed,   &row.shipped,     &row.delivered, &row.cancelled,
                                  &row.returned, &row.counted,     &row.missing};
  for (int i = 0; i < 11; ++i) *states[i] = s.integer(5 + i);
  row.site = s.str(16);
  return row;
}

EventRow event_row(const Statement& s, ArchiveBook& archive) {
  EventRow row;
  row.position = s.integer(0);
  row.id = s.str(1);
  row.type = s.str(2);
  row.source = s.str(3);
  row.subject = s.str(4);
  row.correlation = s.str(5);
  row.time_ms = s.integer(6);
  row.heard_ms = s.integer(7);
  row.late = row.heard_ms - row.time_ms > kLateMs;
  row.body = s.blob(8).empty() ? archive.body(row.position) : std::string(s.blob(8));
  return row;
}

DecisionRow decision_row(const Statement& s, ArchiveBook& archive) {
  DecisionRow row;
  row.position = s.integer(0);
  row.made_ms = s.integer(1);
  row.id = s.str(2);
  row.kind = s.str(3);
  row.subject = s.str(4);
  row.rule = s.str(5);
  row.outcome = s.str(6);
  row.reason = s.str(7);
  row.version = s.integer(8);
  row.body = s.blob(9).empty() ? archive.body(row.position) : std::string(s.blob(9));
  return row;
}

constexpr std::string_view kText =
    "(instr(lower(o.number), lower(?3)) > 0 OR instr(lower(o.customer), lower(?3)) > 0 OR "
    "instr(lower(o.tracking), lower(?3)) > 0 OR EXISTS(SELECT 1 FROM p_line l WHERE l.ord = o.ord "
    "AND l.sku = upper(?3)) OR o.id IN (SELECT order_id FROM p_packed_lot WHERE lot = ?3 AND "
    "lot <> '' UNION SELECT order_id FROM p_packed_lot WHERE serial = ?3 AND serial <> ''))";

struct ListSql {
  std::string page, total;
};

ListSql list_sql(bool state, bool channel, bool text) {
  std::string where = " WHERE 1";
  if (state) where += " AND o.state = ?1";
  // By both, the state's index: the plus keeps the channel's out of it.
  if (channel) where += state ? " AND +o.channel = ?2" : " AND o.channel = ?2";
  if (text) where.append(" AND ").append(kText);
  return {.page = "SELECT " DOCKLINE_ORDER_COLUMNS " FROM p_order o" + where +
                  " AND o.ord < ?4 ORDER BY o.ord DESC LIMIT ?5 OFFSET ?6",
          .total = text ? "SELECT count(*) FROM p_order o" + where + " AND ?3 <> ''"
                        : "SELECT coalesce(sum(orders), 0) FROM p_order_count WHERE "
                          "(?1 = '' OR state = ?1) AND (?2 = '' OR channel = ?2) AND ?3 = ''"};
}

const ListSql& list_sql(const OrderQuery& q) {
  static const std::array<ListSql, 8> kAll = [] {
    std::array<ListSql, 8> all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      all.at(i) = list_sql((i & 1U) != 0, (i & 2U) != 0, (i & 4U) != 0);
    }
    return all;
  }();
  return kAll.at((q.state.empty() ? 0U : 1U) | (q.channel.empty() ? 0U : 2U) |
                 (q.text.empty() ? 0U : 4U));
}

}  // namespace

const std::string& order_page_sql(const OrderQuery& query) { return list_sql(query).page; }
const std::string& order_total_sql(const OrderQuery& query) { return list_sql(query).total; }

base::Result<Page<OrderRow>> Reader::orders(const OrderQuery& q) {
  const auto after = after_number(q.after);
  if (!after) return base::pass(bad_after(q.after));
  const std::int64_t below = *after == 0 ? kNoBound : *after;
  const std::int64_t limit = bounded(q.limit);
  return impl_->look([&] {
    Page<OrderRow> page;
    std::int64_t last = 0;
    impl_->query(order_page_sql(q))
        .each(
            [&](const Statement& s) {
              page.items.push_back(order_row(s));
              last = s.integer(0);
            },
            q.state, q.channel, q.text, below, limit, q.skip);
    if (static_cast<std::int64_t>(page.items.size()) == limit) page.next = std::to_string(last);
    page.total = impl_->query(order_total_sql(q)).integer(q.state, q.channel, q.text).value_or(0);
    return page;
  });
}

base::Result<std::optional<OrderDetail>> Reader::order(const std::string& wanted) {
  return impl_->look([&] {
    std::string id = wanted;
    std::int64_t ord = 0;
    const auto read = [&](const Statement& s) {
      OrderDetail detail;
      ord = s.integer(0);
      detail.order = order_row(s);
      detail.currency = s.str(14);
      detail.external_id = s.str(15);
      detail.ship_to_json = s.str(16);
      detail.charges_json = s.str(17);
      detail.carrier = s.str(18);
      detail.sscc = s.str(19);
      return detail;
    };
    auto found = impl_->order_by_id.one(read, id);
    if (!found) {
      id = impl_->order_by_number.text(wanted).value_or("");
      if (!id.empty()) found = impl_->order_by_id.one(read, id);
    }
    if (!found) return found;
    impl_->order_lines.each([&](const Statement& s) { found->lines.push_back(line_row(s)); }, ord);
    impl_->order_timeline.each(
        [&](const Statement& s) { found->timeline.push_back(event_row(s, impl_->archive)); }, ord);
    found->position =
        impl_->query("SELECT coalesce(max(position), 0) FROM p_timeline WHERE ord = ?1")
            .integer(ord)
            .value_or(0);
    impl_->order_decisions.each(
        [&](const Statement& s) { found->decisions.push_back(decision_row(s, impl_->archive)); },
        id);
    return found;
  });
}

base::Result<Page<EventRow>> Reader::events(std::int64_t after, std::int64_t limit,
                                            const std::string& type, const std::string& subject) {
  limit = bounded(limit);
  return impl_->look([&] {
    Page<EventRow> page;
    impl_->events.each(
        [&](const Statement& s) { page.items.push_back(event_row(s, impl_->archive)); }, after,
        type, subject, limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = std::to_string(page.items.back().position);
    }
    page.total = impl_->position.integer().value_or(0);
    return page;
  });
}

base::Result<Page<DecisionRow>> Reader::decisions(const std::string& subject,
                                                  const std::string& after, std::int64_t limit,
                                                  std::int64_t skip) {
  const auto from = after_number(after);
  if (!from) return base::pass(bad_after(after));
  const std::int64_t below = *from == 0 ? kNoBound : *from;
  limit = bounded(limit);
  return impl_->look([&] {
    Page<DecisionRow> page;
    impl_->decisions.each(
        [&](const Statement& s) { page.items.push_back(decision_row(s, impl_->archive)); }, subject,
        below, limit, skip);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = std::to_string(page.items.back().position);
    }
    page.total = impl_->decision_total.integer(subject).value_or(0);
    return page;
  });
}

}  // namespace dockline::server::store
