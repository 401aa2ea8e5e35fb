// An address out of a body. Private to server/api; includes Boost.JSON.
#pragma once

#include "server/api/fields.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::api {

void read_address(Fields& f, domain::Address& out);

}  // namespace dockline::server::api
