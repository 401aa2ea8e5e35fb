#include "server/store/bin_book.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr int kPartsMax = 1'000;  // of one bin's contents; a movement has its own limit

// To the home bin of the same shelf, in as many movements as it takes.
void take(std::vector<ledger::Move>& out, std::string_view sku, const std::string& shelf,
          const std::string& bin, Quantity pieces) {
  for (int part = 0; pieces > 0 && part < kPartsMax; ++part) {
    const auto some = std::min(pieces, base::limits::kLineQuantityMax);
    pieces -= some;
    out.push_back({std::string(sku), some, shelf, shelf, bin, {}});
  }
}

}  // namespace

BinBook::BinBook(sqlite::Db& db, Trouble& t)
    : some_(db, t, "SELECT 1 FROM p_bin_stock LIMIT 1"),
      any_(db, t, "SELECT 1 FROM p_bin_stock WHERE sku = ?1 AND site = ?2 LIMIT 1"),
      rows_(db, t,
            "SELECT bin, quantity FROM p_bin_stock WHERE sku = ?1 AND site = ?2 ORDER BY bin"),
      held_(db, t, "SELECT quantity FROM p_bin_stock WHERE sku = ?1 AND site = ?2 AND bin = ?3"),
      sum_(db, t,
           "SELECT coalesce(sum(quantity), 0) FROM p_bin_stock WHERE sku = ?1 AND site = ?2"),
      put_(db, t,
           "INSERT OR REPLACE INTO p_bin_stock(sku, site, bin, quantity) VALUES(?1, ?2, ?3, ?4)"),
      drop_(db, t, "DELETE FROM p_bin_stock WHERE sku = ?1 AND site = ?2 AND bin = ?3") {}

bool BinBook::any(std::string_view sku, std::string_view site) {
  if (!looked_) {
    looked_ = true;
    empty_ = !some_.integer().has_value();
  }
  return !empty_ && any_.integer(sku, site).has_value();
}

Quantity BinBook::held(std::string_view sku, std::string_view site, std::string_view bin) {
  return any(sku, site) ? held_.integer(sku, site, bin).value_or(0) : 0;
}

Quantity BinBook::sum(std::string_view sku, std::string_view site) {
  return any(sku, site) ? sum_.integer(sku, site).value_or(0) : 0;
}

void BinBook::add(std::string_view sku, std::string_view place, std::string_view bin,
                  Quantity change) {
  if (bin.empty()) return;  // the home bin is what is left
  const auto site = ledger::site_of(place);
  const auto now = held(sku, site, bin) + change;
  if (now > 0) {
    looked_ = true;
    empty_ = false;
    put_.run(sku, site, bin, now);
  } else {
    drop_.run(sku, site, bin);
  }
}

void BinBook::move(const ledger::Move& move) {
  add(move.sku, move.from, move.from_bin, -move.quantity);
  add(move.sku, move.to, move.to_bin, move.quantity);
}

std::vector<ledger::Move> BinBook::beyond(std::string_view sku, std::string_view site,
                                          Quantity balance) {
  std::vector<ledger::Move> out;
  if (!any(sku, site)) return out;
  const std::string shelf = ledger::shelf(site);
  auto left = sum(sku, site) - std::max<Quantity>(0, balance);
  if (left <= 0) return out;
  if (PLANT("bin-not-emptied")) return out;
  rows_.each(
      [&](const Statement& s) {
        const auto pieces = std::min(left, s.integer(1));
        left -= pieces;
        take(out, sku, shelf, s.str(0), pieces);
      },
      sku, site);
  return out;
}

std::vector<ledger::Move> BinBook::dissolve(std::string_view sku, std::string_view site,
                                            std::string_view bin) {
  std::vector<ledger::Move> out;
  take(out, sku, ledger::shelf(site), std::string(bin), held(sku, site, bin));
  return out;
}

}  // namespace dockline::server::store
