// Stations, devices, exceptions, outbox, channels.
#include "server/cli/commands.hpp"
#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

Tone tone_of_device(const std::string& state) {
  if (state == "ready") return Tone::good;
  return state == "unknown" ? Tone::dim : Tone::bad;
}

}  // namespace

Exit stations(Session& session) {
  const auto answer = session.get("/stations");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"STATION"},
               {"STATUS"},
               {"HEARD", true},
               {"NOT HERE YET", true},
               {"OLDEST", true},
               {"NOT THERE YET", true},
               {"ORDERS", true},
               {"CLOCK", true}});
  for (const auto& s : items(*answer)) {
    const bool silent = flag(s, "silent");
    const auto waiting = number(s, "waiting"), down = number(s, "down_waiting"),
               oldest = number(s, "oldest_ms"), offset = number(s, "clock_offset_ms");
    const std::string status = text(s, "status");
    const std::string word = status == "never" ? "never" : silent ? "silent" : status;
    table.add({{text(s, "site") + "/" + text(s, "station"), Tone::strong},
               {word, word == "up"      ? Tone::good
                      : word == "never" ? Tone::dim
                                        : Tone::bad},
               {ago(s, "heard_ms", session.now_ms())},
               {grouped(waiting), waiting > 0 ? Tone::warn : Tone::plain},
               {oldest == 0 ? "" : age(oldest, session.now_ms())},
               {grouped(down), down > 0 ? Tone::warn : Tone::plain},
               {grouped(number(s, "leases"))},
               {offset == 0 ? "" : (offset > 0 ? "+" : "") + std::to_string(offset) + " ms"}});
  }
  return session.print(table, "No stations. Add a [[station]] to server.toml.");
}

Exit stations_write_off(Session& session, const std::string& id, const std::string& reason,
                        const std::string& by) {
  const auto done = session.post("/stations/" + percent_encoded(id) + "/write-off",
                                 json::object{{"reason", reason}, {"by", by}});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line("Station " + text(*done, "id") +
               ": written off. Its orders go to other benches; it gets orders again when it is "
               "heard again.");
  return Exit::ok;
}

Exit devices(Session& session) {
  const auto answer = session.get("/devices");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table(
      {{"STATION"}, {"DEVICE"}, {"KIND"}, {"STATE"}, {"SINCE", true}, {"DETAIL", false, true}});
  for (const auto& d : items(*answer)) {
    const std::string state = text(d, "state");
    table.add({{text(d, "site") + "/" + text(d, "station"), Tone::strong},
               {text(d, "device")},
               {text(d, "kind")},
               {state, tone_of_device(state)},
               {ago(d, "at_ms", session.now_ms()), Tone::dim},
               {text(d, "detail")}});
  }
  return session.print(table, "No station has reported a device so far.");
}

