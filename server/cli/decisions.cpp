// Decisions over the API: their records in plain words, and a person's own.
#include <charconv>

#include "server/cli/pages.hpp"
#include "server/cli/routing.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

constexpr std::string_view kIndent = "            ";

std::string amount(const json::value& term) {
  return text(term, "rule") + " " + std::to_string(number(term, "minor")) + " \"" +
         text(term, "why") + "\"";
}

std::string terms(const json::array& all) {
  std::string out;
  for (const auto& term : all) out += (out.empty() ? "" : "; ") + amount(term);
  return out;
}

// "reason      ...": the label once, what follows below it.
class Labelled {
 public:
  Labelled(Session& session, std::string label) : session_(session), label_(std::move(label)) {}
  void line(const std::string& words) {
    std::string head = std::exchange(label_, "");
    head.resize(kIndent.size(), ' ');
    session_.line(head + words);
  }

 private:
  Session& session_;
  std::string label_;
};

void print_candidates(Session& session, const json::value& decision) {
  Labelled out(session, "candidates");
  std::size_t widest = 0;
  const auto named = [](const json::value& c) {
    return text(c, "site") + " (" + text(c, "priority") + ")";
  };
  for (const auto& c : items(decision, "candidates")) widest = std::max(widest, named(c).size());
  for (const auto& c : items(decision, "candidates")) {
    std::string words = named(c);
    words.resize(widest + 2, ' ');
    const std::string by = text(c, "ruled_out_by");
    if (!by.empty()) words += "ruled out by " + by + ": ";
    if (flag(c, "chosen")) words += "chosen: ";
    out.line(words + text(c, "why"));
    if (!items(c, "costs").empty()) {
      out.line(std::string(widest + 2, ' ') + terms(items(c, "costs")));
    }
  }
}

void print_inputs(Session& session, const json::value& decision) {
  Labelled out(session, "inputs");
  for (const auto& input : items(decision, "inputs")) {
    std::string words = text(input, "name") + ": " + text(input, "value");
    if (!member(input, "as_of_ms").is_null()) {
      words += ", as of " + local_time(number(input, "as_of_ms"));
    }
    out.line(words);
  }
}

std::string pieces(const json::value& row) {
  return "line " + text(row, "line") + ": " + text(row, "quantity") + " of " + text(row, "sku");
}

void print_result(Session& session, const json::value& decision) {
  Labelled given(session, "allocations");
  for (const auto& a : items(decision, "allocations")) {
    given.line(pieces(a) + " from " + text(a, "site"));
  }
  Labelled rest(session, "remainder");
  for (const auto& r : items(decision, "remainder")) rest.line(pieces(r));
  std::string rules;
  for (const auto& r : items(decision, "rules")) {
    rules += (rules.empty() ? "" : ", ") + text(r, "name") + " v" + text(r, "version");
  }
  if (!rules.empty()) Labelled(session, "rules").line(rules);
  Labelled costs(session, "costs, " + text(decision, "currency"));
  for (const auto& term : items(decision, "costs")) costs.line(amount(term));
  const auto& best = member(decision, "optimality");
  if (best.is_object()) {
    Labelled(session, "optimality")
        .line(text(best, "method") + ": cost " + text(best, "cost_minor") + ", bound " +
              text(best, "bound_minor") + ", gap " + text(best, "gap_minor") + ", " +
              text(best, "expanded") + " partial plans looked at");
  }
  for (const char* one : {"policy", "by"}) {
    if (!text(decision, one).empty()) Labelled(session, one).line(text(decision, one));
  }
}

}  // namespace

Exit decisions_list(Session& session, const ListOptions& options) {
  std::string target = "/decisions";
  add_query(target, "subject", options.subject);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"MADE", true}, {"ORDER"}, {"RULE"}, {"OUTCOME"}, {"ID"}, {"REASON", false, true}});
  for (const auto& d : items(*page)) {
    const std::string outcome = text(d, "outcome");
    table.add({{ago(d, "made_ms", session.now_ms()), Tone::dim},
               {text(d, "subject"), Tone::strong},
               {text(d, "rule") + " v" + text(d, "version")},
               {outcome, outcome == "allocated" ? Tone::good : Tone::warn},
               {text(d, "id")},
               {text(d, "reason")}});
  }
  session.print(table, "Nothing was decided so far.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit decisions_show(Session& session, const std::string& id) {
  const auto found = session.get("/decisions/" + percent_encoded(id));
  if (!found) return found.error();
  if (session.as_json()) return session.print(*found);
  session.line(session.toned_text("decision " + text(*found, "id") + ", " + text(*found, "kind") +
                                      " of " + text(*found, "subject") + ", " +
                                      text(*found, "rule") + " v" + text(*found, "version") + ": " +
                                      text(*found, "outcome"),
                                  Tone::strong));
  Labelled(session, "made").line(local_time(number(*found, "made_ms")));
  Labelled(session, "reason").line(text(*found, "reason"));
  print_candidates(session, *found);
  print_inputs(session, *found);
  print_result(session, *found);
  const auto& facts = member(*found, "facts");
  if (facts.is_object()) Labelled(session, "facts").line(json::serialize(facts));
  return Exit::ok;
}

Exit orders_route(Session& session, const RouteOptions& options) {
  json::object body{{"why", options.why}, {"by", options.by}};
  if (!options.site.empty()) body["site"] = options.site;
  json::array lines;
  for (const auto& written : options.lines) {
    const auto at = written.find('=');
    std::int64_t line = 0;
    const char* end = written.data() + std::min(at, written.size());
    const bool whole = std::from_chars(written.data(), end, line).ptr == end;
    if (at == std::string::npos || !whole || line < 1 || at + 1 == written.size()) {
      return session.fail(Exit::usage, "--line " + written + " cannot be understood",
                          "Write it as LINE=SITE, such as --line 2=leipzig");
    }
    lines.push_back(json::object{{"line", line}, {"site", written.substr(at + 1)}});
  }
  if (!lines.empty()) body["lines"] = lines;
  if (options.force) body["force"] = true;
  const auto done = session.post("/orders/" + percent_encoded(options.order) + "/route", body);
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line("Decided. `dockline decisions show " + text(*done, "id") + "` is its record.");
  return Exit::ok;
}

}  // namespace dockline::server::cli
