#include "server/channels/contract/channel.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::channels {

namespace limits = base::limits;

std::string_view header(const base::HttpHeaders& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section 5.6.7) as milliseconds.
std::optional<std::int64_t> http_date_ms(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const auto number = month - kMonths.begin() + 1;
  const std::string iso = std::string(text.substr(12, 4)) + (number < 10 ? "-0" : "-") +
                          std::to_string(number) + "-" + std::string(text.substr(5, 2)) + "T" +
                          std::string(text.substr(17, 8)) + "Z";
  const auto parsed = base::parse_rfc3339(iso);
  if (!parsed) return std::nullopt;
  return *parsed;
}

}  // namespace

std::int64_t retry_after_ms(const base::HttpHeaders& headers) {
  const auto text = header(headers, "retry-after");
  std::int64_t delay = 0;
  if (const auto seconds = whole_number(text)) {
    delay = std::clamp<std::int64_t>(*seconds, 0, limits::kThrottleMostMs / 1'000) * 1'000;
  } else if (const auto until = http_date_ms(text)) {
    const auto date = http_date_ms(header(headers, "date"));
    delay = date ? *until - *date : limits::kThrottleFirstMs;
  }
  return std::clamp<std::int64_t>(delay, 0, limits::kThrottleMostMs);
}

std::optional<Verdict> common_verdict(const base::Result<base::HttpResponse>& answer) {
  if (!answer) return RetryAfter{.why = answer.error().detail, .reached = false};
  const int status = answer->status;
  if (status >= 200 && status < 300) return std::nullopt;
  const auto wait = retry_after_ms(answer->headers);
  const std::string said = "the channel answered HTTP " + std::to_string(status);
  if (status == 429 || (status == 503 && wait > 0)) {
    return Throttled{.why = said + " (too many requests)", .delay_ms = wait};
  }
  if (status == 401 || status == 403) {
    return Throttled{.why = said + ": it refuses our credentials. Check user and secret_file.",
                     .delay_ms = wait,
                     .needs_person = true};
  }
  if (status >= 500 || status == 408 || status == 425) {
    return RetryAfter{.why = said, .delay_ms = wait, .reached = false};
  }
  if (status >= 300 && status < 400) {
    return Rejected{.why = said + " and points elsewhere",
                    .proposed = "Correct the url of this channel in the configuration."};
  }
  return std::nullopt;
}

}  // namespace dockline::server::channels
