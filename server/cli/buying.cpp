#include "server/cli/buying.hpp"

#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

Exit told(Session& session, const Answered& done, const std::string& words) {
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(words);
  return Exit::ok;
}

// How the supplier heard of it, in one line.
std::string told_supplier(const json::value& sending, std::int64_t now_ms) {
  const std::string state = text(sending, "state");
  const std::string why = text(sending, "why");
  const auto when = ago(sending, "at_ms", now_ms);
  if (state == "taken") return "Its supplier took it " + when + ": " + why;
  if (state == "otherwise") return text(sending, "by") + " told the supplier, " + when + ".";
  if (state == "refused") {
    return "Not with its supplier: " + why + " (`dockline exceptions list` has the way out)";
  }
  const auto& waits = member(sending, "waits");
  return "On its way to " + text(waits, "url") + " since " + when + ", " +
         counted(number(waits, "attempts"), "attempt") + (why.empty() ? "." : ": " + why);
}

}  // namespace

Exit suppliers_list(Session& session) {
  const auto answer = session.get("/suppliers");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"SUPPLIER"},
               {"NAME", false, true},
               {"E-MAIL"},
               {"ITEMS", true},
               {"LEAD DAYS", true},
               {"EVERY DAYS", true}});
  for (const auto& s : items(*answer)) {
    table.add({{text(s, "supplier"), Tone::strong},
               {text(s, "title")},
               {text(s, "email")},
               {grouped(number(s, "skus"))},
               {text(s, "lead_days")},
               {text(s, "review_days")}});
  }
  return session.print(table, "No suppliers. `dockline suppliers set` enters one.");
}

Exit suppliers_set(Session& session, const Buying& o, const std::string& by) {
  json::object body{{"supplier", o.supplier},
                    {"title", o.title},
                    {"lead_days", o.lead_days},
                    {"review_days", o.review_days},
                    {"by", by}};
  if (!o.email.empty()) body["email"] = o.email;
  if (!o.webhook.empty()) body["webhook"] = o.webhook;
  return told(session, session.post("/suppliers", body), "Supplier " + o.supplier + " is kept.");
}

Exit supplies_define(Session& session, const Buying& o, const std::string& by) {
  json::object body{{"sku", o.sku},   {"supplier", o.supplier}, {"rank", o.rank},
                    {"pack", o.pack}, {"minimum", o.minimum},   {"safety_days", o.safety_days},
                    {"by", by}};
  if (!o.supplier_sku.empty()) body["supplier_sku"] = o.supplier_sku;
  if (!o.currency.empty()) body["currency"] = o.currency;
  if (o.price >= 0) body["price_minor"] = o.price;
  return told(session, session.post("/supplies", body),
              o.sku + " is bought from " + o.supplier + (o.rank == 0 ? " no more." : "."));
}

Exit purchases_list(Session& session, const Buying& o) {
  std::string target = "/purchases";
  add_query(target, "state", o.list.state);
  const auto page = fetch(session, target, o.list);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"PURCHASE"},
               {"SUPPLIER", false, true},
               {"SITE"},
               {"STATE"},
               {"LINES", true},
               {"PIECES", true},
               {"PROPOSED", true}});
  for (const auto& p : items(*page)) {
    std::int64_t pieces = 0;
    for (const auto& line : items(p, "lines")) pieces += number(line, "quantity");
    const std::string supplier = text(p, "supplier");
    table.add({{text(p, "purchase"), Tone::strong},
               {supplier.empty() ? "none is known" : supplier,
                supplier.empty() ? Tone::warn : Tone::plain},
               {text(p, "site")},
               {text(p, "state")},
               {grouped(static_cast<std::int64_t>(items(p, "lines").size()))},
               {grouped(pieces)},
               {ago(p, "proposed_ms", session.now_ms())}});
  }
  session.print(table, "Nothing has to be bought. `dockline stock look` looks now.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit purchases_show(Session& session, const Buying& o) {
  const auto p = session.get("/purchases/" + percent_encoded(o.id));
  if (!p) return p.error();
  if (session.as_json()) return session.print(*p);
  const auto& mail = member(*p, "mail");
  session.line("To: " + text(mail, "to"));
  session.line("Subject: " + text(mail, "subject"));
  session.line("");
  // Lines of the text are lines here too; everything else is made safe for the terminal.
  const std::string body = text(mail, "body");
  for (std::size_t at = 0; at < body.size();) {
    const auto end = std::min(body.find('\n', at), body.size());
    session.line(safe(body.substr(at, end - at)));
    at = end + 1;
  }
  const auto& sending = member(*p, "sending");
  if (!sending.is_object()) return Exit::ok;
  session.line("");
  session.line(told_supplier(sending, session.now_ms()));
  return Exit::ok;
}

