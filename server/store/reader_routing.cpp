#include "server/store/reader_routing.hpp"

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

}  // namespace

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
