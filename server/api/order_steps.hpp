// The steps of an order on its way to its buyer (server/orders/way.hpp), as the API shows them.
// Private to server/api.
#pragma once

#include <string>

#include <boost/json/array.hpp>

#include "server/api/route.hpp"
#include "server/orders/way.hpp"

namespace dockline::server::api {

// Of the order with this id, as things are now, by the rulebook in force.
[[nodiscard]] base::Result<orders::Way> way_of_order(Context& c, const std::string& id);
// Openapi: OrderStep.
[[nodiscard]] boost::json::array steps_json(const orders::Way& way);

}  // namespace dockline::server::api
