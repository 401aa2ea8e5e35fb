#include "tests/sim/people/site_keeper.hpp"

#include <array>

#include "shared/base/time.hpp"

namespace dockline::sim {

using namespace server;  // the commands

namespace {

constexpr std::int64_t kDayMs = 86'400'000, kAgainMs = 3'000;
constexpr std::int64_t kDaysClosed = 6;

std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

}  // namespace

void SiteKeeper::one() {
  if (!rules_.on) {
    const auto& site = some_site();
    switch (draw().below(5)) {
      case 0:
        return describe(site, closed_for_days(), "site_closed");
      case 1:
      case 2:
        return describe(site, {{"capacity_per_day", std::to_string(draw().below(7))}},
                        "site_capacity_set");
      case 3: {
        auto values = closed_for_days();
        std::erase_if(values, [](const auto& value) { return value.first == "closed"; });
        values.emplace_back("capacity_per_day", std::to_string(draw().between(1, 30)));
        return describe(site, std::move(values), "site_opened");
      }
      default:
        return describe(site, {}, "site_as_configured");
    }
  }
  // The first one takes whatever there is: with it everything can leave some day.
  if (sites_.size() < 2) return;
  const auto& name = sites_[1 + draw().below(sites_.size() - 1)];
  if (draw().chance(250)) return describe(name, {}, "site_as_configured");
  describe(name, by_the_rules(rules_.sites.at(name), name), "site_described");
}

void SiteKeeper::describe(const std::string& site, Values values, const char* done) {
  if (!values.empty()) described_.insert(site);
  ask(DescribeSite{site, std::move(values), "as it is today", "office"}, done);
}

SiteKeeper::Values SiteKeeper::by_the_rules(const RoutingTruth::Site& site,
                                            const std::string& name) {
  const bool hazardous = draw().chance(300) ? !site.hazardous : site.hazardous;
  Values out{{"zones.other", name},
             {"hazardous", hazardous ? "true" : "false"},
             {"handling_parcel_minor", std::to_string(draw().between(0, 6) * 50)},
             {"handling_piece_minor", std::to_string(draw().between(0, 4) * 10)}};
  if (draw().chance(300)) return out;
  const auto half_hours = draw().between(2, 47), east = draw().between(-8, 10);
  out.emplace_back("hours.mon-sun",
                   "00:00-" + two(half_hours / 2) + (half_hours % 2 == 0 ? ":00" : ":30"));
  // POSIX counts westwards.
  out.emplace_back("time_zone", east == 0 ? "Etc/GMT"
                                          : std::string("Etc/GMT") + (east > 0 ? "-" : "+") +
                                                std::to_string(east > 0 ? east : -east));
  return out;
}

// From yesterday on, so that wherever a clock is it is closed now.
SiteKeeper::Values SiteKeeper::closed_for_days() {
  std::string dates;
  for (std::int64_t day = -1; day < kDaysClosed; ++day) {
    dates += (dates.empty() ? "" : " ") + base::to_rfc3339(wall_ms() + day * kDayMs).substr(0, 10);
  }
  return {{"closed", dates}, {"hours.mon-sun", "00:00-24:00"}, {"time_zone", "Etc/GMT"}};
}

void SiteKeeper::settle() {
  Officer::settle();
  withdraw();
}

void SiteKeeper::withdraw() {
  if (described_.empty()) return;
  const auto site = *described_.begin();
  hub_.call(DescribeSite{site, {}, "the season is over", "office"},
            [this, site](const Reply& reply) {
              if (!reply.error) described_.erase(site);
              world_.after(reply.error ? kAgainMs : 1, [this] { withdraw(); });
            });
}

}  // namespace dockline::sim
