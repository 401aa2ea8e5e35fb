#include "server/store/reader_handover.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

// Why a waiting box should not leave.
#define DOCKLINE_STOPPED                                                                     \
  "CASE WHEN o.state = 'cancelled' OR EXISTS(SELECT 1 FROM p_exception e WHERE e.kind = "    \
  "'cancelled_after_pack' AND e.subject = o.id AND e.resolved_ms IS NULL) THEN 'cancelled' " \
  "WHEN EXISTS(SELECT 1 FROM p_exception e WHERE e.kind = 'overpacked' AND e.subject = "     \
  "o.id || '#' || h.tracking AND e.resolved_ms IS NULL) THEN 'overpacked' "                  \
  "WHEN coalesce(l.stale, 0) THEN 'old_address' WHEN o.held THEN 'held' ELSE '' END "
#define DOCKLINE_HANDOVER_OF \
  "FROM p_handover h JOIN p_order o ON o.ord = h.ord LEFT JOIN p_lease l ON l.lease = h.box "
#define DOCKLINE_HANDOVER_ROWS                                                                   \
  "SELECT h.box, h.ord, h.site, h.carrier, h.tracking, h.state, h.closed_ms, h.manifest, "       \
  "h.handed_ms, h.delivered_ms, o.id, o.number, o.channel, o.customer, "                         \
  "(SELECT coalesce(sum(quantity), 0) FROM p_parcel p WHERE p.lease = h.box), " DOCKLINE_STOPPED \
      DOCKLINE_HANDOVER_OF

HandoverRow row_of(const Statement& s) {
  HandoverRow row;
  row.box = {.box = s.str(0),
             .ord = s.integer(1),
             .site = s.str(2),
             .carrier = s.str(3),
             .tracking = s.str(4),
             .state = s.str(5),
             .closed_ms = s.integer(6),
             .manifest = s.str(7),
             .handed_ms = s.integer(8),
             .delivered_ms = s.integer(9)};
  row.order = s.str(10);
  row.number = s.str(11);
  row.channel = s.str(12);
  row.customer = s.str(13);
  row.pieces = s.integer(14);
  row.stopped = s.str(15);
  return row;
}

// The keys of both lists start with the site, where one is asked for, so that a page costs what it
// shows.
std::string_view sql_of(const HandoverQuery& q) {
  if (!q.manifest.empty()) {
    return DOCKLINE_HANDOVER_ROWS
        "WHERE h.manifest = ?3 AND h.manifest <> '' AND ?7 = ?7 AND (?1 = '' OR h.site = ?1) AND "
        "(?2 = '' OR h.carrier = ?2) AND h.box > ?4 ORDER BY h.box LIMIT ?5 OFFSET ?6";
  }
  if (!q.gone && q.site.empty()) {
    return DOCKLINE_HANDOVER_ROWS
        "WHERE h.state = 'waiting' AND ?1 = ?1 AND ?7 = ?7 AND (?2 = '' OR h.carrier = ?2) AND ?3 "
        "= ?3 AND "
        "(?4 = '' OR (h.site, h.carrier, h.closed_ms, h.box) > (SELECT site, carrier, closed_ms, "
        "box FROM p_handover WHERE box = ?4)) "
        "ORDER BY h.site, h.carrier, h.closed_ms, h.box LIMIT ?5 OFFSET ?6";
  }
  if (!q.gone) {
    return DOCKLINE_HANDOVER_ROWS
        "WHERE h.state = 'waiting' AND h.site = ?1 AND ?7 = ?7 AND (?2 = '' OR h.carrier = ?2) AND "
        "?3 = ?3 AND "
        "(?4 = '' OR (h.carrier, h.closed_ms, h.box) > (SELECT carrier, closed_ms, box FROM "
        "p_handover WHERE box = ?4)) ORDER BY h.carrier, h.closed_ms, h.box LIMIT ?5 OFFSET ?6";
  }
  if (q.site.empty()) {
    return DOCKLINE_HANDOVER_ROWS
        "WHERE h.handed_ms > 0 AND ?1 = ?1 AND (?7 = '' OR h.state = ?7) AND (?2 = '' OR h.carrier "
        "= ?2) AND ?3 = ?3 AND "
        "(?4 = '' OR (h.handed_ms, h.box) < (SELECT handed_ms, box FROM p_handover WHERE box = "
        "?4)) ORDER BY h.handed_ms DESC, h.box DESC LIMIT ?5 OFFSET ?6";
  }
  return DOCKLINE_HANDOVER_ROWS
      "WHERE h.handed_ms > 0 AND h.site = ?1 AND (?7 = '' OR h.state = ?7) AND (?2 = '' OR "
      "h.carrier = ?2) AND ?3 = ?3 AND "
      "(?4 = '' OR (h.handed_ms, h.box) < (SELECT handed_ms, box FROM p_handover WHERE box = ?4)) "
      "ORDER BY h.handed_ms DESC, h.box DESC LIMIT ?5 OFFSET ?6";
}

}  // namespace

