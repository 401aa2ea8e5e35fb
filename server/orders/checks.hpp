// What about an order is doubtful enough to ask a person before anything is sent. Intake refuses
// what is no order; these are orders, but nobody should guess what is meant. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/wire/events.hpp"

namespace dockline::server::orders {

struct CheckRules {
  // Goods are sent. False: they are fetched, or the channel knows best; what there is of an address
  // must still fit together.
  bool address_needed = true;
  bool house_number_needed = false;
  std::int64_t line_quantity_most = 200;    // 0: no limit
  std::int64_t value_most_minor = 0;        // of all lines; 0: no limit
  std::int64_t ahead_most_ms = 86'400'000;  // an order from further in the future has a wrong date
};
struct Doubt {
  std::string field;     // "ship_to.postal_code", "lines[2].quantity"
  std::string what;      // what is wrong with it
  std::string proposal;  // what a person can do
};
// In the order of the fields; empty: the order may go on.
[[nodiscard]] std::vector<Doubt> doubts(const wire::OrderReceived& order, const CheckRules& rules,
                                        std::int64_t now_ms);

// Whether a postal code has a form that the country uses; true for countries whose forms are not
// listed here. `country`: ISO 3166-1 alpha-2.
[[nodiscard]] bool postal_code_fits(std::string_view country, std::string_view postal_code);

}  // namespace dockline::server::orders
