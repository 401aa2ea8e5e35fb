#include "server/cli/sites.hpp"

#include <CLI/CLI.hpp>

#include "server/cli/session.hpp"
#include "server/cli/text.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::cli {
namespace {

std::string figure(const json::value& site, const char* key) {
  return member(site, key).is_null() ? "not known" : grouped(number(site, key));
}

// "until 16:30" while it is open, "from ..." before.
std::string hours(const json::value& site, std::int64_t now_ms) {
  if (member(site, "cut_off_ms").is_null()) return "";
  const auto opens = number(site, "opens_ms");
  return opens > now_ms ? "from " + local_time(opens)
                        : "until " + local_time(number(site, "cut_off_ms"));
}

std::string target(const std::string& site) { return "/sites/" + percent_encoded(site); }

}  // namespace

Exit sites_list(Session& session) {
  const auto answer = session.get("/sites");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"SITE"},
               {"TITLE", false, true},
               {"KNOWN FROM"},
               {"A DAY", true},
               {"WAITING", true},
               {"CLOSED TODAY", true},
               {"OPEN"}});
  for (const auto& s : items(*answer)) {
    table.add({{text(s, "site"), Tone::strong},
               {text(s, "title")},
               {text(s, "from"), text(s, "problem").empty() ? Tone::plain : Tone::warn},
               {figure(s, "capacity_per_day")},
               {grouped(number(s, "waiting"))},
               {grouped(number(s, "closed_today"))},
               {hours(s, session.now_ms())}});
  }
  return session.print(table, "No site is configured. Add a [[site]] to server.toml.");
}

Exit sites_show(Session& session, const SiteOptions& o) {
  const auto answer = session.get(target(o.site));
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  const auto from = text(*answer, "from");
  session.line(safe(text(*answer, "site")) + " (" + safe(text(*answer, "title")) + "): " +
               (from == "people" ? "as people described it, version " + text(*answer, "version")
                : from == "file" ? "as the routing file says"
                                 : "nobody has described it"));
  if (const auto problem = text(*answer, "problem"); !problem.empty()) {
    session.line("What people described cannot be used here: " + safe(problem));
  }
  session.line("Today: " + figure(*answer, "waiting") + " waiting, " +
               figure(*answer, "closed_today") + " closed, room for " +
               figure(*answer, "left_today") + " more.");
  Table table({{"KEY"}, {"VALUE", false, true}});
  if (const auto& values = member(*answer, "values"); values.is_object()) {
    for (const auto& value : values.get_object()) {
      table.add({{std::string(value.key()), Tone::strong},
                 {value.value().is_string() ? std::string(value.value().get_string()) : ""}});
    }
  }
  return session.print(table, "`dockline sites set` says what it is like.");
}

// What is not named stays as it is: the whole goes to the server.
Exit sites_set(Session& session, const SiteOptions& o, const std::string& by) {
  if (o.reset != o.values.empty()) {
    return session.fail(Exit::usage, "either KEY=VALUE or --reset is needed",
                        "Such as capacity_per_day=400 zones.DE=1; KEY= takes one away");
  }
  json::object values;
  if (!o.reset) {
    const auto known = session.get(target(o.site));
    if (!known) return known.error();
    if (const auto& now = member(*known, "values"); now.is_object()) values = now.get_object();
  }
  for (const auto& one : o.values) {
    const auto cut = one.find('=');
    if (cut == std::string::npos || cut == 0) {
      return session.fail(
          Exit::usage, "'" + safe(one) + "' is no KEY=VALUE",
          "Such as capacity_per_day=400; `dockline routing reference` has the keys");
    }
    const std::string key = one.substr(0, cut), value = one.substr(cut + 1);
    if (value.empty()) {
      values.erase(key);
    } else {
      values[key] = value;
    }
  }
  const json::object body{{"values", values}, {"why", o.reason}, {"by", by}};
  const auto done =
      session.call({.method = "PUT", .target = target(o.site), .body = json::serialize(body)});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(safe(o.site) + (flag(*done, "created") ? ": it holds from the next decision on."
                                                      : ": it was so already."));
  return Exit::ok;
}

void add_sites(CLI::App& root, SiteOptions& o, std::string& by, const Choose& choose) {
  CLI::App& sites =
      *root.add_subcommand("sites", "Sites: what routing knows of each; list, show, set");
  sites.require_subcommand(1);
  const auto add = [&](const char* name, const char* help, std::function<Exit(Session&)> run) {
    CLI::App* app = sites.add_subcommand(name, help);
    choose(app, std::move(run));
    return app;
  };
  add("list", "All sites: known from where, capacity, today", sites_list);
  add("show", "One site with all that is known of it",
      [&o](Session& s) { return sites_show(s, o); })
      ->add_option("site", o.site, "Its name")
      ->required();
  CLI::App* set =
      add("set", "Say what a site is like; holds instead of the routing file's [[site]]",
          [&o, &by](Session& s) { return sites_set(s, o, by); });
  set->add_option("site", o.site, "Its name")->required();
  set->add_option("values", o.values,
                  "KEY=VALUE as in [[site]], tables with a dot: hours.mon-fri=08:00-16:30; KEY= "
                  "takes it away, the rest stays");
  set->add_flag("--reset", o.reset, "What the routing file says holds again");
  set->add_option("--reason", o.reason, "Why, kept for ever")->required();
  set->add_option("--by", by, "Who decides; default: your user name");
}

}  // namespace dockline::server::cli
