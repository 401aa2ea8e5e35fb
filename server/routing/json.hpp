// The canonical JSON of facts and chains: members in the order of visit(), nothing absent, nothing
// twice, no blanks. What was decided can be decided again from it, under this chain or another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/routing/chain.hpp"
#include "server/routing/facts.hpp"

namespace dockline::server::routing {

[[nodiscard]] std::string to_json(const Facts& facts);
// Nothing when it would be longer than `bytes_max`: found out without writing all of it.
[[nodiscard]] std::optional<std::string> to_json(const Facts& facts, std::size_t bytes_max);
[[nodiscard]] std::string to_json(const ChainSpec& spec);
// Fault::reject with the path of the first problem.
[[nodiscard]] base::Result<Facts> facts_from_json(std::string_view text);
[[nodiscard]] base::Result<ChainSpec> chain_from_json(std::string_view text);

}  // namespace dockline::server::routing
