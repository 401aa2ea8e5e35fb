// What is kept back, and how the figures that channels are told come about.
#include <charconv>

#include "server/cli/commands.hpp"
#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

std::string signed_pieces(std::int64_t pieces) { return (pieces > 0 ? "+" : "") + grouped(pieces); }

// "-" where the row says nothing.
std::string set(const json::value& row, std::string_view key) {
  return member(row, key).is_null() ? "-" : grouped(number(row, key));
}

std::string all_or(const std::string& name) { return name.empty() ? "all" : name; }

}  // namespace

Exit stock_explain(Session& session, const std::string& sku) {
  const auto answer = session.get("/stock/" + percent_encoded(sku) + "/derivation");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  bool any = false;
  for (const auto& figure : items(*answer, "figures")) {
    if (std::exchange(any, true)) session.line("");
    const bool told = !member(figure, "told").is_null();
    session.line(session.toned_text(text(*answer, "sku"), Tone::strong) + " at " +
                 text(figure, "channel") + ", location " + text(figure, "location") +
                 (told ? ", told " + grouped(number(figure, "told")) : ", never told") +
                 (flag(figure, "express") ? ", goes ahead of others" : ""));
    Table table({{"TERM"}, {"OF"}, {"PIECES", true}, {"AS OF"}, {"WHY", false, true}});
    for (const auto& term : items(figure, "terms")) {
      const bool dated = !member(term, "as_of_ms").is_null();
      table.add({{text(term, "name")},
                 {text(term, "of")},
                 {signed_pieces(number(term, "value"))},
                 {dated ? ago(term, "as_of_ms", session.now_ms()) : "", Tone::dim},
                 {text(term, "why")}});
    }
    table.add({{"= shown", Tone::strong},
               {},
               {grouped(number(figure, "value")), Tone::strong},
               {ago(figure, "as_of_ms", session.now_ms()), Tone::dim},
               {}});
    session.print(table, "");
  }
  if (!any) session.line("No channel is configured: nothing is told about it.");
  return Exit::ok;
}

Exit stock_policy_set(Session& session, const PolicyOptions& policy) {
  json::object body{{"why", policy.why}, {"by", policy.by}};
  const auto name = [&](const char* key, const std::string& value) {
    if (!value.empty()) body[key] = value;
  };
  const auto pieces = [&](const char* key, std::int64_t value) {
    if (value >= 0) body[key] = value;
  };
  name("site", policy.site);
  name("channel", policy.channel);
  name("sku", policy.sku);
  pieces("safety", policy.safety);
  pieces("quota", policy.quota);
  pieces("share_pm", policy.share_pm);
  pieces("buffer", policy.buffer);
  pieces("cap", policy.cap);
  const auto done =
      session.call({.method = "PUT", .target = "/stock/policies", .body = json::serialize(body)});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(text(*done, "id") + (flag(*done, "created") ? ": set; what channels show follows."
                                                           : ": it was so already."));
  return Exit::ok;
}

Exit stock_policy_list(Session& session, const PolicyOptions& only, const ListOptions& options) {
  std::string target = "/stock/policies";
  add_query(target, "sku", only.sku);
  add_query(target, "site", only.site);
  add_query(target, "channel", only.channel);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"SKU"},
               {"SITE"},
               {"CHANNEL"},
               {"SAFETY", true},
               {"QUOTA", true},
               {"SHARE PM", true},
               {"BUFFER", true},
               {"CAP", true},
               {"WHY", false, true},
               {"BY"}});
  for (const auto& row : items(*page)) {
    table.add({{all_or(text(row, "sku")), Tone::strong},
               {text(row, "site")},
               {text(row, "channel")},
               {set(row, "safety")},
               {set(row, "quota")},
               {set(row, "share_pm")},
               {set(row, "buffer")},
               {set(row, "cap")},
               {text(row, "why")},
               {text(row, "by")}});
  }
  session.print(table, "Nothing is kept back. `dockline stock policy set` begins.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit kit_set(Session& session, const KitOptions& kit) {
  json::array parts;
  for (const auto& part : kit.parts) {
    const auto equals = part.rfind('=');
    std::int64_t pieces = 0;
    const char* end = part.data() + part.size();
    if (equals == std::string::npos || equals == 0 ||
        std::from_chars(part.data() + equals + 1, end, pieces).ptr != end || pieces < 1) {
      return session.fail(Exit::usage, "--part '" + part + "' is not SKU=PIECES",
                          "Write --part CUP=2, once for each part");
    }
    parts.push_back(json::object{{"sku", part.substr(0, equals)}, {"pieces", pieces}});
  }
  const bool none = parts.empty();
  const auto done =
      session.call({.method = "PUT",
                    .target = "/kits",
                    .body = json::serialize(json::object{
                        {"sku", kit.sku}, {"parts", std::move(parts)}, {"by", kit.by}})});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(text(*done, "id") + (!flag(*done, "created") ? ": it was so already."
                                    : none                  ? " is no kit any more."
                                                            : " is made of these parts now."));
  return Exit::ok;
}

Exit kit_list(Session& session, const ListOptions& options) {
  const auto page = fetch(session, "/kits", options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"KIT"}, {"PART"}, {"PIECES", true}});
  for (const auto& kit : items(*page)) {
    std::string sku = text(kit, "sku");
    for (const auto& part : items(kit, "parts")) {
      table.add({{std::exchange(sku, ""), Tone::strong},
                 {text(part, "sku")},
                 {grouped(number(part, "pieces"))}});
    }
  }
  session.print(table, "No kits. `dockline kits set KIT --part SKU=PIECES` makes one.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit channel_drift(Session& session, const std::string& channel, const ListOptions& options) {
  const auto page = fetch(session, "/channels/" + percent_encoded(channel) + "/drift", options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"SKU"},
               {"LOCATION"},
               {"TOLD", true},
               {"SHOWN", true},
               {"CAUSE"},
               {"TIMES", true},
               {"WHEN"},
               {"WHY", false, true}});
  for (const auto& row : items(*page)) {
    table.add({{text(row, "sku"), Tone::strong},
               {text(row, "location")},
               {grouped(number(row, "told"))},
               {grouped(number(row, "shown"))},
               {text(row, "cause"), Tone::warn},
               {grouped(number(row, "times"))},
               {ago(row, "at_ms", session.now_ms()), Tone::dim},
               {text(row, "why")}});
  }
  session.print(table, "Nothing drifted: " + channel + " showed what it was told.");
  tell_rest(session, *page);
  return Exit::ok;
}

}  // namespace dockline::server::cli
