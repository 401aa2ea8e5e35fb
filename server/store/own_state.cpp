#include "server/store/own_state.hpp"

#include "shared/base/plant.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_JOB_COLUMNS                                                                     \
  "id, kind, file, fingerprint, channel, site, currency, state, problem, started_ms, ended_ms, " \
  "lines, done, unit, changes"

ImportJob job_of(const Statement& s) {
  return {.id = s.str(0),
          .kind = s.str(1),
          .file = s.str(2),
          .fingerprint = s.str(3),
          .channel = s.str(4),
          .site = s.str(5),
          .currency = s.str(6),
          .state = s.str(7),
          .problem = s.str(8),
          .started_ms = s.integer(9),
          .ended_ms = s.integer(10),
          .lines = s.integer(11),
          .done = s.integer(12),
          .unit = s.integer(13),
          .changes = s.integer(14)};
}

}  // namespace

OwnState::OwnState(sqlite::Db& db, Trouble& t)
    : next_(db, t,
            "INSERT INTO counter(name, value) VALUES(?1, 1) ON CONFLICT(name) DO UPDATE SET "
            "value = value + 1 RETURNING value"),
      value_(db, t, "SELECT value FROM counter WHERE name = ?1"),
      set_(db, t,
           "INSERT INTO counter(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET "
           "value = ?2"),
      text_(db, t, "SELECT value FROM own_text WHERE name = ?1"),
      set_text_(db, t,
                "INSERT INTO own_text(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET "
                "value = ?2"),
      stations_(db, t,
                "SELECT site, station, status, heard_ms, program, computer, last, acked, "
                "oldest_ms, down_through, clock_offset_ms, configured FROM station "
                "ORDER BY site, station"),
      put_station_(db, t,
                   "INSERT OR REPLACE INTO station(site, station, status, heard_ms, program, "
                   "computer, last, acked, oldest_ms, down_through, clock_offset_ms, configured) "
                   "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
      add_reroute_(db, t,
                   "INSERT OR IGNORE INTO reroute(ord, after_vip, promised_ms, placed_ms, id) "
                   "SELECT DISTINCT o.ord, 1 - o.vip, "
                   "coalesce(o.promised_ms, 9223372036854775807), o.placed_ms, o.id "
                   "FROM p_line l JOIN p_order o USING(ord) WHERE l.sku = ?1 AND "
                   "l.open + l.backordered > 0 AND o.held = 0 ORDER BY 2, 3, 4, 5 LIMIT ?2"),
      first_reroute_(db, t,
                     PLANT("last-come-first-served")
                         ? "SELECT ord FROM reroute ORDER BY after_vip DESC, promised_ms DESC, "
                           "placed_ms DESC, id DESC LIMIT 1"
                         : "SELECT ord FROM reroute ORDER BY after_vip, promised_ms, placed_ms, "
                           "id LIMIT 1"),
      drop_reroute_(db, t, "DELETE FROM reroute WHERE ord = ?1"),
      add_job_(db, t,
               "INSERT INTO import_job(" DOCKLINE_JOB_COLUMNS
               ", bytes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
               "?16)"),
      put_job_(db, t,
               "UPDATE import_job SET state = ?2, problem = ?3, ended_ms = ?4, lines = ?5, "
               "done = ?6, unit = ?7, changes = ?8, "
               "bytes = CASE WHEN ?2 = 'running' THEN bytes END WHERE id = ?1"),
      running_(db, t,
               "SELECT " DOCKLINE_JOB_COLUMNS
               " FROM import_job WHERE state = 'running' ORDER BY started_ms, id LIMIT 1"),
      bytes_(db, t, "SELECT bytes FROM import_job WHERE id = ?1"),
      done_(db, t,
            "SELECT " DOCKLINE_JOB_COLUMNS
            " FROM import_job WHERE state = 'done' AND kind = ?1 AND channel = ?2 AND "
            "fingerprint = ?3 ORDER BY started_ms, id LIMIT 1"),
      pack_time_(db, t, "INSERT OR REPLACE INTO pack_time(site, n, took_ms) VALUES(?1, ?2, ?3)"),
      pack_times_(db, t, "SELECT took_ms FROM pack_time WHERE site = ?1 ORDER BY took_ms") {}

std::int64_t OwnState::next(std::string_view counter) { return next_.integer(counter).value_or(0); }
std::int64_t OwnState::value(std::string_view counter) {
  return value_.integer(counter).value_or(0);
}

void OwnState::set(std::string_view counter, std::int64_t value) { set_.run(counter, value); }
std::string OwnState::text(std::string_view name) { return text_.text(name).value_or(""); }
void OwnState::set_text(std::string_view name, std::string_view value) {
  set_text_.run(name, value);
}

std::vector<StationNote> OwnState::stations() {
  std::vector<StationNote> out;
  stations_.each([&](const Statement& s) {
    out.push_back({.site = s.str(0),
                   .station = s.str(1),
                   .status = s.str(2),
                   .heard_ms = s.integer(3),
                   .program = s.str(4),
                   .computer = s.str(5),
                   .last = s.integer(6),
                   .acked = s.integer(7),
                   .oldest_ms = s.integer(8),
                   .down_through = s.integer(9),
                   .clock_offset_ms = s.integer(10),
                   .configured = s.integer(11) != 0});
  });
  return out;
}

void OwnState::put(const StationNote& n) {
  put_station_.run(n.site, n.station, n.status, n.heard_ms, n.program, n.computer, n.last, n.acked,
                   n.oldest_ms, n.down_through, n.clock_offset_ms, n.configured);
}

void OwnState::add_reroute(std::string_view sku) {
  add_reroute_.run(sku, kRerouteMax);
  no_reroute_ = false;
}

std::optional<std::int64_t> OwnState::take_reroute() {
  if (!has_reroute()) return std::nullopt;
  const auto ord = first_reroute_.integer();
  if (ord) drop_reroute_.run(*ord);
  return ord;
}

bool OwnState::has_reroute() {
  if (!no_reroute_) no_reroute_ = !first_reroute_.integer().has_value();
  return !no_reroute_;
}

void OwnState::add_pack_time(std::string_view site, std::int64_t took_ms) {
  const std::string counter = "pack_times:" + std::string(site);
  const auto n = value(counter);
  pack_time_.run(site, n % kPackTimes, took_ms);
  set(counter, n + 1);
}

std::vector<std::int64_t> OwnState::pack_times(std::string_view site) {
  std::vector<std::int64_t> out;
  pack_times_.each([&](const Statement& s) { out.push_back(s.integer(0)); }, site);
  return out;
}

void OwnState::add_job(const ImportJob& j, std::string_view bytes) {
  add_job_.run(j.id, j.kind, j.file, j.fingerprint, j.channel, j.site, j.currency, j.state,
               j.problem, j.started_ms, j.ended_ms, j.lines, j.done, j.unit, j.changes,
               Statement::blob_of(bytes));
}

void OwnState::put(const ImportJob& j) {
  put_job_.run(j.id, j.state, j.problem, j.ended_ms, j.lines, j.done, j.unit, j.changes);
}

std::optional<ImportJob> OwnState::running_job() { return running_.one(job_of); }

std::string OwnState::job_bytes(std::string_view id) {
  return bytes_.one([](const Statement& s) { return std::string(s.blob(0)); }, id).value_or("");
}

std::optional<ImportJob> OwnState::done_job(std::string_view kind, std::string_view channel,
                                            std::string_view fingerprint) {
  return done_.one(job_of, kind, channel, fingerprint);
}

}  // namespace dockline::server::store
