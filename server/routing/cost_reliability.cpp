// What a carrier costs that does not deliver as it said.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kNever, kUnknown };
constexpr Parameter kParameters[] = {
    {"never_minor", 1'000, "a service that never delivers as said"},
    {"unknown_per_mille", 900, "of a service of which it is not known"}};

std::int64_t kept(const Service* service, Values values) {
  const bool known = service != nullptr && service->reliability_per_mille.has_value();
  return known ? *service->reliability_per_mille : values[kUnknown];
}

Minor once(const Ask&, const Site&, const Service* service, Values values) {
  return scaled(1'000 - kept(service, values), values[kNever], 1'000);
}

std::string say(const Spoken& about) {
  const bool known = about.service != nullptr && about.service->reliability_per_mille.has_value();
  return std::to_string(kept(about.service, about.values)) + " of 1000 parcels come as said" +
         (known ? "" : ", assumed");
}

}  // namespace

Rule cost_reliability() {
  return {.name = "reliability",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPlace,
          .once = once};
}

}  // namespace dockline::server::routing
