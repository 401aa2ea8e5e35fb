#include "server/store/reader_routing.hpp"

#include <boost/json.hpp>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_DECISION_COLUMNS                                                        \
  "SELECT d.position, e.time_ms, d.id, d.kind, d.subject, d.rule, d.outcome, d.reason, " \
  "d.version, e.body FROM p_decision d JOIN events e USING(position) "

DecisionRow row_of(const Statement& s, ArchiveBook& archive) {
  return {.position = s.integer(0),
          .made_ms = s.integer(1),
          .id = s.str(2),
          .kind = s.str(3),
          .subject = s.str(4),
          .rule = s.str(5),
          .outcome = s.str(6),
          .reason = s.str(7),
          .version = s.integer(8),
          .body = s.blob(9).empty() ? archive.body(s.integer(0)) : std::string(s.blob(9))};
}

constexpr std::int64_t kNoBound = INT64_MAX;
// A record names the sites that it weighed, too: what counts is an allocation.
bool gives_to(const std::string& body, const std::string& site) {
  namespace json = boost::json;
  if (body.find('"' + site + '"') == std::string::npos) return false;
  json::error_code failed;
  const json::value event = json::parse(body, failed);
  const auto* data =
      failed || !event.is_object() ? nullptr : event.get_object().if_contains("data");
  if (data == nullptr || !data->is_object()) return false;
  const auto* given = data->get_object().if_contains("allocations");
  if (given == nullptr || !given->is_array()) return false;
  for (const auto& one : given->get_array()) {
    const auto* to = one.is_object() ? one.get_object().if_contains("site") : nullptr;
    if (to != nullptr && to->is_string() && std::string_view(to->get_string()) == site) return true;
  }
  return false;
}

// By what it is asked: each way goes along an index.
std::string_view page_sql(const DecisionQuery& q) {
  if (!q.subject.empty()) {
    return DOCKLINE_DECISION_COLUMNS
        "WHERE d.subject = ?1 AND d.position < ?3 AND (?2 = '' OR d.outcome = ?2) "
        "ORDER BY d.position DESC LIMIT ?4 OFFSET ?5";
  }
  if (!q.outcome.empty()) {
    return DOCKLINE_DECISION_COLUMNS
        "WHERE ?1 = ?1 AND d.outcome = ?2 AND d.position < ?3 ORDER BY d.position DESC "
        "LIMIT ?4 OFFSET ?5";
  }
  return DOCKLINE_DECISION_COLUMNS
      "WHERE ?1 = ?1 AND ?2 = ?2 AND d.position < ?3 ORDER BY d.position DESC LIMIT ?4 OFFSET ?5";
}
std::string_view total_sql(const DecisionQuery& q) {
  if (!q.subject.empty()) {
    return "SELECT count(*) FROM p_decision WHERE subject = ?1 AND (?2 = '' OR outcome = ?2)";
  }
  if (!q.outcome.empty()) return "SELECT count(*) FROM p_decision WHERE ?1 = ?1 AND outcome = ?2";
  return "SELECT count(*) FROM p_decision WHERE ?1 = ?1 AND ?2 = ?2";
}

void look_for_site(Reader::Impl& in, const DecisionQuery& q, std::int64_t below,
                   Page<DecisionRow>& page) {
  std::int64_t looked = 0, rows = 0;
  const auto full = [&] {
    return static_cast<std::int64_t>(page.items.size()) == bounded(q.limit);
  };
  do {
    rows = 0;
    in.query(page_sql(q))
        .each(
            [&](const Statement& s) {
              ++rows;
              if (full()) return;
              below = s.integer(0);
              ++looked;
              auto row = row_of(s, in.archive);
              if (gives_to(row.body, q.site)) page.items.push_back(std::move(row));
            },
            q.subject, q.outcome, below, bounded(q.limit), std::int64_t{0});
  } while (rows > 0 && !full() && looked < kDecisionsLookedMax);
  if (rows > 0) page.next = std::to_string(below);
}

}  // namespace

base::Result<Page<DecisionRow>> decisions_where(Reader& reader, const DecisionQuery& query) {
  const auto from = after_number(query.after);
  if (!from) return base::pass(bad_after(query.after));
  const std::int64_t below = *from == 0 ? kNoBound : *from;
  auto& in = reader.impl();
  return in.look([&] {
    Page<DecisionRow> page;
    if (!query.site.empty()) {
      look_for_site(in, query, below, page);
      return page;
    }
    in.query(page_sql(query))
        .each([&](const Statement& s) { page.items.push_back(row_of(s, in.archive)); },
              query.subject, query.outcome, below, bounded(query.limit), query.skip);
    if (static_cast<std::int64_t>(page.items.size()) == bounded(query.limit)) {
      page.next = std::to_string(page.items.back().position);
    }
    page.total = in.query(total_sql(query)).integer(query.subject, query.outcome).value_or(0);
    return page;
  });
}

base::Result<std::optional<DecisionRow>> decision_of(Reader& reader, const std::string& id) {
  auto& in = reader.impl();
  return in.look([&] {
    return in.query(DOCKLINE_DECISION_COLUMNS "WHERE d.id = ?1")
        .one([&](const Statement& s) { return row_of(s, in.archive); }, id);
  });
}

base::Result<std::vector<DecisionRow>> decisions_since(Reader& reader, std::int64_t since_ms,
                                                       std::int64_t after, std::int64_t limit) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<DecisionRow> rows;
    in.query(DOCKLINE_DECISION_COLUMNS
             "WHERE d.kind = 'routing' AND e.time_ms >= ?1 AND d.position > ?2 "
             "ORDER BY d.position LIMIT ?3")
        .each([&](const Statement& s) { rows.push_back(row_of(s, in.archive)); }, since_ms, after,
              limit);
    return rows;
  });
}

base::Result<std::string> received(Reader& reader, const std::string& order) {
  auto& in = reader.impl();
  return in.look([&] {
    return in
        .query(
            "SELECT e.position, e.body FROM p_order o JOIN p_timeline t USING(ord) JOIN events "
            "e USING(position) WHERE o.id = ?1 AND e.type = 'dockline.order.received.v1' "
            "ORDER BY e.position LIMIT 1")
        .one(
            [&](const Statement& s) {
              return s.blob(1).empty() ? in.archive.body(s.integer(0)) : std::string(s.blob(1));
            },
            order)
        .value_or("");
  });
}

}  // namespace dockline::server::store
