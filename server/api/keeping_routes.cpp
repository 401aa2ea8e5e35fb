// Backups, and facts that could not be digested.
#include "server/api/keeping.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

Answer no_parked(const std::string& id) {
  return missing("parked fact", id, "GET /api/v1/parked lists them");
}

Outcome get_backups(Context& c) {
  return read(c.reader.backups(), [&](const auto& rows) { return backups_json(rows, c.facts); });
}

Outcome post_backup(Context&) { return AskBackup{}; }

Outcome get_parked(Context& c) {
  const auto query = Query::parse(c.request.query, {"state", "station", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto state = query->choice("state", {"waiting", "applied"});
  if (!state) return refuse(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto after = query->integer("after", 0, 0, INT64_MAX);
  if (!after) return refuse(after.error());
  return read(c.reader.parked(*state, query->text("station"), *after, *limit), parked_json);
}

Outcome post_retry(Context& c) {
  const auto query = Query::parse(c.request.query, {"station"});
  if (!query) return refuse(query.error());
  return Ask{done_answer, Command{RetryParked{0, query->text("station")}}};
}

Outcome get_parked_fact(Context& c) {
  const auto row = c.reader.parked_fact(row_number(c.id));
  if (row && !*row) return no_parked(c.id);
  return read(row, [](const auto& found) { return parked_fact_json(*found); });
}

Outcome post_retry_one(Context& c) {
  const auto row = c.reader.parked_fact(row_number(c.id));
  if (!row) return refuse(to_problem(row.error()));
  if (!*row) return no_parked(c.id);
  return Ask{done_answer, Command{RetryParked{(*row)->id, {}}}};
}

}  // namespace

std::span<const Route> keeping_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "backups", get_backups},      {"POST", "backups", post_backup},
      {"GET", "parked", get_parked},        {"POST", "parked/retry", post_retry},
      {"GET", "parked/*", get_parked_fact}, {"POST", "parked/*/retry", post_retry_one},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
