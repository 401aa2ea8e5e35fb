// Items as they were registered. Thread rule and failures: as Reader; item_position: of the
// connection it is given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/domain/types.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

// Of the fact that the item is by; 0: no such item.
[[nodiscard]] base::Result<std::int64_t> item_position(sqlite::Db& db, std::string_view sku);

struct ItemSaid {
  std::int64_t position = 0;
  std::vector<domain::Barcode> barcodes;  // by code
};
[[nodiscard]] base::Result<ItemSaid> item_said(Reader& reader, const std::string& sku);

}  // namespace dockline::server::store
