#include "server/api/route.hpp"

#include <charconv>

#include "server/api/system.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::api {

namespace limits = base::limits;

Answer ok(std::string body, int status) { return {.status = status, .body = std::move(body)}; }

Answer refuse(const Problem& problem) { return to_answer(problem); }

Answer missing(const std::string& what, const std::string& id, const std::string& remedy) {
  return refuse({404, "not_found", "no " + what + " '" + base::printable(id, 100) + "'", remedy});
}

Answer no_order(const std::string& id) {
  return missing("order", id, "GET /api/v1/orders?q=... finds it by a part of its number");
}

Answer unread(const base::Error& error) {
  Problem problem = to_problem(error);
  if (problem.status == 422) problem = {400, "bad_query", problem.message, problem.remedy};
  return refuse(problem);
}

Answer created_answer(const Reply& reply) {
  return ok(created_json(reply.id, reply.created), reply.created ? 201 : 200);
}
Answer done_answer(const Reply& reply) { return ok(created_json(reply.id, reply.created)); }

std::expected<std::int64_t, Problem> limit_of(const Query& query) {
  return query.integer("limit", 50, 1, static_cast<std::int64_t>(limits::kPageRowsMax));
}

std::expected<std::int64_t, Problem> skip_of(const Query& query) {
  return query.integer("skip", 0, 0, kSkipRowsMax);
}

std::int64_t row_number(const std::string& id) {
  std::int64_t row = 0;
  const auto [end, failed] = std::from_chars(id.data(), id.data() + id.size(), row);
  return failed == std::errc{} && end == id.data() + id.size() ? row : 0;
}

}  // namespace dockline::server::api
