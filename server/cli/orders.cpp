#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "server/cli/commands.hpp"
#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::cli {
namespace {

Tone tone_of_state(const std::string& state) {
  if (state == "packed" || state == "shipped" || state == "delivered") return Tone::good;
  if (state == "backordered") return Tone::warn;
  if (state == "cancelled") return Tone::dim;
  return Tone::plain;
}

std::string where(const json::value& order) {
  const std::string site = text(order, "site"), station = text(order, "station");
  return station.empty() ? site : site + "/" + station;
}

// "MUG-RED=3" -> ("MUG-RED", 3). The last = counts: a SKU may hold one.
std::optional<std::pair<std::string, std::int64_t>> name_and_count(const std::string& written) {
  const auto equals = written.rfind('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  std::int64_t count = 0;
  const char* end = written.data() + written.size();
  const auto [stop, failed] = std::from_chars(written.data() + equals + 1, end, count);
  if (failed != std::errc{} || stop != end) return std::nullopt;
  return std::pair{written.substr(0, equals), count};
}

std::expected<std::string, Exit> read_all(Session& session, const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(session.io().in), {});
  }
  std::ifstream in(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad()) {
    return std::unexpected(
        session.fail(Exit::refused, "cannot read " + file, "Give a file that exists and is yours"));
  }
  return bytes;
}

void print_lines(Session& session, const json::value& order) {
  Table table(
      {{"LINE", true}, {"SKU"}, {"TITLE", false, true}, {"PIECES", true}, {"STATE"}, {"SITE"}});
  for (const auto& line : items(order, "lines")) {
    std::string states;
    for (const char* state : {"open", "backordered", "allocated", "released", "packed", "shipped",
                              "delivered", "cancelled", "returned"}) {
      if (const auto pieces = number(line, state); pieces > 0) {
        states += (states.empty() ? "" : ", ") + grouped(pieces) + " " + state;
      }
    }
    table.add({{text(line, "line")},
               {text(line, "sku"), Tone::strong},
               {text(line, "title")},
               {grouped(number(line, "quantity"))},
               {states},
               {text(line, "site")}});
  }
  session.print(table, "No lines.");
}

// Each step with its deadline; none of an order that nobody wants any more.
void print_steps(Session& session, const json::value& order) {
  const auto& steps = items(order, "steps");
  if (steps.empty()) return;
  const auto at = [](const json::value& step, const char* key) {
    const auto ms = number(step, key);
    return ms == 0 ? std::string() : local_time(ms);
  };
  Table table({{"STEP"}, {"STATE"}, {"BY"}, {"EXPECTED"}, {"DONE"}, {"WHY", false, true}});
  for (const auto& step : steps) {
    auto name = text(step, "step"), state = text(step, "state");
    std::ranges::replace(name, '_', ' ');
    std::ranges::replace(state, '_', ' ');
    const auto tone = state == "late"      ? Tone::bad
                      : state == "at risk" ? Tone::warn
                      : state == "open"    ? Tone::dim
                                           : Tone::good;
    table.add({{name},
               {state, tone},
               {at(step, "deadline_ms")},
               {at(step, "predicted_ms")},
               {at(step, "done_ms")},
               {text(step, "why")}});
  }
  session.print(table, "");
  session.line("");
}

void print_timeline(Session& session, const json::value& order) {
  session.line("");
  Table table({{"WHEN"}, {"WHAT"}, {"WHERE"}, {"HEARD", false, true}});
  for (const auto& entry : items(order, "timeline")) {
    std::string type = text(entry, "type");
    if (type.starts_with("dockline.")) type.erase(0, 9);
    table.add({{local_time(number(entry, "at_ms"))},
               {type},
               {text(entry, "source")},
               {flag(entry, "late") ? local_time(number(entry, "heard_ms")) : "", Tone::warn}});
  }
  session.print(table, "Nothing has happened yet.");
}

}  // namespace

