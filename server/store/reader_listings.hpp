// Listings for the data-quality report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

struct ListingRow {
  std::string channel, listing, location, sku, title;
  std::string flaw;          // as its channel was read last; "" for one that we told a figure
  std::int64_t seen_ms = 0;  // wall clock: shown so since; 0: not known
  bool known = false;        // an item has its SKU now
};
// What the channels show without a SKU, with one that was unknown, or shared; and of the first
// `told_limit` that were told a figure those whose SKU no item has.
[[nodiscard]] base::Result<std::vector<ListingRow>> flawed_listings(Reader& reader,
                                                                    std::int64_t told_limit);

}  // namespace dockline::server::store
