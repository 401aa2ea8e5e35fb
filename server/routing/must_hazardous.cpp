// Hazardous goods leave only from a site that may handle them, by a service that takes them.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kIfUnknown };
constexpr Parameter kParameters[] = {
    {"if_unknown", 0, "1: goods that nobody has marked are taken for harmless"}};

Mark mark(Values values) {
  return {&Goods::hazardous, &Site::hazardous, &Service::hazardous, "hazardous goods",
          values[kIfUnknown] == 0};
}

void narrow(const Ask& ask, const Site& site, Values values, Allowed& allowed) {
  narrow_marked(ask, site, mark(values), allowed);
}

std::string say(const Spoken& about) { return say_marked(about, mark(about.values)); }

}  // namespace

Rule must_hazardous() {
  return {.name = "hazardous",
          .kind = Rule::Kind::must,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksGoods | kAsksPlace,
          .firm = true,
          .narrow = narrow};
}

}  // namespace dockline::server::routing
