#include "server/store/lots_at.hpp"

namespace dockline::server::store {

base::Result<std::vector<HeldLot>> lots_at(sqlite::Db& db, std::string_view sku,
                                           std::string_view place) {
  auto rows = db.prepare(
      "SELECT lot, serial, expires_ms, ownership, owner, quantity FROM p_lot "
      "WHERE sku = ?1 AND place = ?2 ORDER BY lot, serial, expires_ms, ownership, owner");
  rows.bind(sku, place);
  std::vector<HeldLot> out;
  for (;;) {
    const auto there = rows.step();
    if (!there) return base::pass(there.error());
    if (!*there) return out;
    HeldLot lot;
    lot.sku = sku;
    lot.place = place;
    lot.lot = rows.str(0);
    lot.serial = rows.str(1);
    lot.expires_ms = rows.integer(2);
    lot.ownership = rows.str(3);
    lot.owner = rows.str(4);
    lot.quantity = rows.integer(5);
    out.push_back(std::move(lot));
  }
}

}  // namespace dockline::server::store
