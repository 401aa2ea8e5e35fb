#include "server/store/event_log.hpp"

namespace dockline::server::store {

EventLog::EventLog(sqlite::Db& db, Trouble& trouble)
    : append_(db, trouble,
              "INSERT INTO events(position, id, type, source, subject, correlation, time_ms, "
              "heard_ms, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
              "ON CONFLICT(id) DO NOTHING"),
      body_(db, trouble, "SELECT body FROM events WHERE id = ?1"),
      has_(db, trouble, "SELECT 1 FROM events WHERE id = ?1"),
      each_(db, trouble,
            "SELECT position, id, type, source, subject, correlation, time_ms, heard_ms, body "
            "FROM events WHERE position > ?1 ORDER BY position"),
      park_(db, trouble,
            "INSERT INTO parked(site, station, inc, seq, heard_ms, why, bytes) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      parked_(db, trouble, "SELECT count(*) FROM parked WHERE site = ?1 AND station = ?2"),
      max_(db, trouble, "SELECT coalesce(max(position), 0) FROM events"),
      db_(&db) {
  last_ = max_.integer().value_or(0);
}

std::optional<std::int64_t> EventLog::append(const LoggedEvent& event) {
  append_.run(last_ + 1, event.id, event.type, event.source, event.subject, event.correlation,
              event.time_ms, event.heard_ms, sqlite::Statement::blob_of(event.body));
  if (db_->changes() == 0) return std::nullopt;
  return ++last_;
}

std::optional<std::string> EventLog::body_of(std::string_view id) {
  return body_.one([](const sqlite::Statement& s) { return std::string(s.blob(0)); }, id);
}

bool EventLog::has(std::string_view id) { return has_.integer(id).has_value(); }

void EventLog::each(std::int64_t after, const std::function<void(const LoggedEvent&)>& take) {
  each_.each(
      [&](const sqlite::Statement& s) {
        take({s.integer(0), s.text(1), s.text(2), s.text(3), s.text(4), s.text(5), s.integer(6),
              s.integer(7), s.blob(8)});
      },
      after);
}

void EventLog::park(const ParkedFact& fact) {
  park_.run(fact.site, fact.station, fact.inc, fact.seq, fact.heard_ms, fact.why,
            sqlite::Statement::blob_of(fact.bytes));
}

std::int64_t EventLog::parked_of(std::string_view site, std::string_view station) {
  return parked_.integer(site, station).value_or(0);
}

}  // namespace dockline::server::store
