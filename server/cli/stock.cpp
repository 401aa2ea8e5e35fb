#include "server/cli/commands.hpp"
#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

Tone tone_of_count(std::int64_t pieces) { return pieces < 0 ? Tone::bad : Tone::plain; }

std::string told(const json::value& row) {
  std::string out;
  for (const auto& t : items(row, "told")) {
    const std::string state = text(t, "state");
    out += (out.empty() ? "" : ", ") + text(t, "channel") + " " + grouped(number(t, "quantity"));
    if (state != "confirmed") out += " (" + state + ")";
  }
  return out;
}

// What lies at a site and is not sold from there: "2 quarantine, 6 in transit".
std::string elsewhere(const json::value& site) {
  std::string out;
  for (const char* place : {"staging", "quarantine", "damaged", "in_transit"}) {
    const auto pieces = number(site, place);
    if (pieces == 0) continue;
    const std::string name = std::string_view(place) == "in_transit" ? "in transit" : place;
    out += (out.empty() ? "" : ", ") + grouped(pieces) + " " + name;
  }
  return out;
}

// "leipzig/shelf B-2".
std::string at_bin(const json::value& move, const char* place, const char* bin) {
  const auto name = text(move, bin);
  return name.empty() ? text(move, place) : text(move, place) + " " + name;
}

// What lies on the shelves in units of the item: "leipzig  7 case, 2".
void print_units(Session& session, const json::value& item) {
  for (const auto& site : items(item, "sites")) {
    std::string words;
    for (const auto& part : items(site, "on_hand_in")) {
      const auto unit = text(part, "unit");
      words += (words.empty() ? "" : ", ") + grouped(number(part, "count")) +
               (unit.empty() ? "" : " " + unit);
    }
    if (!words.empty()) session.line(text(site, "site") + " has " + words + ".");
  }
}

// What lies in which bin, where that is more than one.
void print_bins(Session& session, const json::value& item) {
  Table table({{"SITE"}, {"BIN"}, {"PIECES", true}, {"", false, true}});
  bool several = false;
  for (const auto& site : items(item, "sites")) {
    const auto& bins = items(site, "bins");
    if (bins.size() < 2) continue;
    several = true;
    for (const auto& bin : bins) {
      table.add({{text(site, "site")},
                 {text(bin, "bin"), Tone::strong},
                 {grouped(number(bin, "quantity"))},
                 {flag(bin, "home") ? "home bin" : "", Tone::dim}});
    }
  }
  if (!several) return;
  session.line("");
  session.print(table, "");
}

}  // namespace

Exit stock_list(Session& session, const ListOptions& options) {
  std::string target = "/stock";
  add_query(target, "q", options.text);
  const auto page = fetch(session, target, options);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  Table table({{"SKU"},
               {"TITLE", false, true},
               {"SITE"},
               {"BIN"},
               {"ON HAND", true},
               {"RESERVED", true},
               {"TO PROMISE", true},
               {"AS OF", true},
               {"CHANNELS"}});
  for (const auto& row : items(*page)) {
    std::string sku = text(row, "sku"), title = text(row, "title"), channels = told(row);
    for (const auto& site : items(row, "sites")) {
      table.add({{sku, Tone::strong},
                 {title},
                 {text(site, "site")},
                 {text(site, "bin")},
                 {grouped(number(site, "on_hand")), tone_of_count(number(site, "on_hand"))},
                 {grouped(number(site, "reserved"))},
                 {grouped(number(site, "atp")), tone_of_count(number(site, "atp"))},
                 {ago(site, "as_of_ms", session.now_ms()), Tone::dim},
                 {channels}});
      sku.clear();
      title.clear();
      channels.clear();
    }
    if (!sku.empty())
      table.add({{sku, Tone::strong}, {title}, {}, {}, {"0"}, {"0"}, {"0"}, {}, {channels}});
  }
  session.print(table, "No items here. `dockline stock import FILE` begins.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit stock_show(Session& session, const std::string& sku) {
  const auto item = session.get("/stock/" + percent_encoded(sku));
  if (!item) return item.error();
  if (session.as_json()) return session.print(*item);
  session.line(session.toned_text(text(*item, "sku"), Tone::strong) + "  " + text(*item, "title"));
  std::string codes;
  for (const auto& code : items(*item, "barcodes")) {
    codes += (codes.empty() ? "" : ", ") + text(code, "code");
    if (number(code, "pieces") != 1) codes += " (" + text(code, "pieces") + " pieces)";
  }
  session.line("Barcodes  " + (codes.empty() ? "none" : codes));
  const auto weight = number(*item, "weight_g");
  session.line("Weight    " + (weight == 0 ? "not known" : grouped(weight) + " g"));
  session.line("");
  Table sites({{"SITE"},
               {"BIN"},
               {"ON HAND", true},
               {"- RESERVED", true},
               {"= TO PROMISE", true},
               {"PACKED", true},
               {"ELSEWHERE", false, true},
               {"AS OF"}});
  for (const auto& site : items(*item, "sites")) {
    sites.add({{text(site, "site")},
               {text(site, "bin")},
               {grouped(number(site, "on_hand")), tone_of_count(number(site, "on_hand"))},
               {grouped(number(site, "reserved"))},
               {grouped(number(site, "atp")), tone_of_count(number(site, "atp"))},
               {grouped(number(site, "packed"))},
               {elsewhere(site)},
               {ago(site, "as_of_ms", session.now_ms()), Tone::dim}});
  }
  session.print(sites, "In no site so far.");
  print_units(session, *item);
  print_bins(session, *item);
  Table shown({{"CHANNEL"}, {"LOCATION"}, {"TOLD", true}, {"STATE"}, {"AS OF"}});
  for (const auto& t : items(*item, "told")) {
    const std::string state = text(t, "state");
    shown.add({{text(t, "channel")},
               {text(t, "location")},
               {grouped(number(t, "quantity"))},
               {state, state == "confirmed" ? Tone::good : Tone::warn},
               {ago(t, "as_of_ms", session.now_ms()), Tone::dim}});
  }
  session.line("");
  session.print(shown, "No channel was told about it.");
  Table moves({{"WHEN"}, {"PIECES", true}, {"FROM"}, {"TO"}, {"REASON", false, true}, {"BY"}});
  for (const auto& move : items(*item, "moves")) {
    moves.add({{local_time(number(move, "at_ms"))},
               {grouped(number(move, "quantity"))},
               {at_bin(move, "from", "from_bin")},
               {at_bin(move, "to", "to_bin")},
               {text(move, "reason")},
               {text(move, "source")}});
  }
  session.line("");
  session.print(moves, "It never moved.");
  return Exit::ok;
}

Exit stock_adjust(Session& session, const Adjust& adjust) {
  const auto done = session.post("/stock/adjust", json::object{{"sku", adjust.sku},
                                                               {"site", adjust.site},
                                                               {"quantity", adjust.quantity},
                                                               {"reason", adjust.reason}});
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(adjust.sku + " at " + adjust.site + ": " + (adjust.quantity > 0 ? "+" : "") +
               grouped(adjust.quantity) + " booked (" + adjust.reason + ").");
  return Exit::ok;
}

}  // namespace dockline::server::cli
