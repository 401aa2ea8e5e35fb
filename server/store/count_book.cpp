#include "server/store/count_book.hpp"

#include <algorithm>

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr std::int64_t kOneBin = 2;  // p_count.counts: of one bin of several

#define DOCKLINE_TASK_COLUMNS "task, sku, site, station, bin, why, asked_ms, state"

CountTask task_of(const Statement& s) {
  return {s.str(0), s.str(1), s.str(2), s.str(3), s.str(4), s.str(5), s.integer(6), s.str(7)};
}

}  // namespace

CountBook::CountBook(sqlite::Db& db, Trouble& t)
    : place_(db, t,
             "SELECT hlc, source, open, said_hlc FROM p_counted WHERE sku = ?1 AND site = ?2"),
      put_place_(db, t,
                 "INSERT OR REPLACE INTO p_counted(sku, site, hlc, source, open, said_hlc) "
                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"),
      ask_(db, t,
           "INSERT INTO p_count_task(task, position, sku, site, station, bin, why, asked_ms, "
           "state, ended_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open', 0)"),
      task_(db, t, "SELECT " DOCKLINE_TASK_COLUMNS " FROM p_count_task WHERE task = ?1"),
      open_task_(db, t,
                 "SELECT " DOCKLINE_TASK_COLUMNS
                 " FROM p_count_task WHERE sku = ?1 AND site = ?2 AND state = 'open' "
                 "ORDER BY position LIMIT 1"),
      end_(db, t, "UPDATE p_count_task SET state = ?2, ended_ms = ?3 WHERE task = ?1"),
      drop_trace_(db, t, "DELETE FROM p_count_trace WHERE sku = ?1 AND site = ?2"),
      stale_(db, t,
             "SELECT " DOCKLINE_TASK_COLUMNS
             " FROM p_count_task WHERE state = 'open' AND asked_ms < ?1 ORDER BY position "
             "LIMIT ?2"),
      open_of_(db, t,
               "SELECT " DOCKLINE_TASK_COLUMNS
               " FROM p_count_task WHERE state = 'open' AND site = ?1 AND station = ?2 "
               "ORDER BY position LIMIT ?3"),
      asked_since_(db, t,
                   "SELECT count(*) FROM p_count_task WHERE site = ?1 AND station = ?2 AND "
                   "asked_ms >= ?3"),
      trace_(db, t,
             "INSERT OR IGNORE INTO p_count_trace(sku, site, hlc, source, position, n, change) "
             "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      traced_(db, t,
              "SELECT coalesce(sum(change), 0) FROM p_count_trace WHERE sku = ?1 AND site = ?2 AND "
              "(hlc, source) > (?3, ?4)"),
      differences_(db, t,
                   "SELECT coalesce(sum(difference), 0) FROM p_count WHERE sku = ?1 AND site = ?2 "
                   "AND counts = 1 AND (hlc, source) > (?3, ?4)"),
      next_(db, t,
            "SELECT position FROM p_count WHERE sku = ?1 AND site = ?2 AND counts = 1 AND "
            "(hlc, source) > (?3, ?4) ORDER BY hlc, source LIMIT 1"),
      correct_(db, t, "UPDATE p_count SET difference = difference + ?2 WHERE position = ?1"),
      row_(db, t, "SELECT position, at_ms, difference, counts FROM p_count WHERE position = ?1"),
      put_(db, t,
           "INSERT INTO p_count(position, sku, site, hlc, source, counted, difference, counts, "
           "task, bin, by_whom, at_ms) "
           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)") {}

std::optional<CountBook::Place> CountBook::place(std::string_view sku, std::string_view site) {
  return place_.one(
      [](const Statement& s) { return Place{s.integer(0), s.str(1), s.integer(2), s.integer(3)}; },
      sku, site);
}

void CountBook::put_place(std::string_view sku, std::string_view site, const Place& place) {
  put_place_.run(sku, site, place.hlc, place.source, place.open, place.said_hlc);
}

void CountBook::ask(std::int64_t position, std::int64_t at_ms, const wire::CountAsked& d) {
  if (task(d.task)) return;
  ask_.run(d.task, position, d.sku, d.site, d.station, d.bin.value_or(""), d.why, at_ms);
  auto there = place(d.sku, d.site).value_or(Place{});
  ++there.open;
  put_place(d.sku, d.site, there);
}

std::optional<CountTask> CountBook::task(std::string_view id) { return task_.one(task_of, id); }

std::optional<CountTask> CountBook::open_task(std::string_view sku, std::string_view site) {
  return open_task_.one(task_of, sku, site);
}

void CountBook::end(const CountTask& task, std::string_view state, std::int64_t at_ms) {
  if (task.state != "open") return;
  end_.run(task.task, state, at_ms);
  auto there = place(task.sku, task.site).value_or(Place{});
  there.open = std::max<std::int64_t>(0, there.open - 1);
  put_place(task.sku, task.site, there);
  if (there.open == 0) drop_trace_.run(task.sku, task.site);
}

std::vector<CountTask> CountBook::stale(std::int64_t at_ms, std::int64_t limit) {
  std::vector<CountTask> out;
  stale_.each([&](const Statement& s) { out.push_back(task_of(s)); }, at_ms, limit);
  return out;
}

std::vector<CountTask> CountBook::open_of(std::string_view site, std::string_view station,
                                          std::int64_t limit) {
  std::vector<CountTask> out;
  open_of_.each([&](const Statement& s) { out.push_back(task_of(s)); }, site, station, limit);
  return out;
}

std::int64_t CountBook::asked_since(std::string_view site, std::string_view station,
                                    std::int64_t at_ms) {
  return asked_since_.integer(site, station, at_ms).value_or(0);
}

void CountBook::trace(std::string_view sku, std::string_view site, const CountMoment& at,
                      std::int64_t position, std::int64_t n, Quantity change) {
  trace_.run(sku, site, at.hlc, at.source, position, n, change);
}

Quantity CountBook::changed_after(std::string_view sku, std::string_view site,
                                  const CountMoment& at) {
  return traced_.integer(sku, site, at.hlc, at.source).value_or(0) +
         differences_.integer(sku, site, at.hlc, at.source).value_or(0);
}

std::optional<std::int64_t> CountBook::next_after(std::string_view sku, std::string_view site,
                                                  const CountMoment& at) {
  return next_.integer(sku, site, at.hlc, at.source);
}

void CountBook::correct(std::int64_t position, Quantity by) { correct_.run(position, by); }

std::optional<CountBook::Row> CountBook::row(std::int64_t position) {
  return row_.one(
      [](const Statement& s) {
        return Row{s.integer(0),           s.integer(1), s.integer(2), s.integer(3) != 0, 0,
                   s.integer(3) == kOneBin};
      },
      position);
}

void CountBook::put(const Row& row, const CountMoment& at, const wire::StockCounted& d) {
  put_.run(row.position, d.sku, d.site, at.hlc, at.source, d.counted, row.difference,
           row.one_bin ? kOneBin : std::int64_t{row.counts}, d.task.value_or(""),
           d.bin.value_or(""), d.by, row.at_ms);
  if (!row.counts || row.one_bin) return;
  auto there = place(d.sku, d.site).value_or(Place{});
  if (std::pair(there.hlc, std::string_view(there.source)) > std::pair(at.hlc, at.source)) return;
  there.hlc = at.hlc;
  there.source = at.source;
  there.said_hlc = row.said_hlc;
  put_place(d.sku, d.site, there);
}

}  // namespace dockline::server::store
