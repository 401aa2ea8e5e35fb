// What lay on the shelves at instants of a span. Thread rule and failures: as Reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

struct HistoryQuery {
  std::string sku;
  std::string site;  // empty: all of them
  std::int64_t since_ms = 0, until_ms = 0;
  std::int64_t points = 40;  // 2 or more: since, until, and between them at even steps
};
struct HistoryPoint {
  std::int64_t at_ms = 0, quantity = 0;
};
struct ShelfHistory {
  std::vector<HistoryPoint> points;  // oldest first
  bool cut = false;  // there are more movements than were looked at: older points are
                     // not known, and absent
};
// Counted back from what lies there now, through at most kHistoryMovesMax movements.
inline constexpr std::int64_t kHistoryMovesMax = 20'000;
inline constexpr std::int64_t kHistoryPointsMax = 400;
[[nodiscard]] base::Result<ShelfHistory> shelf_history(Reader& reader, const HistoryQuery& query,
                                                       std::int64_t moves_max = kHistoryMovesMax);

}  // namespace dockline::server::store
