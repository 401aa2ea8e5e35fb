// One row of a stock file: what was counted at a site.
#include <algorithm>

#include "server/app/import_run.hpp"
#include "server/app/intake.hpp"

namespace dockline::server {
namespace {

using base::Fault;

}  // namespace

std::vector<domain::Barcode> ImportRun::barcodes_of(const std::string& text) {
  std::vector<domain::Barcode> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find_first_of(" |;", at), text.size());
    if (end > at) out.push_back({text.substr(at, end - at), 1});
    at = end + 1;
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return out;
}

// What the row says; what it leaves open stays as the catalogue has it.
domain::Item ImportRun::item_of(const imports::Unit& u, const std::optional<domain::Item>& known) {
  domain::Item item = known.value_or(domain::Item{u.sku, u.sku, std::nullopt, {}, std::nullopt});
  if (!u.title.empty()) item.title = u.title;
  if (!u.barcodes.empty()) item.barcodes = barcodes_of(u.barcodes);
  if (u.weight_g) item.weight_g = u.weight_g;
  return item;
}

base::Status ImportRun::stock(const imports::Unit& u) {
  const auto row = u.rows.front();
  const std::string site = u.site.empty() ? job_->site : u.site;
  const bool known_site = std::any_of(core_.config.sites.begin(), core_.config.sites.end(),
                                      [&](const SiteConfig& s) { return s.name == site; });
  if (!known_site) {
    reject(row, u.key, "site \"" + site + "\" is not configured");
    return {};
  }
  auto changed =
      take_item(core_, item_of(u, core_.store->stock.item(u.sku)), "import:" + job_->file);
  if (!changed && changed.error().fault != Fault::reject) return base::pass(changed.error());
  if (!changed) {
    reject(row, u.key, changed.error().detail);
    return {};
  }
  if (!u.bin.empty()) {
    const auto placed = take_bin(core_, u.sku, site, u.bin);
    if (!placed) return base::pass(placed.error());
  }
  const std::string shelf = ledger::shelf(site);
  const auto difference = u.quantity - core_.store->stock.balance(u.sku, shelf);
  if (difference != 0) {
    // The first count of a new item is what the supplier once brought; later ones are corrections.
    const std::string other(core_.store->stock.figure(u.sku, site).moved ? ledger::kAdjustment
                                                                         : ledger::kSupplier);
    const auto kept =
        core_.record(wire::StockMoved{u.sku, std::abs(difference), difference > 0 ? other : shelf,
                                      difference > 0 ? shelf : other, "count in " + job_->file},
                     {.subject = u.sku});
    if (!kept) return base::pass(kept.error());
  }
  outcome(row, difference == 0 ? "item" : "adjustment", u.sku);
  return {};
}

}  // namespace dockline::server
