#include "server/api/api.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "server/api/keeping.hpp"
#include "server/api/log.hpp"
#include "server/api/query.hpp"
#include "server/api/route.hpp"
#include "server/api/topics.hpp"
#include "server/app/seen.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::api {
namespace {

constexpr std::string_view kPrefix = "/api/v1/";

// One line per topic.
// clang-format off
constexpr std::array kTopics{
    orders_routes,
    life_routes,
    mergeable_routes,
    handover_routes,
    imports_routes,
    stock_routes,
    policies_routes,
    receiving_routes,
    buying_routes,
    sites_routes,
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

std::string hash_of(std::string_view body) {
  const auto digest = base::sha256(body);
  return base::to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 12));
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
  answer.etag = '"' + answer.etag + hash_of(answer.body) + '"';
  if (lists(header(request, "if-none-match"), answer.etag, true)) {
    answer.status = 304;
    answer.body.clear();
  }
}

// ---------------------------------------------------------------- promises of a write
// (answers.hpp)
constexpr std::size_t kKeyBytesMax = 255;
constexpr std::string_view kKeyName = "idempotency-key";

// Of the header: a text in quotes (RFC 8941) or as it is.
std::string_view key_in(std::string_view header) {
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"') {
    header.remove_prefix(1);
    header.remove_suffix(1);
  }
  return header;
}
bool fine_key(std::string_view key) {
  return !key.empty() && key.size() <= kKeyBytesMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}
std::string request_hash(const Request& r) {
  const std::string head = r.method + '\n' + r.path + '\n' + r.query + '\n';
  const auto digest = base::sha256(head, r.body);
  return base::to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 16));
}

// An answer as one text and back: status, type, body.
std::string packed(const Answer& answer) {
  return std::to_string(answer.status) + '\n' + answer.type + '\n' + answer.body;
}
Answer unpacked(const std::string& text) {
  Answer out;
  const auto one = text.find('\n'), two = text.find('\n', one + 1);
  std::from_chars(text.data(), text.data() + one, out.status);
  out.type = text.substr(one + 1, two - one - 1);
  out.body = text.substr(two + 1);
  out.replayed = true;
  return out;
}

// The positions in ETags of an order: "<position>-<hash>".
std::vector<std::int64_t> positions_in(std::string_view tags) {
  std::vector<std::int64_t> out;
  for (auto at = tags.find('"'); at != std::string_view::npos; at = tags.find('"', at + 1)) {
    std::int64_t position = 0;
    const char* const last = tags.data() + tags.size();
    const auto [end, failed] = std::from_chars(tags.data() + at + 1, last, position);
    if (failed == std::errc{} && end != last && *end == '-') out.push_back(position);
  }
  return out;
}

// If-Match on what is said of a site or an item: the description, or the registration, that it must
// be at (seen.hpp). If-None-Match: * on an item: only a new one.
void match_said(Context& c, Ask& ask) {
  const std::string tags = header(c.request, "if-match");
  const auto* item = std::get_if<RegisterItem>(&ask.command);
  const auto* site = std::get_if<DescribeSite>(&ask.command);
  if (item != nullptr && tags.empty() && header(c.request, "if-none-match") == "*") {
    ask.if_order = item_seen(orders::normal_sku(item->item.sku));
    ask.if_positions = {0};
  }
  if ((item == nullptr && site == nullptr) || tags.empty() || tags == "*") return;
  ask.if_order =
      item != nullptr ? item_seen(orders::normal_sku(item->item.sku)) : site_seen(site->site);
  ask.if_positions = positions_in(tags);
}

// If-Match on a write to an order: the position it must be at.
std::optional<Answer> match_order(Context& c, std::string_view pattern, Ask& ask) {
  const std::string tags = header(c.request, "if-match");
  match_said(c, ask);
  if (tags.empty() || tags == "*" || !pattern.starts_with("orders/*")) return std::nullopt;
  const auto order = c.reader.order(c.id);
  if (!order) return unread(order.error());
  if (!*order) return no_order(c.id);
  ask.if_order = (*order)->order.id;
  ask.if_positions = positions_in(tags);
  return std::nullopt;
}

Outcome called(const Route& route, Context& c) {
  const std::string given = header(c.request, kKeyName);
  const bool once = !given.empty() && (route.method == "POST" || route.method == "PATCH");
  if (once && !fine_key(key_in(given))) {
    return refuse({422, "refused", "Idempotency-Key is no key",
                   "Send 1 to 255 visible ASCII characters, a UUID for example",
                   "Idempotency-Key"});
  }
  const std::string request = once ? request_hash(c.request) : "";
  Outcome outcome = route.call(c);
  if (auto* answer = std::get_if<Answer>(&outcome)) finish(c.request, *answer);
  if (auto* look = std::get_if<AskLook>(&outcome)) {
    look->work = [work = std::move(look->work),
                  request = std::move(c.request)](store::Reader& reader) {
      auto answer = work(reader);
      finish(request, answer);
      return answer;
    };
    return outcome;
  }
  auto* ask = std::get_if<Ask>(&outcome);
  if (ask == nullptr) return outcome;
  if (auto refused = match_order(c, route.pattern, *ask)) return std::move(*refused);
  ask->conflict = conflict_of(route.method, route.pattern);
  if (once) {
    ask->once = {std::string(key_in(given)), request,
                 [answer = ask->answer, conflict = ask->conflict,
                  about = ask->if_order](const Reply& reply) {
                   Ask same{answer, {}};
                   same.conflict = conflict;
                   same.if_order = about;
                   return packed(reply_answer(same, reply));
                 }};
  }
  return outcome;
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
    return called(route, context);
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
  if (reply.told) return unpacked(*reply.told);
  if (!reply.error) return ask.answer(reply);
  Problem problem = to_problem(*reply.error);
  if (reply.code == "key_reused") {
    problem = {422, reply.code, reply.error->detail,
               "Use a new key for another request; the same request goes with its old one",
               "Idempotency-Key"};
  } else if (reply.code == "changed") {
    problem = {412, reply.code, reply.error->detail,
               "GET the " + seen_thing(ask.if_order).what +
                   ", look at what is new, and send its ETag as If-Match",
               "If-Match"};
  } else if (problem.status == 409 && ask.conflict != nullptr) {
    problem.code = ask.conflict->code;
    problem.remedy = ask.conflict->remedy;
  }
  return refuse(problem);
}

std::string backup_answer(const store::BackupRow& backup) { return backup_json(backup); }
std::string replay_answer(const store::ReplayReport& report) { return replay_json(report); }

}  // namespace dockline::server::api
