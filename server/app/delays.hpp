// An order that was told late, and packed, has something to pack again: the case of its delay was
// settled, and the forecast, which has not changed, raises none.
#pragma once

#include "server/app/core.hpp"

namespace dockline::server {

// What was told before still holds: a person hears of it anew.
void raise_delay_again(HubCore& core, const store::OrderHead& head, std::string_view since);

}  // namespace dockline::server
