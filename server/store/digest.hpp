// The canonical bytes of every projection table, as one SHA-256 each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/query.hpp"

namespace dockline::server::store {

struct TableDigest {
  std::string table;
  std::int64_t rows = 0;
  std::string sha256;  // hex
};

// Call inside a read transaction to compare tables of one moment.
[[nodiscard]] std::vector<TableDigest> digests(sqlite::Db& db, Trouble& trouble);

}  // namespace dockline::server::store
