// What the configuration says about orders. Plain values; the projector never sees them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/orders/checks.hpp"

namespace dockline::server::orders {

struct Rules {
  CheckRules checks{.address_needed = false,
                    .house_number_needed = false,
                    .line_quantity_most = 0,
                    .value_most_minor = 0};
  std::vector<std::string> unchecked{"csv"};       // channels whose orders are taken as they are
  std::vector<std::string> address_needed;         // channels that send no order without one
  std::map<std::string, std::int64_t> value_most;  // by currency, minor units
  bool merge = true;                               // orders of one buyer may go in one parcel
  std::int64_t transit_ms = std::int64_t{86'400'000};  // from a site's door to the buyer's
  std::int64_t margin_ms = std::int64_t{7'200'000};    // less slack than this: at risk

  // For an order of this channel; nothing is checked of some.
  [[nodiscard]] CheckRules of(std::string_view channel, const std::string& currency) const {
    CheckRules out = checks;
    out.address_needed =
        out.address_needed ||
        std::find(address_needed.begin(), address_needed.end(), channel) != address_needed.end();
    if (const auto most = value_most.find(currency); most != value_most.end()) {
      out.value_most_minor = most->second;
    }
    return out;
  }
  [[nodiscard]] bool checked(std::string_view channel) const {
    return std::find(unchecked.begin(), unchecked.end(), channel) == unchecked.end();
  }
};

}  // namespace dockline::server::orders
