// The life of an order: hold, unhold, amend, split; limits of what is not there.
#include <charconv>
#include <optional>

#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

// "2=3" -> line 2, 3 pieces.
std::optional<json::object> line_and_count(const std::string& written) {
  const auto equals = written.find('=');
  if (equals == std::string::npos) return std::nullopt;
  std::int64_t line = 0, pieces = 0;
  const char* from = written.data();
  const auto first = std::from_chars(from, from + equals, line);
  const auto second = std::from_chars(from + equals + 1, from + written.size(), pieces);
  const bool whole = first.ec == std::errc{} && first.ptr == from + equals &&
                     second.ec == std::errc{} && second.ptr == from + written.size();
  if (!whole || line < 1) return std::nullopt;
  return json::object{{"line", line}, {"quantity", pieces}};
}

std::expected<json::array, Exit> lines_of(Session& session, const LifeOptions& options) {
  json::array lines;
  for (const auto& written : options.lines) {
    const auto line = line_and_count(written);
    if (!line) {
      return std::unexpected(session.fail(Exit::usage,
                                          "--line " + written + " cannot be understood",
                                          "Write it as LINE=PIECES, such as --line 2=1"));
    }
    lines.push_back(*line);
  }
  for (const auto& written : options.add) {
    const auto equals = written.rfind('=');
    std::int64_t pieces = 0;
    const char* end = written.data() + written.size();
    const bool whole = equals != std::string::npos && equals > 0 &&
                       std::from_chars(written.data() + equals + 1, end, pieces).ptr == end;
    if (!whole) {
      return std::unexpected(session.fail(Exit::usage, "--add " + written + " cannot be understood",
                                          "Write it as SKU=PIECES, such as --add MUG-RED=1"));
    }
    lines.push_back(json::object{{"sku", written.substr(0, equals)}, {"quantity", pieces}});
  }
  return lines;
}

Exit tell(Session& session, const std::expected<json::value, Exit>& done, const std::string& what) {
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(text(*done, "id") + (flag(*done, "created") ? ": " + what : ": it was so already."));
  return Exit::ok;
}

std::string of(const LifeOptions& options, const char* verb) {
  return "/orders/" + percent_encoded(options.id) + verb;
}

}  // namespace

Exit orders_hold(Session& session, const LifeOptions& options) {
  json::object body{{"what", options.why}, {"by", options.by}};
  if (!options.reason.empty()) body["reason"] = options.reason;
  return tell(session, session.post(of(options, "/hold"), body),
              "it stands still until somebody releases it.");
}

Exit orders_unhold(Session& session, const LifeOptions& options) {
  json::object body{{"why", options.why}, {"by", options.by}};
  if (!options.reason.empty()) body["reason"] = options.reason;
  return tell(session, session.post(of(options, "/release-hold"), body), "it goes on.");
}

Exit orders_amend(Session& session, const LifeOptions& options) {
  json::object body{{"why", options.why}, {"by", options.by}};
  auto lines = lines_of(session, options);
  if (!lines) return lines.error();
  if (!lines->empty()) body["lines"] = std::move(*lines);
  json::object ship_to;
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) ship_to[key] = value;
  };
  put("name", options.name);
  put("street1", options.street);
  put("postal_code", options.postal_code);
  put("city", options.city);
  put("country", options.country);
  if (!ship_to.empty()) body["ship_to"] = std::move(ship_to);
  if (options.promised_ms > 0) body["promised_ms"] = options.promised_ms;
  if (options.vip) body["vip"] = *options.vip;
  return tell(
      session,
      session.call({.method = "PATCH", .target = of(options, ""), .body = json::serialize(body)}),
      "amended. `dockline orders show` says where it stands.");
}

Exit orders_split(Session& session, const LifeOptions& options) {
  auto lines = lines_of(session, options);
  if (!lines) return lines.error();
  return tell(session,
              session.post(of(options, "/split"), json::object{{"lines", std::move(*lines)},
                                                               {"why", options.why},
                                                               {"by", options.by}}),
              "these pieces go in a parcel of their own.");
}

Exit orders_merge(Session& session, const LifeOptions& options) {
  json::array others;
  for (const auto& other : options.others) others.emplace_back(other);
  return tell(session,
              session.post(of(options, "/merge"), json::object{{"orders", std::move(others)},
                                                               {"why", options.why},
                                                               {"by", options.by}}),
              "they go in one parcel.");
}

Exit orders_mergeable(Session& session) {
  const auto found = session.get("/mergeable");
  if (!found) return found.error();
  if (session.as_json()) return session.print(*found);
  Table table({{"CUSTOMER", false, true}, {"CHANNEL"}, {"ORDERS", false, true}, {"PIECES", true}});
  for (const auto& group : items(*found)) {
    std::string numbers;
    std::int64_t pieces = 0;
    for (const auto& order : items(group, "orders")) {
      numbers += (numbers.empty() ? "" : ", ") + text(order, "number");
      pieces += number(order, "pieces");
    }
    table.add({{text(group, "customer"), Tone::strong},
               {text(group, "channel")},
               {numbers},
               {grouped(pieces)}});
  }
  const auto shown = session.print(table, "No two orders that wait go to one buyer and address.");
  if (!flag(*found, "allowed")) {
    session.line("Orders are not merged here; [orders] merge = true in server.toml allows it.");
  }
  return shown;
}

Exit stock_backorders(Session& session, const LifeOptions& options) {
  if (!options.id.empty()) {
    json::object body{{"most", options.most}, {"why", options.why}, {"by", options.by}};
    if (options.ended) body["ended"] = true;
    if (options.released_ms > 0) {
      body["released_ms"] = options.released_ms;
      body["preorder"] = options.preorder_most > 0;
      body["preorder_most"] = options.preorder_most;
    }
    return tell(session, session.post("/backorders/" + percent_encoded(options.id), body), "kept.");
  }
  const auto all = session.get("/backorders");
  if (!all) return all.error();
  if (session.as_json()) return session.print(*all);
  Table table({{"SKU"},
               {"MOST", true},
               {"WAITING", true},
               {"RELEASED"},
               {"PREORDERS", true},
               {"WHY", false, true}});
  for (const auto& row : items(*all)) {
    const auto released = number(row, "released_ms");
    table.add({{text(row, "sku"), Tone::strong},
               {grouped(number(row, "most"))},
               {grouped(number(row, "waiting"))},
               {released > 0 ? local_time(released) : ""},
               {grouped(number(row, "preorder_most"))},
               {text(row, "why")}});
  }
  session.print(table, "No item has a limit: any number may be sold that is not there.");
  return Exit::ok;
}

}  // namespace dockline::server::cli
