// Routing decisions, one by one and since a moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

// Newest first. `site`: that gave it something to do. Its allocations stand in the records alone,
// so a page looks through at most kDecisionsLookedMax of them: it may hold few or none and have a
// next.
struct DecisionQuery {
  std::string subject, outcome, site;  // empty: any
  std::string after;
  std::int64_t limit = 50;
  std::int64_t skip = 0;  // not with a site
};
inline constexpr std::int64_t kDecisionsLookedMax = 1'000;
[[nodiscard]] base::Result<Page<DecisionRow>> decisions_where(Reader& reader,
                                                              const DecisionQuery& query);
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
