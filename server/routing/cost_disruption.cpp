// What a carrier costs whose deliveries to this region are disturbed now (strike, snow, flood).
#include "server/routing/rule.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kFull, kUnknown };
constexpr Parameter kParameters[] = {
    {"full_minor", 1'500, "a service that delivers nothing there now"},
    {"unknown_per_mille", 0,
     "of a service of which nothing is reported; reports name the disturbed"}};

std::int64_t disturbed(const Service* service, Values values) {
  if (PLANT("disruption-unheard-of")) return 0;
  const bool known = service != nullptr && service->disruption_per_mille.has_value();
  return known ? *service->disruption_per_mille : values[kUnknown];
}

Minor once(const Ask&, const Site&, const Service* service, Values values) {
  return scaled(disturbed(service, values), values[kFull], 1'000);
}

std::string say(const Spoken& about) {
  const auto& region = about.ask.facts->region;
  if (about.service == nullptr || !about.service->disruption_per_mille)
    return "nothing is reported";
  return std::to_string(*about.service->disruption_per_mille / 10) + " % of " +
         service_name(about.service) + " is disturbed" + (region ? " in " + *region : "");
}

}  // namespace

Rule cost_disruption() {
  return {.name = "disruption",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPlace,
          .once = once};
}

}  // namespace dockline::server::routing
