// Reserved is no counter: it is the sum of rows, and the rows are compared with what the orders
// themselves say. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/derivation.hpp"

namespace dockline::server::stock {

// Pieces of a SKU kept at a site for a line of an order. One row per (order, line, site).
struct Reservation {
  std::string order;
  std::int64_t line = 0;
  std::string sku, site;
  Quantity pieces = 0;
  std::int64_t since_ms = 0;
};
// The sum of the rows of a SKU at a site, with the age of the newest.
[[nodiscard]] Seen reserved(std::span<const Reservation> rows, std::string_view sku,
                            std::string_view site);

// What an order says of one of its lines: pieces allocated or released at a site.
struct Claim {
  std::string order;
  std::int64_t line = 0;
  std::string sku, site;
  Quantity pieces = 0;
};
struct Drift {
  std::string order;
  std::int64_t line = 0;
  std::string sku, site;
  Quantity rows = 0, claimed = 0;
  std::string remedy;
};
// Where rows and orders differ, by order, line, SKU and site; nothing when they agree. Rows of zero
// pieces and claims of zero pieces are as good as none.
[[nodiscard]] std::vector<Drift> drift(std::span<const Reservation> rows,
                                       std::span<const Claim> claims);

}  // namespace dockline::server::stock
