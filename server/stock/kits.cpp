#include "server/stock/kits.hpp"

#include <algorithm>
#include <set>

#include "shared/base/plant.hpp"

namespace dockline::server::stock {
namespace {

using base::Fault;
using Parts = std::map<std::string, Quantity>;
using Recipes = std::map<std::string, const Recipe*, std::less<>>;

base::Status check(const Recipe& recipe) {
  const auto place = "kit " + recipe.kit;
  if (recipe.kit.empty()) return base::fail(Fault::reject, "a kit has no SKU: give it one");
  if (recipe.parts.empty()) {
    return base::fail(Fault::reject, place + ": no parts; list them, or make it a plain SKU");
  }
  std::set<std::string_view> seen;
  for (const auto& part : recipe.parts) {
    if (part.sku.empty()) return base::fail(Fault::reject, place + ": a part has no SKU");
    if (part.pieces < 1 || part.pieces > kPiecesMax) {
      return base::fail(Fault::reject, place + ": " + std::to_string(part.pieces) + " pieces of " +
                                           part.sku + "; 1 or more are needed");
    }
    if (!seen.insert(part.sku).second) {
      return base::fail(Fault::reject, place + ": " + part.sku +
                                           " is listed twice; list it once with all its pieces");
    }
  }
  return {};
}

// Works out one kit after the kits in it; `way` is the path down, for the message.
class Unfolding {
 public:
  explicit Unfolding(const Recipes& recipes) : recipes_(recipes) {}

  base::Result<Parts> unfold(const Recipe& recipe) {
    if (const auto done = done_.find(recipe.kit); done != done_.end()) return done->second.parts;
    if (std::find(way_.begin(), way_.end(), recipe.kit) != way_.end()) {
      way_.push_back(recipe.kit);
      return base::fail(Fault::reject, "kit " + recipe.kit + " contains itself: " + path() +
                                           "; take it out of one of them");
    }
    way_.push_back(recipe.kit);
    if (way_.size() > kKitDepthMax) return too_deep();
    Done out{.parts = {}, .depth = 1};
    for (const auto& part : recipe.parts) {
      if (auto ok = add(recipe, part, out); !ok) return base::pass(ok.error());
    }
    if (out.parts.size() > kKitPartsMax) {
      return base::fail(Fault::reject, "kit " + recipe.kit + ": " +
                                           std::to_string(out.parts.size()) +
                                           " different parts; at most " +
                                           std::to_string(kKitPartsMax) + " fit, split it");
    }
    way_.pop_back();
    return done_.emplace(recipe.kit, std::move(out)).first->second.parts;
  }

 private:
  struct Done {
    Parts parts;
    std::size_t depth = 1;
  };

  base::Status add(const Recipe& recipe, const Part& part, Done& out) {
    const auto inner = recipes_.find(part.sku);
    if (inner == recipes_.end()) return add(recipe, part.sku, part.pieces, 1, out);
    const auto parts = unfold(*inner->second);
    if (!parts) return base::pass(parts.error());
    out.depth = std::max(out.depth, done_.at(part.sku).depth + 1);
    // A kit worked out before may be deep although the way to it is short.
    if (way_.size() - 1 + out.depth > kKitDepthMax) return base::pass(too_deep().error());
    for (const auto& [sku, pieces] : *parts) {
      if (auto ok = add(recipe, sku, pieces, part.pieces, out); !ok) return ok;
    }
    return {};
  }
  static base::Status add(const Recipe& recipe, const std::string& sku, Quantity pieces,
                          Quantity times, Done& out) {
    auto& sum = out.parts[sku];
    if (pieces > (kPiecesMax - sum) / times) {
      return base::fail(Fault::reject, "kit " + recipe.kit + ": more than " +
                                           std::to_string(kPiecesMax) + " pieces of " + sku +
                                           "; check the quantities");
    }
    sum += pieces * times;
    return {};
  }
  [[nodiscard]] std::unexpected<base::Error> too_deep() const {
    return base::fail(Fault::reject, "kit " + way_.front() + ": kits within kits more than " +
                                         std::to_string(kKitDepthMax) + " deep (" + path() +
                                         "); list the parts themselves");
  }
  [[nodiscard]] std::string path() const {
    std::string out;
    for (const auto& kit : way_) out += (out.empty() ? "" : " > ") + kit;
    return out;
  }

