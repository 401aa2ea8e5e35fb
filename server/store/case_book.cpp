#include "server/store/case_book.hpp"

namespace dockline::server::store {
namespace {
using sqlite::Statement;
}

CaseBook::CaseBook(sqlite::Db& db, Trouble& t)
    : decision_(db, t,
                "INSERT INTO p_decision(position, id, kind, subject, rule, version, outcome, "
                "reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      raise_(db, t,
             "INSERT OR IGNORE INTO p_exception(position, id, kind, subject, what, context, "
             "proposed, raised_ms, resolved_ms, action, by_whom) "
             "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, '', '')"),
      resolve_(db, t,
               "UPDATE p_exception SET resolved_ms = ?2, action = ?3, by_whom = ?4 "
               "WHERE id = ?1 AND resolved_ms IS NULL"),
      open_id_(db, t,
               "SELECT id FROM p_exception WHERE kind = ?1 AND subject = ?2 AND "
               "resolved_ms IS NULL ORDER BY position LIMIT 1"),
      open_(db, t,
            "SELECT 1 FROM p_exception WHERE kind = ?1 AND subject = ?2 AND resolved_ms IS NULL"),
      said_(db, t,
            "SELECT 1 FROM p_exception WHERE kind = ?1 AND subject = ?2 AND context = ?3 LIMIT 1"),
      find_(db, t, "SELECT kind, subject, resolved_ms IS NULL FROM p_exception WHERE id = ?1"),
      device_(db, t,
              "INSERT OR REPLACE INTO p_device(site, station, device, kind, state, detail, at_ms) "
              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      import_row_(db, t,
                  "INSERT OR REPLACE INTO p_import_row(fingerprint, row, outcome, subject, why) "
                  "VALUES(?1, ?2, ?3, ?4, ?5)"),
      import_rows_(db, t, "SELECT count(*) FROM p_import_row WHERE fingerprint = ?1") {}

void CaseBook::put_decision(std::int64_t position, const wire::DecisionMade& m) {
  decision_.run(position, m.decision, m.kind, m.subject, m.rule, m.version, m.outcome, m.reason);
}

void CaseBook::raise(std::int64_t position, std::int64_t at_ms, const wire::ExceptionRaised& r) {
  raise_.run(position, r.exception, r.kind, r.subject, r.what, r.context, r.proposed, at_ms);
}

void CaseBook::resolve(std::int64_t at_ms, const wire::ExceptionResolved& r) {
  resolve_.run(r.exception, at_ms, r.action, r.by);
}

bool CaseBook::is_open(std::string_view kind, std::string_view subject) {
  return open_.integer(kind, subject).has_value();
}

std::optional<std::string> CaseBook::open_id(std::string_view kind, std::string_view subject) {
  return open_id_.text(kind, subject);
}

bool CaseBook::said(std::string_view kind, std::string_view subject, std::string_view context) {
  return said_.integer(kind, subject, context).has_value();
}

std::optional<CaseBook::Case> CaseBook::find(std::string_view id) {
  return find_.one([](const Statement& s) { return Case{s.str(0), s.str(1), s.integer(2) != 0}; },
                   id);
}

void CaseBook::put_device(std::string_view site, std::string_view station, std::int64_t at_ms,
                          const wire::DeviceChanged& d) {
  device_.run(site, station, d.device, d.kind, d.state, d.detail.value_or(""), at_ms);
}

void CaseBook::put_import_row(std::string_view fingerprint, const wire::ImportedRow& row) {
  import_row_.run(fingerprint, row.row, row.outcome, row.subject, row.why.value_or(""));
}

std::int64_t CaseBook::import_rows(std::string_view fingerprint) {
  return import_rows_.integer(fingerprint).value_or(0);
}

}  // namespace dockline::server::store
