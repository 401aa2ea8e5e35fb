// The event log: reading it, following it, proving it; and how the server is.
#include <atomic>
#include <thread>

#include "server/cli/commands.hpp"
#include "server/cli/progress.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

constexpr std::int64_t kFollowEveryMs = 300;
constexpr std::int64_t kPage = 200;

void print_event(Session& session, const json::value& event) {
  if (session.as_json()) {
    session.print(event);
    return;
  }
  std::string type = text(event, "type");
  if (type.starts_with("dockline.")) type.erase(0, 9);
  std::string position = text(event, "position");
  if (position.size() < 7) position.insert(0, 7 - position.size(), ' ');
  session.line(session.toned_text(position, Tone::dim) + "  " +
               local_time(number(event, "time_ms")) + "  " +
               session.toned_text(type, Tone::strong) + "  " + text(event, "subject") + "  " +
               session.toned_text(text(event, "source"), Tone::dim) +
               (flag(event, "late") ? session.toned_text("  heard late", Tone::warn) : ""));
}

}  // namespace

Exit events(Session& session, const EventOptions& options) {
  std::int64_t after = options.after;
  if (after < 0) {
    const auto summary = session.get("/summary");
    if (!summary) return summary.error();
    after = std::max<std::int64_t>(0, number(*summary, "events") - options.limit);
  }
  std::int64_t left = options.limit;
  while (true) {
    std::string target = "/events?after=" + std::to_string(after) +
                         "&limit=" + std::to_string(options.follow ? kPage : std::min(left, kPage));
    add_query(target, "type", options.type);
    add_query(target, "subject", options.subject);
    const auto page = session.get(target);
    if (!page) return page.error();
    for (const auto& event : items(*page)) {
      print_event(session, event);
      after = number(event, "position");
      --left;
    }
    session.io().out << std::flush;
    if (!session.io().out) return Exit::ok;  // whoever read us has gone
    const bool more = member(*page, "next").is_string();
    if (!options.follow && (left <= 0 || !more)) return Exit::ok;
    if (!more) session.io().sleep_ms(kFollowEveryMs);
  }
}

Exit replay_verify(Session& session) {
  Progress progress(session.io(), session.as_json());
  Answered report = std::unexpected(Exit::server_error);
  {
    // The server works for a while and then answers; meanwhile a person sees that it does.
    std::atomic<bool> done = false;
    const std::jthread shown([&] {
      while (!done) {
        progress.update("The server rebuilds its tables from the event log", 0, 0);
        session.io().sleep_ms(100);
      }
    });
    report = session.call(
        {.method = "POST", .target = "/replay/verify", .body = "{}", .timeout_s = 1'800});
    done = true;
  }
  progress.finish();
  if (!report) return report.error();
  const bool equal = flag(*report, "equal");
  if (session.as_json()) {
    session.print(*report);
    return equal ? Exit::ok : Exit::no;
  }
  Table table({{"TABLE"}, {"ROWS", true}, {"REBUILT"}});
  for (const auto& t : items(*report, "tables")) {
    const bool same = flag(t, "equal");
    table.add({{text(t, "table")},
               {grouped(number(t, "rows"))},
               {same ? "same" : "DIFFERS", same ? Tone::good : Tone::bad}});
  }
  session.print(table, "No tables.");
  session.line(counted(number(*report, "events"), "event") + " replayed: " +
               (equal ? session.toned_text("every table equals the live one", Tone::good)
                      : session.toned_text("the live tables differ from the log", Tone::bad)) +
               ". Digest " + text(*report, "digest").substr(0, 16));
  if (equal) return Exit::ok;
  return session.fail(Exit::no, "the projections do not follow from the event log",
                      "Stop publishing, keep a copy of the database and report it");
}

Exit health(Session& session) {
  const auto health = session.get("/health");
  if (!health) return health.error();
  const auto summary = session.get("/summary");
  if (!summary) return summary.error();
  const bool ok = text(*health, "status") == "ok";
  if (session.as_json()) {
    json::object both = health->get_object();
    both["summary"] = *summary;
    session.print(both);
    return ok ? Exit::ok : Exit::no;
  }
  const json::value& broker = member(*health, "broker");
  const json::value& stations = member(*summary, "stations");
  const json::value& outbox = member(*summary, "outbox");
  session.line(text(*health, "program") + " " + text(*health, "version") + ", up for " +
               duration(number(*health, "uptime_ms")));
  session.line("Broker      " + session.toned_text(flag(broker, "up") ? "connected" : "away",
                                                   flag(broker, "up") ? Tone::good : Tone::bad));
  session.line("Stations    " + text(stations, "heard") + " of " + text(stations, "total") +
               " heard, " + counted(number(*summary, "waiting"), "fact") + " still with them");
  session.line("Orders      " + grouped(number(member(*summary, "orders"), "total")));
  session.line("Outbox      " + counted(number(outbox, "waiting"), "row") + " waiting" +
               (number(outbox, "dead") > 0 ? ", " + text(outbox, "dead") + " dead" : ""));
  session.line("Exceptions  " + grouped(number(*summary, "exceptions_open")) + " open");
  return ok ? Exit::ok : Exit::no;
}

}  // namespace dockline::server::cli
