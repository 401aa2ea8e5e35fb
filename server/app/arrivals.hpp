// Whether a parcel came as its carrier's service said, counted when its delivery is told: what
// routing takes the reliability of a service from where the routing file names none.
#pragma once

#include "server/app/core.hpp"

namespace dockline::server {

// In time: on the day that the service's transit time leads to from the hand-over, by the clock of
// its site, or before. Counts nothing where the file does not say how long the service takes.
[[nodiscard]] base::Status count_arrival(HubCore& core, const wire::ParcelDelivered& data);

}  // namespace dockline::server
