// What is to be done with a file, row by row, before anything is done: every row belongs to exactly
// one unit of work. Pure; matching against the books happens when the units are carried out.
//
// Order files. Rows of one order number make one order, repeated lines of a SKU stay separate
// lines. Codes for postage, discounts and bank charges become charges of their order. A number with
// a C in front and a negative quantity is a cancellation. A row without customer and price corrects
// the stock: pieces damaged, lost or found. Whatever fits nothing is broken, with the reason.
//
// Files of items, bar codes, suppliers, supplies, deliveries and counts: each row is an entry; rows
// of one delivery number make one delivery.
//
// Files of sites: each row is an entry, `site` and `fields` are what it says.
//
// Stock files. `quantity` is what was counted at the site; the ledger is moved by the difference.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::imports {

enum class UnitKind { order, cancellation, adjustment, stock, entry, broken };

struct Unit {
  UnitKind kind = UnitKind::broken;
  std::vector<std::int64_t> rows;  // of the file; 1 is the first after the header
  std::string key;                 // identity of its content: the same in another file is the same
  wire::OrderReceived order;       // order
  std::string number, customer, sku;  // cancellation, adjustment, stock
  domain::Quantity quantity = 0;      // cancellation: pieces; adjustment: signed; stock: counted
  std::int64_t placed_ms = 0;
  std::string reason;                      // adjustment
  std::string title, barcodes, site, bin;  // stock
  std::optional<std::int64_t> weight_g;    // stock
  std::string why;                         // broken
  // entry: fields by name, numbers and dates as digits; of a delivery, SKU and pieces of its rows
  std::map<std::string, std::string> fields;
  std::vector<std::pair<std::string, domain::Quantity>> lines;
};

struct Plan {
  std::int64_t lines = 0;
  std::vector<Unit> units;                     // in the order of their first rows
  std::map<std::string, std::string> titles;   // SKU -> what the file calls it
  std::map<std::string, std::size_t> columns;  // sites: heading -> column, from 1
};

struct OrderFile {
  std::string channel, currency;
};
// Fault::reject: the file as a whole cannot be used; says what is missing.
[[nodiscard]] base::Result<Plan> plan_orders(std::string_view bytes, const OrderFile& file);
[[nodiscard]] base::Result<Plan> plan_stock(std::string_view bytes);
// kind: items, barcodes, suppliers, supplies, deliveries, counts.
[[nodiscard]] bool is_entry_kind(std::string_view kind);
[[nodiscard]] base::Result<Plan> plan_entries(std::string_view kind, std::string_view bytes);
// `needed`: headings that the file must have beside the site, so that a file of another form does
// not take away what is known.
[[nodiscard]] base::Result<Plan> plan_sites(std::string_view bytes,
                                            const std::vector<std::string>& needed);

}  // namespace dockline::server::imports
