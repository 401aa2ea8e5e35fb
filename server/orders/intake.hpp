// What is accepted as an order. Pure.
#pragma once

#include <span>
#include <string>

#include "server/orders/units.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::orders {

[[nodiscard]] std::string order_id(std::string_view channel, std::string_view number);

// SKUs are compared in one case: upper, without spaces around.
[[nodiscard]] std::string normal_sku(std::string_view sku);

// Puts SKUs into normal form and numbers lines 1..n where they have no number, then checks every
// limit. Fault::reject names the field and the remedy.
[[nodiscard]] base::Status accept(wire::OrderReceived& order);

// Whether a second delivery of an order says the same as the first (line, SKU, pieces).
[[nodiscard]] bool same_goods(const wire::OrderReceived& order, std::span<const Line> known);

// Every field of an address is text within limits; whether it is a good address is another matter
// (checks.hpp).
[[nodiscard]] base::Status check_address(const domain::Address& address);

// One text field of outside origin: UTF-8, no control characters, within the limit.
[[nodiscard]] base::Status check_text(std::string_view value, std::string_view field,
                                      bool needed = false);

}  // namespace dockline::server::orders
