#include "server/imports/rows.hpp"

#include <optional>

#include "server/imports/values.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::imports {

std::string row_problem(const CsvRow& row, const Columns& columns) {
  if (!row.problem.empty()) return row.problem;
  for (std::size_t c = 0; c < kColumns; ++c) {
    const auto column = static_cast<Column>(c);
    const auto text = columns.field(row, column);
    if (!base::is_utf8(text)) {
      return "row " + std::to_string(row.row) + ", " + columns.place(column) + " is not UTF-8 (" +
             base::printable(text, 60) + "): save the file as \"CSV UTF-8\" and import it again";
    }
    if (text.size() > base::limits::kTextBytesMax) {
      return columns.place(column) + " has " + std::to_string(text.size()) + " bytes; at most " +
             std::to_string(base::limits::kTextBytesMax) + " fit";
    }
  }
  return "";
}

void fill_address(const CsvRow& row, const Columns& columns, domain::Address& address) {
  const auto put = [&](Column column, std::optional<std::string>& to) {
    const auto text = columns.field(row, column);
    if (!text.empty()) to = std::string(text);
  };
  put(Column::company, address.company);
  put(Column::street1, address.street1);
  put(Column::street2, address.street2);
  put(Column::postal_code, address.postal_code);
  put(Column::city, address.city);
  put(Column::region, address.region);
  put(Column::phone, address.phone);
  put(Column::email, address.email);
  put(Column::country, address.country);
  if (address.country) address.country = country(*address.country);
}

}  // namespace dockline::server::imports
