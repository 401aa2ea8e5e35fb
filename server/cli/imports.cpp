// Files in: the server does the work, this side shows how far it is and what became of each line.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/cli/commands.hpp"
#include "server/cli/pages.hpp"
#include "server/cli/progress.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

constexpr std::int64_t kAskEveryMs = 200;

std::string figure(const json::value& import, const char* key) {
  return grouped(number(import, key));
}

Exit summary(Session& session, const json::value& import, const std::string& id) {
  session.line(text(import, "file") + ": " + counted(number(import, "lines"), "line") + ", " +
               counted(number(import, "order_count"), "order") + ".");
  Table table({{"LINES THAT ARE"}, {"COUNT", true}});
  table.add({{"part of an order"}, {figure(import, "orders")}});
  table.add({{"cancellations"}, {figure(import, "cancellations")}});
  table.add({{"stock adjustments"}, {figure(import, "adjustments")}});
  if (number(import, "items") > 0) table.add({{"items"}, {figure(import, "items")}});
  const auto strange = number(import, "exceptions");
  table.add({{"exceptions"}, {grouped(strange), strange > 0 ? Tone::warn : Tone::plain}});
  session.print(table, "");
  const auto changes = number(import, "changes");
  session.line(changes == 0 ? "Nothing changed: all of it was known already."
                            : counted(changes, "fact") + " written.");
  if (strange > 0) {
    session.line("Why: `dockline imports rows " + id + " --outcome exception`");
  }
  return Exit::ok;
}

// Asks until the import is over.
Answered watch(Session& session, const std::string& id, Progress& progress) {
  while (true) {
    auto import = session.get("/imports/" + percent_encoded(id));
    if (!import || text(*import, "state") != "running") return import;
    progress.update("Working through the file", number(*import, "done"), number(*import, "lines"));
    session.io().sleep_ms(kAskEveryMs);
  }
}

}  // namespace

Exit import_file(Session& session, const ImportOptions& options) {
  std::ifstream in(options.file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad() || std::filesystem::is_directory(options.file)) {
    return session.fail(Exit::refused, "cannot read " + options.file,
                        "Give a CSV file that exists and that you may read");
  }
  Progress progress(session.io(), session.as_json());
  Call call{.method = "POST",
            .target = "/imports",
            .body = std::move(bytes),
            .type = "text/csv",
            .timeout_s = 300};
  add_query(call.target, "kind", options.kind);
  add_query(call.target, "name", std::filesystem::path(options.file).filename().string());
  add_query(call.target, "channel", options.channel);
  add_query(call.target, "site", options.site);
  call.uploading = [&](std::int64_t sent, std::int64_t total) {
    progress.update("Sending the file", sent, total);
  };
  const auto started = session.call(call);
  if (!started) return started.error();
  const std::string id = text(*started, "import");
  const auto import = watch(session, id, progress);
  progress.finish();
  if (!import) return import.error();
  if (session.as_json()) session.print(*import);
  if (text(*import, "state") == "failed") {
    return session.fail(Exit::refused, options.file + ": " + text(*import, "problem"),
                        "Correct the file and import it again; what was taken in stays");
  }
  return session.as_json() ? Exit::ok : summary(session, *import, id);
}

Exit imports_list(Session& session) {
  const auto answer = session.get("/imports");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"ID"},
               {"FILE", false, true},
               {"STATE"},
               {"LINES", true},
               {"ORDERS", true},
               {"EXCEPTIONS", true},
               {"STARTED", true}});
  for (const auto& i : items(*answer)) {
    table.add({{text(i, "id"), Tone::dim},
               {text(i, "file"), Tone::strong},
               {text(i, "state"), text(i, "state") == "failed" ? Tone::bad : Tone::plain},
               {figure(i, "lines")},
               {figure(i, "order_count")},
               {figure(i, "exceptions")},
               {ago(i, "started_ms", session.now_ms())}});
  }
  return session.print(table, "No file was taken in so far.");
}

Exit import_rows(Session& session, const std::string& id, const ListOptions& options) {
  std::string target = "/imports/" + percent_encoded(id) + "/rows";
  add_query(target, "outcome", options.outcome);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"LINE", true}, {"BECAME"}, {"ABOUT"}, {"WHY", false, true}});
  for (const auto& row : items(*page)) {
    const std::string outcome = text(row, "outcome");
    table.add({{text(row, "row")},
               {outcome, outcome == "exception" ? Tone::warn : Tone::plain},
               {text(row, "subject")},
               {text(row, "why")}});
  }
  session.print(table, "No such lines.");
  tell_rest(session, *page);
  return Exit::ok;
}

}  // namespace dockline::server::cli
