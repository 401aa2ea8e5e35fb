#include "server/api/api.hpp"

#include <array>
#include <charconv>

#include "server/api/body.hpp"
#include "server/api/json.hpp"
#include "server/api/query.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/embedded.hpp"
#include "shared/base/limits.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_server_api();
}

namespace dockline::server::api {
namespace {

namespace limits = base::limits;
constexpr std::string_view kPrefix = "/api/v1/";

struct Context {
  store::Reader& reader;
  const Facts& facts;
  Request& request;
  std::int64_t now_ms;
  std::string id;  // what stands for * in the path, decoded
};

Answer ok(std::string body, int status = 200) {
  return {.status = status, .body = std::move(body)};
}
Answer refuse(const Problem& problem) { return to_answer(problem); }
Answer missing(const std::string& what, const std::string& id, const std::string& remedy) {
  return refuse({404, "not_found", "no " + what + " '" + base::printable(id, 100) + "'", remedy});
}

Answer no_order(const std::string& id) {
  return missing("order", id, "GET /api/v1/orders?q=... finds it by a part of its number");
}

// Result of the Reader into an answer, by `make`.
template <class T, class Make>
Answer read(const base::Result<T>& result, Make make) {
  if (!result) {
    Problem problem = to_problem(result.error());
    if (problem.status == 422) problem = {400, "bad_query", problem.message, problem.remedy};
    return refuse(problem);
  }
  return ok(make(*result));
}

// ---------------------------------------------------------------- reads
std::expected<std::int64_t, Problem> limit_of(const Query& query) {
  return query.integer("limit", 50, 1, static_cast<std::int64_t>(limits::kPageRowsMax));
}

Outcome get_health(Context& c) { return ok(health_json(c.facts, c.now_ms)); }
Outcome get_openapi(Context&) {
  return Answer{.body = std::string(base::embedded_server_api().front().bytes),
                .type = "application/yaml"};
}
Outcome get_metrics(Context&) { return AskMetrics{}; }

Outcome get_summary(Context& c) {
  return read(c.reader.summary(c.now_ms),
              [&](const auto& summary) { return summary_json(summary, c.now_ms); });
}

Outcome get_orders(Context& c) {
  const auto query = Query::parse(c.request.query, {"state", "q", "channel", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto state =
      query->choice("state", {"open", "backordered", "allocated", "released", "packed", "shipped",
                              "delivered", "cancelled", "returned"});
  if (!state) return refuse(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(c.reader.orders({.state = *state,
                               .channel = query->text("channel"),
                               .text = query->text("q"),
                               .after = query->text("after"),
                               .limit = *limit}),
              orders_json);
}

Outcome get_order(Context& c) {
  const auto order = c.reader.order(c.id);
  if (order && !*order) return no_order(c.id);
  return read(order, [](const auto& found) { return order_json(*found); });
}

Outcome get_stock(Context& c) {
  const auto query = Query::parse(c.request.query, {"q", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(c.reader.stock(query->text("q"), query->text("after"), *limit), stock_json);
}

Outcome get_stock_item(Context& c) {
  const auto item = c.reader.stock_of(c.id);
  if (item && !*item) {
    return missing("SKU", c.id, "GET /api/v1/stock?q=... finds it by a part of SKU or title");
  }
  return read(item, [](const auto& found) { return stock_item_json(*found); });
}

Outcome get_stations(Context& c) { return read(c.reader.stations(c.now_ms), stations_json); }
Outcome get_devices(Context& c) { return read(c.reader.devices(), devices_json); }

Outcome get_exceptions(Context& c) {
  const auto query = Query::parse(c.request.query, {"state", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto state = query->choice("state", {"open", "resolved"});
  if (!state) return refuse(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(c.reader.exceptions(*state, query->text("after"), *limit), exceptions_json);
}

Outcome get_outbox(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto rows = c.reader.channels();
  if (!rows) return refuse(to_problem(rows.error()));
  return read(c.reader.outbox(query->text("after"), *limit),
              [&](const auto& page) { return outbox_json(page, *rows, c.facts); });
}

Outcome get_channels(Context& c) {
  return read(c.reader.channels(), [&](const auto& rows) { return channels_json(rows, c.facts); });
}

Outcome get_events(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit", "type", "subject"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto after = query->integer("after", 0, 0, INT64_MAX);
  if (!after) return refuse(after.error());
  return read(c.reader.events(*after, *limit, query->text("type"), query->text("subject")),
              events_json);
}

Outcome get_decisions(Context& c) {
  const auto query = Query::parse(c.request.query, {"subject", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(c.reader.decisions(query->text("subject"), query->text("after"), *limit),
              decisions_json);
}

Outcome get_imports(Context& c) { return read(c.reader.imports(), imports_json); }

Outcome get_import(Context& c) {
  const auto row = c.reader.import(c.id);
  if (row && !*row) return missing("import", c.id, "GET /api/v1/imports lists them");
  return read(row, [](const auto& found) { return import_json(*found); });
}

Outcome get_import_rows(Context& c) {
  const auto query = Query::parse(c.request.query, {"outcome", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto after = query->integer("after", 0, 0, INT64_MAX);
  if (!after) return refuse(after.error());
  return read(c.reader.import_rows(c.id, query->text("outcome"), *after, *limit), import_rows_json);
}

Outcome get_backups(Context& c) {
  return read(c.reader.backups(), [&](const auto& rows) { return backups_json(rows, c.facts); });
}
Outcome get_archive(Context& c) { return read(c.reader.segments(), segments_json); }
Outcome get_head(Context& c) {
  return read(c.reader.log_head(), [&](const auto& head) { return head_json(head, c.now_ms); });
}

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

// 0: it is no number, so there is no such row.
std::int64_t row_number(const std::string& id) {
  std::int64_t row = 0;
  const auto [end, failed] = std::from_chars(id.data(), id.data() + id.size(), row);
  return failed == std::errc{} && end == id.data() + id.size() ? row : 0;
}
Answer no_parked(const std::string& id) {
  return missing("parked fact", id, "GET /api/v1/parked lists them");
}

Outcome get_parked_fact(Context& c) {
  const auto row = c.reader.parked_fact(row_number(c.id));
  if (row && !*row) return no_parked(c.id);
  return read(row, [](const auto& found) { return parked_fact_json(*found); });
}

// ---------------------------------------------------------------- writes
template <class Body>
Outcome ask(Ask::Kind kind, std::expected<Body, Problem> body) {
  if (!body) return refuse(body.error());
  return Ask{kind, Command{std::move(*body)}};
}

Outcome post_order(Context& c) { return ask(Ask::Kind::order, order_body(c.request.body)); }
Outcome post_cancel(Context& c) {
  const auto order = c.reader.order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  if (!*order) return no_order(c.id);
  return ask(Ask::Kind::cancel, cancel_body((*order)->order.id, c.request.body));
}
Outcome post_adjust(Context& c) { return ask(Ask::Kind::adjust, adjust_body(c.request.body)); }
Outcome post_item(Context& c) { return ask(Ask::Kind::item, item_body(c.request.body)); }
Outcome post_resolve(Context& c) {
  return ask(Ask::Kind::resolve, resolve_body(c.id, c.request.body));
}

Outcome post_import(Context& c) {
  const auto query = Query::parse(c.request.query, {"kind", "name", "channel", "site"});
  if (!query) return refuse(query.error());
  const auto kind = query->choice("kind", {"orders", "stock"});
  if (!kind) return refuse(kind.error());
  if (kind->empty() || query->text("name").empty()) {
    return refuse({400, "bad_query", "kind and name are needed",
                   "POST /api/v1/imports?kind=orders&name=FILE with the CSV as body"});
  }
  if (c.request.body.empty()) {
    return refuse({422, "refused", "the file is empty", "Send the CSV file as the body"});
  }
  StartImport start{.kind = *kind, .name = query->text("name"), .bytes = std::move(c.request.body)};
  if (!query->text("channel").empty()) start.channel = query->text("channel");
  start.site = query->text("site");
  return Ask{Ask::Kind::import, Command{std::move(start)}};
}

// The channel checks the signature and reads the orders, in the core lane.
Outcome post_hook(Context& c) {
  return Ask{
      Ask::Kind::hook,
      Command{HookIn{
          c.id, {.headers = std::move(c.request.headers), .body = std::move(c.request.body)}}}};
}

Outcome post_revoke(Context& c) {
  const auto order = c.reader.order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  if (!*order) return no_order(c.id);
  return ask(Ask::Kind::revoke, revoke_body((*order)->order.id, c.request.body));
}

Outcome post_write_off(Context& c) {
  const auto slash = c.id.find('/');
  if (slash == std::string::npos) {
    return missing("station", c.id, "Write it as SITE%2FSTATION; GET /api/v1/stations lists them");
  }
  return ask(Ask::Kind::write_off,
             write_off_body(c.id.substr(0, slash), c.id.substr(slash + 1), c.request.body));
}

Outcome post_decide(Context& c) {
  std::int64_t row = 0;
  const auto [end, failed] = std::from_chars(c.id.data(), c.id.data() + c.id.size(), row);
  if (failed != std::errc{} || end != c.id.data() + c.id.size()) {
    return missing("outbox row", c.id, "GET /api/v1/outbox lists them");
  }
  return ask(Ask::Kind::decide, decide_body(row, c.request.body));
}
Outcome post_verify(Context&) { return AskVerify{}; }
Outcome post_backup(Context&) { return AskBackup{}; }

Outcome post_retry_one(Context& c) {
  const auto row = c.reader.parked_fact(row_number(c.id));
  if (!row) return refuse(to_problem(row.error()));
  if (!*row) return no_parked(c.id);
  return Ask{Ask::Kind::retry, Command{RetryParked{(*row)->id, {}}}};
}
Outcome post_retry(Context& c) {
  const auto query = Query::parse(c.request.query, {"station"});
  if (!query) return refuse(query.error());
  return Ask{Ask::Kind::retry, Command{RetryParked{0, query->text("station")}}};
}

// ---------------------------------------------------------------- routes
struct Route {
  std::string_view method;
  std::string_view pattern;  // below the prefix; * is one segment
  Outcome (*call)(Context&);
  bool open = false;
  std::size_t body_bytes_max = limits::kHttpBodyBytesMax;
};

constexpr std::array kRoutes{
    Route{"GET", "health", get_health, true},
    Route{"GET", "metrics", get_metrics},
    Route{"GET", "openapi.yaml", get_openapi},
    Route{"GET", "summary", get_summary},
    Route{"GET", "orders", get_orders},
    Route{"POST", "orders", post_order},
    Route{"GET", "orders/*", get_order},
    Route{"POST", "orders/*/cancel", post_cancel},
    Route{"POST", "orders/*/revoke", post_revoke},
    Route{"GET", "imports", get_imports},
    Route{"POST", "imports", post_import, false, limits::kImportBytesMax},
    Route{"GET", "imports/*", get_import},
    Route{"GET", "imports/*/rows", get_import_rows},
    Route{"GET", "stock", get_stock},
    Route{"POST", "stock/adjust", post_adjust},
    Route{"GET", "stock/*", get_stock_item},
    Route{"POST", "items", post_item},
    Route{"GET", "stations", get_stations},
    Route{"POST", "stations/*/write-off", post_write_off},
    Route{"GET", "devices", get_devices},
    Route{"GET", "exceptions", get_exceptions},
    Route{"POST", "exceptions/*/resolve", post_resolve},
    Route{"GET", "outbox", get_outbox},
    Route{"POST", "outbox/*/decide", post_decide},
    Route{"GET", "channels", get_channels},
    Route{"GET", "events", get_events},
    Route{"GET", "decisions", get_decisions},
    Route{"POST", "replay/verify", post_verify},
    Route{"GET", "backups", get_backups},
    Route{"POST", "backups", post_backup},
    Route{"GET", "parked", get_parked},
    Route{"POST", "parked/retry", post_retry},
    Route{"GET", "parked/*", get_parked_fact},
    Route{"POST", "parked/*/retry", post_retry_one},
    Route{"GET", "archive", get_archive},
    Route{"GET", "log/head", get_head},
    Route{"POST", "hooks/*", post_hook, true},
};

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

std::string_view below_prefix(std::string_view path) {
  if (path == "/health" || path == "/metrics") return path.substr(1);  // where probes look
  return path.starts_with(kPrefix) ? path.substr(kPrefix.size()) : std::string_view();
}

}  // namespace

namespace {
// The sender of a webhook hears what its channel said; a refusal in the common error shape.
Answer hook_answer(const publish::HookReply& hook) {
  if (hook.status < 300) {
    return ok(hook_json(hook.orders_new, hook.orders_known), hook.status);
  }
  const char* code = hook.status == 401   ? "bad_signature"
                     : hook.status == 404 ? "not_found"
                                          : "refused";
  return refuse({hook.status, code, hook.detail, "Compare the channel's settings on both sides"});
}
}  // namespace

bool is_api(std::string_view path) {
  return path == "/health" || path == "/metrics" || path == "/api" || path.starts_with("/api/");
}

Rights rights_of(std::string_view path) {
  const std::string_view rest = below_prefix(path);
  std::string_view id;
  Rights out{.body_bytes_max = 0};
  for (const auto& route : kRoutes) {
    if (!fits(route.pattern, rest, id)) continue;
    out.open = route.open;
    out.from_elsewhere = route.pattern.starts_with("hooks/");
    if (route.method == "POST") out.body_bytes_max = route.body_bytes_max;
  }
  return out;
}

Outcome handle(store::Reader& reader, const Facts& facts, Request& request,
               std::int64_t now_wall_ms) {
  const std::string_view rest = below_prefix(request.path);
  const std::string_view method =
      request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
  std::string allow;
  for (const auto& route : kRoutes) {
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
    return route.call(context);
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

Answer reply_answer(Ask::Kind kind, const Reply& reply) {
  if (reply.error) return refuse(to_problem(*reply.error));
  switch (kind) {
    case Ask::Kind::order:
    case Ask::Kind::item:
      return ok(created_json(reply.id, reply.created), reply.created ? 201 : 200);
    case Ask::Kind::import:
      return ok(import_started_json(reply.id, reply.created), 202);
    case Ask::Kind::hook:
      return hook_answer(reply.hook.value_or(publish::HookReply{}));
    case Ask::Kind::cancel:
    case Ask::Kind::revoke:
    case Ask::Kind::write_off:
    case Ask::Kind::decide:
    case Ask::Kind::adjust:
    case Ask::Kind::resolve:
    case Ask::Kind::retry:
      return ok(created_json(reply.id, reply.created));
  }
  return ok(created_json(reply.id, reply.created));
}

std::string backup_answer(const store::BackupRow& backup) { return backup_json(backup); }
std::string replay_answer(const store::ReplayReport& report) { return replay_json(report); }

}  // namespace dockline::server::api
