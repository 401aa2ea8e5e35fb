// The sounds of a station as samples (UI.md section 2.4): told apart by rhythm as well as pitch.
// Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dockline::agent::panel {

inline constexpr int kSampleRate = 48'000;

// One channel, 16 bits. Empty for "silence" and unknown names. volume 0 to 100; `stop` is never
// below 50.
[[nodiscard]] std::vector<std::int16_t> render_tone(std::string_view name, std::int64_t volume);

}  // namespace dockline::agent::panel
