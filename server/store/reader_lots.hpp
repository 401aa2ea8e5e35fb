// What was scanned into an order's boxes by lot, serial and expiry, for the API.
#pragma once

#include <string>
#include <vector>

#include "server/store/packed_lots.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::store {

// By line, earliest expiry first; boxes that were closed without the right to are left out.
[[nodiscard]] base::Result<std::vector<PackedLot>> lots_in_boxes(Reader& reader,
                                                                 const std::string& order);

}  // namespace dockline::server::store
