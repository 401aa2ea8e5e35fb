// Which site serves a destination by nature, whatever stock lies where: what regional demand is
// counted for. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "server/routing/facts.hpp"

namespace dockline::server::routing {

// Sites of the facts, after declare(), in the order in which they suit the destination: the nearest
// first where distances are declared, then those with the least rate of a small parcel; among
// equals as the facts have them. Empty: nothing is declared about this destination for any of them.
[[nodiscard]] std::vector<std::string> by_nearness(const Facts& facts);

}  // namespace dockline::server::routing
