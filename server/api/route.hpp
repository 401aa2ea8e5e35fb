// What the files <topic>_routes.cpp share: the row of a route, what a handler gets, and the usual
// ways to answer. Private to server/api.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "server/api/api.hpp"
#include "server/api/query.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::api {

struct Context {
  store::Reader& reader;
  const Facts& facts;
  Request& request;
  std::int64_t now_ms;
  std::string id;  // what stands for * in the path, decoded
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // below /api/v1/; * is one segment
  Outcome (*call)(Context&);
  bool open = false;  // no token
  std::size_t body_bytes_max = base::limits::kHttpBodyBytesMax;
};

// ---------------------------------------------------------------- answers
[[nodiscard]] Answer ok(std::string body, int status = 200);
[[nodiscard]] Answer refuse(const Problem& problem);
// 404: no such `what`; the remedy says where to look.
[[nodiscard]] Answer missing(const std::string& what, const std::string& id,
                             const std::string& remedy);
[[nodiscard]] Answer no_order(const std::string& id);
// An error of the Reader; what it refuses came with the query.
[[nodiscard]] Answer unread(const base::Error& error);
// Result of the Reader into an answer, by `make`.
template <class T, class Make>
[[nodiscard]] Answer read(const base::Result<T>& result, Make make) {
  if (!result) return unread(result.error());
  return ok(make(*result));
}

// A page: besides, its `next` goes into the header Link.
template <class Row, class Make>
[[nodiscard]] Answer read(const base::Result<store::Page<Row>>& result, Make make) {
  if (!result) return unread(result.error());
  Answer answer = ok(make(*result));
  if (!result->next.empty()) answer.next = cursor(result->next);
  return answer;
}

// ---------------------------------------------------------------- replies of the core
// {"id","created"}: 201 when it is new, else 200.
[[nodiscard]] Answer created_answer(const Reply& reply);
// {"id","created"}, 200.
[[nodiscard]] Answer done_answer(const Reply& reply);
// A body into its command, or the problem with it.
template <class Body>
[[nodiscard]] Outcome ask(Answer (*answer)(const Reply&), std::expected<Body, Problem> body) {
  if (!body) return refuse(body.error());
  return Ask{answer, Command{std::move(*body)}};
}

// ---------------------------------------------------------------- queries
[[nodiscard]] std::expected<std::int64_t, Problem> limit_of(const Query& query);
// Rows between the key `after` and the page: how a reader jumps far into a long list.
inline constexpr std::int64_t kSkipRowsMax = 10'000'000;
[[nodiscard]] std::expected<std::int64_t, Problem> skip_of(const Query& query);
// 0: it is no number, so there is no such row.
[[nodiscard]] std::int64_t row_number(const std::string& id);

}  // namespace dockline::server::api
