// When carriers leave a site and how long a service is on its way, by what the house has declared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/routing/rulebook.hpp"

namespace dockline::server::routing {

struct Leaving {
  std::int64_t at_ms = 0;
  std::int64_t east_s = 0;  // how far the site's clock is ahead of UTC then
};

// The site's cut-offs on the days before `due_ms`, where the last one in time is, and from `now_ms`
// on, where the next one is; ascending. Empty: its hours are not known, or it is always closed.
[[nodiscard]] std::vector<Leaving> leaving(const DeclaredSite& site, std::int64_t now_ms,
                                           std::optional<std::int64_t> due_ms);

// As decision records name it: "House standard".
[[nodiscard]] std::string service_called(const Service& service);
// As a decision names it, or by what a label bears; nothing: no such service.
[[nodiscard]] const Service* service_named(const Rulebook& book, std::string_view called);
[[nodiscard]] const Service* service_named(const Rulebook& book, std::string_view carrier,
                                           std::string_view service);
// Nothing: no such service, or its time is not declared.
[[nodiscard]] std::optional<std::int64_t> transit_of(const Rulebook& book,
                                                     std::string_view service);
// Whether any service says how long it takes.
[[nodiscard]] bool knows_transit(const Rulebook& book);

}  // namespace dockline::server::routing