  const Recipes& recipes_;
  std::map<std::string, Done> done_;
  std::vector<std::string> way_;
};

Quantity there(const Stock& stock, std::string_view sku) {
  const auto found = stock.find(sku);
  return found == stock.end() ? 0 : std::clamp<Quantity>(found->second, 0, kPiecesMax);
}

}  // namespace

base::Result<Kits> Kits::make(std::span<const Recipe> recipes) {
  Recipes by_kit;
  for (const auto& recipe : recipes) {
    if (auto ok = check(recipe); !ok) return base::pass(ok.error());
    if (!by_kit.emplace(recipe.kit, &recipe).second) {
      return base::fail(Fault::reject, "kit " + recipe.kit + " is described twice; keep one");
    }
  }
  Unfolding unfolding(by_kit);
  Kits out;
  for (const auto& [kit, recipe] : by_kit) {
    auto parts = unfolding.unfold(*recipe);
    if (!parts) return base::pass(parts.error());
    for (const auto& [part, pieces] : *parts) out.kits_[part].push_back(kit);
    out.parts_.emplace(kit, std::move(*parts));
  }
  return out;
}

bool Kits::is_kit(std::string_view sku) const { return parts_.contains(sku); }

std::vector<Part> Kits::parts_of(std::string_view sku) const {
  const auto found = parts_.find(sku);
  if (found == parts_.end()) return {{std::string(sku), 1}};
  std::vector<Part> out;
  for (const auto& [part, pieces] : found->second) out.push_back({part, pieces});
  return out;
}

base::Result<std::vector<Part>> Kits::explode(std::span<const Part> lines) const {
  Parts sum;
  for (const auto& line : lines) {
    if (line.pieces < 1 || line.pieces > kPiecesMax) {
      return base::fail(Fault::reject, line.sku + ": " + std::to_string(line.pieces) +
                                           " pieces are not within 1 to " +
                                           std::to_string(kPiecesMax));
    }
    for (const auto& part : parts_of(line.sku)) {
      auto& all = sum[part.sku];
      if (part.pieces > (kPiecesMax - all) / line.pieces) {
        return base::fail(Fault::reject, line.sku + ": more than " + std::to_string(kPiecesMax) +
                                             " pieces of " + part.sku + " in all");
      }
      all += part.pieces * line.pieces;
    }
  }
  std::vector<Part> out;
  for (const auto& [sku, pieces] : sum) out.push_back({sku, pieces});
  return out;
}

const std::vector<std::string>& Kits::kits_with(std::string_view part) const {
  static const std::vector<std::string> kNone;
  const auto found = kits_.find(part);
  return found == kits_.end() ? kNone : found->second;
}

base::Result<std::vector<Missing>> missing(const Kits& kits, std::span<const Part> lines,
                                           const Stock& stock) {
  const auto needs = kits.explode(lines);
  if (!needs) return base::pass(needs.error());
  std::vector<Missing> out;
  for (const auto& need : *needs) {
    const auto has = there(stock, need.sku);
    if (has < need.pieces) out.push_back({need.sku, need.pieces, has});
  }
  return out;
}

Made makeable(const Kits& kits, std::string_view sku, const Stock& stock) {
  Made out{.pieces = kPiecesMax, .scarce = ""};
  for (const auto& part : kits.parts_of(sku)) {
    const auto makes = there(stock, part.sku) / part.pieces;
    if (makes < out.pieces || out.scarce.empty()) out = {makes, part.sku};
    if (PLANT("kit-by-its-first-part")) break;
  }
  return out;
}

std::vector<Quantity> jointly(const Kits& kits, std::span<const Wish> wishes, const Stock& stock) {
  std::vector<Quantity> out(wishes.size(), 0);
  Stock left = stock;
  // Each round hands out at least a piece, or an even part of what is left: few rounds even for
  // very many pieces.
  for (bool moved = true; moved;) {
    moved = false;
    const auto before = left;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      const auto& wish = wishes[i];
      const auto even =
          makeable(kits, wish.sku, before).pieces / static_cast<Quantity>(wishes.size());
      const auto give = std::min(
          {std::max<Quantity>(even, 1), wish.most - out[i], makeable(kits, wish.sku, left).pieces});
      if (give < 1) continue;
      out[i] += give;
      moved = true;
      for (const auto& part : kits.parts_of(wish.sku)) left[part.sku] -= part.pieces * give;
    }
  }
  return out;
}

base::Result<KitFigure> kit_sellable(const Kits& kits, std::string_view kit,
                                     std::span<const PartFacts> facts) {
  if (!kits.is_kit(kit)) return base::fail(Fault::reject, std::string(kit) + " is no kit");
  std::map<std::string, Stock, std::less<>> sites;
  Stock sums;
  KitFigure out;
  for (const auto& part : kits.parts_of(kit)) {
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const PartFacts& f) { return f.sku == part.sku; });
    if (found == facts.end()) {
      return base::fail(Fault::reject,
                        "kit " + std::string(kit) + ": nothing is known of its part " + part.sku);
    }
    for (const auto& [site, pieces] : found->sites) sites[site][part.sku] = pieces;
    sums[part.sku] = found->sum.value;
    out.parts.push_back({.sku = part.sku,
                         .needed = part.pieces,
                         .there = found->sum.value,
                         .makes = there(sums, part.sku) / part.pieces,
                         .as_of_ms = found->sum.as_of_ms});
  }
  Quantity by_site = 0;
  for (const auto& [site, stock] : sites) {
    by_site = std::min(kPiecesMax, by_site + makeable(kits, kit, stock).pieces);
  }
  const auto all = makeable(kits, kit, sums);
  const bool apart = by_site < all.pieces;
  std::int64_t as_of = 0;
  for (const auto& part : out.parts) {
    if (part.as_of_ms != 0 && (as_of == 0 || part.as_of_ms < as_of)) as_of = part.as_of_ms;
  }
  out.figure = figure_of(
      {{.name = "made_of_parts",
        .of = apart ? std::string(kit) : all.scarce,
        .value = std::min(by_site, all.pieces),
        .as_of_ms = as_of,
        .why = apart ? "its parts lie at different sites" : "the part that runs out first"}});
  return out;
}

}  // namespace dockline::server::stock
