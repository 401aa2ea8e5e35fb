// Inputs and effects in words, for the trace.
#pragma once

#include <string>
#include <string_view>

#include "agent/app/inputs.hpp"
#include "server/app/inputs.hpp"

namespace dockline::sim {

// Empty: not worth a line (ticks, redraws).
[[nodiscard]] std::string say(const agent::StationInput& input);
[[nodiscard]] std::string say(const agent::StationEffect& effect);
[[nodiscard]] std::string say(const server::Input& input);
[[nodiscard]] std::string say(const server::Effect& effect);
// Bytes as text, at most `most` of them, what cannot be printed as \xNN.
[[nodiscard]] std::string said(std::string_view bytes, std::size_t most = 400);

}  // namespace dockline::sim
