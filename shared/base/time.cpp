#include "shared/base/time.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace dockline::base {
namespace {

using Days = std::chrono::sys_days;

// Reads exactly n digits at pos; -1 if they are not digits.
int digits(std::string_view text, std::size_t pos, std::size_t n) {
  if (pos + n > text.size()) return -1;
  int value = 0;
  for (std::size_t i = pos; i < pos + n; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string to_rfc3339(std::int64_t wall_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> point{std::chrono::milliseconds{wall_ms}};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day ymd{day};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(point - day).count();
  std::array<char, 40> out{};
  const int n = std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                              static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                              static_cast<unsigned>(ymd.day()), static_cast<int>(ms / 3600000),
                              static_cast<int>(ms / 60000 % 60), static_cast<int>(ms / 1000 % 60),
                              static_cast<int>(ms % 1000));
  return {out.data(), static_cast<std::size_t>(n)};
}

Result<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto bad = [&] {
    return fail(Fault::reject, "not an RFC 3339 time: '" + std::string(text.substr(0, 40)) + "'");
  };
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (year < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return bad();
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return bad();
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return bad();
  if (hour > 23 || minute > 59 || second > 60) return bad();
  const std::chrono::year_month_day ymd{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok()) return bad();
  std::int64_t ms = Days{ymd}.time_since_epoch().count() * std::int64_t{86400000};
  ms += ((hour * 60 + minute) * 60 + second) * std::int64_t{1000};
  std::size_t pos = 19;
  if (pos < text.size() && text[pos] == '.') {
    std::int64_t scale = 100;
    const std::size_t begin = ++pos;
    while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
      ms += (text[pos++] - '0') * scale;
      scale /= 10;
    }
    if (pos == begin) return bad();
  }
  if (pos >= text.size()) return bad();
  if ((text[pos] == 'Z' || text[pos] == 'z') && pos + 1 == text.size()) return ms;
  if ((text[pos] != '+' && text[pos] != '-') || pos + 6 != text.size() || text[pos + 3] != ':') {
    return bad();
  }
  const int oh = digits(text, pos + 1, 2), om = digits(text, pos + 4, 2);
  if (oh < 0 || om < 0 || oh > 23 || om > 59) return bad();
  const std::int64_t offset = (oh * 60 + om) * std::int64_t{60000};
  return text[pos] == '+' ? ms - offset : ms + offset;
}

}  // namespace dockline::base