Exit purchases_decide(Session& session, const Buying& o, const std::string& by) {
  json::object body{{"action", o.action}, {"by", by}};
  if (!o.reason.empty()) body["why"] = o.reason;
  if (!o.expected.empty()) {
    const auto ms = moment_of(o.expected);
    if (!ms) {
      return session.fail(Exit::usage, "--expected: '" + o.expected + "' is no date",
                          "Write it as 2026-11-30");
    }
    body["expect_ms"] = *ms;
  }
  return told(
      session, session.post("/purchases/" + percent_encoded(o.id) + "/decide", body),
      "Purchase " + o.id +
          (o.action == "sent" ? " is ordered; its delivery is announced." : " is dropped."));
}

Exit stock_look(Session& session, const std::string& by) {
  return told(session, session.post("/stock/look", json::object{{"by", by}}),
              "The server looks at all shelves; `dockline stock suspects` and `dockline purchases "
              "list` show what it finds.");
}

Exit stock_quality(Session& session, const Buying& o) {
  std::string target = "/data-quality";
  add_query(target, "flaw", o.list.state);
  const auto answer = session.get(target);
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"FLAW"}, {"WHERE"}, {"WHAT", false, true}, {"REMEDY", false, true}});
  for (const auto& f : items(*answer)) {
    table.add({{text(f, "flaw"), Tone::warn},
               {text(f, "place"), Tone::strong},
               {text(f, "detail")},
               {text(f, "remedy")}});
  }
  session.print(table,
                (o.list.state.empty() ? "Nothing is wrong with " : "That is wrong with none of ") +
                    counted(number(*answer, "items_checked"), "item") + ".");
  if (flag(*answer, "cut")) {
    session.line("There is more: mend these first, or look at one flaw with --flaw.");
  }
  return Exit::ok;
}

Exit stock_suspects(Session& session, const Buying& o) {
  std::string target = "/counts/suspects";
  add_query(target, "site", o.list.channel);
  const auto answer = session.get(target);
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"SKU"},
               {"SITE"},
               {"BOOKS", true},
               {"ODDS", true},
               {"COUNT"},
               {"STRONGEST REASON", false, true}});
  for (const auto& s : items(*answer)) {
    std::string why;
    std::int64_t most = INT64_MIN;
    for (const auto& e : items(s, "evidence")) {
      if (number(e, "milli_bits") <= most) continue;
      most = number(e, "milli_bits");
      why = text(e, "why");
    }
    const auto odds = number(s, "odds_pm");
    table.add({{text(s, "sku"), Tone::strong},
               {text(s, "site")},
               {grouped(number(s, "on_hand"))},
               {std::to_string(odds / 10) + " %", odds >= 500 ? Tone::bad : Tone::warn},
               {flag(s, "asked") ? "asked" : ""},
               {why}});
  }
  return session.print(table, "No shelf is suspect. The server looks once a day.");
}

Exit transfers_proposed(Session& session) {
  const auto answer = session.get("/transfers/proposals");
  if (!answer) return answer.error();
  if (session.as_json()) return session.print(*answer);
  Table table({{"SKU"}, {"FROM"}, {"TO"}, {"PIECES", true}, {"WHY", false, true}});
  for (const auto& p : items(*answer)) {
    table.add({{text(p, "sku"), Tone::strong},
               {text(p, "from_site")},
               {text(p, "to_site")},
               {grouped(number(p, "quantity"))},
               {text(p, "why")}});
  }
  return session.print(table, "No site has to help another.");
}

Exit export_table(Session& session, const Buying& o) {
  const auto bytes = session.text_of("/export/" + percent_encoded(o.file) + ".csv");
  if (!bytes) return bytes.error();
  session.io().out << *bytes;
  return Exit::ok;
}

}  // namespace dockline::server::cli
