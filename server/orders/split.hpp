// One order in several parts, several orders in one parcel. No piece is made or lost, and what is
// packed or gone stays where it is. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/orders/units.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::orders {

struct SplitWish {
  std::int64_t line = 0;
  Quantity quantity = 0;
};
struct Split {
  std::vector<Line> stays, leaves;  // line numbers are kept in both
};
// Takes pieces out that are not packed yet: open, then backordered, allocated, released ones.
// Fault::reject names the line: unknown, below one piece, twice in the wish, more than can be
// taken; or nothing would stay or leave.
[[nodiscard]] base::Result<Split> split(std::span<const Line> lines,
                                        std::span<const SplitWish> wish);

inline constexpr std::size_t kMergedMost = 10;  // orders in one parcel

struct MergeFacts {
  std::string order, channel;
  std::string buyer;  // the channel's id of the customer, else the e-mail address; may be empty
  domain::Address ship_to;
  std::string site;  // where it is routed to; empty: nowhere yet
  UnitState state = UnitState::open;
  bool held = false;
  std::string kept{};  // why its bench cannot let it go: "2 is being packed"; empty: it can
};
// Why two orders may not travel in one parcel; empty when they may. The same channel, buyer and
// address (case and spaces do not matter), neither held nor packed, not at different sites, and no
// bench has begun one of them. A buyer
// who is not known is nobody's equal.
[[nodiscard]] std::string not_mergeable(const MergeFacts& a, const MergeFacts& b);
// Orders that may go together, in groups of two or more; each order is in one group at most and
// every two of a group may be merged. In the order given.
[[nodiscard]] std::vector<std::vector<std::string>> merge_groups(std::span<const MergeFacts> orders,
                                                                 bool allowed);

}  // namespace dockline::server::orders
