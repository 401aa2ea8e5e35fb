// Projection tables of kits: how they are made, and which lines of an order are the parts of one.
// Written by the projector alone. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

using domain::Quantity;

struct KitRow {
  std::string kit, part;
  Quantity pieces = 0;
};
// A line as it was sold, and the lines of its parts: which, and how many pieces in one kit.
struct KitLine {
  std::int64_t line = 0;
  std::string sku, title;
  Quantity quantity = 0;
  std::optional<std::int64_t> unit_price_minor;
  std::optional<std::string> external_id;
  std::vector<std::pair<std::int64_t, Quantity>> parts;
};

class KitBook {
 public:
  KitBook(sqlite::Db& db, Trouble& trouble);

  // Replaces the recipe; no parts: the SKU is no kit any more.
  void put(std::string_view kit, const std::vector<std::pair<std::string, Quantity>>& parts,
           std::int64_t position);
  [[nodiscard]] std::vector<KitRow> all();  // by kit, then part
  [[nodiscard]] std::vector<KitRow> of(std::string_view kit);
  [[nodiscard]] bool is_kit(std::string_view sku);
  // What one kit is made of in the end, by SKU: kits within it are taken apart. A recipe that holds
  // itself (the command refuses it) is taken apart kDepthMost deep and no deeper.
  [[nodiscard]] std::map<std::string, Quantity> taken_apart(const std::string& kit);

  void put_line(std::int64_t ord, const KitLine& line);
  [[nodiscard]] std::vector<KitLine> lines(std::int64_t ord);

 private:
  static constexpr int kDepthMost = 8;
  void take_apart(const std::string& kit, Quantity times, int depth,
                  std::map<std::string, Quantity>& out);
  Query drop_, put_, all_, of_, put_line_, put_part_, lines_, parts_;
  // Most servers have no kits: they are not asked for with each order.
  std::optional<bool> any_kit_, any_line_;
  Query any_kit_row_, any_line_row_;
};

}  // namespace dockline::server::store
