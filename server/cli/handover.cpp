#include "server/cli/handover.hpp"

#include <algorithm>
#include <charconv>
#include <istream>

#include "server/cli/pages.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::cli {
namespace {

std::string stands_words(const std::string& stopped) {
  if (stopped == "cancelled") return "goods in it were cancelled";
  if (stopped == "overpacked") return "it holds pieces that nobody ordered";
  if (stopped == "old_address") return "its label names a former address";
  if (stopped == "held") return "its order is on hold";
  return stopped;
}

// "2=3" -> line 2, 3 pieces.
std::optional<std::pair<std::int64_t, std::int64_t>> line_and_pieces(const std::string& written) {
  const auto equals = written.find('=');
  if (equals == std::string::npos) return std::nullopt;
  std::int64_t line = 0, pieces = 0;
  const char* from = written.data();
  const char* end = from + written.size();
  const auto first = std::from_chars(from, from + equals, line);
  const auto second = std::from_chars(from + equals + 1, end, pieces);
  if (first.ptr != from + equals || second.ptr != end || line < 1 || pieces < 1) {
    return std::nullopt;
  }
  return std::pair(line, pieces);
}

// Tracking numbers, also those of a scanner's file: one a line.
std::vector<std::string> trackings_of(Session& session, const Handovers& o) {
  std::vector<std::string> out;
  for (const auto& one : o.parcels) {
    if (one != "-") {
      out.push_back(one);
      continue;
    }
    for (std::string line; std::getline(session.io().in, line);) {
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (!line.empty()) out.push_back(line);
    }
  }
  return out;
}

struct Sum {
  std::int64_t gone = 0, left_out = 0;
  json::array answers;
};

// One request; false: it failed, and that was told.
std::expected<bool, Exit> ask(Session& session, const json::object& body, Sum& sum) {
  const auto done = session.post("/handovers", body);
  if (!done) return std::unexpected(done.error());
  sum.gone += std::ssize(items(*done, "parcels"));
  sum.left_out += std::ssize(items(*done, "left_out"));
  if (session.as_json()) {
    sum.answers.push_back(*done);
    return flag(*done, "more");
  }
  for (const auto& p : items(*done, "parcels")) {
    if (const auto why = text(p, "why"); !why.empty()) {
      session.line(session.toned_text(text(p, "tracking"), Tone::warn) + " left though " + why +
                   ": see `dockline exceptions list`.");
    }
  }
  for (const auto& p : items(*done, "left_out")) {
    session.line(session.toned_text(text(p, "tracking"), Tone::warn) +
                 " not recorded: " + text(p, "why") + ".");
  }
  return flag(*done, "more");
}

Exit told(Session& session, const Answered& done, const std::string& words) {
  if (!done) return done.error();
  if (session.as_json()) return session.print(*done);
  session.line(words);
  return Exit::ok;
}

}  // namespace

Exit handover_list(Session& session, const Handovers& o) {
  std::string target = "/handovers";
  add_query(target, "state", o.state);
  add_query(target, "site", o.site);
  add_query(target, "carrier", o.carrier);
  add_query(target, "manifest", o.manifest);
  const auto page = fetch(session, target, o.list);
  if (!page) return page.error();
  if (session.as_json()) return session.print(*page);
  const bool gone = o.state == "gone" || !o.manifest.empty();
  Table table({{"TRACKING"},
               {"CARRIER"},
               {"SITE"},
               {"ORDER"},
               {"PIECES", true},
               {gone ? "HANDED OVER" : "CLOSED"},
               {gone ? "DELIVERED" : "KEEP BACK", false, true}});
  for (const auto& p : items(*page)) {
    const auto delivered = number(p, "delivered_ms");
    table.add(
        {{text(p, "tracking"), Tone::strong},
         {text(p, "carrier")},
         {text(p, "site")},
         {text(p, "order")},
         {grouped(number(p, "pieces"))},
         {local_time(number(p, gone ? "handed_ms" : "closed_ms"))},
         {gone ? (delivered == 0 ? "" : local_time(delivered)) : stands_words(text(p, "stopped")),
          gone ? Tone::plain : Tone::warn}});
  }
  session.print(table, gone ? "Nothing has left." : "Nothing waits for a carrier.");
  tell_rest(session, *page);
  return Exit::ok;
}

