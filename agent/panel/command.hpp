// What the page may send over its WebSocket (VIEW.md, "From the page"). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockline::agent::panel {

struct FromPage {
  enum class Do { command, type, undo, unknown_keys };
  Do what = Do::command;
  std::string text;  // command name, typed text, action id
};

// Nothing for anything else: it is answered by nothing.
[[nodiscard]] std::optional<FromPage> parse_from_page(std::string_view message);

}  // namespace dockline::agent::panel
