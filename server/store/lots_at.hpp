// The lots of an article at one place, for a question that is asked now and then.
#pragma once

#include <string_view>
#include <vector>

#include "server/store/lot_book.hpp"
#include "shared/base/result.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

// In the writer's own turn: it sees what the turn has booked so far.
[[nodiscard]] base::Result<std::vector<HeldLot>> lots_at(sqlite::Db& db, std::string_view sku,
                                                         std::string_view place);

}  // namespace dockline::server::store
