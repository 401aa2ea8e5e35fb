#include "server/api/api.hpp"

#include <algorithm>
#include <array>

#include "server/api/keeping.hpp"
#include "server/api/log.hpp"
#include "server/api/query.hpp"
#include "server/api/route.hpp"
#include "server/api/topics.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::api {
namespace {

constexpr std::string_view kPrefix = "/api/v1/";

// One line per topic.
// clang-format off
constexpr std::array kTopics{
    orders_routes,
    life_routes,
    imports_routes,
    stock_routes,
    policies_routes,
    receiving_routes,
    buying_routes,
    stations_routes,
    exceptions_routes,
    channels_routes,
    log_routes,
    routing_routes,
    keeping_routes,
    exports_routes,
    overview_routes,
    system_routes,
};
// clang-format on

// A path without * comes before one with it, whichever topic they are of.
std::vector<Route> joined() {
  std::vector<Route> out;
  for (const auto topic : kTopics) out.insert(out.end(), topic().begin(), topic().end());
  std::stable_sort(out.begin(), out.end(), [](const Route& a, const Route& b) {
    return std::count(a.pattern.begin(), a.pattern.end(), '*') <
           std::count(b.pattern.begin(), b.pattern.end(), '*');
  });
  return out;
}
const std::vector<Route>& routes() {
  static const std::vector<Route> kAll = joined();
  return kAll;
}

// Whether `path` (below the prefix) has the pattern's form; the segment for * goes to `id`.
bool fits(std::string_view pattern, std::string_view path, std::string_view& id) {
  while (true) {
    const std::string_view want = pattern.substr(0, pattern.find('/'));
    const std::string_view have = path.substr(0, path.find('/'));
    if (want == "*") {
      if (have.empty()) return false;
      id = have;
    } else if (want != have) {
      return false;
    }
    pattern.remove_prefix(want.size());
    path.remove_prefix(have.size());
    if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
    pattern.remove_prefix(1);
    path.remove_prefix(1);
  }
}

std::string header(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

// Whether one of the ETags in a list of them, or *, is `etag`. If-None-Match compares weakly.
bool lists(std::string_view header, std::string_view etag, bool weak) {
  while (!header.empty()) {
    std::string_view one = header.substr(0, header.find(','));
    header.remove_prefix(std::min(header.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (weak && one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

std::string etag_of(std::string_view body) {
  const auto digest = base::sha256(body);
  return '"' + base::to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 12)) +
         '"';
}

// The page behind this one: the same address with another `after`.
std::string next_link(const Request& request, const std::string& next) {
  std::string query;
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty() || pair.starts_with("after=") || pair.starts_with("skip=")) continue;
    query += std::string(pair) + '&';
  }
  return '<' + request.path + '?' + query + "after=" + next + ">; rel=\"next\"";
}

// What every answer to GET gets: an ETag of its contents, 304 for who has them, and Link.
void finish(const Request& request, Answer& answer) {
  if ((request.method != "GET" && request.method != "HEAD") || answer.status != 200) return;
  if (!answer.next.empty()) answer.link = next_link(request, answer.next);
  answer.etag = etag_of(answer.body);
  if (lists(header(request, "if-none-match"), answer.etag, true)) {
    answer.status = 304;
    answer.body.clear();
  }
}

std::string_view below_prefix(std::string_view path) {
  if (path == "/health" || path == "/metrics") return path.substr(1);  // where probes look
  return path.starts_with(kPrefix) ? path.substr(kPrefix.size()) : std::string_view();
}

}  // namespace

bool is_api(std::string_view path) {
  return path == "/health" || path == "/metrics" || path == "/api" || path.starts_with("/api/");
}

Rights rights_of(std::string_view path) {
  const std::string_view rest = below_prefix(path);
  std::string_view id;
  Rights out{.body_bytes_max = 0};
  for (const auto& route : routes()) {
    if (!fits(route.pattern, rest, id)) continue;
    out.open = route.open;
    out.from_elsewhere = route.pattern.starts_with("hooks/");
    if (route.method != "GET") out.body_bytes_max = route.body_bytes_max;
  }
  return out;
}

Outcome handle(store::Reader& reader, const Facts& facts, Request& request,
               std::int64_t now_wall_ms) {
  const std::string_view rest = below_prefix(request.path);
  const std::string_view method =
      request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
  std::string allow;
  for (const auto& route : routes()) {
    std::string_view raw_id;
    if (!fits(route.pattern, rest, raw_id)) continue;
    if (route.method != method) {
      allow += (allow.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    const auto id = percent_decode(raw_id, false);
    if (!id) {
      return refuse(
          {400, "bad_path", "the path is not valid UTF-8 text", "Percent-encode the id as UTF-8"});
    }
    Context context{reader, facts, request, now_wall_ms, *id};
    Outcome outcome = route.call(context);
    if (auto* answer = std::get_if<Answer>(&outcome)) finish(request, *answer);
    return outcome;
  }
  if (!allow.empty()) {
    Answer answer =
        refuse({405, "method_not_allowed", request.method + " is not possible on " + request.path,
                "Use " + allow});
    answer.allow = allow;
    return answer;
  }
  return refuse({404, "not_found", "no such path: " + base::printable(request.path, 200),
                 "The paths are listed in the OpenAPI document, GET /api/v1/openapi.yaml"});
}

Answer reply_answer(const Ask& ask, const Reply& reply) {
  return reply.error ? refuse(to_problem(*reply.error)) : ask.answer(reply);
}

std::string backup_answer(const store::BackupRow& backup) { return backup_json(backup); }
std::string replay_answer(const store::ReplayReport& report) { return replay_json(report); }

}  // namespace dockline::server::api
