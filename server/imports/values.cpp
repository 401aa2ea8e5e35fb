#include "server/imports/values.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "shared/base/time.hpp"

namespace dockline::server::imports {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The whole of `text` as a number without sign.
std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.size() > 15 ||
      text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

struct Split {
  bool negative = false;
  std::string_view whole, fraction;
  bool point = false;
};

Split split(std::string_view text) {
  Split out;
  text = trimmed(text);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const auto point = text.find_first_of(".,");
  out.point = point != std::string_view::npos;
  out.whole = text.substr(0, point);
  if (out.point) out.fraction = text.substr(point + 1);
  return out;
}

// Up to three numbers apart by one separator.
bool parts(std::string_view text, char separator, std::array<std::int64_t, 3>& out,
           std::size_t least) {
  std::size_t n = 0;
  while (n < 3) {
    const auto end = text.find(separator);
    const auto value = digits(text.substr(0, end));
    if (!value) return false;
    out[n++] = *value;
    if (end == std::string_view::npos) return n >= least;
    text.remove_prefix(end + 1);
  }
  return false;
}

std::optional<std::int64_t> civil_ms(std::int64_t y, std::int64_t m, std::int64_t d,
                                     const std::array<std::int64_t, 3>& hms) {
  using namespace std::chrono;
  if (y < 1970 || y > 2200 || m < 1 || m > 12 || d < 1 || d > 31) return std::nullopt;
  if (hms[0] > 23 || hms[1] > 59 || hms[2] > 60) return std::nullopt;
  const year_month_day date{year(static_cast<int>(y)), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  return ((days * 24 + hms[0]) * 60 + hms[1]) * 60'000 + hms[2] * 1'000;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 33> kCountries = {{
    {"Australia", "AU"},      {"Austria", "AT"},       {"Belgium", "BE"},
    {"Canada", "CA"},         {"Cyprus", "CY"},        {"Czech Republic", "CZ"},
    {"Denmark", "DK"},        {"EIRE", "IE"},          {"Finland", "FI"},
    {"France", "FR"},         {"Germany", "DE"},       {"Greece", "GR"},
    {"Hong Kong", "HK"},      {"Iceland", "IS"},       {"Ireland", "IE"},
    {"Israel", "IL"},         {"Italy", "IT"},         {"Japan", "JP"},
    {"Lithuania", "LT"},      {"Luxembourg", "LU"},    {"Malta", "MT"},
    {"Netherlands", "NL"},    {"Norway", "NO"},        {"Poland", "PL"},
    {"Portugal", "PT"},       {"Singapore", "SG"},     {"Spain", "ES"},
    {"Sweden", "SE"},         {"Switzerland", "CH"},   {"USA", "US"},
    {"United Kingdom", "GB"}, {"United States", "US"}, {"Deutschland", "DE"},
}};

}  // namespace

std::optional<bool> yes_or_no(std::string_view text) {
  std::string small;
  for (const char c : trimmed(text)) {
    small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const std::string_view yes : {"yes", "y", "true", "x", "1", "ja"}) {
    if (small == yes) return true;
  }
  for (const std::string_view no : {"no", "n", "false", "0", "nein"}) {
    if (small == no) return false;
  }
  return std::nullopt;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  const Split s = split(text);
  if (s.point && s.fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
  const auto value = digits(s.whole);
  if (!value) return std::nullopt;
  return s.negative ? -*value : *value;
}

std::optional<std::int64_t> hundredths(std::string_view text) {
  const Split s = split(text);
  const auto whole = s.whole.empty() && s.point ? std::optional<std::int64_t>(0) : digits(s.whole);
  if (!whole || *whole > 10'000'000'000'000) return std::nullopt;
  if (s.fraction.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t cents = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    cents = cents * 10 + (i < s.fraction.size() ? s.fraction[i] - '0' : 0);
  }
  if (s.fraction.size() > 2 && s.fraction[2] >= '5') ++cents;
  const std::int64_t value = *whole * 100 + cents;
  return s.negative ? -value : value;
}

std::optional<std::int64_t> wall_ms(std::string_view text) {
  text = trimmed(text);
  if (const auto exact = base::parse_rfc3339(text)) return *exact;
  std::array<std::int64_t, 3> date{}, time{};
  const auto gap = text.find_first_of(" T");
  const std::string_view day = text.substr(0, gap);
  if (gap != std::string_view::npos && !parts(trimmed(text.substr(gap + 1)), ':', time, 2)) {
    return std::nullopt;
  }
  if (parts(day, '-', date, 3)) return civil_ms(date[0], date[1], date[2], time);
  if (parts(day, '/', date, 3)) return civil_ms(date[2], date[0], date[1], time);
  if (parts(day, '.', date, 3)) return civil_ms(date[2], date[1], date[0], time);
  return std::nullopt;
}

std::string country(std::string_view name) {
  for (const auto& [known, code] : kCountries) {
    if (known == name) return std::string(code);
  }
  return std::string(name);
}

std::string customer(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 2 && text.ends_with(".0") && digits(text.substr(0, text.size() - 2))) {
    text.remove_suffix(2);
  }
  return std::string(text);
}

}  // namespace dockline::server::imports
