// Private to server/imports: what all kinds of files check of a row.
#pragma once

#include <string>

#include "server/imports/columns.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::imports {

// Why a row cannot be used at all: unreadable, too short, not UTF-8 (with row and column).
[[nodiscard]] std::string row_problem(const CsvRow& row, const Columns& columns);
void fill_address(const CsvRow& row, const Columns& columns, domain::Address& address);

}  // namespace dockline::server::imports
