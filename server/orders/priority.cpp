#include "server/orders/priority.hpp"

#include <limits>
#include <string_view>
#include <tuple>

namespace dockline::server::orders {

bool goes_before(const Rank& a, const Rank& b) {
  static constexpr auto kNever = std::numeric_limits<std::int64_t>::max();
  const auto key = [](const Rank& r) {
    return std::make_tuple(!r.vip, r.promised_ms.value_or(kNever), r.placed_ms,
                           std::string_view(r.order));
  };
  return key(a) < key(b);
}

}  // namespace dockline::server::orders
