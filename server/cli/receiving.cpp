#include "server/cli/receiving.hpp"

#include <charconv>
#include <ctime>

#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

constexpr const char* kWhen = "Write it as 2026-11-30, as '2026-11-30 14:00' or in milliseconds";

std::string paged(const char* path, const Receiving& o) {
  std::string target = path;
  add_query(target, "state", o.list.state);
  add_query(target, "site", o.list.channel);
  add_query(target, "sku", o.list.text);
  return target;
}

std::string when(const json::value& row, std::string_view key) {
  const auto ms = number(row, key);
  return ms == 0 ? "" : local_time(ms);
}

Tone tone_of(const std::string& state) {
  if (state == "differs" || state == "late" || state == "overdue" || state == "over" ||
      state == "under") {
    return Tone::warn;
  }
  return state == "complete" || state == "received" ? Tone::good : Tone::plain;
}

// Puts a date into a body; false: it is none, and that was told.
bool put_moment(Session& session, json::object& body, const char* key, const std::string& text) {
  if (text.empty()) return true;
  const auto ms = moment_of(text);
  if (!ms) {
    (void)session.fail(Exit::usage, "'" + text + "' is no date", kWhen);
    return false;
  }
  body[key] = *ms;
  return true;
}

bool put_lot(Session& session, json::object& body, const Receiving& o) {
  json::object lot;
  if (!o.lot.empty()) lot["lot"] = o.lot;
  if (!o.serial.empty()) lot["serial"] = o.serial;
  if (!put_moment(session, lot, "expires_ms", o.expires)) return false;
  if (!lot.empty()) body["lot"] = std::move(lot);
  return true;
}

// "12 pieces", "3 case".
std::string amount(const Receiving& o) {
  return o.unit.empty() ? counted(o.quantity, "piece") : grouped(o.quantity) + " " + o.unit;
}

Exit told(Session& session, const Answered& done, const std::string& words) {
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(words);
  return Exit::ok;
}

std::int64_t sum(const json::value& row, std::string_view key) {
  std::int64_t out = 0;
  for (const auto& line : items(row, "lines")) out += number(line, key);
  return out;
}

// "SKU=40", or in a unit of the item: "SKU=3 case". `unit`: of a line that names none.
std::optional<json::object> announced_line(std::string_view line, std::string_view unit) {
  const auto equals = line.rfind('=');
  if (equals == std::string_view::npos) return std::nullopt;
  std::int64_t quantity = 0;
  const char* end = line.data() + line.size();
  const auto [stop, failed] = std::from_chars(line.data() + equals + 1, end, quantity);
  if (failed != std::errc{} || quantity < 1) return std::nullopt;
  if (stop != end) {
    if (*stop != ' ' || stop + 1 == end) return std::nullopt;
    unit = {stop + 1, end};
  }
  json::object out{{"sku", line.substr(0, equals)}, {"quantity", quantity}};
  if (!unit.empty()) out["unit"] = unit;
  return out;
}

}  // namespace

