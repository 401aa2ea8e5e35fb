// Routing decisions, one by one and since a moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

// By its id.
[[nodiscard]] base::Result<std::optional<DecisionRow>> decision_of(Reader& reader,
                                                                   const std::string& id);
// Routing decisions made since then, after this position, oldest first.
[[nodiscard]] base::Result<std::vector<DecisionRow>> decisions_since(Reader& reader,
                                                                     std::int64_t since_ms,
                                                                     std::int64_t after,
                                                                     std::int64_t limit);
// The fact an order came with; empty: not in this file.
[[nodiscard]] base::Result<std::string> received(Reader& reader, const std::string& order);

}  // namespace dockline::server::store
