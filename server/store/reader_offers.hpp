// What a channel is told can be had, by SKU, for the feed of offers. Thread rule and failures: as
// Reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

struct OfferRow {
  std::string sku, title;
  std::int64_t quantity = 0;       // over all locations of the channel
  std::int64_t as_of_ms = 0;       // of the newest figure
  std::vector<std::string> codes;  // bar codes of one piece
};

// By SKU behind `after`; Page::total counts the channel's SKUs.
[[nodiscard]] base::Result<Page<OfferRow>> offers(Reader& reader, const std::string& channel,
                                                  const std::string& after, std::int64_t limit);

}  // namespace dockline::server::store
