// For the test of its query plan alone: how LotBook::expired() looks.
#pragma once

#include <string_view>

namespace dockline::server::store {

[[nodiscard]] std::string_view expired_lots_sql();

}  // namespace dockline::server::store
