#include "server/cli/text.hpp"

#include <array>
#include <clocale>
#include <ctime>
#include <cwchar>
#include <vector>

#include "shared/base/bytes.hpp"

namespace dockline::server::cli {
namespace {

// The C library's width table, under a UTF-8 locale of this thread only.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

struct Glyph {
  std::size_t bytes = 1;
  std::size_t width = 1;
};
std::vector<Glyph> glyphs(std::string_view text) {
  const Utf8Locale locale;
  std::vector<Glyph> out;
  std::mbstate_t state{};
  for (std::size_t i = 0; i < text.size();) {
    wchar_t c = 0;
    const std::size_t n = std::mbrtowc(&c, text.data() + i, text.size() - i, &state);
    if (n == 0 || n > text.size() - i) {  // not UTF-8: one column a byte
      state = {};
      out.push_back({});
      ++i;
      continue;
    }
    const int width = wcwidth(c);
    out.push_back({n, width < 0 ? 1u : static_cast<std::size_t>(width)});
    i += n;
  }
  return out;
}

constexpr std::int64_t kSecond = 1'000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                       kDay = 24 * kHour;

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (const auto& glyph : glyphs(utf8)) width += glyph.width;
  return width;
}

std::string clipped(std::string_view utf8, std::size_t columns) {
  const auto all = glyphs(utf8);
  std::size_t width = 0;
  for (const auto& glyph : all) width += glyph.width;
  if (width <= columns) return std::string(utf8);
  std::size_t bytes = 0, used = 0;
  for (const auto& glyph : all) {
    if (used + glyph.width + 1 > columns) break;
    used += glyph.width;
    bytes += glyph.bytes;
  }
  return std::string(utf8.substr(0, bytes)) + (columns > 0 ? "…" : "");
}

std::string safe(std::string_view text) { return base::printable(text, 4'000); }

std::string duration(std::int64_t ms) {
  if (ms < kMinute) return std::to_string(ms / kSecond) + " s";
  if (ms < kHour) return std::to_string(ms / kMinute) + " min";
  if (ms < kDay) {
    const std::int64_t minutes = ms % kHour / kMinute;
    return std::to_string(ms / kHour) + " h" +
           (minutes == 0 ? "" : " " + std::to_string(minutes) + " min");
  }
  return counted(ms / kDay, "day");
}

std::string age(std::int64_t then_ms, std::int64_t now_ms) {
  const std::int64_t ms = now_ms - then_ms;
  if (ms >= kSecond) return duration(ms) + " ago";
  if (ms <= -kSecond) return "in " + duration(-ms);
  return "just now";
}

std::string local_time(std::int64_t wall_ms) {
  const std::time_t seconds = wall_ms / kSecond;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 40> out{};
  std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return out.data();
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string counted(std::int64_t number, std::string_view singular) {
  return grouped(number) + " " + std::string(singular) + (number == 1 ? "" : "s");
}

}  // namespace dockline::server::cli
