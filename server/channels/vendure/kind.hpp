// The entry of this folder in the table of channels.
#pragma once

#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels::vendure {
[[nodiscard]] Kind kind();
}  // namespace dockline::server::channels::vendure
