// Orders that wait and go in no parcel with another yet: what orders::merge_groups() is asked
// about.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

inline constexpr std::int64_t kMergeLooked = 20'000;  // orders that wait, the newest

struct MergeRow {
  std::string id, number, channel, customer;
  std::string buyer;  // the channel's id of the buyer, else the e-mail address, small letters
  std::string ship_to_json, site;
  std::int64_t pieces = 0, placed_ms = 0;
};
// Of buyers with two or more such orders: by channel, buyer and age. Neither held nor begun by a
// bench. `order`: only those of its channel and buyer, none where it is not among them; empty: all.
[[nodiscard]] base::Result<std::vector<MergeRow>> merge_rows(Reader& reader,
                                                             const std::string& order);

}  // namespace dockline::server::store
