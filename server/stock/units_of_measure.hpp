// Each, case, pallet: how many pieces a named unit stands for, as the item's bar codes say it, and
// pieces in words of units. What is no unit of the item, or is beyond any movement, is refused with
// what would fit. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::stock {

struct Measure {
  std::string unit;
  Quantity pieces = 1;
  friend bool operator==(const Measure&, const Measure&) = default;
};

class Measures {
 public:
  // The units that bar codes of the SKU name. One that two of them give different sizes is none
  // until the item is corrected: nobody can say how many pieces it was.
  Measures(std::string_view sku, std::span<const domain::Barcode> barcodes);

  // Pieces of `count` units, 0 of 0. Fault::reject names the SKU, the unit and the remedy: no unit
  // of it, one of two sizes, a count below 0, or more than kLineQuantityMax pieces in all.
  [[nodiscard]] base::Result<Quantity> pieces(std::string_view unit, std::int64_t count) const;

  struct Counted {
    std::string unit;  // empty: loose pieces
    std::int64_t count = 0;
    friend bool operator==(const Counted&, const Counted&) = default;
  };
  // As few as possible of the largest units first, loose pieces last: "3 case, 2". Nothing below
  // one piece.
  [[nodiscard]] std::vector<Counted> in_words(Quantity pieces) const;
  // The largest first, then by name.
  [[nodiscard]] const std::vector<Measure>& units() const { return units_; }

 private:
  std::string sku_;
  std::vector<Measure> units_;
  std::vector<std::string> doubtful_;  // units of two sizes
};

}  // namespace dockline::server::stock