Exit orders_list(Session& session, const ListOptions& options) {
  std::string target = "/orders";
  add_query(target, "state", options.state);
  add_query(target, "q", options.text);
  add_query(target, "channel", options.channel);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"ORDER"},
               {"CUSTOMER", false, true},
               {"STATE"},
               {"PACKED", true},
               {"AT"},
               {"TRACKING"},
               {"CHANGED", true}});
  for (const auto& order : items(*page)) {
    const std::string state = text(order, "state");
    table.add({{text(order, "id"), Tone::strong},
               {text(order, "customer")},
               {state, tone_of_state(state)},
               {grouped(number(order, "packed")) + "/" + grouped(number(order, "pieces"))},
               {where(order)},
               {text(order, "tracking")},
               {ago(order, "updated_ms", session.now_ms()), Tone::dim}});
  }
  session.print(table, "No orders here. `dockline orders import FILE` or `create` begins.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit orders_show(Session& session, const std::string& id) {
  const auto order = session.get("/orders/" + percent_encoded(id));
  if (!order) return order.error();
  if (session.as_json()) return session.print(*order);
  const std::string state = text(*order, "state");
  session.line(session.toned_text(text(*order, "id"), Tone::strong) + "  " +
               session.toned_text(state, tone_of_state(state)));
  const json::value& to = member(*order, "ship_to");
  std::string address = text(to, "name");
  for (const char* part : {"company", "street1", "street2", "postal_code", "city", "country"}) {
    if (const std::string value = text(to, part); !value.empty()) address += ", " + value;
  }
  session.line("To       " + address);
  session.line("Placed   " + local_time(number(*order, "placed_ms")) + ", received " +
               ago(*order, "received_ms", session.now_ms()));
  if (const auto at = where(*order); !at.empty()) session.line("At       " + at);
  if (const auto tracking = text(*order, "tracking"); !tracking.empty()) {
    session.line("Label    " + tracking + " (" + text(*order, "carrier") + "), SSCC " +
                 text(*order, "sscc"));
  }
  for (const auto& line : items(*order, "lines")) {
    for (const auto& lot : items(line, "lots")) {
      std::string name;
      for (const char* key : {"lot", "serial"}) {
        if (const auto part = text(lot, key); !part.empty()) name += std::string(" ") + part;
      }
      if (const auto until = number(lot, "expires_ms"); until != 0) {
        name += ", good until " + base::to_rfc3339(until - 1).substr(0, 10);
      }
      session.line("Packed   " + text(line, "sku") + ":" + name + ", " +
                   grouped(number(lot, "quantity")));
    }
  }
  for (const auto& parcel : items(*order, "parcels")) {
    const auto handed = number(parcel, "handed_ms"), delivered = number(parcel, "delivered_ms");
    session.line("Parcel   " + text(parcel, "tracking") +
                 (handed == 0
                      ? " waits for " + text(parcel, "carrier")
                      : " handed to " + text(parcel, "carrier") + " " + local_time(handed)) +
                 (delivered == 0 ? "" : ", delivered " + local_time(delivered)));
  }
  for (const auto& decision : items(*order, "decisions")) {
    session.line("Decided  " + text(decision, "outcome") + ": " + text(decision, "reason"));
  }
  session.line("");
  print_steps(session, *order);
  print_lines(session, *order);
  print_timeline(session, *order);
  return Exit::ok;
}

Exit orders_create(Session& session, const CreateOrder& order) {
  Call call{.method = "POST", .target = "/orders"};
  if (!order.file.empty()) {
    auto body = read_all(session, order.file);
    if (!body) return body.error();
    call.body = std::move(*body);
  } else {
    json::array lines;
    for (const auto& written : order.lines) {
      const auto line = name_and_count(written);
      if (!line) {
        return session.fail(Exit::usage, "--line " + written + " cannot be understood",
                            "Write it as SKU=PIECES, such as --line MUG-RED=2");
      }
      lines.push_back(json::object{{"sku", line->first}, {"quantity", line->second}});
    }
    json::object ship_to{{"name", order.name}};
    const auto put = [&](const char* key, const std::string& value) {
      if (!value.empty()) ship_to[key] = value;
    };
    put("street1", order.street);
    put("postal_code", order.postal_code);
    put("city", order.city);
    put("country", order.country);
    json::object body{{"number", order.number}, {"ship_to", ship_to}, {"lines", lines}};
    if (!order.channel.empty()) body["channel"] = order.channel;
    call.body = json::serialize(body);
  }
  const auto made = session.call(call);
  if (!made) return made.error();
  if (session.as_json()) return session.print(*made);
  session.line("Order " + text(*made, "id") +
               (flag(*made, "created") ? " is taken in." : " was there already; nothing changed."));
  return Exit::ok;
}

Exit orders_cancel(Session& session, const std::string& id, const std::string& reason,
                   const std::vector<std::string>& lines) {
  json::object body{{"reason", reason}};
  json::array parts;
  for (const auto& written : lines) {
    const auto line = name_and_count(written);
    std::int64_t which = 0;
    if (line) {
      const char* end = line->first.data() + line->first.size();
      if (std::from_chars(line->first.data(), end, which).ptr != end) which = 0;
    }
    if (which == 0) {
      return session.fail(Exit::usage, "--line " + written + " cannot be understood",
                          "Write it as LINE=PIECES, such as --line 2=1");
    }
    parts.push_back(json::object{{"line", which}, {"quantity", line->second}});
  }
  if (!parts.empty()) body["lines"] = parts;
  const auto done = session.post("/orders/" + percent_encoded(id) + "/cancel", body);
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line("Order " + text(*done, "id") + ": cancelled what was asked. `dockline orders show " +
               text(*done, "id") + "` says where it stands.");
  return Exit::ok;
}

Exit orders_take_back(Session& session, const std::string& id, const std::string& reason,
                      const std::string& by) {
  const auto done = session.post("/orders/" + percent_encoded(id) + "/revoke",
                                 json::object{{"reason", reason}, {"by", by}});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line("Order " + text(*done, "id") +
               ": taken back. Whatever its bench still packs of it becomes a case.");
  return Exit::ok;
}

}  // namespace dockline::server::cli
