// Words for people: widths on a terminal, ages, times, numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dockline::server::cli {

// Columns that UTF-8 text takes on a terminal (combining marks 0, CJK and emoji 2).
[[nodiscard]] std::size_t display_width(std::string_view utf8);
// At most `columns` wide; what is cut ends in "…".
[[nodiscard]] std::string clipped(std::string_view utf8, std::size_t columns);
// Terminal-safe: control characters from outside become \xNN.
[[nodiscard]] std::string safe(std::string_view text);

// "just now", "12 s ago", "5 min ago", "2 h 5 min ago", "3 days ago", "in 4 s".
[[nodiscard]] std::string age(std::int64_t then_ms, std::int64_t now_ms);
// "12 s", "2 h 5 min", "3 days": a length of time.
[[nodiscard]] std::string duration(std::int64_t ms);
// Local time, "2026-11-24 14:02:31".
[[nodiscard]] std::string local_time(std::int64_t wall_ms);
// 10000 -> "10,000".
[[nodiscard]] std::string grouped(std::int64_t number);
// (1, "piece") -> "1 piece", (2, "piece") -> "2 pieces".
[[nodiscard]] std::string counted(std::int64_t number, std::string_view singular);

}  // namespace dockline::server::cli
