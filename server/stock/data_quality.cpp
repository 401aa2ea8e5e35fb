#include "server/stock/data_quality.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include "server/stock/look_alike.hpp"

namespace dockline::server::stock {
namespace {

using Findings = std::vector<Finding>;

constexpr std::size_t kNamed = 8;  // of a group, in one finding

// What every check looks things up in.
struct Known {
  const Rules& rules;
  std::map<std::string, std::vector<std::string>> skus;  // normal form -> SKUs as they are written
  std::set<std::string> kits;                            // normal form
  // A form of look_alike.hpp -> SKUs of items and kits in normal form that have it.
  std::map<std::string, std::vector<std::string>> plain, read;
};

Known known(const Catalogue& catalogue, const Rules& rules) {
  Known out{.rules = rules, .skus = {}, .kits = {}, .plain = {}, .read = {}};
  for (const auto& item : catalogue.items) out.skus[rules.normal_sku(item.sku)].push_back(item.sku);
  for (const auto& kit : catalogue.kits) out.kits.insert(rules.normal_sku(kit.kit));
  const auto add = [&](const std::string& sku) {
    if (auto form = plain_form(sku); !form.empty()) out.plain[std::move(form)].push_back(sku);
    if (auto form = read_form(sku); !form.empty()) out.read[std::move(form)].push_back(sku);
  };
  for (const auto& [sku, written] : out.skus) add(sku);
  for (const auto& kit : out.kits) {
    if (!out.skus.contains(kit)) add(kit);
  }
  return out;
}

template <class Names>
std::string listed(const Names& names, std::string_view quote) {
  std::string out;
  std::size_t n = 0;
  for (const auto& one : names) {
    if (n++ == kNamed) {
      return out + " and " + std::to_string(names.size() - kNamed) + " more";
    }
    out += (out.empty() ? "" : ", ") + std::string(quote) + one + std::string(quote);
  }
  return out;
}

void check_skus(const Known& known, Findings& out) {
  for (const auto& [normal, skus] : known.skus) {
    if (skus.size() < 2) continue;
    out.push_back({Flaw::duplicate_sku, "item " + normal,
                   std::to_string(skus.size()) + " items are one SKU: " + listed(skus, "\""),
                   "keep one of them, or give the others a SKU of their own"});
  }
}

void look_alike(const std::vector<std::string>& skus, std::string_view how, Findings& out) {
  out.push_back({Flaw::look_alike_sku, "item " + skus.front(),
                 std::to_string(skus.size()) + " SKUs differ in " + std::string(how) +
                     " only: " + listed(skus, "\""),
                 "if they are one article, keep one SKU: count the pieces over to it and correct "
                 "the channels; if not, tell packers and buyers how to tell them apart"});
}

void check_look_alikes(const Known& known, Findings& out) {
  for (const auto& [form, skus] : known.plain) {
    if (skus.size() > 1) look_alike(skus, "separators or leading zeros", out);
  }
  for (const auto& [form, skus] : known.read) {
    if (skus.size() < 2) continue;
    const auto plain = plain_form(skus.front());
    const bool said =
        std::ranges::all_of(skus, [&](const std::string& sku) { return plain_form(sku) == plain; });
    if (!said) look_alike(skus, "O and 0, I and 1, or separators", out);
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
    out.push_back({Flaw::shared_barcode, "bar code " + std::string(code),
                   "it is on " + std::to_string(skus.size()) + " SKUs: " + listed(skus, ""),
                   "look which goods carry it, take it off the others"});
  }
}

std::string place_of(const Listing& listing) {
  return (listing.id.empty() ? "a listing" : "listing " + listing.id) + " of " + listing.channel;
}

std::string titled(const Listing& listing) {
  return listing.title.empty() ? "it" : "\"" + listing.title + "\"";
}

// Ours that this one was probably meant to be.
std::string meant(const std::string& sku, const Known& known) {
  for (const auto& [forms, form] :
       {std::pair{&known.plain, plain_form(sku)}, std::pair{&known.read, read_form(sku)}}) {
    const auto found = forms->find(form);
    if (found != forms->end()) return "is " + listed(found->second, "\"") + " meant? ";
  }
  return {};
}

void check_listing(const Listing& listing, const std::string& sku, const Known& known,
                   Findings& out) {
  if (sku.empty()) {
    out.push_back({Flaw::listing_without_sku, place_of(listing), titled(listing) + " has no SKU",
                   "enter the SKU of its item there: without one its stock is not told, and an "
                   "order of it comes to a person",
                   listing.seen_ms});
  } else if (!listing.known && !known.skus.contains(sku) && !known.kits.contains(sku)) {
    out.push_back({Flaw::listing_of_unknown_sku, place_of(listing),
                   "no item and no kit has the SKU \"" + sku + "\" of " + titled(listing),
                   meant(sku, known) + "correct the SKU there, or import the item",
                   listing.seen_ms});
  }
}

// A listing without an id of its own is not told from another.
void check_shared_skus(const Catalogue& catalogue, const Known& known, Findings& out) {
  struct Sharing {
    std::set<std::string> ids;
    std::int64_t seen_ms = 0;  // of the newest of them: since then there are so many
  };
  std::map<std::array<std::string, 3>, Sharing> at;  // channel, location, normal form
  for (const auto& listing : catalogue.listings) {
    const auto sku = known.rules.normal_sku(listing.sku);
    if (sku.empty() || listing.id.empty()) continue;
    auto& sharing = at[{listing.channel, listing.location, sku}];
    sharing.ids.insert(listing.id);
    sharing.seen_ms = std::max(sharing.seen_ms, listing.seen_ms);
  }
  for (const auto& [where, sharing] : at) {
    if (sharing.ids.size() < 2) continue;
    const auto& [channel, location, sku] = where;
    out.push_back({Flaw::shared_sku,
                   "listings " + listed(sharing.ids, "") + " of " + channel +
                       (location.empty() ? "" : " at " + location),
                   "all of them have the SKU \"" + sku + "\"",
                   "give each a SKU of its own there, or take one down: which of them a figure is "
                   "for, nobody can tell",
                   sharing.seen_ms});
  }
}

void check_listings(const Catalogue& catalogue, const Known& known, Findings& out) {
  std::set<std::array<std::string, 3>> said;  // one at several places is said once
  for (const auto& listing : catalogue.listings) {
    const auto sku = known.rules.normal_sku(listing.sku);
    if (said.insert({listing.channel, listing.id, sku}).second) {
      check_listing(listing, sku, known, out);
    }
  }
  check_shared_skus(catalogue, known, out);
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
    case Flaw::listing_without_sku:
      return "listing_without_sku";
    case Flaw::listing_of_unknown_sku:
      return "listing_of_unknown_sku";
    case Flaw::shared_sku:
      return "shared_sku";
    case Flaw::shared_barcode:
      return "shared_barcode";
    case Flaw::unknown_part:
      return "unknown_part";
    case Flaw::wrong_kit:
      return "wrong_kit";
    case Flaw::no_barcode:
      return "no_barcode";
    case Flaw::wrong_check_digit:
      return "wrong_check_digit";
    case Flaw::look_alike_sku:
      return "look_alike_sku";
    case Flaw::no_weight:
      return "no_weight";
  }
  return "";
}

std::optional<Flaw> flaw_named(std::string_view named) {
  for (int flaw = 0; flaw < kFlaws; ++flaw) {
    if (name(static_cast<Flaw>(flaw)) == named) return static_cast<Flaw>(flaw);
  }
  return std::nullopt;
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
  check_look_alikes(all, out);
  Findings sorted;
  sorted.reserve(out.size());
  for (int flaw = 0; flaw < kFlaws; ++flaw) {
    std::copy_if(out.begin(), out.end(), std::back_inserter(sorted),
                 [&](const Finding& f) { return static_cast<int>(f.flaw) == flaw; });
  }
  return sorted;
}

}  // namespace dockline::server::stock
