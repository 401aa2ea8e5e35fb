// The console's files, embedded.
#pragma once

#include "shared/web/assets.hpp"

namespace dockline::server::web {

[[nodiscard]] dockline::web::Assets console_assets();

}  // namespace dockline::server::web
