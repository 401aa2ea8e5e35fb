// What an order went through between its receipt and its boxes, for the API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/life_book.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::store {

struct OrderLife {
  std::string buyer;
  std::optional<std::int64_t> promised_ms;
  bool vip = false, fetched = false, held = false;
  std::vector<HoldRow> holds;  // in the order they came
  std::vector<PartRow> parts;  // but part 1: all the rest
  std::optional<ForecastRow> forecast;
  struct Merged {
    std::string id, number;
  };
  std::vector<Merged> merged;  // orders that go in one parcel with it
};
// Nothing: no such order.
[[nodiscard]] base::Result<std::optional<OrderLife>> life_of(Reader& reader, const std::string& id);

// Orders that are not packed and whose forecast is `outlook` (late, at_risk; empty: any), or that
// are held; newest first.
struct OutlookQuery {
  std::string outlook;
  bool held = false;
  std::string after;
  std::int64_t limit = 50, skip = 0;
};
[[nodiscard]] base::Result<Page<OrderRow>> orders_by_outlook(Reader& reader,
                                                             const OutlookQuery& query);

struct BackorderRow {
  std::string sku;
  std::int64_t most = 0, released_ms = 0, preorder_most = 0, waiting = 0;
  bool preorder = false;
  std::string why, by;
};
[[nodiscard]] base::Result<std::vector<BackorderRow>> backorders(Reader& reader);

}  // namespace dockline::server::store
