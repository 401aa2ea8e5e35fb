#include "server/imports/csv_out.hpp"

#include <csv.h>

namespace dockline::server::imports {

std::string write_csv(std::span<const std::vector<std::string>> rows) {
  std::string out;
  for (const auto& row : rows) {
    bool first = true;
    for (const auto& field : row) {
      if (!first) out += ',';
      first = false;
      // Twice the size and two quotes are the most that escaping makes of a field.
      std::string quoted(field.size() * 2 + 2, '\0');
      quoted.resize(csv_write(quoted.data(), quoted.size(), field.data(), field.size()));
      out += quoted;
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace dockline::server::imports
