#include "server/stock/data_quality.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace dockline::server::stock {
namespace {

using Findings = std::vector<Finding>;

// What every check looks things up in.
struct Known {
  const Rules& rules;
  std::map<std::string, std::vector<std::string>> skus;  // normal form -> SKUs as they are written
  std::set<std::string> kits;                            // normal form
};

Known known(const Catalogue& catalogue, const Rules& rules) {
  Known out{.rules = rules, .skus = {}, .kits = {}};
  for (const auto& item : catalogue.items) out.skus[rules.normal_sku(item.sku)].push_back(item.sku);
  for (const auto& kit : catalogue.kits) out.kits.insert(rules.normal_sku(kit.kit));
  return out;
}

void check_skus(const Known& known, Findings& out) {
  for (const auto& [normal, skus] : known.skus) {
    if (skus.size() < 2) continue;
    std::string all;
    for (const auto& sku : skus) all += (all.empty() ? "\"" : ", \"") + sku + "\"";
    out.push_back({Flaw::duplicate_sku, "item " + normal,
                   std::to_string(skus.size()) + " items are one SKU: " + all,
                   "keep one of them, or give the others a SKU of their own"});
  }
}

void check_item(const domain::Item& item, const Known& known, Findings& out) {
  const auto place = "item " + item.sku;
  if (item.barcodes.empty()) {
    out.push_back({Flaw::no_barcode, place, "it has no bar code",
                   "enter the one on the goods, or print labels for it"});
  }
  for (const auto& barcode : item.barcodes) {
    if (!wrong_check_digit(barcode.code, known.rules)) continue;
    out.push_back({Flaw::wrong_check_digit, place,
                   "bar code " + barcode.code + " ends in a wrong check digit",
                   "scan it from the goods instead of typing it"});
  }
  if (item.weight_g.value_or(0) <= 0) {
    out.push_back(
        {Flaw::no_weight, place, "its weight is not known", "weigh one piece and enter the grams"});
  }
}

void check_barcodes(const Catalogue& catalogue, const Known& known, Findings& out) {
  std::map<std::string_view, std::set<std::string>> at;  // code -> SKUs in normal form
  for (const auto& item : catalogue.items) {
    for (const auto& barcode : item.barcodes) {
      at[barcode.code].insert(known.rules.normal_sku(item.sku));
    }
  }
  for (const auto& [code, skus] : at) {
    if (skus.size() < 2) continue;
    std::string all;
    for (const auto& sku : skus) all += (all.empty() ? "" : ", ") + sku;
    out.push_back({Flaw::shared_barcode, "bar code " + std::string(code),
                   "it is on " + std::to_string(skus.size()) + " SKUs: " + all,
                   "look which goods carry it, take it off the others"});
  }
}

void check_listings(const Catalogue& catalogue, const Known& known, Findings& out) {
  for (const auto& listing : catalogue.listings) {
    const auto place = "listing " + listing.id + " of " + listing.channel;
    const auto sku = known.rules.normal_sku(listing.sku);
    if (sku.empty()) {
      out.push_back({Flaw::listing_without_sku, place, "\"" + listing.title + "\" has no SKU",
                     "enter the SKU of its item there: without one no stock is shown"});
    } else if (!known.skus.contains(sku) && !known.kits.contains(sku)) {
      out.push_back({Flaw::listing_of_unknown_sku, place, "no item and no kit has its SKU " + sku,
                     "correct the SKU there, or import the item"});
    }
  }
}

void check_kits(const Catalogue& catalogue, const Known& known, Findings& out) {
  std::vector<Recipe> recipes;
  for (const auto& kit : catalogue.kits) {
    Recipe recipe{known.rules.normal_sku(kit.kit), {}};
    for (const auto& part : kit.parts) {
      const auto sku = known.rules.normal_sku(part.sku);
      recipe.parts.push_back({sku, part.pieces});
      if (known.skus.contains(sku) || known.kits.contains(sku)) continue;
      out.push_back({Flaw::unknown_part, "kit " + kit.kit,
                     "no item and no kit has the SKU of its part " + sku,
                     "correct the part, or import the item: until then the kit has no stock"});
    }
    recipes.push_back(std::move(recipe));
  }
  if (const auto made = Kits::make(recipes); !made) {
    out.push_back({Flaw::wrong_kit, "kits", made.error().detail, "correct the recipe named"});
  }
}

}  // namespace

std::string_view name(Flaw flaw) {
  switch (flaw) {
    case Flaw::duplicate_sku:
      return "duplicate_sku";
    case Flaw::no_barcode:
      return "no_barcode";
    case Flaw::shared_barcode:
      return "shared_barcode";
    case Flaw::wrong_check_digit:
      return "wrong_check_digit";
    case Flaw::no_weight:
      return "no_weight";
    case Flaw::listing_without_sku:
      return "listing_without_sku";
    case Flaw::listing_of_unknown_sku:
      return "listing_of_unknown_sku";
    case Flaw::unknown_part:
      return "unknown_part";
    case Flaw::wrong_kit:
      return "wrong_kit";
  }
  return "";
}

bool wrong_check_digit(std::string_view code, const Rules& rules) {
  const auto n = code.size();
  if (n != 8 && n != 12 && n != 13 && n != 14) return false;
  if (code.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return rules.check_digit(code.substr(0, n - 1)) != code.back();
}

std::vector<Finding> report(const Catalogue& catalogue, const Rules& rules) {
  const auto all = known(catalogue, rules);
  Findings out;
  check_skus(all, out);
  for (const auto& item : catalogue.items) {
    if (!all.kits.contains(rules.normal_sku(item.sku))) check_item(item, all, out);
  }
  check_barcodes(catalogue, all, out);
  check_listings(catalogue, all, out);
  check_kits(catalogue, all, out);
  Findings sorted;
  sorted.reserve(out.size());
  for (int flaw = 0; flaw <= static_cast<int>(Flaw::wrong_kit); ++flaw) {
    std::copy_if(out.begin(), out.end(), std::back_inserter(sorted),
                 [&](const Finding& f) { return static_cast<int>(f.flaw) == flaw; });
  }
  return sorted;
}

}  // namespace dockline::server::stock
