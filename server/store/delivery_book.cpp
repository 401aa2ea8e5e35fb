#include "server/store/delivery_book.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_TRANSFER_COLUMNS                                                   \
  "transfer, sku, from_site, to_site, quantity, sent, received, damaged, settled, " \
  "expected_ms, closed"

stock::Transfer transfer_of(const Statement& s) {
  return {.id = s.str(0),
          .sku = s.str(1),
          .from_site = s.str(2),
          .to_site = s.str(3),
          .wanted = s.integer(4),
          .sent = s.integer(5),
          .received = s.integer(6),
          .damaged = s.integer(7),
          .settled = s.integer(8),
          .expected_ms = s.integer(9),
          .closed = s.integer(10) != 0};
}

}  // namespace

DeliveryBook::DeliveryBook(sqlite::Db& db, Trouble& t)
    : announce_(db, t,
                "INSERT INTO p_delivery(delivery, position, supplier, site, expected_ms, purchase, "
                "origin, announced_ms, closed_ms, why, by_whom) "
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, '', '')"),
      add_line_(db, t,
                "INSERT OR IGNORE INTO p_delivery_line(delivery, line, sku, quantity) "
                "VALUES(?1, ?2, ?3, ?4)"),
      receive_(db, t,
               "INSERT INTO p_receipt(position, delivery, site, sku, code, quantity, damaged, "
               "at_ms, by_whom) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      close_(db, t,
             "UPDATE p_delivery SET closed_ms = ?2, why = ?3, by_whom = ?4 WHERE delivery = ?1 AND "
             "closed_ms IS NULL"),
      find_(db, t,
            "SELECT delivery, supplier, site, coalesce(expected_ms, 0), closed_ms IS NOT NULL "
            "FROM p_delivery WHERE delivery = ?1"),
      lines_(db, t,
             "SELECT line, sku, quantity FROM p_delivery_line WHERE delivery = ?1 ORDER BY line"),
      receipts_(db, t,
                "SELECT position, sku, code, quantity, damaged FROM p_receipt WHERE delivery = ?1 "
                "ORDER BY position"),
      receipt_count_(db, t, "SELECT count(*) FROM p_receipt WHERE delivery = ?1"),
      overdue_(db, t,
               "SELECT delivery FROM p_delivery d WHERE closed_ms IS NULL AND expected_ms < ?1 AND "
               "NOT EXISTS(SELECT 1 FROM p_receipt r WHERE r.delivery = d.delivery) "
               "ORDER BY expected_ms, delivery LIMIT ?2"),
      order_(db, t,
             "INSERT OR IGNORE INTO p_transfer(transfer, position, sku, from_site, to_site, "
             "quantity, sent, received, damaged, settled, expected_ms, ordered_ms, changed_ms, "
             "closed, why, by_whom) "
             "VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, ?7, ?8, ?8, 0, ?9, ?10)"),
      transfer_(db, t, "SELECT " DOCKLINE_TRANSFER_COLUMNS " FROM p_transfer WHERE transfer = ?1"),
      put_(db, t,
           "UPDATE p_transfer SET sent = ?2, received = ?3, damaged = ?4, settled = ?5, "
           "closed = ?6, changed_ms = ?7 WHERE transfer = ?1"),
      late_(db, t,
            "SELECT " DOCKLINE_TRANSFER_COLUMNS
            " FROM p_transfer WHERE closed = 0 AND expected_ms <> 0 AND expected_ms < ?1 "
            "AND (sent < quantity OR sent <> received + damaged) ORDER BY expected_ms, transfer "
            "LIMIT ?2") {}

void DeliveryBook::announce(std::int64_t position, std::int64_t at_ms,
                            const wire::DeliveryAnnounced& d) {
  if (find(d.delivery)) return;
  announce_.run(d.delivery, position, d.supplier, d.site, d.expected_ms, d.purchase.value_or(""),
                d.origin, at_ms);
  for (const auto& line : d.lines) add_line_.run(d.delivery, line.line, line.sku, line.quantity);
}

void DeliveryBook::receive(std::int64_t position, std::int64_t at_ms,
                           const wire::DeliveryReceived& d) {
  receive_.run(position, d.delivery.value_or(""), d.site, d.sku, d.code.value_or(""), d.quantity,
               d.damaged, at_ms, d.by);
}

void DeliveryBook::close(std::int64_t at_ms, const wire::DeliveryClosed& d) {
  close_.run(d.delivery, at_ms, d.why, d.by);
}

std::optional<stock::Delivery> DeliveryBook::find(std::string_view delivery) {
  auto found = find_.one(
      [](const Statement& s) {
        stock::Delivery d;
        d.id = s.str(0);
        d.supplier = s.str(1);
        d.site = s.str(2);
        d.expected_ms = s.integer(3);
        d.closed = s.integer(4) != 0;
        return d;
      },
      delivery);
  if (found) {
    lines_.each(
        [&](const Statement& s) { found->lines.push_back({s.integer(0), s.str(1), s.integer(2)}); },
        delivery);
  }
  return found;
}

std::vector<stock::Receipt> DeliveryBook::receipts(std::string_view delivery) {
  std::vector<stock::Receipt> out;
  receipts_.each(
      [&](const Statement& s) {
        out.push_back(
            {std::to_string(s.integer(0)), s.str(1), s.str(2), s.integer(3), s.integer(4)});
      },
      delivery);
  return out;
}

std::int64_t DeliveryBook::receipt_count(std::string_view delivery) {
  return receipt_count_.integer(delivery).value_or(0);
}

std::vector<std::string> DeliveryBook::overdue(std::int64_t at_ms, std::int64_t limit) {
  std::vector<std::string> out;
  overdue_.each([&](const Statement& s) { out.push_back(s.str(0)); }, at_ms, limit);
  return out;
}

void DeliveryBook::order(std::int64_t position, std::int64_t at_ms,
                         const wire::TransferOrdered& t) {
  order_.run(t.transfer, position, t.sku, t.from_site, t.to_site, t.quantity,
             t.expected_ms.value_or(0), at_ms, t.why, t.by);
}

std::optional<stock::Transfer> DeliveryBook::transfer(std::string_view id) {
  return transfer_.one(transfer_of, id);
}

void DeliveryBook::put(const stock::Transfer& t, std::int64_t at_ms) {
  put_.run(t.id, t.sent, t.received, t.damaged, t.settled, t.closed ? 1 : 0, at_ms);
}

std::vector<stock::Transfer> DeliveryBook::late(std::int64_t at_ms, std::int64_t limit) {
  std::vector<stock::Transfer> out;
  late_.each([&](const Statement& s) { out.push_back(transfer_of(s)); }, at_ms, limit);
  return out;
}

}  // namespace dockline::server::store
