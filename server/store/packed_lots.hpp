// Projection table of what was scanned into boxes by lot, serial and expiry: which order has a
// recalled lot, and what a box gives back. Written by the projector alone. Errors are sticky
// (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

// Pieces of one lot in one line of a box. Empty, or 0: its code did not say.
struct PackedLot {
  std::string box;  // lease of an order's box; id of the fact that closed one without the right to
  std::string order;
  std::int64_t line = 0;
  std::string sku, lot, serial;
  std::int64_t expires_ms = 0;
  domain::Quantity quantity = 0;
  domain::Quantity unknown = 0;  // of them the books had none on that shelf
  std::string other;             // order whose box had this serial already; empty: none
};
[[nodiscard]] domain::Lot lot_of(const PackedLot& packed);

class PackedLots {
 public:
  PackedLots(sqlite::Db& db, Trouble& trouble);

  void put(const PackedLot& packed);
  // All of a box, by line; of a line those that keep longest come first.
  [[nodiscard]] std::vector<PackedLot> of(std::string_view box);
  // Up to so many pieces of a line leave the box. Those that keep longest: what stays is what would
  // have been sent first.
  [[nodiscard]] std::vector<PackedLot> take(std::string_view box, std::int64_t line,
                                            domain::Quantity pieces);
  void rename(std::string_view box, std::string_view to);
  void drop(std::string_view box);
  // Another order in whose box a piece with this serial went.
  [[nodiscard]] std::optional<std::string> order_with(std::string_view sku, std::string_view serial,
                                                      std::string_view but_order);

 private:
  Query some_, put_, of_, set_, gone_, rename_, drop_, with_;
  // Most houses scan no lots: the table is known to be empty, each box asks.
  [[nodiscard]] bool none();
  bool looked_ = false, empty_ = false;
};

}  // namespace dockline::server::store