base::Result<Page<HandoverRow>> handovers(Reader& reader, const HandoverQuery& q) {
  auto& in = reader.impl();
  const bool known =
      q.after.empty() || in.query("SELECT 1 FROM p_handover WHERE box = ?1").integer(q.after);
  if (!known) return base::pass(bad_after(q.after));
  const auto limit = bounded(q.limit);
  return in.look([&] {
    Page<HandoverRow> page;
    in.query(sql_of(q)).each([&](const Statement& s) { page.items.push_back(row_of(s)); }, q.site,
                             q.carrier, q.manifest, q.after, limit, q.skip, q.state);
    if (std::ssize(page.items) == limit) page.next = page.items.back().box.box;
    page.total = in.query(
                       "SELECT count(*) FROM p_handover h WHERE (?4 <> '' OR CASE ?5 WHEN 1 THEN "
                       "handed_ms > 0 ELSE state = 'waiting' END) AND (?1 = '' OR site = ?1) AND "
                       "(?2 = '' OR carrier = ?2) AND (?4 = '' OR manifest = ?4) AND "
                       "(?3 = '' OR state = ?3)")
                     .integer(q.site, q.carrier, q.state, q.manifest, q.gone ? 1 : 0)
                     .value_or(0);
    return page;
  });
}

base::Result<std::vector<WaitingGroup>> waiting_groups(Reader& reader, std::int64_t looked_max) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<WaitingGroup> out;
    std::int64_t all = 0;
    in.query(
          "SELECT site, carrier, count(*), min(closed_ms) FROM p_handover WHERE state = 'waiting' "
          "GROUP BY site, carrier ORDER BY site, carrier")
        .each([&](const Statement& s) {
          out.push_back({s.str(0), s.str(1), s.integer(2), s.integer(3), std::nullopt});
          all += s.integer(2);
        });
    if (all > looked_max) return out;
    for (auto& group : out) {
      group.stopped = in.query("SELECT count(*) " DOCKLINE_HANDOVER_OF
                               "WHERE h.state = 'waiting' AND h.site = ?1 AND h.carrier = ?2 AND "
                               "(" DOCKLINE_STOPPED ") <> ''")
                          .integer(group.site, group.carrier)
                          .value_or(0);
    }
    return out;
  });
}

base::Result<std::vector<HandoverRow>> parcels_of(Reader& reader, const std::string& order) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<HandoverRow> out;
    in.query(DOCKLINE_HANDOVER_ROWS
             "WHERE h.ord = (SELECT ord FROM p_order WHERE id = ?1) AND "
             "h.state <> 'reopened' ORDER BY h.closed_ms, h.box")
        .each([&](const Statement& s) { out.push_back(row_of(s)); }, order);
    return out;
  });
}

}  // namespace dockline::server::store
