// A site that has packed all it can pack today gets nothing more.
#include "server/routing/rule.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kIfUnknown };
constexpr Parameter kParameters[] = {
    {"if_unknown", 0, "1: a site whose capacity nobody knows may ship"}};

void narrow(const Ask&, const Site& site, Values values, Allowed& allowed) {
  const bool free = site.capacity_left ? *site.capacity_left > 0 : values[kIfUnknown] != 0;
  if (!free && !PLANT("full-site-gets-more")) allowed.site = false;
}

std::string say(const Spoken& about) {
  return about.site.capacity_left ? "has no capacity left today" : "its capacity is not known";
}

}  // namespace

Rule must_capacity() {
  return {.name = "capacity",
          .kind = Rule::Kind::must,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksLoad,
          .narrow = narrow};
}

}  // namespace dockline::server::routing
