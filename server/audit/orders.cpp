// Lines, states and reservations of orders; leases and their boxes.
#include <algorithm>
#include <set>

#include "server/audit/tables.hpp"

namespace dockline::server::audit {
namespace {

using sqlite::Statement;

std::string state_of(const OrderBook& order) {
  for (std::size_t s = 0; s < kStateNames.size(); ++s) {
    if (s == kCancelled) continue;
    for (const auto& line : order.lines) {
      if (line.pieces[s] > 0) return kStateNames[s];
    }
  }
  return "cancelled";
}

std::string pieces_text(const std::array<std::int64_t, 9>& pieces) {
  std::string text;
  for (std::size_t s = 0; s < pieces.size(); ++s) {
    if (pieces[s] != 0) {
      text += (text.empty() ? "" : ", ") + str(pieces[s]) + " " + std::string(kStateNames[s]);
    }
  }
  return text.empty() ? "none" : text;
}

void check_line(const Statement& s, const OrderBook& order, Findings& findings,
                std::vector<std::pair<std::int64_t, std::string>>& seen) {
  const std::int64_t number = s.integer(1);
  const std::string place = "p_line " + order.id + " line " + str(number);
  seen.emplace_back(number, "");
  const auto line = std::find_if(order.lines.begin(), order.lines.end(),
                                 [&](const LineBook& l) { return l.line == number; });
  if (line == order.lines.end()) {
    findings.add("orders", place, "No fact knows this line.", std::string(kRebuild));
    return;
  }
  std::array<std::int64_t, 9> have{};
  std::int64_t sum = 0;
  bool negative = false;
  for (std::size_t i = 0; i < have.size(); ++i) {
    have[i] = s.integer(static_cast<int>(i) + 4);
    sum += have[i];
    negative = negative || have[i] < 0;
  }
  if (sum != line->quantity || s.integer(3) != line->quantity || negative) {
    findings.add("orders", place,
                 "The order has " + str(line->quantity) + " of " + line->sku + ", the table has " +
                     str(s.integer(3)) + " with pieces in these states: " + pieces_text(have) + ".",
                 std::string(kRebuild));
  } else if (have != line->pieces || s.text(2) != line->sku) {
    findings.add("orders", place,
                 "The facts say " + pieces_text(line->pieces) + " of " + line->sku +
                     "; the table says " + pieces_text(have) + " of " + s.str(2) + ".",
                 std::string(kRebuild));
  }
}

base::Status check_lines(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::vector<std::pair<std::int64_t, std::string>> seen;
  const OrderBook* current = nullptr;
  const auto end_of = [&] {
    if (current != nullptr && seen.size() != current->lines.size()) {
      findings.add("orders", "p_line " + current->id,
                   "The order has " + str(static_cast<std::int64_t>(current->lines.size())) +
                       " lines, the table has " + str(static_cast<std::int64_t>(seen.size())) + ".",
                   std::string(kRebuild));
    }
    seen.clear();
  };
  auto ok = each_row(
      db,
      "SELECT o.id, l.line, l.sku, l.quantity, l.open, l.backordered, l.allocated, l.released, "
      "l.packed, l.shipped, l.delivered, l.cancelled, l.returned FROM p_line l LEFT JOIN p_order o "
      "USING(ord) ORDER BY l.ord, l.line",
      [&](const Statement& s) {
        const auto at = fold.order_of.find(s.str(0));
        if (at == fold.order_of.end()) {
          findings.add("orders", "p_line " + s.str(0) + " line " + str(s.integer(1)),
                       "This line belongs to no order.", std::string(kRebuild));
          return;
        }
        const OrderBook* order = &fold.orders[at->second];
        if (order != current) {
          end_of();
          current = order;
        }
        check_line(s, *order, findings, seen);
      });
  end_of();
  return ok;
}

base::Status check_heads(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::set<std::size_t> seen;
  auto ok =
      each_row(db, "SELECT id, state, packed, pieces, channel, number FROM p_order",
               [&](const Statement& s) {
                 const auto at = fold.order_of.find(s.str(0));
                 const std::string place = "p_order " + s.str(0);
                 if (at == fold.order_of.end()) {
                   findings.add("orders", place, "No fact says that this order was received.",
                                std::string(kRebuild));
                   return;
                 }
                 seen.insert(at->second);
                 const auto& order = fold.orders[at->second];
                 const std::string state = state_of(order);
                 std::int64_t packed = 0, pieces = 0;
                 for (const auto& line : order.lines) {
                   packed += line.pieces[kPacked] + line.pieces[kShipped] +
                             line.pieces[kDelivered] + line.pieces[kReturned];
                   pieces += line.quantity;
                 }
                 if (s.text(1) == state && s.integer(2) == packed && s.integer(3) == pieces) return;
                 findings.add("orders", place,
                              "By the facts it is " + state + " with " + str(packed) + " of " +
                                  str(pieces) + " pieces packed; the table says " + s.str(1) +
                                  " with " + str(s.integer(2)) + " of " + str(s.integer(3)) + ".",
                              std::string(kRebuild));
               });
  if (!ok) return ok;
  for (std::size_t i = 0; i < fold.orders.size() && seen.size() < fold.orders.size(); ++i) {
    if (seen.contains(i)) continue;
    findings.add("orders", "p_order " + fold.orders[i].id,
                 "The order was received and is missing in the table.", std::string(kRebuild));
  }
  return {};
}

// How many orders of each kind there are, which lists and the page of today read.
base::Status check_totals(sqlite::Db& db, Findings& findings) {
  bool there = false;  // a file that was made before there were any has no such table
  auto ok = each_row(db, "SELECT 1 FROM sqlite_master WHERE name = 'p_order_count'",
                     [&](const Statement&) { there = true; });
  if (!ok || !there) return ok;
  return each_row(
      db,
      "SELECT channel, state, coalesce(c.orders, 0), coalesce(o.n, 0) FROM (SELECT channel, state, "
      "count(*) n FROM p_order GROUP BY channel, state) o FULL JOIN p_order_count c "
      "USING(channel, state) WHERE coalesce(c.orders, 0) <> coalesce(o.n, 0)",
      [&](const Statement& s) {
        findings.add("orders", "p_order_count " + s.str(0) + " " + s.str(1),
                     "The table of totals says " + str(s.integer(2)) + " orders, there are " +
                         str(s.integer(3)) + ".",
                     std::string(kRebuild));
      });
}

// By its name and e-mail address each order is found, and by nobody else's.
base::Status check_words(sqlite::Db& db, Findings& findings) {
  bool there = false;  // as above
  auto ok = each_row(db, "SELECT 1 FROM sqlite_master WHERE name = 'p_order_word'",
                     [&](const Statement&) { there = true; });
  if (!ok || !there) return ok;
  const auto say = [&](const char* what) {
    return [&findings, what](const Statement& s) {
      findings.add("orders", "p_order_word " + str(s.integer(0)), what, std::string(kRebuild));
    };
  };
  ok = each_row(db,
                "SELECT DISTINCT ord FROM (SELECT what, word, ord FROM p_order_word EXCEPT "
                "SELECT what, word, ord FROM p_order_says)",
                say("The order would be found by words that are not in it."));
  if (!ok) return ok;
  return each_row(db,
                  "SELECT DISTINCT ord FROM (SELECT what, word, ord FROM p_order_says WHERE "
                  "ord <= (SELECT ord FROM p_order_worded) AND word <> '' EXCEPT "
                  "SELECT what, word, ord FROM p_order_word)",
                  say("The order would not be found by its name or e-mail address."));
}

// Every promise has its row and every row its promise; of released pieces, a lease in force.
base::Status check_reservations(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::map<std::string, std::int64_t> want;  // order|line|site|lease
  std::map<std::string, const LineBook*> lines;
  for (const auto& order : fold.orders) {
    for (const auto& line : order.lines) {
      for (const auto& p : line.promises) {
        want[order.id + " line " + str(line.line) + " at " + p.site + " for \"" + p.lease + "\""] =
            p.pieces;
      }
    }
  }
  auto ok = each_row(
      db,
      "SELECT o.id, r.line, r.site, r.lease, r.sku, r.quantity FROM p_reservation r LEFT JOIN "
      "p_order o USING(ord)",
      [&](const Statement& s) {
        const std::string key = s.str(0) + " line " + str(s.integer(1)) + " at " + s.str(2) +
                                " for \"" + s.str(3) + "\"";
        const auto at = want.find(key);
        const std::int64_t pieces = at == want.end() ? 0 : at->second;
        if (at != want.end()) want.erase(at);
        if (pieces != s.integer(5)) {
          findings.add("reservations", "p_reservation " + key,
                       str(s.integer(5)) + " of " + s.str(4) +
                           " are reserved, allocations and leases in force say " + str(pieces) +
                           ".",
                       std::string(kRebuild));
        }
        if (s.text(3).empty()) return;
        const auto lease = fold.lease_of.find(s.str(3));
        if (lease != fold.lease_of.end()) {
          const auto& state = fold.leases[lease->second].state;
          if (state == "held" || state == "revoking") return;
        }
        findings.add("reservations", "p_reservation " + key,
                     "Pieces are reserved for a lease that is not in force.",
                     std::string(kRebuild));
      });
  if (!ok) return ok;
  for (const auto& [key, pieces] : want) {
    findings.add("reservations", "p_reservation " + key,
                 str(pieces) +
                     " pieces were promised and are not reserved: they can be promised "
                     "a second time.",
                 std::string(kRebuild));
  }
  return {};
}

void check_lease(const Statement& s, const LeaseBook& lease, Findings& findings) {
  const std::string place = "p_lease " + lease.id;
  if (s.text(2) != lease.site || s.text(3) != lease.station || s.integer(1) != lease.epoch) {
    findings.add("leases", place,
                 "By the facts its holder is " + lease.site + "/" + lease.station + ", epoch " +
                     str(lease.epoch) + "; the table says " + s.str(2) + "/" + s.str(3) +
                     ", epoch " + str(s.integer(1)) + ".",
                 std::string(kRebuild));
  } else if (s.text(4) != lease.state) {
    findings.add("leases", place,
                 "By the facts it is " + lease.state + ", the table says " + s.str(4) + ".",
                 std::string(kRebuild));
  }
  // Nobody's label: the next holder gets its own.
  if (lease.state == "free" && s.text(5).empty()) return;
  if (s.text(5) != lease.tracking || s.text(6) != lease.sscc) {
    findings.add("labels", place,
                 "Its label was given as " + lease.tracking + " / " + lease.sscc +
                     ", the table says " + s.str(5) + " / " + s.str(6) + ".",
                 std::string(kRebuild));
  }
}

base::Status check_parcels(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> want;  // lease line n -> pieces
  for (const auto& lease : fold.leases) {
    for (const auto& b : lease.box) want[lease.id + " line " + str(b.line)] = {b.pieces, b.counted};
  }
  auto ok =
      each_row(db, "SELECT lease, line, quantity, accepted FROM p_parcel", [&](const Statement& s) {
        const std::string key = s.str(0) + " line " + str(s.integer(1));
        const auto at = want.find(key);
        const auto have = std::pair(s.integer(2), s.integer(3));
        const bool same = at != want.end() && at->second == have;
        if (at != want.end()) want.erase(at);
        if (same) return;
        findings.add("orders", "p_parcel " + key,
                     "The table says " + str(have.first) + " pieces in this box of which " +
                         str(have.second) + " count; the facts say otherwise.",
                     std::string(kRebuild));
      });
  if (!ok) return ok;
  for (const auto& [key, pieces] : want) {
    findings.add("orders", "p_parcel " + key,
                 "The contents of this box (" + str(pieces.first) + " pieces) are missing.",
                 std::string(kRebuild));
  }
  return {};
}

}  // namespace

namespace {

// Each closed box is where its facts say: at its site, with the carrier, at the buyer's.
base::Status check_handovers(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::map<std::string, std::string> want;
  for (const auto& lease : fold.leases) {
    if (lease.way.empty()) continue;
    want["p_handover " + lease.id] = lease.way;
    for (const auto& line : lease.box) {
      if (line.left > 0) want["p_handed " + lease.id + " line " + str(line.line)] = str(line.left);
    }
  }
  auto ok = each_row(
      db,
      "SELECT 'p_handover ' || box, state FROM p_handover UNION ALL "
      "SELECT 'p_handed ' || box || ' line ' || line, CAST(quantity AS TEXT) FROM p_handed",
      [&](const Statement& s) {
        const auto at = want.find(s.str(0));
        const bool same = at != want.end() && at->second == s.str(1);
        if (at != want.end()) want.erase(at);
        if (same) return;
        findings.add("orders", s.str(0),
                     "The table says " + s.str(1) + " of this box; the facts say otherwise.",
                     std::string(kRebuild));
      });
  if (!ok) return ok;
  for (const auto& [key, state] : want) {
    findings.add("orders", key, "By the facts it is " + state + "; the row is missing.",
                 std::string(kRebuild));
  }
  return {};
}

// Held are those whose facts say so, for what they say.
base::Status check_holds(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::set<std::string> want;  // order|reason|about|what
  for (const auto& order : fold.orders) {
    for (const auto& hold : order.holds) {
      want.insert(order.id + "|" + hold.reason + "|" + hold.about + "|" + hold.what);
    }
  }
  auto ok = each_row(
      db,
      "SELECT o.id, h.reason, h.about, h.what FROM p_hold h JOIN p_order o "
      "USING(ord) WHERE h.state = 'open'",
      [&](const Statement& s) {
        const auto key = s.str(0) + "|" + s.str(1) + "|" + s.str(2) + "|" + s.str(3);
        if (want.erase(key) > 0) return;
        findings.add("holds", "p_hold " + s.str(0),
                     "It is held for " + s.str(1) + " (" + s.str(3) + "), and no fact says so.",
                     std::string(kRebuild));
      });
  if (!ok) return ok;
  for (const auto& key : want) {
    findings.add("holds", "p_hold " + key.substr(0, key.find('|')),
                 "A hold of this order is missing: it may be sent.", std::string(kRebuild));
  }
  return each_row(db, "SELECT id, held FROM p_order", [&](const Statement& s) {
    const auto at = fold.order_of.find(s.str(0));
    if (at == fold.order_of.end()) return;
    const bool held = !fold.orders[at->second].holds.empty();
    if (held == (s.integer(1) != 0)) return;
    findings.add("holds", "p_order " + s.str(0),
                 held ? "Its facts say that it is held, the table says that it is not."
                      : "The table says that it is held, its facts say that it is not.",
                 std::string(kRebuild));
  });
}

// The same orders go in one parcel as by their facts.
base::Status check_merges(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::map<std::string, std::pair<std::int64_t, bool>> want;
  for (const auto& order : fold.orders) {
    if (order.parcel != 0) want[order.id] = {order.parcel, order.apart};
  }
  auto ok = each_row(db, "SELECT o.id, m.parcel, m.apart FROM p_merge m JOIN p_order o USING(ord)",
                     [&](const Statement& s) {
                       const auto at = want.find(s.str(0));
                       const bool right = at != want.end() && at->second.first == s.integer(1) &&
                                          at->second.second == (s.integer(2) != 0);
                       if (at != want.end()) want.erase(at);
                       if (right) return;
                       findings.add("orders", "p_merge " + s.str(0),
                                    "The table has it go with other orders than its facts say.",
                                    std::string(kRebuild));
                     });
  if (!ok) return ok;
  for (const auto& [id, parcel] : want) {
    findings.add("orders", "p_merge " + id,
                 "It goes in one parcel with others, and the table does not say so.",
                 std::string(kRebuild));
  }
  return {};
}

// Files of before orders could be held or merged, or boxes handed over, have no such tables.
base::Result<bool> knows(sqlite::Db& db, const std::string& table) {
  bool known = false;
  auto ok = each_row(db, "SELECT 1 FROM sqlite_master WHERE name = '" + table + "'",
                     [&](const Statement&) { known = true; });
  if (!ok) return base::pass(ok.error());
  return known;
}

}  // namespace

base::Status check_orders(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto holds = knows(db, "p_hold");
  if (!holds) return base::pass(holds.error());
  if (*holds) {
    if (auto ok = check_holds(db, fold, findings); !ok) return ok;
  }
  const auto merges = knows(db, "p_merge");
  if (!merges) return base::pass(merges.error());
  if (*merges) {
    if (auto ok = check_merges(db, fold, findings); !ok) return ok;
  }
  const auto handovers = knows(db, "p_handover");
  if (!handovers) return base::pass(handovers.error());
  if (*handovers) {
    if (auto ok = check_handovers(db, fold, findings); !ok) return ok;
  }
  if (auto ok = check_totals(db, findings); !ok) return ok;
  if (auto ok = check_words(db, findings); !ok) return ok;
  if (auto ok = check_heads(db, fold, findings); !ok) return ok;
  if (auto ok = check_lines(db, fold, findings); !ok) return ok;
  return check_reservations(db, fold, findings);
}

base::Status check_leases(sqlite::Db& db, const Fold& fold, Findings& findings) {
  std::map<std::string, std::string> trackings, ssccs;
  std::size_t seen = 0;
  auto ok =
      each_row(db, "SELECT lease, epoch, site, station, state, tracking, sscc FROM p_lease",
               [&](const Statement& s) {
                 const auto at = fold.lease_of.find(s.str(0));
                 if (at == fold.lease_of.end()) {
                   findings.add("leases", "p_lease " + s.str(0),
                                "No fact gave this lease to anybody.", std::string(kRebuild));
                   return;
                 }
                 ++seen;
                 check_lease(s, fold.leases[at->second], findings);
                 for (auto* known : {&trackings, &ssccs}) {
                   const std::string label = s.str(known == &trackings ? 5 : 6);
                   const auto [first, fresh] = known->try_emplace(label, s.str(0));
                   if (fresh || label.empty()) continue;
                   if (fold.one_label.contains(
                           {std::min(first->second, s.str(0)), std::max(first->second, s.str(0))}))
                     continue;
                   findings.add("labels", "p_lease " + s.str(0),
                                "Label " + label + " is also that of lease " + first->second + ".",
                                "Look at both boxes before they leave: one needs a new label.");
                 }
               });
  if (!ok) return ok;
  if (seen != fold.leases.size()) {
    findings.add("leases", "p_lease",
                 "The facts know " + str(static_cast<std::int64_t>(fold.leases.size())) +
                     " leases, the table has " + str(static_cast<std::int64_t>(seen)) + " of them.",
                 std::string(kRebuild));
  }
  for (const auto& order : fold.orders) {
    std::map<std::pair<std::int64_t, std::string>, std::string> holders;  // by part and site
    for (const auto at : order.leases) {
      const auto& lease = fold.leases[at];
      if (lease.state != "held" && lease.state != "revoking") continue;
      auto& holder = holders[{lease.part, lease.site}];
      if (!holder.empty()) {
        findings.add("leases", "order " + order.id,
                     "Two leases of it are in force: " + holder + " and " + lease.id + ".",
                     "Call both benches; one of them returns the order (scan PROBLEM, then HOLD).");
      }
      holder = lease.id;
    }
  }
  return check_parcels(db, fold, findings);
}

}  // namespace dockline::server::audit