Exit handover_record(Session& session, const Handovers& o, const std::string& by) {
  const auto trackings = trackings_of(session, o);
  if (trackings.empty() == !o.all) {
    return session.fail(Exit::usage, "which parcels left is not said",
                        "Name their tracking numbers, - for one a line from standard input, or "
                        "--all with --site");
  }
  json::object body{{"by", by}};
  if (!o.site.empty()) body["site"] = o.site;
  if (!o.carrier.empty()) body["carrier"] = o.carrier;
  if (!o.manifest.empty()) body["manifest"] = o.manifest;
  if (!o.at.empty()) {
    const auto ms = moment_of(o.at);
    if (!ms) {
      return session.fail(Exit::usage, "--at: '" + o.at + "' is no date",
                          "Write it as '2026-11-30 14:00' or in milliseconds");
    }
    body["handed_ms"] = *ms;
  }
  Sum sum;
  constexpr auto kMost = base::limits::kHandedOverMax;
  for (std::size_t at = 0; at < std::max<std::size_t>(trackings.size(), 1); at += kMost) {
    json::array part;
    for (auto i = at; i < std::min(trackings.size(), at + kMost); ++i) {
      part.emplace_back(trackings[i]);
    }
    if (!part.empty()) body["parcels"] = std::move(part);
    auto more = ask(session, body, sum);
    // What is left out stays in front of the list: without progress there is no next request.
    for (auto before = std::int64_t{0}; more && *more && sum.gone > before;) {
      before = sum.gone;
      more = ask(session, body, sum);
    }
    if (!more) return more.error();
  }
  if (session.as_json()) {
    session.print(json::value(std::move(sum.answers)));
  } else {
    session.line(counted(sum.gone, "parcel") + " handed over" +
                 (sum.left_out > 0 ? ", " + grouped(sum.left_out) + " not." : "."));
  }
  return sum.left_out > 0 ? Exit::refused : Exit::ok;
}

Exit handover_take_back(Session& session, const Handovers& o, const std::string& by) {
  return told(session,
              session.post("/parcels/" + percent_encoded(o.tracking) + "/take-back",
                           json::object{{"why", o.reason}, {"by", by}}),
              o.tracking + " stands at its site again.");
}

Exit handover_delivered(Session& session, const Handovers& o, const std::string& by) {
  json::object body{{"by", by}};
  if (!o.at.empty()) {
    const auto ms = moment_of(o.at);
    if (!ms) {
      return session.fail(Exit::usage, "--at: '" + o.at + "' is no date",
                          "Write it as '2026-11-30 14:00' or in milliseconds");
    }
    body["delivered_ms"] = *ms;
  }
  return told(session, session.post("/parcels/" + percent_encoded(o.tracking) + "/delivered", body),
              o.tracking + " is delivered.");
}

Exit orders_return(Session& session, const Handovers& o, const std::string& by) {
  json::object lot;
  if (!o.lot.empty()) lot["lot"] = o.lot;
  if (!o.serial.empty()) lot["serial"] = o.serial;
  if (!o.expires.empty()) {
    const auto ms = moment_of(o.expires);
    if (!ms) {
      return session.fail(Exit::usage, "--expires: '" + o.expires + "' is no date",
                          "Write it as 2026-11-30");
    }
    lot["expires_ms"] = *ms;
  }
  json::array lines;
  for (const auto& written : o.lines) {
    const auto line = line_and_pieces(written);
    if (!line) {
      return session.fail(Exit::usage, "--line " + written + " cannot be understood",
                          "Write it as LINE=PIECES, such as --line 2=1");
    }
    json::object one{{"line", line->first}, {"quantity", line->second}, {"to", o.to}};
    if (!lot.empty()) one["lot"] = lot;
    lines.push_back(std::move(one));
  }
  return told(
      session,
      session.post(
          "/orders/" + percent_encoded(o.order) + "/return",
          json::object{
              {"site", o.site}, {"lines", std::move(lines)}, {"why", o.reason}, {"by", by}}),
      "Goods of " + o.order + " are back at " + o.site + " (" + o.to + ").");
}

}  // namespace dockline::server::cli
