#include "server/store/reader_merge.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {

using sqlite::Statement;

base::Result<std::vector<MergeRow>> merge_rows(Reader& reader, const std::string& order) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<MergeRow> out;
    in.query(
          "WITH waiting AS MATERIALIZED (SELECT o.ord, o.id, o.number, o.channel, o.customer, "
          "lower(iif(o.buyer <> '', o.buyer, iif(json_valid(o.ship_to), "
          "coalesce(json_extract(o.ship_to, '$.email'), ''), ''))) AS whose, o.ship_to, o.pieces, "
          "o.placed_ms FROM p_order o WHERE o.state IN ('open', 'backordered', 'allocated', "
          "'released') AND o.held = 0 AND NOT EXISTS(SELECT 1 FROM p_merge m WHERE m.ord = o.ord) "
          "AND NOT EXISTS(SELECT 1 FROM p_lease l WHERE l.ord = o.ord AND (l.state IN ('done', "
          "'revoking') OR (l.state = 'held' AND l.touched <> 0))) ORDER BY o.ord DESC LIMIT ?2) "
          "SELECT w.id, w.number, w.channel, w.customer, w.whose, w.ship_to, w.pieces, "
          "w.placed_ms, coalesce((SELECT r.site FROM p_reservation r WHERE r.ord = w.ord LIMIT 1), "
          "'') FROM waiting w WHERE w.whose <> '' AND (?1 = '' OR (w.channel, w.whose) IN (SELECT "
          "x.channel, x.whose FROM waiting x WHERE x.id = ?1)) AND (w.channel, w.whose) IN (SELECT "
          "y.channel, y.whose FROM waiting y GROUP BY 1, 2 HAVING count(*) > 1) "
          "ORDER BY w.channel, w.whose, w.ord")
        .each(
            [&](const Statement& s) {
              out.push_back({.id = s.str(0),
                             .number = s.str(1),
                             .channel = s.str(2),
                             .customer = s.str(3),
                             .buyer = s.str(4),
                             .ship_to_json = s.str(5),
                             .site = s.str(8),
                             .pieces = s.integer(6),
                             .placed_ms = s.integer(7)});
            },
            order, kMergeLooked);
    return out;
  });
}

}  // namespace dockline::server::store
