// Several orders at once when there is not enough for all: a declared policy says who comes first,
// each is decided in that order, and what one gets is no longer there for the next. Figures of the
// same site and SKU must be the same in all orders: they are one stock.
#pragma once

#include <string>
#include <vector>

#include "server/routing/routing.hpp"

namespace dockline::server::routing {

enum class By {
  priority_class,  // the lowest number first; not known comes last
  promised,        // the earliest date first; nothing promised comes last
  placed,          // the oldest first; not known comes last
};

struct Policy {
  std::string name;
  std::int64_t version = 1;
  std::vector<By> by;  // one after the other; then the order's id
};
// class-promised-age: VIP first, then the promised date, then the age of the order.
[[nodiscard]] Policy standard_policy();

struct Turn {
  std::size_t order = 0;  // place in `orders`
  wire::DecisionMade made;
};
// In the order of the policy. Ids are one per order, in the order of `orders`.
[[nodiscard]] std::vector<Turn> decide_backlog(const std::vector<Facts>& orders,
                                               const Chains& chains, const Policy& policy,
                                               const std::vector<std::string>& ids);

}  // namespace dockline::server::routing
