#include "server/store/lease_book.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_BOX_COLUMNS                                                                \
  "box, position, order_id, lease, epoch, site, station, holder, tracking, sscc, carrier, " \
  "service, state"

FencedBox box_of(const Statement& s) {
  return {.box = s.str(0),
          .position = s.integer(1),
          .order = s.str(2),
          .lease = s.str(3),
          .epoch = s.integer(4),
          .site = s.str(5),
          .station = s.str(6),
          .holder = s.str(7),
          .label = {s.str(8), s.str(9), s.str(10), s.str(11)},
          .state = s.str(12)};
}

}  // namespace

LeaseBook::LeaseBook(sqlite::Db& db, Trouble& t)
    : put_(db, t,
           "INSERT OR REPLACE INTO p_fenced(" DOCKLINE_BOX_COLUMNS
           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      put_line_(db, t,
                "INSERT INTO p_fenced_line(box, line, sku, quantity) VALUES(?1, ?2, ?3, ?4) "
                "ON CONFLICT(box, line) DO UPDATE SET quantity = quantity + ?4"),
      set_(db, t, "UPDATE p_fenced SET state = ?2 WHERE box = ?1"),
      box_(db, t, "SELECT " DOCKLINE_BOX_COLUMNS " FROM p_fenced WHERE box = ?1"),
      open_(db, t,
            "SELECT " DOCKLINE_BOX_COLUMNS
            " FROM p_fenced WHERE lease = ?1 AND epoch = ?2 AND site = ?3 AND station = ?4 AND "
            "state = 'open' ORDER BY position DESC LIMIT 1"),
      newest_(db, t,
              "SELECT " DOCKLINE_BOX_COLUMNS
              " FROM p_fenced WHERE lease = ?1 AND epoch = ?2 AND site = ?3 AND station = ?4 "
              "ORDER BY position DESC LIMIT 1"),
      all_open_(db, t,
                "SELECT " DOCKLINE_BOX_COLUMNS
                " FROM p_fenced WHERE state = 'open' ORDER BY position"),
      lines_(db, t, "SELECT line, sku, quantity FROM p_fenced_line WHERE box = ?1 ORDER BY line"),
      clear_held_(db, t, "DELETE FROM p_station_lease WHERE site = ?1 AND station = ?2"),
      put_held_(
          db, t,
          "INSERT OR REPLACE INTO p_station_lease(site, station, lease, epoch, order_id, state) "
          "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"),
      held_(db, t,
            "SELECT lease, epoch, order_id, state FROM p_station_lease WHERE site = ?1 AND station "
            "= ?2 "
            "ORDER BY lease"),
      ask_(db, t,
           "INSERT OR REPLACE INTO p_census(census, site, station, state, at_ms) "
           "VALUES(?1, ?2, ?3, 'waiting', ?4)"),
      settle_(db, t,
              "UPDATE p_census SET state = ?4, at_ms = ?5 WHERE census = ?1 AND site = ?2 AND "
              "station = ?3 AND state = 'waiting'"),
      census_(db, t,
              "SELECT site, station, state FROM p_census WHERE census = ?1 "
              "ORDER BY site, station") {}

void LeaseBook::put(const FencedBox& b) {
  put_.run(b.box, b.position, b.order, b.lease, b.epoch, b.site, b.station, b.holder,
           b.label.tracking, b.label.sscc, b.label.carrier, b.label.service, b.state);
}
void LeaseBook::put_line(std::string_view box, const FencedLine& l) {
  put_line_.run(box, l.line, l.sku, l.quantity);
}
void LeaseBook::set_box(std::string_view box, std::string_view state) { set_.run(box, state); }

std::optional<FencedBox> LeaseBook::box(std::string_view id) { return box_.one(box_of, id); }

std::optional<FencedBox> LeaseBook::open_box(std::string_view lease, std::int64_t epoch,
                                             std::string_view site, std::string_view station) {
  return open_.one(box_of, lease, epoch, site, station);
}

std::optional<FencedBox> LeaseBook::newest_box(std::string_view lease, std::int64_t epoch,
                                               std::string_view site, std::string_view station) {
  return newest_.one(box_of, lease, epoch, site, station);
}

std::vector<FencedBox> LeaseBook::open_boxes() {
  std::vector<FencedBox> out;
  all_open_.each([&](const Statement& s) { out.push_back(box_of(s)); });
  return out;
}

std::vector<FencedLine> LeaseBook::lines(std::string_view box) {
  std::vector<FencedLine> out;
  lines_.each([&](const Statement& s) { out.push_back({s.integer(0), s.str(1), s.integer(2)}); },
              box);
  return out;
}

void LeaseBook::clear_held(std::string_view site, std::string_view station) {
  clear_held_.run(site, station);
}
void LeaseBook::put_held(std::string_view site, std::string_view station, const HeldRow& r) {
  put_held_.run(site, station, r.lease, r.epoch, r.order, r.state);
}
std::vector<HeldRow> LeaseBook::held(std::string_view site, std::string_view station) {
  std::vector<HeldRow> out;
  held_.each(
      [&](const Statement& s) { out.push_back({s.str(0), s.integer(1), s.str(2), s.str(3)}); },
      site, station);
  return out;
}

void LeaseBook::ask(std::string_view census, std::string_view site, std::string_view station,
                    std::int64_t at_ms) {
  ask_.run(census, site, station, at_ms);
}
void LeaseBook::settle(std::string_view census, std::string_view site, std::string_view station,
                       std::string_view state, std::int64_t at_ms) {
  settle_.run(census, site, station, state, at_ms);
}
std::vector<CensusRow> LeaseBook::census(std::string_view id) {
  std::vector<CensusRow> out;
  census_.each([&](const Statement& s) { out.push_back({s.str(0), s.str(1), s.str(2)}); }, id);
  return out;
}

}  // namespace dockline::server::store
