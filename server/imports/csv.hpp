// A CSV file as rows of fields, whatever is in it. A row that cannot be read is a row with a
// problem; the ones after it are read as if nothing had happened. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::server::imports {

struct CsvRow {
  std::int64_t row = 0;  // 1: the first line after the header
  std::vector<std::string> fields;
  std::string problem;  // why it cannot be read; empty when it could
  std::string raw;      // the bytes, at most 2 kB; identity of a broken row
};

struct CsvFile {
  std::vector<std::string> header;
  std::vector<CsvRow> rows;
};

// Comma, semicolon or tab, whichever the header uses; quotes as in RFC 4180; a byte order mark is
// skipped, blank lines are. Fault::reject: empty, UTF-16, or a header that is no header.
[[nodiscard]] base::Result<CsvFile> read_csv(std::string_view bytes);

}  // namespace dockline::server::imports
