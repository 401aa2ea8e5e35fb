// A site needs a carrier service that delivers to the country of the order.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kIfUnknown };
constexpr Parameter kParameters[] = {
    {"if_unknown", 0,
     "1: a site without known services, or a service without known countries, may"}};

bool delivers(const Service& service, const Facts& facts, Values values) {
  if (!service.countries || !facts.country) return values[kIfUnknown] != 0;
  return std::binary_search(service.countries->begin(), service.countries->end(), *facts.country);
}

void narrow(const Ask& ask, const Site& site, Values values, Allowed& allowed) {
  if (!site.services) {
    allowed.site = allowed.site && values[kIfUnknown] != 0;
    return;
  }
  for (std::size_t i = 0; i < services_of(site); ++i) {
    const Service* service = service_at(ask, site, i);
    if (service == nullptr || !delivers(*service, *ask.facts, values)) {
      allowed.services &= ~(1U << i);
    }
  }
}

std::string say(const Spoken& about) {
  if (!about.site.services) return "its carriers are not known";
  if (!about.ask.facts->country) return "nobody knows which country it goes to";
  return "has no carrier that delivers to " + *about.ask.facts->country;
}

}  // namespace

Rule must_carrier() {
  return {.name = "carrier",
          .kind = Rule::Kind::must,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPlace,
          .firm = true,
          .narrow = narrow};
}

}  // namespace dockline::server::routing
