// Reserved is no counter: it is the sum of rows, and the rows are compared with what the orders
// themselves say. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server::stock {

using domain::Quantity;

// Pieces of a line: a row keeps them, or its order says that it has them. For a lease (released),
// or for none so far (allocated).
struct Kept {
  std::int64_t order = 0, line = 0;
  std::string sku;
  bool leased = false;
  Quantity pieces = 0;
};
struct Drift {
  std::int64_t order = 0, line = 0;
  std::string sku;
  bool leased = false;
  Quantity rows = 0, claimed = 0;
};
// Where rows and orders differ, by order, line, SKU and lease; nothing when they agree. Rows of
// zero pieces and claims of zero pieces are as good as none.
[[nodiscard]] std::vector<Drift> drift(std::span<const Kept> rows, std::span<const Kept> claims);

}  // namespace dockline::server::stock
