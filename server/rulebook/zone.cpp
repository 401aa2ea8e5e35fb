// Time-zone data: the system's, read by Howard Hinnant's library.
#include <date/tz.h>

#include "server/rulebook/rulebook.hpp"

namespace dockline::server::rulebook {
namespace {

using namespace std::chrono_literals;
constexpr auto kFrom = date::sys_days{date::year{2020} / 1 / 1};
constexpr auto kTo = date::sys_days{date::year{2046} / 1 / 1};

std::int64_t ms_of(date::sys_seconds at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

}  // namespace

base::Result<std::vector<routing::Offset>> offsets_of(const std::string& zone) {
  // The library throws when it does not know a zone, or has no data at all.
  try {
    const date::time_zone* known = date::locate_zone(zone);
    std::vector<routing::Offset> out;
    for (date::sys_seconds at = kFrom; at < kTo;) {
      const auto info = known->get_info(at);
      out.push_back({ms_of(std::max<date::sys_seconds>(info.begin, kFrom)), info.offset.count()});
      at = info.end;
    }
    return out;
  } catch (const std::exception&) {
    return base::fail(base::Fault::reject, "'" + zone + "' is no time zone known on this computer");
  }
}

base::Result<std::int64_t> date_of(std::string_view text) {
  const auto digits = [&](std::size_t from, std::size_t n) {
    int value = 0;
    for (std::size_t i = from; i < from + n; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const bool shape = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const int y = shape ? digits(0, 4) : -1, m = shape ? digits(5, 2) : -1,
            d = shape ? digits(8, 2) : -1;
  const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(m)},
                                 date::day{static_cast<unsigned>(d)}};
  if (y < 0 || m < 0 || d < 0 || !day.ok()) {
    return base::fail(base::Fault::reject, "'" + std::string(text) + "' is no date");
  }
  return date::sys_days{day}.time_since_epoch().count();
}

}  // namespace dockline::server::rulebook
