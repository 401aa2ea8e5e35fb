#include "server/store/event_log.hpp"

namespace dockline::server::store {

EventLog::EventLog(sqlite::Db& db, Trouble& trouble)
    : archive_(db, trouble),
      append_(db, trouble,
              "INSERT INTO events(position, id, type, source, subject, correlation, time_ms, "
              "heard_ms, body, chain) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
              "ON CONFLICT(id) DO NOTHING"),
      body_(db, trouble, "SELECT body, position FROM events WHERE id = ?1"),
      has_(db, trouble, "SELECT 1 FROM events WHERE id = ?1"),
      each_(db, trouble,
            "SELECT position, id, type, source, subject, correlation, time_ms, heard_ms, body "
            "FROM events WHERE position > ?1 ORDER BY position"),
      park_(db, trouble,
            "INSERT INTO parked(site, station, inc, seq, heard_ms, why, bytes) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      parked_(db, trouble,
              "SELECT count(*) FROM parked WHERE site = ?1 AND station = ?2 AND "
              "state = 'waiting'"),
      head_(db, trouble, "SELECT position, chain FROM events ORDER BY position DESC LIMIT 1"),
      db_(&db) {
  const auto whole = head_.one([&](const sqlite::Statement& s) {
    last_ = s.integer(0);
    return archive::read_chain(s.blob(1), chain_);
  });
  if (whole.value_or(true)) return;
  trouble.keep({base::Fault::corrupt,
                db.path() + ": event " + std::to_string(last_) +
                    " has no hash chain. See `dockline audit`, then restore the newest backup"});
}

base::Status EventLog::fill_chain(sqlite::Db& db) {
  constexpr std::int64_t kRowsAtOnce = 5'000;
  sqlite::Statement from = db.prepare("SELECT value FROM counter WHERE name = 'chain_fill'");
  sqlite::Statement chain_of = db.prepare("SELECT chain FROM events WHERE position = ?1");
  sqlite::Statement rows = db.prepare(
      "SELECT position, time_ms, heard_ms, body FROM events WHERE position > ?1 ORDER BY position "
      "LIMIT ?2");
  sqlite::Statement put = db.prepare("UPDATE events SET chain = ?2 WHERE position = ?1");
  sqlite::Statement mark = db.prepare("UPDATE counter SET value = ?1 WHERE name = 'chain_fill'");
  for (;;) {
    auto there = from.bind().step();
    if (!there) return base::pass(there.error());
    if (!*there) return {};
    std::int64_t last = from.integer(0);
    from.reset();
    archive::LogChain chain = archive::log_chain_start();
    if (auto row = chain_of.bind(last).step(); row && *row) {
      static_cast<void>(archive::read_chain(chain_of.blob(0), chain));
    }
    chain_of.reset();
    if (auto ok = db.begin(); !ok) return ok;
    std::int64_t n = 0;
    rows.bind(last, kRowsAtOnce);
    for (;; ++n) {
      auto row = rows.step();
      if (!row) return base::pass(row.error());
      if (!*row) break;
      last = rows.integer(0);
      chain = archive::log_chain_next(chain, last, rows.integer(1), rows.integer(2), rows.blob(3));
      if (auto ok = put.bind(last, sqlite::Statement::blob_of(archive::bytes_of(chain))).run();
          !ok) {
        return ok;
      }
    }
    auto ok =
        n > 0 ? mark.bind(last).run() : db.exec("DELETE FROM counter WHERE name = 'chain_fill'");
    if (!ok) return ok;
    if (ok = db.commit(); !ok) return ok;
  }
}

std::optional<std::int64_t> EventLog::append(const LoggedEvent& event) {
  const auto chain =
      archive::log_chain_next(chain_, last_ + 1, event.time_ms, event.heard_ms, event.body);
  append_.run(last_ + 1, event.id, event.type, event.source, event.subject, event.correlation,
              event.time_ms, event.heard_ms, sqlite::Statement::blob_of(event.body),
              sqlite::Statement::blob_of(archive::bytes_of(chain)));
  if (db_->changes() == 0) return std::nullopt;
  chain_ = chain;
  return ++last_;
}

std::optional<std::string> EventLog::body_of(std::string_view id) {
  std::int64_t position = 0;
  auto body = body_.one(
      [&](const sqlite::Statement& s) {
        position = s.integer(1);
        return std::string(s.blob(0));
      },
      id);
  if (body && body->empty()) return archive_.body(position);
  return body;
}

bool EventLog::has(std::string_view id) { return has_.integer(id).has_value(); }

void EventLog::each(std::int64_t after, const std::function<void(const LoggedEvent&)>& take) {
  std::string archived;
  each_.each(
      [&](const sqlite::Statement& s) {
        std::string_view body = s.blob(8);
        if (body.empty()) body = archived = archive_.body(s.integer(0));
        take({s.integer(0), s.text(1), s.text(2), s.text(3), s.text(4), s.text(5), s.integer(6),
              s.integer(7), body});
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