Exit exceptions_list(Session& session, const ListOptions& options) {
  std::string target = "/exceptions";
  add_query(target, "state", options.state);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"ID"}, {"RAISED", true}, {"KIND"}, {"ABOUT"}, {"WHAT", false, true}});
  for (const auto& e : items(*page)) {
    const bool open = member(e, "resolved_ms").is_null();
    table.add({{text(e, "id"), Tone::dim},
               {ago(e, "raised_ms", session.now_ms())},
               {text(e, "kind"), open ? Tone::warn : Tone::dim},
               {text(e, "subject"), Tone::strong},
               {text(e, "what")}});
  }
  session.print(table, options.state == "resolved" ? "None was resolved so far."
                                                   : "Nothing waits for a person.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit exceptions_show(Session& session, const std::string& id) {
  const auto all = fetch(session, "/exceptions", {.all = true});
  if (!all) return all.error();
  const json::value* found = nullptr;
  for (const auto& e : items(*all)) {
    // The end of an id is enough where only one has it: people read ids from a table.
    if (text(e, "id").ends_with(id)) {
      if (found != nullptr) {
        return session.fail(Exit::usage, "several exceptions end in " + id,
                            "Give more of the id, see `dockline exceptions list`");
      }
      found = &e;
    }
  }
  if (found == nullptr) {
    return session.fail(Exit::not_found, "no exception " + id,
                        "See `dockline exceptions list --state all`");
  }
  if (session.as_json()) return session.print(*found);
  session.line(session.toned_text(text(*found, "what"), Tone::strong));
  session.line("Kind      " + text(*found, "kind") + ", about " + text(*found, "subject"));
  session.line("Raised    " + ago(*found, "raised_ms", session.now_ms()));
  session.line("Context   " + text(*found, "context"));
  session.line("Proposed  " + text(*found, "proposed"));
  if (!member(*found, "resolved_ms").is_null()) {
    session.line("Resolved  " + text(*found, "action") + " by " + text(*found, "by") + ", " +
                 ago(*found, "resolved_ms", session.now_ms()));
    return Exit::ok;
  }
  for (const auto& action : items(*found, "actions")) {
    session.line("Possible  dockline exceptions resolve " + text(*found, "id") + " --action " +
                 (action.is_string() ? std::string(action.get_string()) : ""));
  }
  return Exit::ok;
}

Exit exceptions_resolve(Session& session, const std::string& id, const std::string& action,
                        const std::string& by) {
  const auto done = session.post("/exceptions/" + percent_encoded(id) + "/resolve",
                                 json::object{{"action", action}, {"by", by}});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line("Resolved: " + action + ", by " + by + ".");
  return Exit::ok;
}

Exit outbox_list(Session& session, const ListOptions& options) {
  const auto page = fetch(session, "/outbox", options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"ROW", true},
               {"CHANNEL"},
               {"KIND"},
               {"ABOUT"},
               {"STATE"},
               {"TRIED", true},
               {"SINCE", true},
               {"NEXT", true},
               {"LAST ERROR", false, true}});
  for (const auto& row : items(*page)) {
    const std::string state = text(row, "state");
    const auto next = number(row, "next_ms");
    table.add({{text(row, "id")},
               {text(row, "channel"), Tone::strong},
               {text(row, "kind")},
               {text(row, "subject")},
               {state, state == "dead" ? Tone::bad : Tone::plain},
               {text(row, "attempts")},
               {ago(row, "created_ms", session.now_ms())},
               {next == 0 ? "" : age(next, session.now_ms())},
               {text(row, "last_error")}});
  }
  session.print(table, "Nothing waits to be sent.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit outbox_decide(Session& session, const std::string& row, bool again) {
  const auto done =
      session.post("/outbox/" + percent_encoded(row) + "/decide", json::object{{"again", again}});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(again ? "Row " + row + " will be sent again." : "Row " + row + " is given up.");
  return Exit::ok;
}

Exit channels(Session& session) {
  const auto answer = session.get("/channels");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"CHANNEL"},
               {"KIND"},
               {"CIRCUIT"},
               {"HEARD", true},
               {"WAITING", true},
               {"OLDEST", true},
               {"DEAD", true},
               {"DRIFT", true},
               {"LAST ERROR", false, true}});
  for (const auto& c : items(*answer)) {
    const std::string circuit = text(c, "circuit");
    const auto oldest = number(c, "oldest_ms"), dead = number(c, "dead");
    table.add({{text(c, "channel"), Tone::strong},
               {flag(c, "configured") ? text(c, "kind") : "not configured"},
               {circuit, circuit == "closed" ? Tone::good : Tone::bad},
               {ago(c, "last_heard_ms", session.now_ms())},
               {grouped(number(c, "waiting"))},
               {oldest == 0 ? "" : age(oldest, session.now_ms())},
               {grouped(dead), dead > 0 ? Tone::bad : Tone::plain},
               {grouped(number(c, "drift"))},
               {text(c, "last_error")}});
  }
  return session.print(table, "No sales channel. Add a [[channel]] to server.toml.");
}

}  // namespace dockline::server::cli
