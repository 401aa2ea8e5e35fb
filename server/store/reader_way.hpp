// The read side of an order's way (way_book.hpp). Thread rule and failures: reader.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/reader.hpp"
#include "server/store/way_book.hpp"

namespace dockline::server::store {

struct OrderWayRead {
  OrderWay way;
  WayMoments moments;
};
// By the order's id; nothing: no such order. `services`: as WayBook::of().
[[nodiscard]] base::Result<std::optional<OrderWayRead>> way_of(Reader& reader,
                                                               const std::string& id, bool services,
                                                               std::int64_t now_ms);

}  // namespace dockline::server::store
