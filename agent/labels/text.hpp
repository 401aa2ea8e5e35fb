// Cutting text to what fits, by characters (code points), never inside one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dockline::agent::labels {

// The first `max` characters; "..." at the end when something was left out.
[[nodiscard]] std::string cut(std::string_view text, std::size_t max);
// At most `lines` lines of at most `max` characters, broken at blanks where there are any.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t max,
                                            std::size_t lines);

}  // namespace dockline::agent::labels
