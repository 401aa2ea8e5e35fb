#include "server/store/lot_book.hpp"

#include <algorithm>
#include <utility>

#include "server/store/lot_sql.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_LOT_COLUMNS \
  "sku, place, lot, serial, expires_ms, ownership, owner, quantity, received_ms"
#define DOCKLINE_LOT_KEY                                                                         \
  "sku = ?1 AND place = ?2 AND lot = ?3 AND serial = ?4 AND expires_ms = ?5 AND ownership = ?6 " \
  "AND owner = ?7"

HeldLot held_of(const Statement& s) {
  return {.sku = s.str(0),
          .place = s.str(1),
          .lot = s.str(2),
          .serial = s.str(3),
          .expires_ms = s.integer(4),
          .ownership = s.str(5),
          .owner = s.str(6),
          .quantity = s.integer(7),
          .received_ms = s.integer(8)};
}

HeldLot named(std::string_view sku, const domain::Lot& lot, std::int64_t at_ms) {
  return {.sku = std::string(sku),
          .place = {},
          .lot = lot.lot.value_or(""),
          .serial = lot.serial.value_or(""),
          .expires_ms = lot.expires_ms.value_or(0),
          .ownership = lot.ownership.value_or("own"),
          .owner = lot.owner.value_or(""),
          .quantity = 0,
          .received_ms = at_ms};
}

// Whether a code that was scanned can be that of such pieces: none of its lot and serial is
// another, and one of lot, serial and expiry is the same. Codes say less than the books, or more.
bool may_be(const HeldLot& held, const HeldLot& scanned) {
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  if (differ(held.lot, scanned.lot) || differ(held.serial, scanned.serial)) return false;
  return (!held.lot.empty() && held.lot == scanned.lot) ||
         (!held.serial.empty() && held.serial == scanned.serial) ||
         (held.expires_ms != 0 && held.expires_ms == scanned.expires_ms);
}

}  // namespace

domain::Lot lot_of(const HeldLot& held) {
  domain::Lot out;
  if (!held.lot.empty()) out.lot = held.lot;
  if (!held.serial.empty()) out.serial = held.serial;
  if (held.expires_ms != 0) out.expires_ms = held.expires_ms;
  if (held.ownership != "own") out.ownership = held.ownership;
  if (!held.owner.empty()) out.owner = held.owner;
  return out;
}

// By the index of what is still sold alone, and in its order (migration 0025).
std::string_view expired_lots_sql() {
  return "SELECT " DOCKLINE_LOT_COLUMNS
         " FROM p_lot WHERE expires_ms > 0 AND expires_ms <= ?1 AND substr(place, -6) = '/shelf' "
         "ORDER BY expires_ms, sku, place, lot, serial, ownership, owner LIMIT ?2";
}

LotBook::LotBook(sqlite::Db& db, Trouble& t)
    : some_(db, t, "SELECT 1 FROM p_lot LIMIT 1"),
      any_(db, t, "SELECT 1 FROM p_lot WHERE sku = ?1 AND place = ?2 LIMIT 1"),
      rows_(db, t,
            "SELECT " DOCKLINE_LOT_COLUMNS
            " FROM p_lot WHERE sku = ?1 AND place = ?2 ORDER BY (expires_ms <> 0 AND expires_ms <= "
            "?3), expires_ms = 0, expires_ms, received_ms, lot, serial, ownership, owner"),
      one_(db, t, "SELECT quantity FROM p_lot WHERE " DOCKLINE_LOT_KEY),
      add_(db, t,
           "INSERT INTO p_lot(" DOCKLINE_LOT_COLUMNS
           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET "
           "quantity = quantity + excluded.quantity"),
      set_(db, t, "UPDATE p_lot SET quantity = ?8 WHERE " DOCKLINE_LOT_KEY),
      drop_(db, t, "DELETE FROM p_lot WHERE " DOCKLINE_LOT_KEY),
      sum_(db, t, "SELECT coalesce(sum(quantity), 0) FROM p_lot WHERE sku = ?1 AND place = ?2"),
      expired_(db, t, expired_lots_sql()) {}

bool LotBook::any(std::string_view sku, std::string_view place) {
  if (!looked_) {
    looked_ = true;
    empty_ = !some_.integer().has_value();
  }
  return !empty_ && any_.integer(sku, place).has_value();
}

void LotBook::add(const HeldLot& l, std::string_view place, Quantity pieces) {
  if (pieces > 0) {
    empty_ = false;
    add_.run(l.sku, place, l.lot, l.serial, l.expires_ms, l.ownership, l.owner, pieces,
             l.received_ms);
    return;
  }
  const auto had =
      one_.integer(l.sku, place, l.lot, l.serial, l.expires_ms, l.ownership, l.owner).value_or(0);
  if (had == 0) return;
  if (had + pieces > 0) {
    set_.run(l.sku, place, l.lot, l.serial, l.expires_ms, l.ownership, l.owner, had + pieces);
  } else {
    drop_.run(l.sku, place, l.lot, l.serial, l.expires_ms, l.ownership, l.owner);
  }
}

