// Closed boxes: have they left, and should they.
#pragma once

#include <string>

#include "server/app/core.hpp"

namespace dockline::server {

[[nodiscard]] bool has_left(HubCore& core, const store::Lease& lease);
// "its order is on hold"; empty: nothing speaks against it.
[[nodiscard]] std::string stopped_by(HubCore& core, const store::Lease& lease,
                                     const store::OrderHead& head);

}  // namespace dockline::server
