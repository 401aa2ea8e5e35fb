#include "server/routing/nearest.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace dockline::server::routing {
namespace {

constexpr auto kUnknown = std::numeric_limits<std::int64_t>::max();

// Of the smallest parcel, by the cheapest service that has a rate for the zone.
std::int64_t least_rate(const Facts& facts, const Site& site) {
  auto least = kUnknown;
  if (!site.zone || !site.services) return least;
  for (const auto place : *site.services) {
    const auto& rates = facts.services[static_cast<std::size_t>(place)].rates;
    const auto at = std::ranges::lower_bound(rates, *site.zone, {}, &Rate::zone);
    if (at != rates.end() && at->zone == *site.zone) least = std::min(least, at->minor);
  }
  return least;
}

}  // namespace

std::vector<std::string> by_nearness(const Facts& facts) {
  struct Row {
    std::int64_t km, rate;
    const Site* site;
  };
  std::vector<Row> rows;
  for (const auto& site : facts.sites) {
    rows.push_back({site.distance_km.value_or(kUnknown), least_rate(facts, site), &site});
  }
  const bool nothing = std::ranges::all_of(
      rows, [](const Row& r) { return r.km == kUnknown && r.rate == kUnknown; });
  if (nothing) return {};
  std::ranges::stable_sort(rows, {}, [](const Row& r) { return std::pair(r.km, r.rate); });
  std::vector<std::string> out;
  for (const auto& row : rows) out.push_back(row.site->site);
  return out;
}

}  // namespace dockline::server::routing
