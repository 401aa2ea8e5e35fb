#include "server/store/keeping_table.hpp"

namespace dockline::server::store {
namespace {
using sqlite::Statement;
}

KeepingTable::KeepingTable(sqlite::Db& db, Trouble& t)
    : add_(db, t,
           "INSERT OR REPLACE INTO backup(made_ms, file, position, bytes, took_ms, state, problem) "
           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      trim_(db, t,
            "DELETE FROM backup WHERE made_ms <= (SELECT made_ms FROM backup ORDER BY made_ms DESC "
            "LIMIT 1 OFFSET ?1)"),
      waiting_(db, t,
               "SELECT id FROM parked WHERE state = 'waiting' AND (?1 = '' OR (site = ?1 AND "
               "station = ?2)) ORDER BY id"),
      parked_(db, t,
              "SELECT id, site, station, bytes FROM parked WHERE id = ?1 AND state = 'waiting'"),
      applied_(db, t,
               "UPDATE parked SET state = 'applied', tries = tries + 1, tried_ms = ?2, "
               "position = ?3 WHERE id = ?1"),
      tried_(db, t, "UPDATE parked SET tries = tries + 1, tried_ms = ?2, why = ?3 WHERE id = ?1"),
      note_(db, t, "SELECT value FROM note WHERE name = ?1"),
      set_note_(db, t, "INSERT OR REPLACE INTO note(name, value) VALUES(?1, ?2)"),
      position_(db, t, "SELECT position FROM events WHERE id = ?1"),
      chain_(db, t, "SELECT chain FROM events WHERE position = ?1"),
      case_(db, t,
            "SELECT id FROM p_exception WHERE kind = ?1 AND subject = ?2 AND resolved_ms IS NULL") {
}

void KeepingTable::add(const BackupNote& b) {
  add_.run(b.made_ms, b.file, b.position, b.bytes, b.took_ms, b.state, b.problem);
  trim_.run(kBackupNotesMax);
}

std::vector<std::int64_t> KeepingTable::waiting(std::string_view site, std::string_view station) {
  std::vector<std::int64_t> out;
  waiting_.each([&](const Statement& s) { out.push_back(s.integer(0)); }, site, station);
  return out;
}

std::optional<Parked> KeepingTable::parked(std::int64_t id) {
  return parked_.one(
      [](const Statement& s) {
        return Parked{s.integer(0), s.str(1), s.str(2), std::string(s.blob(3))};
      },
      id);
}

void KeepingTable::applied(std::int64_t id, std::int64_t at_ms, std::int64_t position) {
  applied_.run(id, at_ms, position);
}
void KeepingTable::tried(std::int64_t id, std::int64_t at_ms, std::string_view why) {
  tried_.run(id, at_ms, why);
}

std::string KeepingTable::note(std::string_view name) { return note_.text(name).value_or(""); }
void KeepingTable::set_note(std::string_view name, std::string_view value) {
  set_note_.run(name, value);
}
std::int64_t KeepingTable::position_of(std::string_view event_id) {
  return position_.integer(event_id).value_or(0);
}
std::string KeepingTable::chain_at(std::int64_t position) {
  return chain_.one([](const Statement& s) { return std::string(s.blob(0)); }, position)
      .value_or("");
}
std::string KeepingTable::open_case(std::string_view kind, std::string_view subject) {
  return case_.text(kind, subject).value_or("");
}

}  // namespace dockline::server::store
