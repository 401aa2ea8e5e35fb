// ports::Link by Paho MQTT C++. Paho's callback threads copy and post to the lane; nothing else
// runs there.
#pragma once

#include <memory>

#include "shared/ports/link.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::runtime {

[[nodiscard]] std::unique_ptr<ports::Link> make_paho_link(Lane& lane);

}  // namespace dockline::runtime
