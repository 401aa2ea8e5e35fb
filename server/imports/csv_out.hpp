// Rows as a CSV file that read_csv() and every spreadsheet read back as they were. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace dockline::server::imports {

// One row behind what `out` holds: every field in quotes, commas between, CR LF after each row (RFC
// 4180). Bytes stay as they are.
void append_csv(std::string& out, std::span<const std::string> row);
[[nodiscard]] std::string write_csv(std::span<const std::vector<std::string>> rows);

}  // namespace dockline::server::imports
