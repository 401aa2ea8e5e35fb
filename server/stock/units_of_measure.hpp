// Each, case, pallet: how many pieces a scanned bar code stands for, and back. What does not come
// out even, or is beyond any movement, is refused with what would fit. Pure; any thread.
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

inline constexpr std::size_t kMeasuresMax = 16;  // of one SKU

// A unit of measure of one SKU: "case" holds 12 of "each", "pallet" 40 of "case".
struct Measure {
  std::string unit;
  Quantity holds = 1;
  std::string of;                  // the unit it holds; empty: pieces
  std::vector<std::string> codes;  // bar codes that stand for one of it
};

class Measures {
 public:
  // Fault::reject names the SKU, the unit and the remedy: a unit twice, one that holds nothing or
  // an unknown unit or itself, a bar code on two units, too many, a unit of more than
  // kLineQuantityMax pieces (the most that one movement takes).
  [[nodiscard]] static base::Result<Measures> make(std::string_view sku,
                                                   std::span<const Measure> measures);

  // Pieces of `count` scans of a bar code. Fault::reject: unknown code, count below 1, or more than
  // kLineQuantityMax pieces in all.
  [[nodiscard]] base::Result<Quantity> scanned(std::string_view code, std::int64_t count) const;
  // Pieces of `count` units. The same refusals.
  [[nodiscard]] base::Result<Quantity> pieces(std::string_view unit, std::int64_t count) const;
  // How many units these pieces are. Fault::reject: unknown unit, negative, or they do not come out
  // even: the message says how many are left over.
  [[nodiscard]] base::Result<std::int64_t> count(std::string_view unit, Quantity pieces) const;

  struct Counted {
    std::string unit;  // empty: loose pieces
    std::int64_t count = 0;
    friend bool operator==(const Counted&, const Counted&) = default;
  };
  // As few as possible of the largest units first, loose pieces last: "3 case, 2".
  [[nodiscard]] std::vector<Counted> in_words(Quantity pieces) const;
  // As items carry their bar codes (shared/domain), by code.
  [[nodiscard]] std::vector<domain::Barcode> barcodes() const;

 private:
  struct Unit {
    std::string unit;
    Quantity pieces = 1;
  };
  [[nodiscard]] base::Result<Quantity> times(const Unit& unit, std::int64_t count) const;
  [[nodiscard]] const Unit* find(std::string_view unit) const;

  std::string sku_;
  std::vector<Unit> units_;  // the largest first
  std::vector<domain::Barcode> codes_;
};

}  // namespace dockline::server::stock