std::optional<std::int64_t> moment_of(const std::string& text) {
  std::int64_t ms = 0;
  const char* end = text.data() + text.size();
  if (const auto [stop, failed] = std::from_chars(text.data(), end, ms);
      failed == std::errc{} && stop == end && text.size() > 8) {
    return ms;
  }
  for (const char* form : {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    std::tm when{};
    when.tm_isdst = -1;
    if (const char* rest = ::strptime(text.c_str(), form, &when); rest == nullptr || *rest != 0) {
      continue;
    }
    const std::time_t seconds = std::mktime(&when);
    if (seconds != -1) return static_cast<std::int64_t>(seconds) * 1'000;
  }
  return std::nullopt;
}

Exit stock_move(Session& session, const Receiving& o) {
  json::object body{{"sku", o.sku}, {"site", o.site},         {"from", o.from},
                    {"to", o.to},   {"quantity", o.quantity}, {"reason", o.reason}};
  if (!put_lot(session, body, o)) return Exit::usage;
  if (!o.from_bin.empty()) body["from_bin"] = o.from_bin;
  if (!o.to_bin.empty()) body["to_bin"] = o.to_bin;
  if (!o.unit.empty()) body["unit"] = o.unit;
  const auto at = [](const std::string& place, const std::string& bin) {
    return bin.empty() ? place : place + " " + bin;
  };
  return told(session, session.post("/stock/move", body),
              amount(o) + " of " + o.sku + " moved from " + at(o.from, o.from_bin) + " to " +
                  at(o.to, o.to_bin) + " at " + o.site + ".");
}

Exit stock_at(Session& session, const std::string& sku, const std::string& at) {
  const auto ms = moment_of(at);
  if (!ms) return session.fail(Exit::usage, "--at: '" + at + "' is no date", kWhen);
  const auto found = session.get("/stock/" + percent_encoded(sku) + "?at=" + std::to_string(*ms));
  if (!found) return found.error();
  if (session.as_json()) return session.print(*found);
  session.line(session.toned_text(sku, Tone::strong) + "  as of " + local_time(*ms));
  Table table({{"PLACE"}, {"PIECES", true}});
  for (const auto& row : items(*found, "places")) {
    const auto pieces = number(row, "quantity");
    table.add({{text(row, "place")}, {grouped(pieces)}});
  }
  return session.print(table, "Nothing had moved by then.");
}

Exit stock_lots(Session& session, const std::string& sku) {
  const auto answer = session.get("/stock/" + percent_encoded(sku) + "/lots");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"PLACE"},
               {"LOT"},
               {"SERIAL"},
               {"PIECES", true},
               {"EXPIRES"},
               {"OWNER"},
               {"NOT SOLD BECAUSE", false, true}});
  for (const auto& l : items(*answer)) {
    const std::string owner = text(l, "owner");
    table.add({{text(l, "place")},
               {text(l, "lot"), Tone::strong},
               {text(l, "serial")},
               {grouped(number(l, "quantity"))},
               {when(l, "expires_ms")},
               {owner.empty() ? text(l, "ownership") : owner},
               {text(l, "withheld"), Tone::warn}});
  }
  return session.print(table, "No lot of it is known.");
}

// ---------------------------------------------------------------- deliveries
Exit deliveries_list(Session& session, const Receiving& o) {
  const auto page = fetch(session, paged("/deliveries", o), o.list);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"DELIVERY"},
               {"SUPPLIER", false, true},
               {"SITE"},
               {"STATE"},
               {"ANNOUNCED", true},
               {"CAME", true},
               {"EXPECTED"}});
  for (const auto& d : items(*page)) {
    table.add({{text(d, "delivery"), Tone::strong},
               {text(d, "supplier")},
               {text(d, "site")},
               {text(d, "state"), tone_of(text(d, "state"))},
               {grouped(sum(d, "expected"))},
               {grouped(sum(d, "received"))},
               {when(d, "expected_ms")}});
  }
  session.print(table, "No deliveries. `dockline deliveries announce` begins.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit deliveries_show(Session& session, const Receiving& o) {
  const auto d = session.get("/deliveries/" + percent_encoded(o.id));
  if (!d) return d.error();
  if (session.as_json()) return session.print(*d);
  session.line(session.toned_text(text(*d, "delivery"), Tone::strong) + "  from " +
               text(*d, "supplier") + " to " + text(*d, "site") + "  " +
               session.toned_text(text(*d, "state"), tone_of(text(*d, "state"))));
  Table lines({{"LINE", true},
               {"SKU"},
               {"ANNOUNCED", true},
               {"CAME", true},
               {"DAMAGED", true},
               {"STATE"},
               {"TO DO", false, true}});
  for (const auto& l : items(*d, "lines")) {
    lines.add({{text(l, "line")},
               {text(l, "sku"), Tone::strong},
               {grouped(number(l, "expected"))},
               {grouped(number(l, "received"))},
               {grouped(number(l, "damaged"))},
               {text(l, "state"), tone_of(text(l, "state"))},
               {text(l, "remedy")}});
  }
  for (const auto& s : items(*d, "strangers")) {
    lines.add({{"-"},
               {text(s, "sku").empty() ? text(s, "code") : text(s, "sku"), Tone::warn},
               {"0"},
               {grouped(number(s, "quantity"))},
               {grouped(number(s, "damaged"))},
               {flag(s, "known") ? "wrong" : "unknown", Tone::warn},
               {text(s, "remedy")}});
  }
  return session.print(lines, "It has no lines.");
}

