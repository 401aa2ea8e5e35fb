// Flawed listings: no projection, so only whether the table can be what a reading left.
#include "server/audit/tables.hpp"

namespace dockline::server::audit {
namespace {

using sqlite::Statement;

constexpr std::int64_t kKeptMax = 1'000;  // per channel and flaw
constexpr std::string_view kAnew =
    "Stop the server, delete the row with sqlite3 and start it: the next reading of the channel "
    "makes the table anew.";

}  // namespace

base::Status check_listings(sqlite::Db& db, Findings& findings) {
  bool there = false;  // a file of a program before 0027 has no such table
  auto ok = each_row(db, "SELECT 1 FROM sqlite_master WHERE name = 'listing_flaw'",
                     [&](const Statement&) { there = true; });
  if (!ok || !there) return ok;
  ok = each_row(db,
                "SELECT channel, listing, sku, flaw FROM listing_flaw WHERE (flaw = 'no_sku') <> "
                "(trim(sku) = '')",
                [&](const Statement& s) {
                  findings.add("listings", "listing " + s.str(1) + " of " + s.str(0),
                               "Its SKU is \"" + s.str(2) + "\" and its flaw " + s.str(3) + ".",
                               std::string(kAnew));
                });
  if (!ok) return ok;
  return each_row(
      db, "SELECT channel, flaw, count(*) FROM listing_flaw GROUP BY 1, 2 HAVING count(*) > ?1",
      [&](const Statement& s) {
        findings.add("listings", "channel " + s.str(0),
                     str(s.integer(2)) + " listings with flaw " + s.str(1) + " are kept; " +
                         str(kKeptMax) + " are the most.",
                     std::string(kAnew));
      },
      kKeptMax);
}

}  // namespace dockline::server::audit
