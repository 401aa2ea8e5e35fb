#include "server/store/reader_lots.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {

base::Result<std::vector<PackedLot>> lots_in_boxes(Reader& reader, const std::string& order) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<PackedLot> out;
    in.query(
          "SELECT k.line, k.sku, k.lot, k.serial, k.expires_ms, sum(k.quantity) FROM p_packed_lot "
          "k JOIN p_lease l ON l.lease = k.box WHERE k.order_id = ?1 GROUP BY 1, 2, 3, 4, 5 "
          "ORDER BY k.line, k.expires_ms = 0, k.expires_ms, k.lot, k.serial LIMIT 2000")
        .each(
            [&](const sqlite::Statement& s) {
              auto& p = out.emplace_back();
              p.order = order;
              p.line = s.integer(0);
              p.sku = s.str(1);
              p.lot = s.str(2);
              p.serial = s.str(3);
              p.expires_ms = s.integer(4);
              p.quantity = s.integer(5);
            },
            order);
    return out;
  });
}

}  // namespace dockline::server::store
