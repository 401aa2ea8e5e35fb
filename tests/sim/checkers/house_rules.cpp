#include "tests/sim/checkers/house_rules.hpp"

namespace dockline::sim {
namespace {

// "Etc/GMT-3" is three hours east.
std::int64_t east_of(const std::string& zone) {
  constexpr std::size_t kName = 7;
  return zone.size() <= kName ? 0 : -std::stoll(zone.substr(kName)) * 3'600;
}

}  // namespace

void HouseRules::described(const Fact& fact) {
  described_.erase(fact.site);
  const auto drawn = drawn_.sites.find(fact.site);
  if (fact.values.empty() || drawn == drawn_.sites.end()) return;
  RoutingTruth::Site site;
  site.rate_minor = drawn->second.rate_minor;
  site.spare_minor = drawn->second.spare_minor;
  site.priority = drawn->second.priority;
  site.hazardous = false;
  for (const auto& [key, value] : fact.values) {
    if (key == "hazardous") site.hazardous = value == "true";
    if (key == "handling_parcel_minor") site.parcel_minor = std::stoll(value);
    if (key == "handling_piece_minor") site.piece_minor = std::stoll(value);
    if (key == "time_zone") site.east_s = east_of(value);
    if (!key.starts_with("hours.")) continue;
    const auto dash = value.find('-') + 1;
    site.hours = true;
    site.cut_off_min =
        std::stoll(value.substr(dash, 2)) * 60 + std::stoll(value.substr(dash + 3, 2));
  }
  described_[fact.site] = site;
}

const RoutingTruth::Site* HouseRules::of(const std::string& name) const {
  if (const auto said = described_.find(name); said != described_.end()) return &said->second;
  const auto drawn = drawn_.sites.find(name);
  return drawn == drawn_.sites.end() ? nullptr : &drawn->second;
}

}  // namespace dockline::sim
