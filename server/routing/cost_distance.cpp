// A preference for what is near, where rates do not tell near from far.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kPer100Km, kUnknownKm };
constexpr Parameter kParameters[] = {{"per_100_km_minor", 20, "each 100 km"},
                                     {"unknown_km", 2'000, "where the distance is not known"}};

Minor once(const Ask&, const Site& site, const Service*, Values values) {
  return scaled(site.distance_km.value_or(values[kUnknownKm]), values[kPer100Km], 100);
}

std::string say(const Spoken& about) {
  if (about.site.distance_km) return std::to_string(*about.site.distance_km) + " km";
  return "distance not known, counted as " + std::to_string(about.values[kUnknownKm]) + " km";
}

}  // namespace

Rule cost_distance() {
  return {.name = "distance",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPlace,
          .once = once};
}

}  // namespace dockline::server::routing
