// A preference for sites with free hands: the price grows with the share of the day already taken.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kAtFull, kUnknown };
constexpr Parameter kParameters[] = {
    {"at_full_minor", 100, "a site whose day is full"},
    {"unknown_per_mille", 1'000, "load of a site of which it is not known"}};

Minor once(const Ask&, const Site& site, const Service*, Values values) {
  return scaled(site.load_per_mille.value_or(values[kUnknown]), values[kAtFull], 1'000);
}

std::string say(const Spoken& about) {
  if (about.site.load_per_mille) {
    return std::to_string(*about.site.load_per_mille / 10) + " % of its day is taken";
  }
  return "load not known, counted as " + std::to_string(about.values[kUnknown] / 10) + " %";
}

}  // namespace

Rule cost_load() {
  return {.name = "load",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksLoad,
          .once = once};
}

}  // namespace dockline::server::routing
