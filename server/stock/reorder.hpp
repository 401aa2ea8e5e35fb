// When and how much to order again, from whom, and what another site can spare instead. Proposals
// only: a person or a rule sends them. Pure; any thread.
//
//   position = on hand - reserved - backordered + on order
//   point    = demand per day x (lead time + safety days), rounded up
//   target   = demand per day x (lead time + review period + safety days), rounded up
//
// At or below the point so much is wanted that the position reaches the target; an order is that,
// at least the minimum, rounded up to whole packs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

// One SKU at one site. Pieces; demand in thousandths of a piece per day; days.
struct Need {
  std::string sku, site;
  Quantity on_hand = 0, reserved = 0, backordered = 0;
  Quantity on_order = 0;          // bought or sent by another site, not yet received
  std::int64_t demand_milli = 0;  // of the site's region
  std::int64_t lead_days = 0, review_days = 0, safety_days = 0;
  Quantity pack = 1, minimum = 0;
  std::string supplier;  // the preferred one; may be empty
  std::string supplier_sku;
  std::int64_t price_minor = 0;
};
struct Reorder {
  Quantity position = 0, point = 0, target = 0;
  Quantity wanted = 0;  // pieces to the target; 0 above the point
  Quantity order = 0;   // with minimum and packs
};
// Fault::reject names the SKU, the site and the field that is out of bounds.
[[nodiscard]] base::Result<Reorder> reorder(const Need& need);

// Pieces that one site sends to another.
struct TransferProposal {
  std::string sku, from_site, to_site;
  Quantity pieces = 0;
  std::string why;
};
// The neediest site first, from the one that can spare most. A site gives only what lies there,
// free, beyond its own point: it never needs to order because it gave.
[[nodiscard]] base::Result<std::vector<TransferProposal>> transfers(std::span<const Need> needs);

struct PurchaseLine {
  std::string sku, supplier_sku;
  Quantity pieces = 0, packs = 0;
  std::int64_t price_minor = 0;
  std::string why;
};
// To one supplier, delivered to one site. Supplier is empty for SKUs that have none: for a person.
struct Purchase {
  std::string supplier, site;
  std::vector<PurchaseLine> lines;  // by SKU
};
struct Replenishment {
  std::vector<TransferProposal> transfers;
  std::vector<Purchase> purchases;  // by supplier, then site; what transfers do not cover
};
[[nodiscard]] base::Result<Replenishment> replenish(std::span<const Need> needs);

}  // namespace dockline::server::stock
