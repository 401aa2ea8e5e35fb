#include "server/store/handover_book.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_HANDOVER_COLUMNS \
  "box, ord, site, carrier, tracking, state, closed_ms, manifest, handed_ms, delivered_ms"

Handover handover_of(const Statement& s) {
  return {.box = s.str(0),
          .ord = s.integer(1),
          .site = s.str(2),
          .carrier = s.str(3),
          .tracking = s.str(4),
          .state = s.str(5),
          .closed_ms = s.integer(6),
          .manifest = s.str(7),
          .handed_ms = s.integer(8),
          .delivered_ms = s.integer(9)};
}

}  // namespace

HandoverBook::HandoverBook(sqlite::Db& db, Trouble& t)
    : put_(db, t,
           "INSERT OR REPLACE INTO p_handover(" DOCKLINE_HANDOVER_COLUMNS
           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      drop_(db, t, "DELETE FROM p_handover WHERE box = ?1"),
      find_(db, t, "SELECT " DOCKLINE_HANDOVER_COLUMNS " FROM p_handover WHERE box = ?1"),
      of_order_(db, t,
                "SELECT " DOCKLINE_HANDOVER_COLUMNS " FROM p_handover WHERE ord = ?1 ORDER BY box"),
      of_tracking_(db, t,
                   "SELECT " DOCKLINE_HANDOVER_COLUMNS
                   " FROM p_handover WHERE tracking = ?1 ORDER BY ord, box"),
      waiting_(db, t,
               "SELECT " DOCKLINE_HANDOVER_COLUMNS
               " FROM p_handover WHERE state = 'waiting' AND site = ?1 "
               "ORDER BY carrier, closed_ms, box LIMIT ?2"),
      waiting_for_(db, t,
                   "SELECT " DOCKLINE_HANDOVER_COLUMNS
                   " FROM p_handover WHERE state = 'waiting' AND site = ?1 AND carrier = ?3 "
                   "ORDER BY closed_ms, box LIMIT ?2"),
      put_handed_(db, t, "INSERT OR REPLACE INTO p_handed(box, line, quantity) VALUES(?1, ?2, ?3)"),
      handed_(db, t, "SELECT line, quantity FROM p_handed WHERE box = ?1"),
      drop_handed_(db, t, "DELETE FROM p_handed WHERE box = ?1") {}

void HandoverBook::put(const Handover& b) {
  put_.run(b.box, b.ord, b.site, b.carrier, b.tracking, b.state, b.closed_ms, b.manifest,
           b.handed_ms, b.delivered_ms);
}

void HandoverBook::drop(std::string_view box) {
  drop_.run(box);
  drop_handed_.run(box);
}

std::optional<Handover> HandoverBook::find(std::string_view box) {
  std::optional<Handover> out;
  find_.each([&](const Statement& s) { out = handover_of(s); }, box);
  return out;
}

std::vector<Handover> HandoverBook::of_order(std::int64_t ord) {
  std::vector<Handover> out;
  of_order_.each([&](const Statement& s) { out.push_back(handover_of(s)); }, ord);
  return out;
}

std::vector<Handover> HandoverBook::of_tracking(std::string_view tracking) {
  std::vector<Handover> out;
  of_tracking_.each([&](const Statement& s) { out.push_back(handover_of(s)); }, tracking);
  return out;
}

std::vector<Handover> HandoverBook::waiting(std::string_view site, std::string_view carrier,
                                            std::int64_t limit) {
  std::vector<Handover> out;
  const auto take = [&](const Statement& s) { out.push_back(handover_of(s)); };
  if (carrier.empty()) {
    waiting_.each(take, site, limit);
  } else {
    waiting_for_.each(take, site, limit, carrier);
  }
  return out;
}

void HandoverBook::put_handed(std::string_view box, std::int64_t line, domain::Quantity pieces) {
  if (pieces > 0) put_handed_.run(box, line, pieces);
}

std::map<std::int64_t, domain::Quantity> HandoverBook::handed(std::string_view box) {
  std::map<std::int64_t, domain::Quantity> out;
  handed_.each([&](const Statement& s) { out[s.integer(0)] = s.integer(1); }, box);
  return out;
}

void HandoverBook::drop_handed(std::string_view box) { drop_handed_.run(box); }

}  // namespace dockline::server::store
