// What the carrier takes: the rate of the destination's zone for the parcel's weight. A load beyond
// the heaviest step goes in several parcels.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kUnknown };
constexpr Parameter kParameters[] = {
    {"unknown_minor", 2'000, "a parcel by a service without a rate for the zone"}};

Tariff tariff(const Ask&, const Site& site, const Service* service, Values values) {
  Tariff made{{}, clamped(values[kUnknown])};
  if (service == nullptr || !site.zone) return made;
  const auto& rates = service->rates;
  const auto from =
      std::lower_bound(rates.begin(), rates.end(), *site.zone,
                       [](const Rate& r, const std::string& z) { return r.zone < z; });
  auto to = from;
  while (to != rates.end() && to->zone == *site.zone) ++to;
  if (from != to && std::prev(to)->up_to_g > 0) {
    made.steps = std::span<const Rate>(rates).subspan(
        static_cast<std::size_t>(from - rates.begin()), static_cast<std::size_t>(to - from));
  }
  return made;
}

std::string say(const Spoken& about) {
  const auto made = tariff(about.ask, about.site, about.service, about.values);
  const auto parcels = parcels_of(made, about.load.grams);
  std::string text = std::to_string(parcels) + (parcels == 1 ? " parcel, " : " parcels, ");
  text += std::to_string(about.load.grams) + " g by " + service_name(about.service);
  if (!made.steps.empty()) return text + " to zone " + *about.site.zone;
  return text + ": no rate is known";
}

}  // namespace

Rule cost_shipping() {
  return {.name = "shipping",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksGoods | kAsksPlace,
          .cash = true,
          .tariff = tariff};
}

}  // namespace dockline::server::routing
