#include <algorithm>

#include "server/rulebook/rulebook.hpp"

namespace dockline::server::rulebook {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<std::size_t> day_of(std::string_view text) {
  const auto at = std::find(kDays.begin(), kDays.end(), text);
  if (at == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(at - kDays.begin());
}

// "08:30": minutes after midnight; 24:00 is the end of the day.
std::optional<std::int64_t> minutes_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const std::int64_t hours = (text[0] - '0') * 10 + (text[1] - '0');
  const std::int64_t minutes = hours * 60 + (text[3] - '0') * 10 + (text[4] - '0');
  if (text[3] > '5' || minutes > 24 * 60) return std::nullopt;
  return minutes;
}

std::pair<std::string_view, std::string_view> halves(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return {text, text};
  return {text.substr(0, dash), text.substr(dash + 1)};
}

}  // namespace

base::Status put_hours(std::array<routing::Day, 7>& week, std::string_view days,
                       std::string_view hours) {
  const auto [first, last] = halves(days);
  const auto from = day_of(first), to = day_of(last);
  if (!from || !to || *from > *to) {
    return base::fail(base::Fault::reject,
                      "'" + std::string(days) + "' are no days: mon, tue, ... sun, or mon-fri");
  }
  const auto [opens, cut_off] = halves(hours);
  const auto a = minutes_of(opens), b = minutes_of(cut_off);
  if (!a || !b || *a >= *b) {
    return base::fail(base::Fault::reject,
                      "'" + std::string(hours) + "' are no hours of one day: \"08:00-16:30\"");
  }
  for (std::size_t day = *from; day <= *to; ++day) {
    if (week[day].cut_off > 0) {
      return base::fail(base::Fault::reject, std::string(kDays[day]) + " stands twice");
    }
    week[day] = {*a, *b};
  }
  return {};
}

}  // namespace dockline::server::rulebook
