// What can stand in the way of a request that is right in itself (409), by route: its code, and
// what to do about it. `detail` of the answer says what it was; this says the way out.
#pragma once

#include <span>
#include <string_view>

namespace dockline::server::api {

struct Conflict {
  std::string_view method, pattern;  // of the route
  std::string_view code, remedy;
};

[[nodiscard]] std::span<const Conflict> conflicts();
// Null: nothing stands in the way of that route.
[[nodiscard]] const Conflict* conflict_of(std::string_view method, std::string_view pattern);

}  // namespace dockline::server::api
