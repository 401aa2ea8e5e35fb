// One entry of a file of items, bar codes, suppliers, supplies, deliveries, counts or sites: asked
// for as a person would ask for it, and refused with the same words.
#include <algorithm>

#include "server/app/import_run.hpp"
#include "server/app/intake.hpp"
#include "server/app/site_rules.hpp"
#include "server/app/stock_desk.hpp"
#include "server/orders/intake.hpp"
#include "server/rulebook/rulebook.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server {
namespace {

using base::Fault;

std::string text(const imports::Unit& u, const char* field) {
  const auto found = u.fields.find(field);
  return found == u.fields.end() ? std::string() : found->second;
}

std::optional<std::int64_t> number(const imports::Unit& u, const char* field) {
  const auto found = u.fields.find(field);  // the plan has made digits of it
  return found == u.fields.end() ? std::nullopt : std::optional(std::stoll(found->second));
}

StockCommand command_of(const std::string& kind, const imports::Unit& u, const std::string& file,
                        const std::string& site) {
  const std::string by = "import:" + file;
  if (kind == "suppliers") {
    return SetSupplier{text(u, "supplier"),
                       text(u, "title"),
                       text(u, "email"),
                       text(u, "webhook"),
                       number(u, "lead_days").value_or(0),
                       number(u, "review_days").value_or(7),
                       by};
  }
  if (kind == "supplies") {
    auto price = number(u, "price_minor");
    if (!price) price = number(u, "price");
    return DefineSupply{text(u, "sku"),
                        text(u, "supplier"),
                        number(u, "rank").value_or(1),
                        text(u, "supplier_sku"),
                        std::max<std::int64_t>(1, number(u, "pack").value_or(1)),
                        number(u, "minimum").value_or(0),
                        price,
                        text(u, "currency"),
                        number(u, "safety_days").value_or(0),
                        by};
  }
  if (kind == "counts") {
    return CountStock{text(u, "sku"), site, number(u, "quantity").value_or(0), text(u, "bin"), by};
  }
  AnnounceDelivery out{
      text(u, "delivery"), text(u, "supplier"), site, number(u, "expected"), {}, by};
  for (const auto& [sku, quantity] : u.lines) out.lines.push_back({sku, quantity});
  return out;
}

}  // namespace

base::Result<std::string> ImportRun::item_entry(const imports::Unit& u, const std::string& site) {
  const std::string sku = orders::normal_sku(text(u, "sku"));
  domain::Item item = core_.store->stock.item(sku).value_or(domain::Item{sku, {}, {}, {}, {}});
  item.title = text(u, "title");
  if (const auto codes = text(u, "barcode"); !codes.empty()) {
    auto named = barcodes_of(codes);
    for (auto& barcode : named) {  // a list of codes does not say that one is on a case of twelve
      for (const auto& known : item.barcodes) {
        if (known.code == barcode.code) barcode = known;
      }
    }
    item.barcodes = std::move(named);
  }
  if (const auto weight = number(u, "weight_g")) item.weight_g = weight;
  if (const auto yes = number(u, "hazardous")) item.hazardous = *yes != 0;
  if (const auto yes = number(u, "cold_chain")) item.cold_chain = *yes != 0;
  if (const auto by = text(u, "tracked"); !by.empty()) item.tracked = by;
  if (auto cost = number(u, "cost_minor"); cost || (cost = number(u, "cost"))) {
    item.cost_minor = cost;
  }
  const auto taken = take_item(core_, std::move(item), "import:" + job_->file);
  if (!taken) return base::pass(taken.error());
  if (const auto bin = text(u, "bin"); !bin.empty()) {
    const auto placed = take_bin(core_, sku, site, bin);
    if (!placed) return base::pass(placed.error());
  }
  return sku;
}

base::Result<std::string> ImportRun::barcode_entry(const imports::Unit& u) {
  const std::string sku = orders::normal_sku(text(u, "sku"));
  auto item = core_.store->stock.item(sku);
  if (!item) {
    return base::fail(Fault::reject,
                      "sku: \"" + sku + "\" is not known; take the file of items in first");
  }
  const std::string code = text(u, "barcode");
  auto at = std::ranges::find(item->barcodes, code, &domain::Barcode::code);
  if (at == item->barcodes.end()) at = item->barcodes.insert(at, {code, 1});
  if (const auto pieces = number(u, "pieces")) at->pieces = *pieces;
  if (const auto unit = text(u, "unit"); !unit.empty()) at->unit = unit;
  const auto taken = take_item(core_, std::move(*item), "import:" + job_->file);
  if (!taken) return base::pass(taken.error());
  return sku;
}

// Nothing is written where that holds already, whether people said it or the routing file does.
base::Result<std::string> ImportRun::site_entry(const imports::Unit& u) {
  const rulebook::SiteValues values(u.fields.begin(), u.fields.end());
  const auto read = rulebook::read_site(u.site, values);
  if (!read) {
    auto problems = read.error();
    for (auto& p : problems) {
      const auto at = plan_.columns.find(p.key);
      if (at == plan_.columns.end()) continue;
      p.what = "\"" + base::printable(text(u, p.key.c_str()), 60) + "\": " + p.what;
      p.key = "column " + std::to_string(at->second) + " (" + p.key + ")";
    }
    return base::fail(Fault::reject, rulebook::in_one_line(problems));
  }
  if (as_in_file(core_, read->declared)) return u.site;
  const auto done =
      take_site(core_, {u.site, values, "file " + job_->file, "import:" + job_->file});
  if (!done) return base::pass(done.error());
  return u.site;
}

base::Status ImportRun::entry(const imports::Unit& u) {
  const std::string site = text(u, "site").empty() ? job_->site : text(u, "site");
  base::Result<std::string> subject;
  if (job_->kind == "items") {
    subject = item_entry(u, site);
  } else if (job_->kind == "barcodes") {
    subject = barcode_entry(u);
  } else if (job_->kind == "sites") {
    subject = site_entry(u);
  } else {
    const auto done = desk_.run(command_of(job_->kind, u, job_->file, site));
    subject = done ? base::Result<std::string>(done->id) : base::pass(done.error());
  }
  if (!subject && subject.error().fault != Fault::reject &&
      subject.error().fault != Fault::conflict) {
    return base::pass(subject.error());
  }
  for (const auto row : u.rows) {
    if (subject) {
      outcome(row, "item", *subject);
    } else {
      reject(row, u.key, subject.error().detail);
    }
  }
  return {};
}

}  // namespace dockline::server
