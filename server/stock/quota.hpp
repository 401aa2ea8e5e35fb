// How much of a SKU each station of a site may use unasked while it is offline. Leased beforehand,
// so all leases together must fit what is free. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

struct QuotaStation {
  std::string station;
  bool silent = false;
  Quantity leased = 0;  // it holds now, as last heard
};
struct QuotaLease {
  std::string station;
  Quantity pieces = 0;  // from now on
};
// Shares the site's quota, or what is free if that is less, evenly; what division leaves goes to
// the first by name. A silent station keeps what it was leased: nothing can be taken from it, so
// the others share only the rest. `free`: on hand less reserved. By name. Fault::reject: pieces out
// of bounds, a station twice.
[[nodiscard]] base::Result<std::vector<QuotaLease>> share_quota(
    Quantity site_quota, Quantity free, std::span<const QuotaStation> stations);

}  // namespace dockline::server::stock
