#include "server/store/packed_lots.hpp"

#include <algorithm>

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_PACKED_COLUMNS \
  "box, line, sku, lot, serial, expires_ms, quantity, unknown, order_id, other"
#define DOCKLINE_PACKED_KEY \
  "box = ?1 AND line = ?2 AND sku = ?3 AND lot = ?4 AND serial = ?5 AND expires_ms = ?6"

PackedLot packed_of(const Statement& s) {
  return {.box = s.str(0),
          .order = s.str(8),
          .line = s.integer(1),
          .sku = s.str(2),
          .lot = s.str(3),
          .serial = s.str(4),
          .expires_ms = s.integer(5),
          .quantity = s.integer(6),
          .unknown = s.integer(7),
          .other = s.str(9)};
}

}  // namespace

domain::Lot lot_of(const PackedLot& packed) {
  domain::Lot out;
  if (!packed.lot.empty()) out.lot = packed.lot;
  if (!packed.serial.empty()) out.serial = packed.serial;
  if (packed.expires_ms != 0) out.expires_ms = packed.expires_ms;
  return out;
}

PackedLots::PackedLots(sqlite::Db& db, Trouble& t)
    : some_(db, t, "SELECT 1 FROM p_packed_lot LIMIT 1"),
      put_(db, t,
           "INSERT INTO p_packed_lot(" DOCKLINE_PACKED_COLUMNS
           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO UPDATE SET "
           "quantity = quantity + excluded.quantity, unknown = unknown + excluded.unknown"),
      of_(db, t,
          "SELECT " DOCKLINE_PACKED_COLUMNS
          " FROM p_packed_lot WHERE box = ?1 ORDER BY line, expires_ms <> 0, expires_ms DESC, "
          "sku, lot DESC, serial DESC"),
      set_(db, t, "UPDATE p_packed_lot SET quantity = ?7 WHERE " DOCKLINE_PACKED_KEY),
      gone_(db, t, "DELETE FROM p_packed_lot WHERE " DOCKLINE_PACKED_KEY),
      rename_(db, t, "UPDATE OR REPLACE p_packed_lot SET box = ?2 WHERE box = ?1"),
      drop_(db, t, "DELETE FROM p_packed_lot WHERE box = ?1"),
      with_(db, t,
            "SELECT order_id FROM p_packed_lot WHERE serial = ?2 AND serial <> '' AND sku = ?1 "
            "AND order_id <> ?3 "
            "ORDER BY order_id LIMIT 1") {}

bool PackedLots::none() {
  if (!looked_) {
    looked_ = true;
    empty_ = !some_.integer().has_value();
  }
  return empty_;
}

void PackedLots::put(const PackedLot& p) {
  looked_ = true;
  empty_ = false;
  put_.run(p.box, p.line, p.sku, p.lot, p.serial, p.expires_ms, p.quantity, p.unknown, p.order,
           p.other);
}

std::vector<PackedLot> PackedLots::of(std::string_view box) {
  std::vector<PackedLot> out;
  if (none()) return out;
  of_.each([&](const Statement& s) { out.push_back(packed_of(s)); }, box);
  return out;
}

std::vector<PackedLot> PackedLots::take(std::string_view box, std::int64_t line,
                                        domain::Quantity pieces) {
  std::vector<PackedLot> out;
  for (auto& p : of(box)) {
    if (p.line != line || pieces < 1) continue;
    const auto part = std::min(p.quantity, pieces);
    pieces -= part;
    if (part == p.quantity) {
      gone_.run(p.box, p.line, p.sku, p.lot, p.serial, p.expires_ms);
    } else {
      set_.run(p.box, p.line, p.sku, p.lot, p.serial, p.expires_ms, p.quantity - part);
    }
    p.quantity = part;
    out.push_back(std::move(p));
  }
  return out;
}

void PackedLots::rename(std::string_view box, std::string_view to) {
  if (!none()) rename_.run(box, to);
}

void PackedLots::drop(std::string_view box) {
  if (!none()) drop_.run(box);
}

std::optional<std::string> PackedLots::order_with(std::string_view sku, std::string_view serial,
                                                  std::string_view but_order) {
  if (serial.empty() || none()) return std::nullopt;
  return with_.text(sku, serial, but_order);
}

}  // namespace dockline::server::store
