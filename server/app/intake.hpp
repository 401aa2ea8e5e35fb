// How orders and items get into the books: the one way for API, channels and files.
#pragma once

#include <string>

#include "server/app/core.hpp"

namespace dockline::server {

enum class Taken {
  created,
  known,    // channel and number are there with the same goods: nothing is written
  differs,  // channel and number are there with other goods: nothing is written
};

// Checks, registers items nobody knew so far, keeps the order. Fault::reject names the field.
[[nodiscard]] base::Result<Taken> take_order(HubCore& core, wire::OrderReceived& order,
                                             const std::string& origin);

// Items that nobody knew so far are registered from what the order says of them.
[[nodiscard]] base::Status register_unknown(HubCore& core, const wire::OrderReceived& order,
                                            const std::string& origin);

// Registers an item, or changes it when something is different. True: a fact was written.
[[nodiscard]] base::Result<bool> take_item(HubCore& core, domain::Item item,
                                           const std::string& origin);
[[nodiscard]] base::Result<bool> take_bin(HubCore& core, const std::string& sku,
                                          const std::string& site, const std::string& bin);

// Cancels pieces of an order. False: nothing was left to cancel. Fault::reject: unknown order or
// line, or pieces that have left the house; with `left` those are counted there and the rest is
// cancelled.
[[nodiscard]] base::Result<bool> cancel_order(HubCore& core, const wire::OrderCancelled& wish,
                                              const std::string& fact_id = {},
                                              domain::Quantity* left = nullptr);

}  // namespace dockline::server
