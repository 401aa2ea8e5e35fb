// Balances, exceptions, what channels were told, and the outbox.
#include <set>

#include "server/audit/tables.hpp"

namespace dockline::server::audit {
namespace {

using sqlite::Statement;

bool real(std::string_view place) {
  // Transit is the road: goods may be received before their sending is heard of.
  return place.find('/') != place.npos && !place.ends_with("/transit");
}

}  // namespace

base::Status check_ledger(sqlite::Db& db, const Fold& fold, Report& report, Findings& findings) {
  std::set<std::string> warned;  // sku@place with a negative_stock exception, open or resolved
  for (const auto& [id, c] : fold.cases) {
    if (c.kind == "negative_stock") warned.insert(c.subject);
  }
  auto balances = fold.balances;
  std::string sku;
  std::int64_t sum = 0;
  const auto close_sku = [&] {
    if (sum != 0) {
      findings.add("ledger", "p_balance " + sku,
                   "All places of this SKU sum to " + str(sum) + " instead of zero: pieces were " +
                       (sum > 0 ? "made" : "lost") + " without a move.",
                   std::string(kRebuild));
    }
    sum = 0;
  };
  auto ok = each_row(
      db, "SELECT sku, place, quantity FROM p_balance ORDER BY sku, place",
      [&](const Statement& s) {
        if (s.text(0) != sku) {
          close_sku();
          sku = s.str(0);
          ++report.skus;
        }
        const std::string place = s.str(1);
        const std::int64_t have = s.integer(2);
        sum += have;
        const auto at = balances.find({sku, place});
        const std::int64_t want = at == balances.end() ? 0 : at->second;
        if (at != balances.end()) balances.erase(at);
        if (have != want) {
          findings.add(
              "ledger", "p_balance " + sku + " at " + place,
              "The table says " + str(have) + ", the moves of the log add up to " + str(want) + ".",
              std::string(kRebuild));
        }
        if (want < 0 && real(place) && !warned.contains(sku + "@" + place)) {
          findings.add("ledger", "p_balance " + sku + " at " + place,
                       "The books show " + str(want) + " pieces and no exception was raised.",
                       "Count that shelf and enter what you find (dockline stock adjust).");
        }
      });
  close_sku();
  if (!ok) return ok;
  for (const auto& [key, pieces] : balances) {
    if (pieces == 0) continue;
    findings.add("ledger", "p_balance " + key.first + " at " + key.second,
                 "The moves of the log add up to " + str(pieces) + ", the table has no row.",
                 std::string(kRebuild));
  }
  return {};
}

base::Status check_cases(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::size_t seen = 0;
  auto ok =
      each_row(db, "SELECT id, kind, subject, resolved_ms IS NULL FROM p_exception",
               [&](const Statement& s) {
                 const auto at = fold.cases.find(s.str(0));
                 if (at == fold.cases.end()) {
                   findings.add("exceptions", "p_exception " + s.str(0),
                                "No fact raised this exception.", std::string(kRebuild));
                   return;
                 }
                 ++seen;
                 const auto& c = at->second;
                 if (c.kind == s.text(1) && c.subject == s.text(2) && c.open == (s.integer(3) != 0))
                   return;
                 findings.add("exceptions", "p_exception " + s.str(0),
                              "By the facts it is " + std::string(c.open ? "open" : "resolved") +
                                  ", " + c.kind + " about " + c.subject + "; the table says " +
                                  (s.integer(3) != 0 ? "open, " : "resolved, ") + s.str(1) +
                                  " about " + s.str(2) + ".",
                              std::string(kRebuild));
               });
  if (!ok) return ok;
  if (seen != fold.cases.size()) {
    findings.add("exceptions", "p_exception",
                 str(static_cast<std::int64_t>(fold.cases.size() - seen)) +
                     " exceptions were raised and are missing in the table: nobody sees them.",
                 std::string(kRebuild));
  }
  std::int64_t decisions = 0;
  ok = each_row(db, "SELECT count(*) FROM p_decision",
                [&](const Statement& s) { decisions = s.integer(0); });
  if (ok && decisions != fold.decisions) {
    findings.add(
        "decisions", "p_decision",
        str(fold.decisions) + " decisions are in the log, the table has " + str(decisions) + ".",
        std::string(kRebuild));
  }
  return ok;
}

namespace {

struct OutboxView {
  std::set<std::string> queued;     // "channel|order|tracking" of fulfilments
  std::set<std::string> connected;  // channels that are or were configured
};

void check_row(const Statement& s, const Fold& fold, OutboxView& view, Findings& findings) {
  const std::string place = "outbox row " + str(s.integer(0));
  const std::string channel = s.str(1), kind = s.str(2), key = s.str(3), state = s.str(5);
  view.connected.insert(channel);
  if (state != "waiting" && state != "sent" && state != "dead") {
    findings.add(
        "outbox", place, "There is no state \"" + state + "\".",
        "The server refuses to start with it. Restore the newest backup that audits clean.");
  }
  if (kind != "fulfilment" && kind != "stock" && kind != "status") {
    findings.add(
        "outbox", place, "There is no kind \"" + kind + "\".",
        "The server refuses to start with it. Restore the newest backup that audits clean.");
  }
  if (s.integer(6) < 0 || (state == "sent" && s.integer(6) < 1)) {
    findings.add("outbox", place,
                 "It was tried " + str(s.integer(6)) + " times and is " + state + ".",
                 "Look in the channel whether it arrived before it is sent again.");
  }
  if (kind != "fulfilment") return;
  const std::string whole = channel + "|" + key;
  if (!view.queued.insert(whole).second) {
    findings.add("outbox", place, "The fulfilment of " + key + " is queued twice.",
                 "Give one of the two up: dockline outbox drop.");
  }
  const auto closings = fold.closings.find(whole);
  const auto told = fold.fulfilled.find(whole);
  const std::int64_t closed = closings == fold.closings.end() ? 0 : closings->second;
  const std::int64_t confirmed = told == fold.fulfilled.end() ? 0 : told->second;
  if (closed == 0) {
    findings.add("outbox", place, "It tells of a box that no fact closed: " + key + ".",
                 "Give it up before it is sent: dockline outbox drop.");
  } else if (confirmed >= closed) {
    findings.add("outbox", place, "Channel " + channel + " has confirmed " + key + " already.",
                 "Give it up before it is sent again: dockline outbox drop.");
  }
}

base::Status connected_channels(sqlite::Db& db, const Fold& fold, OutboxView& view) {
  for (const auto& [key, times] : fold.fulfilled)
    view.connected.insert(key.substr(0, key.find('|')));
  for (const auto& [key, pieces] : fold.told) view.connected.insert(key.substr(0, key.find('|')));
  return each_row(db, "SELECT name FROM cursor", [&](const Statement& s) {
    const std::string name = s.str(0);
    if (const auto colon = name.find(':'); colon != std::string::npos) {
      view.connected.insert(name.substr(colon + 1));
    }
  });
}

}  // namespace

base::Status check_outbox(sqlite::Db& db, const Fold& fold, Report& report, Findings& findings) {
  OutboxView view;
  auto ok = each_row(
      db, "SELECT id, channel, kind, key, subject, state, attempts FROM outbox ORDER BY id",
      [&](const Statement& s) {
        ++report.outbox;
        check_row(s, fold, view, findings);
      });
  if (!ok) return ok;
  if (ok = connected_channels(db, fold, view); !ok) return ok;
  std::set<std::string> given_up;  // a person has seen it as a dead letter
  for (const auto& [id, c] : fold.cases) {
    if (c.kind == "dead_letter" || c.kind == "told_twice") given_up.insert(c.subject);
  }
  std::set<std::string> at_handover;  // channels that hear of a parcel when it has left
  ok = each_row(db, "SELECT substr(name, 14) FROM own_text WHERE name LIKE 'tells_handed:%'",
                [&](const Statement& s) { at_handover.insert(s.str(0)); });
  if (!ok) return ok;
  for (const auto& [key, parcel] : fold.parcels) {
    if (at_handover.contains(parcel.channel) && fold.stands(parcel)) continue;
    if (fold.fulfilled.contains(key) || view.queued.contains(key)) continue;
    if (!view.connected.contains(parcel.channel) || given_up.contains(parcel.order)) continue;
    if (given_up.contains(parcel.order + "#" + parcel.tracking)) continue;  // it is asked first
    findings.add("outbox", "order " + parcel.order + ", box " + parcel.tracking,
                 "The box is closed, channel " + parcel.channel +
                     " has not confirmed it and nothing waits to tell it.",
                 "Enter the shipment with its tracking number in the channel by hand.");
  }
  auto told = fold.told;
  ok = each_row(db, "SELECT channel, sku, location, quantity FROM p_told", [&](const Statement& s) {
    const std::string key = s.str(0) + "|" + s.str(1) + "|" + s.str(2);
    const auto at = told.find(key);
    const bool same = at != told.end() && at->second == s.integer(3);
    if (at != told.end()) told.erase(at);
    if (same) return;
    findings.add("channels", "p_told " + key,
                 "The table says the channel shows " + str(s.integer(3)) +
                     ", its last confirmation says otherwise.",
                 std::string(kRebuild));
  });
  if (ok && !told.empty()) {
    findings.add("channels", "p_told " + told.begin()->first,
                 str(static_cast<std::int64_t>(told.size())) +
                     " figures were confirmed by channels and are missing.",
                 std::string(kRebuild));
  }
  return ok;
}

}  // namespace dockline::server::audit