Exit deliveries_announce(Session& session, const Receiving& o) {
  json::object body{{"delivery", o.id}, {"supplier", o.supplier}, {"site", o.site}};
  if (!put_moment(session, body, "expected_ms", o.expected)) return Exit::usage;
  json::array lines;
  for (const auto& line : o.lines) {
    const auto announced = announced_line(line, o.unit);
    if (!announced) {
      return session.fail(
          Exit::usage, "--line " + line + " is no line",
          "Write it as SKU=PIECES, such as MUG-RED=40, or in a unit of the item: 'MUG-RED=3 case'");
    }
    lines.push_back(*announced);
  }
  body["lines"] = std::move(lines);
  const auto done = session.post("/deliveries", body);
  if (!done) return done.error();
  return told(
      session, done,
      "Delivery " + o.id + (flag(*done, "created") ? " is announced." : " was announced already."));
}

Exit deliveries_receive(Session& session, const Receiving& o, const std::string& by) {
  json::object body{{"quantity", o.quantity}, {"by", by}};
  if (o.damaged != 0) body["damaged"] = o.damaged;
  if (!o.site.empty()) body["site"] = o.site;
  if (!o.sku.empty()) body["sku"] = o.sku;
  if (!o.code.empty()) body["code"] = o.code;
  if (!o.unit.empty()) body["unit"] = o.unit;
  if (!o.bin.empty()) body["bin"] = o.bin;
  if (!put_lot(session, body, o)) return Exit::usage;
  const std::string target =
      o.id.empty() ? "/receipts" : "/deliveries/" + percent_encoded(o.id) + "/receive";
  return told(session, session.post(target, body),
              (o.unit.empty() ? grouped(o.quantity) + " x " : amount(o) + " of ") +
                  (o.sku.empty() ? "code " + o.code : o.sku) + " booked.");
}

Exit deliveries_close(Session& session, const Receiving& o, const std::string& by) {
  return told(session,
              session.post("/deliveries/" + percent_encoded(o.id) + "/close",
                           json::object{{"why", o.reason}, {"by", by}}),
              "Delivery " + o.id + " is closed.");
}

// ---------------------------------------------------------------- transfers
Exit transfers_list(Session& session, const Receiving& o) {
  const auto page = fetch(session, paged("/transfers", o), o.list);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"TRANSFER"},
               {"SKU"},
               {"FROM"},
               {"TO"},
               {"STATE"},
               {"WANTED", true},
               {"SENT", true},
               {"ON ITS WAY", true},
               {"EXPECTED"},
               {"WHY", false, true}});
  for (const auto& t : items(*page)) {
    table.add({{text(t, "transfer"), Tone::strong},
               {text(t, "sku")},
               {text(t, "from_site")},
               {text(t, "to_site")},
               {text(t, "state"), tone_of(text(t, "state"))},
               {grouped(number(t, "quantity"))},
               {grouped(number(t, "sent"))},
               {grouped(number(t, "in_transit"))},
               {when(t, "expected_ms")},
               {text(t, "why")}});
  }
  session.print(table, "No transfers. `dockline transfers order` begins.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit transfers_order(Session& session, const Receiving& o, const std::string& by) {
  json::object body{{"sku", o.sku},           {"from_site", o.from}, {"to_site", o.to},
                    {"quantity", o.quantity}, {"why", o.reason},     {"by", by}};
  if (!o.unit.empty()) body["unit"] = o.unit;
  if (!put_moment(session, body, "expected_ms", o.expected)) return Exit::usage;
  const auto done = session.post("/transfers", body);
  if (!done) return done.error();
  return told(session, done,
              "Transfer " + text(*done, "id") + ": " + amount(o) + " of " + o.sku + " from " +
                  o.from + " to " + o.to + ".");
}

