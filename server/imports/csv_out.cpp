#include "server/imports/csv_out.hpp"

#include <csv.h>

namespace dockline::server::imports {

void append_csv(std::string& out, std::span<const std::string> row) {
  bool first = true;
  for (const auto& field : row) {
    if (!first) out += ',';
    first = false;
    // Twice the size and two quotes are the most that escaping makes of a field.
    const auto at = out.size();
    out.resize(at + field.size() * 2 + 2);
    out.resize(at + csv_write(out.data() + at, out.size() - at, field.data(), field.size()));
  }
  out += "\r\n";
}

std::string write_csv(std::span<const std::vector<std::string>> rows) {
  std::string out;
  for (const auto& row : rows) append_csv(out, row);
  return out;
}

}  // namespace dockline::server::imports
