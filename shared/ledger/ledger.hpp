// Double-entry stock, as rules without storage. A move takes a quantity of one SKU from one place
// to another, so all places of a SKU always sum to zero. Nothing is clamped: a real place below
// zero is a difference between the books and the shelf that a person must see.
//
// Places of a site: "<site>/shelf", "/staging", "/packed", "/quarantine" and "/damaged" are real;
// "<site>/transit" is the road to it, below zero while goods are received before their sending is
// heard of. "supplier", "customer" and "adjustment" are the outside world. Pure; any thread.
//
// A shelf is made of bins. A bin without a name is the SKU's home: what nobody put elsewhere. From
// one bin to another of a shelf its balance stays as it is; all bins of it sum to that balance.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::ledger {

using domain::Quantity;

inline constexpr std::string_view kSupplier = "supplier";
inline constexpr std::string_view kCustomer = "customer";
inline constexpr std::string_view kAdjustment = "adjustment";

[[nodiscard]] std::string shelf(std::string_view site);
[[nodiscard]] std::string packed(std::string_view site);
// A place where pieces can be touched; the others are virtual and may be negative.
[[nodiscard]] bool is_real(std::string_view place);
// The site of a place, also of the road to it; empty for the outside world.
[[nodiscard]] std::string_view site_of(std::string_view place);
// Where goods lie that can be sold; all other places hold what is spoken for, unfit or on its way.
[[nodiscard]] bool is_shelf(std::string_view place);

struct Move {
  std::string sku;
  Quantity quantity = 0;
  std::string from, to;
  std::string from_bin{}, to_bin{};  // of a shelf; empty: its home bin, or no shelf
};
struct Delta {
  std::string place;
  Quantity change = 0;
  std::string bin{};
};

// Whether it stays on its shelf: the entries change bins and no balance.
[[nodiscard]] bool between_bins(const Move& move);

// The two entries of a move; they sum to zero. Fault::reject: quantity below 1 or beyond the limit,
// from equals to and one bin is the other, a bin that is of no shelf, or a place that does not
// exist.
[[nodiscard]] base::Result<std::array<Delta, 2>> post(const Move& move);

// What a site may promise: what lies on the shelf less what is reserved there. May be negative when
// pieces went missing; a figure that leaves the house never is (lower bound, law 5).
[[nodiscard]] constexpr Quantity available(Quantity on_hand, Quantity reserved) {
  return on_hand - reserved;
}
[[nodiscard]] constexpr Quantity promised(Quantity available_pieces) {
  return available_pieces > 0 ? available_pieces : 0;
}

// A book in memory: what the balances must be, from moves alone.
class Book {
 public:
  [[nodiscard]] base::Status apply(const Move& move);
  [[nodiscard]] Quantity balance(const std::string& sku, const std::string& place) const;
  // Of one bin of a shelf; without a name of its home.
  [[nodiscard]] Quantity in_bin(const std::string& sku, const std::string& place,
                                const std::string& bin) const;
  [[nodiscard]] Quantity sum(const std::string& sku) const;  // zero, always

 private:
  std::map<std::pair<std::string, std::string>, Quantity> balances_;
  std::map<std::array<std::string, 3>, Quantity> bins_;  // SKU, shelf, bin
};

}  // namespace dockline::ledger
