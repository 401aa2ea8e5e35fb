// What each further site of one order costs: carton, label, a second delivery for the buyer.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kFurther };
constexpr Parameter kParameters[] = {{"further_minor", 300, "each site after the first"}};

Minor further(const Ask&, Values values) { return clamped(values[kFurther]); }

std::string say(const Spoken&) { return "sites after the first"; }

}  // namespace

Rule cost_split() {
  return {.name = "split",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .cash = true,
          .further = further};
}

}  // namespace dockline::server::routing
