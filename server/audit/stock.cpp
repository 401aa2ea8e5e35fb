// Deliveries, receipts, transfers, counts and count tasks against the facts.
#include "server/audit/tables.hpp"

namespace dockline::server::audit {
namespace {

using sqlite::Statement;

// Whether this file's program kept such books.
base::Result<bool> has_table(sqlite::Db& db, const char* name) {
  bool found = false;
  auto ok = each_row(
      db, "SELECT 1 FROM sqlite_master WHERE name = ?1", [&](const Statement&) { found = true; },
      std::string_view(name));
  if (!ok) return base::pass(ok.error());
  return found;
}

void differs(Findings& findings, const char* check, const std::string& place, std::int64_t have,
             std::int64_t want) {
  if (have == want) return;
  findings.add(check, place,
               "The table says " + str(have) + ", the facts come to " + str(want) + ".",
               std::string(kRebuild));
}

template <class Books>
void missing(Findings& findings, const char* check, const char* table, const Books& left) {
  for (const auto& [key, book] : left) {
    findings.add(check, std::string(table) + " " + key, "It is in the log and not in the table.",
                 std::string(kRebuild));
  }
}

base::Status check_deliveries(sqlite::Db& db, const Fold& fold, Findings& findings) {
  auto left = fold.deliveries;
  std::erase_if(left, [](const auto& one) { return !one.second.announced; });
  auto ok = each_row(
      db,
      "SELECT delivery, closed_ms IS NOT NULL, (SELECT coalesce(sum(quantity), 0) FROM "
      "p_delivery_line l WHERE l.delivery = d.delivery) FROM p_delivery d",
      [&](const Statement& s) {
        const auto at = left.find(s.str(0));
        const std::string place = "p_delivery " + s.str(0);
        if (at == left.end()) {
          findings.add("deliveries", place, "No fact announced it.", std::string(kRebuild));
          return;
        }
        differs(findings, "deliveries", place + " closed", s.integer(1), at->second.closed);
        differs(findings, "deliveries", place + " pieces", s.integer(2), at->second.wanted);
        left.erase(at);
      });
  if (!ok) return ok;
  missing(findings, "deliveries", "p_delivery", left);
  auto came = fold.deliveries;
  std::erase_if(came, [](const auto& one) { return one.second.receipts == 0; });
  ok = each_row(db,
                "SELECT delivery, count(*), sum(quantity), sum(damaged) FROM p_receipt GROUP BY 1",
                [&](const Statement& s) {
                  const auto at = came.find(s.str(0));
                  const auto want = at == came.end() ? DeliveryBook{} : at->second;
                  const std::string place = "p_receipt " + s.str(0);
                  differs(findings, "deliveries", place + " rows", s.integer(1), want.receipts);
                  differs(findings, "deliveries", place + " pieces", s.integer(2), want.came);
                  differs(findings, "deliveries", place + " damaged", s.integer(3), want.damaged);
                  if (at != came.end()) came.erase(at);
                });
  if (ok) missing(findings, "deliveries", "p_receipt", came);
  return ok;
}

base::Status check_transfers(sqlite::Db& db, const Fold& fold, Findings& findings) {
  auto left = fold.transfers;
  auto ok =
      each_row(db, "SELECT transfer, sent, received, damaged, settled, closed FROM p_transfer",
               [&](const Statement& s) {
                 const std::string place = "p_transfer " + s.str(0);
                 const auto at = left.find(s.str(0));
                 if (at == left.end()) {
                   findings.add("transfers", place, "No fact ordered it.", std::string(kRebuild));
                   return;
                 }
                 const auto& t = at->second;
                 differs(findings, "transfers", place + " sent", s.integer(1), t.sent);
                 differs(findings, "transfers", place + " received", s.integer(2), t.received);
                 differs(findings, "transfers", place + " damaged", s.integer(3), t.damaged);
                 differs(findings, "transfers", place + " settled", s.integer(4), t.settled);
                 differs(findings, "transfers", place + " closed", s.integer(5), t.closed);
                 left.erase(at);
               });
  if (ok) missing(findings, "transfers", "p_transfer", left);
  if (!ok) return ok;
  // What is on the road to a site is what its transfers say is on the road.
  std::map<std::pair<std::string, std::string>, std::int64_t> roads;
  for (const auto& [id, t] : fold.transfers) {
    roads[{t.sku, t.to + "/transit"}] += t.sent - t.received - t.damaged - t.settled;
  }
  for (const auto& [key, pieces] : fold.balances) {
    if (!key.second.ends_with("/transit")) continue;
    differs(findings, "transfers", key.first + " at " + key.second, pieces, roads[key]);
  }
  return {};
}

}  // namespace

base::Status check_buying(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto there = has_table(db, "p_purchase");
  if (!there) return base::pass(there.error());
  if (!*there) return {};
  const auto tells = has_table(db, "purchase_post");  // the same migration
  if (!tells) return base::pass(tells.error());
  auto left = fold.purchases;
  auto ok = each_row(
      db,
      "SELECT purchase, state, (SELECT coalesce(sum(quantity), 0) FROM p_purchase_line l WHERE "
      "l.purchase = p.purchase), " +
          std::string(*tells ? "told" : "''") + " FROM p_purchase p",
      [&](const Statement& s) {
        const std::string place = "p_purchase " + s.str(0);
        const auto at = left.find(s.str(0));
        if (at == left.end() || at->second.state != s.text(1)) {
          findings.add("purchases", place,
                       "The table says " + s.str(1) + ", by the facts it is " +
                           (at == left.end() ? std::string("none") : at->second.state) + ".",
                       std::string(kRebuild));
        }
        if (at == left.end()) return;
        if (*tells && at->second.told != s.text(3)) {
          findings.add("purchases", place,
                       "By the table its supplier was told \"" + s.str(3) + "\", by the facts \"" +
                           at->second.told + "\".",
                       std::string(kRebuild));
        }
        differs(findings, "purchases", place + " pieces", s.integer(2), at->second.pieces);
        left.erase(at);
      });
  if (ok) missing(findings, "purchases", "p_purchase", left);
  const std::pair<const char*, std::size_t> sums[] = {{"p_supplier", fold.suppliers.size()},
                                                      {"p_supply", fold.supplies.size()}};
  for (const auto& [table, want] : sums) {
    if (!ok) return ok;
    ok = each_row(db, std::string("SELECT count(*) FROM ") + table, [&](const Statement& s) {
      differs(findings, "purchases", std::string(table) + " rows", s.integer(0),
              static_cast<std::int64_t>(want));
    });
  }
  return ok;
}

base::Status check_receiving(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto there = has_table(db, "p_delivery");
  if (!there) return base::pass(there.error());
  if (!*there) return {};
  if (auto ok = check_deliveries(db, fold, findings); !ok) return ok;
  return check_transfers(db, fold, findings);
}

base::Status check_lots(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto there = has_table(db, "p_lot");
  if (!there) return base::pass(there.error());
  if (!*there) return {};
  const auto words = [](const std::string& lot, const std::string& serial, std::int64_t expires,
                        const std::string& ownership, const std::string& owner) {
    return "lot " + lot + " serial " + serial + " expires " + str(expires) + " " + ownership + " " +
           owner;
  };
  std::map<std::string, std::int64_t> want;
  for (const auto& [key, held] : fold.lots) {
    for (const auto& l : held) {
      want[key.first + " at " + key.second + " " +
           words(l.lot, l.serial, l.expires_ms, l.ownership, l.owner)] = l.pieces;
    }
  }
  auto ok = each_row(
      db, "SELECT sku, place, lot, serial, expires_ms, ownership, owner, quantity FROM p_lot",
      [&](const Statement& s) {
        const std::string place = s.str(0) + " at " + s.str(1) + " " +
                                  words(s.str(2), s.str(3), s.integer(4), s.str(5), s.str(6));
        const auto at = want.find(place);
        differs(findings, "lots", "p_lot " + place, s.integer(7),
                at == want.end() ? 0 : at->second);
        if (at != want.end()) want.erase(at);
      });
  if (ok) missing(findings, "lots", "p_lot", want);
  return ok;
}

base::Status check_bins(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto there = has_table(db, "p_bin_stock");
  if (!there) return base::pass(there.error());
  if (!*there) return {};
  const auto words = [](const auto& sku_site) { return sku_site.first + " at " + sku_site.second; };
  std::map<std::string, std::int64_t> want;
  for (const auto& [key, held] : fold.bins) {
    for (const auto& [bin, pieces] : held) want[words(key) + " bin " + bin] = pieces;
  }
  auto ok =
      each_row(db, "SELECT sku, site, bin, quantity FROM p_bin_stock", [&](const Statement& s) {
        const auto key = words(std::pair(s.str(0), s.str(1))) + " bin " + s.str(2);
        const auto at = want.find(key);
        differs(findings, "bins", "p_bin_stock " + key, s.integer(3),
                at == want.end() ? 0 : at->second);
        if (at != want.end()) want.erase(at);
      });
  if (!ok) return ok;
  missing(findings, "bins", "p_bin_stock", want);
  std::map<std::string, std::string> homes;
  for (const auto& [key, bin] : fold.homes) homes[words(key)] = bin;
  ok = each_row(db, "SELECT sku, site, bin FROM p_bin", [&](const Statement& s) {
    const auto key = words(std::pair(s.str(0), s.str(1)));
    const auto at = homes.find(key);
    if (at == homes.end() || at->second != s.text(2)) {
      findings.add("bins", "p_bin " + key,
                   "The table says " + s.str(2) + ", the facts " +
                       (at == homes.end() ? std::string("name none") : "say " + at->second) + ".",
                   std::string(kRebuild));
    }
    if (at != homes.end()) homes.erase(at);
  });
  if (ok) missing(findings, "bins", "p_bin", homes);
  return ok;
}

base::Status check_packed_lots(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto there = has_table(db, "p_packed_lot");
  if (!there) return base::pass(there.error());
  if (!*there) return {};
  const auto words = [](const std::string& box, std::int64_t line, const std::string& lot,
                        const std::string& serial, std::int64_t expires) {
    return box + " line " + str(line) + " lot " + lot + " serial " + serial + " expires " +
           str(expires);
  };
  std::map<std::string, std::int64_t> want;
  const auto add = [&](const std::string& box, const std::vector<BoxLine>& lines) {
    for (const auto& line : lines) {
      for (const auto& l : line.lots) {
        want[words(box, line.line, l.lot, l.serial, l.expires_ms)] += l.pieces;
      }
    }
  };
  for (const auto& lease : fold.leases) add(lease.id, lease.box);
  for (const auto& box : fold.fenced) {
    if (box.open) add(box.id, box.lines);
  }
  auto ok = each_row(db, "SELECT box, line, lot, serial, expires_ms, quantity FROM p_packed_lot",
                     [&](const Statement& s) {
                       const auto place =
                           words(s.str(0), s.integer(1), s.str(2), s.str(3), s.integer(4));
                       const auto at = want.find(place);
                       differs(findings, "lots", "p_packed_lot " + place, s.integer(5),
                               at == want.end() ? 0 : at->second);
                       if (at != want.end()) want.erase(at);
                     });
  if (ok) missing(findings, "lots", "p_packed_lot", want);
  return ok;
}

base::Status check_counts(sqlite::Db& db, const Fold& fold, Findings& findings) {
  const auto there = has_table(db, "p_count");
  if (!there) return base::pass(there.error());
  if (!*there) return {};
  std::map<std::int64_t, const CountSeen*> want;
  for (const auto& [key, shelf] : fold.shelves) {
    for (const auto& count : shelf.counts) want[count.position] = &count;
  }
  for (const auto& [position, count] : fold.bin_counts) want[position] = &count;
  const auto booked = want.size();
  for (const auto& [position, count] : fold.idle_counts) want[position] = &count;
  std::size_t seen = 0, counting = 0;
  auto ok = each_row(
      db, "SELECT position, counted, difference, counts FROM p_count", [&](const Statement& s) {
        const std::string place = "p_count " + str(s.integer(0));
        const auto at = want.find(s.integer(0));
        if (at == want.end()) {
          findings.add("counts", place, "No fact says this count.", std::string(kRebuild));
          return;
        }
        ++seen;
        counting += s.integer(3) != 0 ? 1 : 0;
        differs(findings, "counts", place + " counted", s.integer(1), at->second->pieces);
        differs(findings, "counts", place + " difference", s.integer(2), at->second->difference);
      });
  if (!ok) return ok;
  differs(findings, "counts", "p_count rows", static_cast<std::int64_t>(seen),
          static_cast<std::int64_t>(want.size()));
  differs(findings, "counts", "p_count rows that count", static_cast<std::int64_t>(counting),
          static_cast<std::int64_t>(booked));
  auto left = fold.tasks;
  ok = each_row(db, "SELECT task, state FROM p_count_task", [&](const Statement& s) {
    const auto at = left.find(s.str(0));
    if (at == left.end() || at->second.state != s.text(1)) {
      findings.add("counts", "p_count_task " + s.str(0),
                   "By the facts it is " +
                       (at == left.end() ? std::string("none") : at->second.state) +
                       ", the table says " + s.str(1) + ".",
                   std::string(kRebuild));
    }
    if (at != left.end()) left.erase(at);
  });
  if (ok) missing(findings, "counts", "p_count_task", left);
  return ok;
}

}  // namespace dockline::server::audit
