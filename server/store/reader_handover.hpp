// The read side of closed boxes on their way: what stands at a site, what has left. Thread rule and
// failures: reader.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/handover_book.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::store {

struct HandoverRow {
  Handover box;
  std::string order, number, channel, customer;
  std::int64_t pieces = 0;  // in the box
  std::string
      stopped;  // why it should not leave: cancelled, overpacked, old_address, held; empty: nothing
};
// What waits: by site, carrier and time of closing. What has left: newest first.
struct HandoverQuery {
  bool gone = false;  // handed over or delivered; else what waits
  std::string state;  // of those that are gone: handed_over or delivered; empty: both
  std::string site, carrier, manifest;
  std::string after;  // box of the last row
  std::int64_t limit = 50;
  std::int64_t skip = 0;  // rows between `after` and the page
};
[[nodiscard]] base::Result<Page<HandoverRow>> handovers(Reader& reader, const HandoverQuery& query);

// What stands where, for the driver of which carrier.
struct WaitingGroup {
  std::string site, carrier;
  std::int64_t parcels = 0, oldest_ms = 0;
  std::optional<std::int64_t> stopped;  // that should not leave; absent: too many stand to look
};
// With more waiting than this nobody looks at each one's order, whenever something changes.
inline constexpr std::int64_t kWaitingLookedMax = 5'000;
[[nodiscard]] base::Result<std::vector<WaitingGroup>> waiting_groups(
    Reader& reader, std::int64_t looked_max = kWaitingLookedMax);

// The closed boxes of an order, by the time of their closing.
[[nodiscard]] base::Result<std::vector<HandoverRow>> parcels_of(Reader& reader,
                                                                const std::string& order);

}  // namespace dockline::server::store
