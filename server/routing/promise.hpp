// What a channel promises its buyers where the order itself says nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/routing/rulebook.hpp"

namespace dockline::server::routing {

// Milliseconds after it was placed (or may be shipped): promise_hours of the channel, or of
// "other".
[[nodiscard]] std::optional<std::int64_t> promised_within_ms(const Rulebook& book,
                                                             std::string_view channel);

}  // namespace dockline::server::routing
