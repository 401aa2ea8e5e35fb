// Kits and bundles: recipes over SKUs, nested, sharing parts. A kit has no stock of its own; what
// can be made of its parts is what there is of it, and reservations are rows of its parts.
//
// The rule that keeps parts from being oversold: lines are exploded together and their needs summed
// before they are held against the stock, and figures that stand side by side (jointly()) can all
// be sold at once. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/derivation.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

inline constexpr std::size_t kKitDepthMax = 8;    // kits within kits: deeper is a mistake
inline constexpr std::size_t kKitPartsMax = 200;  // different SKUs in the end
inline constexpr std::size_t kKitsMax = 5'000;    // kept in memory, all made anew when one changes

struct Part {
  std::string sku;
  Quantity pieces = 0;
  friend bool operator==(const Part&, const Part&) = default;
};
struct Recipe {
  std::string kit;
  std::vector<Part> parts;  // of one kit; a part may be a kit
};

class Kits {
 public:
  // Fault::reject names the kit, the way down to the fault and the remedy: no parts, a part listed
  // twice or without pieces, a kit described twice, a circle, too deep, too many.
  [[nodiscard]] static base::Result<Kits> make(std::span<const Recipe> recipes);

  [[nodiscard]] bool is_kit(std::string_view sku) const;
  // What one piece of a SKU is made of in the end, by SKU; a SKU that is no kit is its own part.
  [[nodiscard]] std::vector<Part> parts_of(std::string_view sku) const;
  // What all lines together need, by SKU. Fault::reject: a quantity below 1 or beyond kPiecesMax.
  [[nodiscard]] base::Result<std::vector<Part>> explode(std::span<const Part> lines) const;
  // The kits that change with a part, by SKU: whose figures are to be made anew.
  [[nodiscard]] const std::vector<std::string>& kits_with(std::string_view part) const;
  [[nodiscard]] std::size_t size() const { return parts_.size(); }

 private:
  std::map<std::string, std::map<std::string, Quantity>, std::less<>> parts_;  // in the end
  std::map<std::string, std::vector<std::string>, std::less<>> kits_;          // by part
};

// Sellable pieces by SKU; a SKU that is not listed has none.
using Stock = std::map<std::string, Quantity, std::less<>>;

struct Missing {
  std::string sku;
  Quantity needed = 0, there = 0;
};
// What is missing to ship all lines at once; empty when all can be.
[[nodiscard]] base::Result<std::vector<Missing>> missing(const Kits& kits,
                                                         std::span<const Part> lines,
                                                         const Stock& stock);

// How many of a SKU can be made when nothing else is sold, and which part ends first.
struct Made {
  Quantity pieces = 0;
  std::string scarce;  // the part that runs out first
};
[[nodiscard]] Made makeable(const Kits& kits, std::string_view sku, const Stock& stock);

// Figures for listings that share parts, such that all of them can be sold out at once. Each gets
// an even part of what is left, several times over, the earlier ones first; `most` bounds one.
struct Wish {
  std::string sku;
  Quantity most = kPiecesMax;
};
[[nodiscard]] std::vector<Quantity> jointly(const Kits& kits, std::span<const Wish> wishes,
                                            const Stock& stock);

// What can be made of a kit: at each site of what lies there, summed, and never more than the parts
// of all sites give after what is bought but not routed. One term, with the parts behind it.
struct PartFacts {
  std::string sku;
  std::vector<std::pair<std::string, Quantity>> sites;  // available to promise, sites that serve
  Figure sum;                                           // sellable() of the part
};
struct KitPart {
  std::string sku;
  Quantity needed = 0;  // in one kit
  Quantity there = 0;   // sellable over all sites
  Quantity makes = 0;   // kits
  std::int64_t as_of_ms = 0;
};
struct KitFigure {
  Figure figure;  // for told()
  std::vector<KitPart> parts;
};
// Fault::reject: the SKU is no kit, or a part has no facts (they are named).
[[nodiscard]] base::Result<KitFigure> kit_sellable(const Kits& kits, std::string_view kit,
                                                   std::span<const PartFacts> parts);

}  // namespace dockline::server::stock