Exit transfers_leg(Session& session, const Receiving& o, const std::string& by, const char* leg) {
  json::object body{{"quantity", o.quantity}, {"by", by}};
  if (o.damaged != 0) body["damaged"] = o.damaged;
  if (!o.bin.empty()) body["bin"] = o.bin;
  if (!o.unit.empty()) body["unit"] = o.unit;
  if (!put_lot(session, body, o)) return Exit::usage;
  return told(session, session.post("/transfers/" + percent_encoded(o.id) + "/" + leg, body),
              "Transfer " + o.id + ": " + amount(o) + " booked.");
}

Exit transfers_close(Session& session, const Receiving& o, const std::string& by) {
  return told(session,
              session.post("/transfers/" + percent_encoded(o.id) + "/close",
                           json::object{{"why", o.reason}, {"by", by}}),
              "Transfer " + o.id + " is closed.");
}

// ---------------------------------------------------------------- counts
Exit counts_list(Session& session, const Receiving& o) {
  const auto page = fetch(session, paged("/counts", o), o.list);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table(
      {{"WHEN"}, {"SKU"}, {"SITE"}, {"COUNTED", true}, {"DIFFERENCE", true}, {"BY"}, {"BIN"}});
  for (const auto& c : items(*page)) {
    const auto difference = number(c, "difference");
    table.add({{when(c, "at_ms")},
               {text(c, "sku"), Tone::strong},
               {text(c, "site")},
               {grouped(number(c, "counted"))},
               {flag(c, "counts") ? grouped(difference) : "late",
                difference == 0 ? Tone::plain : Tone::warn},
               {text(c, "by")},
               {text(c, "bin")}});
  }
  session.print(table, "Nothing was counted so far.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit counts_tasks(Session& session, const Receiving& o) {
  const auto page = fetch(session, paged("/counts/tasks", o), o.list);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"TASK"},
               {"SKU"},
               {"SITE"},
               {"STATION"},
               {"BIN"},
               {"STATE"},
               {"ASKED", true},
               {"WHY", false, true}});
  for (const auto& t : items(*page)) {
    table.add({{text(t, "task"), Tone::dim},
               {text(t, "sku"), Tone::strong},
               {text(t, "site")},
               {text(t, "station")},
               {text(t, "bin")},
               {text(t, "state")},
               {ago(t, "asked_ms", session.now_ms())},
               {text(t, "why")}});
  }
  session.print(table, "Nobody is asked to count.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit counts_enter(Session& session, const Receiving& o, const std::string& by) {
  json::object body{{"sku", o.sku}, {"site", o.site}, {"counted", o.quantity}, {"by", by}};
  if (!o.bin.empty()) body["bin"] = o.bin;
  if (!o.unit.empty()) body["unit"] = o.unit;
  return told(session, session.post("/counts", body),
              amount(o) + " of " + o.sku + " counted at " + o.site + ".");
}

Exit counts_ask(Session& session, const Receiving& o) {
  json::object body{{"sku", o.sku}, {"site", o.site}, {"why", o.reason}};
  if (!o.station.empty()) body["station"] = o.station;
  const auto done = session.post("/counts/ask", body);
  if (!done) return done.error();
  return told(session, done,
              "Task " + text(*done, "id") +
                  (flag(*done, "created") ? " asks for a count of " : " asks already for ") +
                  o.sku + " at " + o.site + ".");
}

Exit counts_drop(Session& session, const Receiving& o) {
  return told(session,
              session.post("/counts/tasks/" + percent_encoded(o.id) + "/drop",
                           json::object{{"why", o.reason}}),
              "Task " + o.id + " is dropped.");
}

}  // namespace dockline::server::cli
