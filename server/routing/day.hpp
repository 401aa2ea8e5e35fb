// The day of a site, by its own clock.
#pragma once

#include <cstdint>

#include "server/routing/rulebook.hpp"

namespace dockline::server::routing {

// Its newest midnight; of a site whose hours nobody declared, that of UTC.
[[nodiscard]] std::int64_t midnight_ms(const DeclaredSite& site, std::int64_t now_ms);

}  // namespace dockline::server::routing
