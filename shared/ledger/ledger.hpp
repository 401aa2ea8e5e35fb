// Double-entry stock, as rules without storage. A move takes a quantity of one SKU from one place
// to another, so all places of a SKU always sum to zero. Nothing is clamped: a real place below
// zero is a difference between the books and the shelf that a person must see.
//
// Places of a site: "<site>/shelf", "/staging", "/packed", "/quarantine" and "/damaged" are real;
// "<site>/transit" is the road to it, below zero while goods are received before their sending is
// heard of. "supplier", "customer" and "adjustment" are the outside world. Pure; any thread.
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
};
struct Delta {
  std::string place;
  Quantity change = 0;
};

// The two entries of a move; they sum to zero. Fault::reject: quantity below 1 or beyond the limit,
// from equals to, or a place that does not exist.
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
  [[nodiscard]] Quantity sum(const std::string& sku) const;  // zero, always

 private:
  std::map<std::pair<std::string, std::string>, Quantity> balances_;
};

}  // namespace dockline::ledger
