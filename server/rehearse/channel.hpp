// A sales channel of a rehearsal: it believes everything it is told. Who answers, and when, is the
// rehearsal's business; nothing leaves the process.
#pragma once

#include <memory>
#include <string>

#include "server/channels/contract/channel.hpp"

namespace dockline::server::rehearse {

// Its requests carry in `timeout_ms` the wall clock of the fact they tell of, 0 for others.
[[nodiscard]] std::unique_ptr<channels::Channel> make_channel(channels::Config config);

}  // namespace dockline::server::rehearse
