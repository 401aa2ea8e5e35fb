// The closed list of what can go to a person (law 7), with what may be done about it. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace dockline::server::exceptions {

struct Kind {
  std::string_view name;
  std::string_view about;                 // what it means, one sentence for the handbook
  std::string_view proposed;              // when the raiser has nothing better
  std::vector<std::string_view> actions;  // verbs, the proposed one first
};

// Every kind; a shell or channel that raises another one is shown with the actions of "other".
[[nodiscard]] std::span<const Kind> kinds();
[[nodiscard]] const Kind& kind(std::string_view name);

}  // namespace dockline::server::exceptions
