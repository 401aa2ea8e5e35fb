// What may be promised without stock: backorders and preorders, each with its limit. Pure;
// wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <string>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::orders {

using domain::Quantity;

// How many pieces may be sold that are not there.
struct Waiting {
  Quantity most = 0;             // backorders outstanding of the SKU, at most
  bool preorder = false;         // it may be bought before it is released
  std::int64_t released_ms = 0;  // from when on it can be shipped; 0: it always could
  Quantity preorder_most = 0;    // preorders outstanding, at most
};
struct Admission {
  Quantity now = 0;          // from stock
  Quantity backordered = 0;  // waits for stock
  Quantity preordered = 0;   // waits for its release
  Quantity refused = 0;      // a person must tell the buyer; the four sum to the quantity
  std::string why;           // of what is refused
};
// `available`: what may be promised of the SKU now, below zero counts as none. `outstanding`: of
// its backorders or, before the release, preorders. Before the release nothing is taken from stock.
// Fault::reject: quantity below 1, a negative limit or count.
[[nodiscard]] base::Result<Admission> admit(Quantity quantity, Quantity available,
                                            Quantity outstanding, const Waiting& waiting,
                                            std::int64_t now_ms);

}  // namespace dockline::server::orders
