// Which column means what, by the names people give them. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/imports/csv.hpp"

namespace dockline::server::imports {

enum class Column {
  order,
  sku,
  title,
  quantity,
  placed,
  price,
  customer,
  country,
  company,
  street1,
  street2,
  postal_code,
  city,
  region,
  phone,
  email,
  currency,
  line_id,
  barcode,
  site,
  bin,
  weight_g,
};
inline constexpr std::size_t kColumns = 22;
[[nodiscard]] std::string_view name(Column column);

class Columns {
 public:
  // Case, spaces and punctuation of a heading do not matter; headings nobody knows are left out.
  explicit Columns(const std::vector<std::string>& header);
  [[nodiscard]] bool has(Column column) const { return at_[index(column)].has_value(); }
  // Empty when the column is absent or the row is too short for it.
  [[nodiscard]] std::string_view field(const CsvRow& row, Column column) const;
  // "column 3 (title)", for messages.
  [[nodiscard]] std::string place(Column column) const;
  // Names of the needed columns that the header lacks, with the headings that would do.
  [[nodiscard]] std::string missing(std::initializer_list<Column> needed) const;

 private:
  static std::size_t index(Column column) { return static_cast<std::size_t>(column); }
  std::array<std::optional<std::size_t>, kColumns> at_{};
};

}  // namespace dockline::server::imports