// First expired, first out.
std::vector<HeldLot> LotBook::take(std::string_view sku, std::string_view place, Quantity pieces,
                                   std::int64_t at_ms, bool sold_only) {
  std::vector<HeldLot> all;
  rows_.each([&](const Statement& s) { all.push_back(held_of(s)); }, sku, place, at_ms);
  std::vector<HeldLot> out;
  for (auto& lot : all) {
    if (pieces == 0) break;
    const bool expired = lot.expires_ms != 0 && lot.expires_ms <= at_ms;
    if (sold_only && (expired || lot.ownership == "customer")) continue;
    lot.quantity = std::min(lot.quantity, pieces);
    pieces -= lot.quantity;
    add(lot, place, -lot.quantity);
    out.push_back(std::move(lot));
  }
  return out;
}

void LotBook::move(const ledger::Move& move, const std::optional<domain::Lot>& lot,
                   std::int64_t at_ms) {
  const bool from_here = !ledger::site_of(move.from).empty();
  const bool to_here = !ledger::site_of(move.to).empty();
  if (lot) {
    const auto held = named(move.sku, *lot, at_ms);
    if (from_here) add(held, move.from, -move.quantity);
    if (to_here) add(held, move.to, move.quantity);
    return;
  }
  if (!from_here || !any(move.sku, move.from)) return;
  for (const auto& taken :
       take(move.sku, move.from, move.quantity, at_ms, ledger::is_shelf(move.to))) {
    if (to_here) add(taken, move.to, taken.quantity);
  }
}

// The very same piece first, then those that expire on the same day; else as take() has them.
std::vector<HeldLot> LotBook::take_named(std::string_view sku, std::string_view place,
                                         const HeldLot& named, Quantity pieces,
                                         std::int64_t at_ms) {
  std::vector<HeldLot> all;
  if (!any(sku, place)) return all;
  rows_.each(
      [&](const Statement& s) {
        auto held = held_of(s);
        if (may_be(held, named)) all.push_back(std::move(held));
      },
      sku, place, at_ms);
  std::stable_sort(all.begin(), all.end(), [&](const HeldLot& a, const HeldLot& b) {
    const auto rank = [&](const HeldLot& l) {
      return std::make_pair(named.serial.empty() || l.serial != named.serial,
                            l.expires_ms != named.expires_ms);
    };
    return rank(a) < rank(b);
  });
  std::vector<HeldLot> out;
  for (auto& lot : all) {
    if (pieces == 0) break;
    lot.quantity = std::min(lot.quantity, pieces);
    pieces -= lot.quantity;
    add(lot, place, -lot.quantity);
    out.push_back(std::move(lot));
  }
  return out;
}

LotBook::Carried LotBook::carry(const ledger::Move& move, const domain::Lot& lot,
                                std::int64_t at_ms, Quantity before) {
  Carried out;
  const auto scanned = named(move.sku, lot, at_ms);
  const auto lotted = any(move.sku, move.from) ? sum_.integer(move.sku, move.from).value_or(0) : 0;
  const bool to_here = !ledger::site_of(move.to).empty();  // of the outside nothing is known
  Quantity left = move.quantity;
  for (auto& held : take_named(move.sku, move.from, scanned, move.quantity, at_ms)) {
    left -= held.quantity;
    out.by_serial = out.by_serial || (!held.serial.empty() && held.serial == scanned.serial);
    if (!scanned.lot.empty()) held.lot = scanned.lot;
    if (!scanned.serial.empty()) held.serial = scanned.serial;
    if (scanned.expires_ms != 0) held.expires_ms = scanned.expires_ms;
    if (to_here) add(held, move.to, held.quantity);
  }
  if (left > 0 && to_here) add(scanned, move.to, left);
  // Pieces that no fact gives a lot may be of any.
  out.unknown = std::max<Quantity>(0, left - std::max<Quantity>(0, before - lotted));
  return out;
}

void LotBook::trim(std::string_view sku, std::string_view place, Quantity balance,
                   std::int64_t at_ms) {
  if (!any(sku, place)) return;
  const auto there = sum_.integer(sku, place).value_or(0);
  const auto most = std::max<Quantity>(0, balance);
  if (there > most) (void)take(sku, place, there - most, at_ms, false);
}

std::vector<HeldLot> LotBook::expired(std::int64_t at_ms, std::int64_t limit) {
  std::vector<HeldLot> out;
  expired_.each([&](const Statement& s) { out.push_back(held_of(s)); }, at_ms, limit);
  return out;
}

}  // namespace dockline::server::store
