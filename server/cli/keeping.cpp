// Backups and parked facts, over the API.
#include "server/cli/commands.hpp"
#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {

Exit backup_now(Session& session) {
  const auto made =
      session.call({.method = "POST", .target = "/backups", .body = "{}", .timeout_s = 1'800});
  if (!made) return made.error();
  const bool good = text(*made, "state") == "verified";
  if (session.as_json()) {
    session.print(*made);
    return good ? Exit::ok : Exit::no;
  }
  if (!good) {
    return session.fail(
        Exit::no, "the copy is not whole: " + text(*made, "problem"),
        "It is kept as " + text(*made, "file") + "; run `dockline audit` and follow what it says");
  }
  session.line("Backup of " + grouped(number(*made, "position")) + " events, " +
               grouped(number(*made, "bytes") / 1'024) + " KiB in " +
               grouped(number(*made, "took_ms")) + " ms, looked at and whole:");
  session.line(text(*made, "file"));
  return Exit::ok;
}

Exit backup_list(Session& session) {
  const auto answer = session.get("/backups");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"MADE", true}, {"STATE"}, {"EVENTS", true}, {"KIB", true}, {"FILE", false, true}});
  for (const auto& b : items(*answer)) {
    const std::string state = text(b, "state");
    table.add({{ago(b, "made_ms", session.now_ms())},
               {state, state == "verified" ? Tone::good : Tone::bad},
               {grouped(number(b, "position"))},
               {grouped(number(b, "bytes") / 1'024)},
               {text(b, "file") + (text(b, "problem").empty() ? "" : ": " + text(b, "problem"))}});
  }
  session.print(table, "No backup was made so far.");
  if (member(*answer, "risk").is_string()) {
    session.line(session.toned_text(text(*answer, "risk"), Tone::warn));
  }
  return Exit::ok;
}

Exit parked_list(Session& session, const ListOptions& options) {
  std::string target = "/parked";
  add_query(target, "state", options.state);
  add_query(target, "station", options.subject);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"ID", true},
               {"STATION"},
               {"NUMBER", true},
               {"HEARD", true},
               {"STATE"},
               {"TRIED", true},
               {"WHY", false, true}});
  for (const auto& p : items(*page)) {
    const std::string state = text(p, "state");
    table.add({{text(p, "id"), Tone::strong},
               {text(p, "site") + "/" + text(p, "station")},
               {text(p, "seq")},
               {ago(p, "heard_ms", session.now_ms())},
               {state, state == "waiting" ? Tone::warn : Tone::good},
               {text(p, "tries")},
               {text(p, "why")}});
  }
  session.print(table, "No fact is parked.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit parked_show(Session& session, const std::string& id) {
  const auto found = session.get("/parked/" + percent_encoded(id));
  if (!found) return found.error();
  if (session.as_json()) return session.print(*found);
  session.line(session.toned_text(
      "Fact " + text(*found, "seq") + " of " + text(*found, "site") + "/" + text(*found, "station"),
      Tone::strong));
  session.line("Stream    " + text(*found, "inc"));
  session.line("Heard     " + ago(*found, "heard_ms", session.now_ms()));
  session.line("State     " + text(*found, "state") + ", tried " + text(*found, "tries") +
               (number(*found, "tries") == 1 ? " time" : " times"));
  session.line("Why       " + text(*found, "why"));
  if (!member(*found, "position").is_null()) {
    session.line("Event     " + text(*found, "position"));
  }
  session.line(text(*found, "text"));
  if (text(*found, "state") == "waiting") {
    session.line("Possible  dockline parked retry " + text(*found, "id"));
  }
  return Exit::ok;
}

Exit parked_retry(Session& session, const std::string& id, const std::string& station) {
  std::string target = id.empty() ? "/parked/retry" : "/parked/" + percent_encoded(id) + "/retry";
  if (id.empty()) add_query(target, "station", station);
  const auto done = session.call({.method = "POST", .target = target, .body = "{}"});
  if (!done) return done.error();
  const bool created = flag(*done, "created");
  if (session.as_json()) {
    session.print(*done);
  } else if (id.empty()) {
    session.line(created ? counted(std::stoll("0" + text(*done, "id")), "parked fact") +
                               " tried again; see `dockline parked list` in a moment."
                         : "No fact is parked.");
  } else {
    session.line(created
                     ? "Applied."
                     : "It still cannot be digested; `dockline parked show " + id + "` says why.");
  }
  return created || id.empty() ? Exit::ok : Exit::no;
}

}  // namespace dockline::server::cli
