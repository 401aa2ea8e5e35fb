// A site must hand over to a carrier within some time from now: its windows say when one leaves.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kWaitMs, kIfUnknown };
constexpr Parameter kParameters[] = {
    {"wait_ms", 259'200'000, "no carrier leaves within this time: no candidate"},
    {"if_unknown", 0, "1: a site whose hours nobody knows may ship"}};

void narrow(const Ask& ask, const Site& site, Values values, Allowed& allowed) {
  if (!site.windows) {
    allowed.site = allowed.site && values[kIfUnknown] != 0;
    return;
  }
  const auto leaves = leaves_ms(site, ask.facts->now_ms);
  if (!leaves || *leaves - ask.facts->now_ms > values[kWaitMs]) allowed.site = false;
}

std::string say(const Spoken& about) {
  if (!about.site.windows) return "its hours are not known";
  const auto leaves = leaves_ms(about.site, about.ask.facts->now_ms);
  if (!leaves) return "is closed, as far as its hours are known";
  return "its next carrier leaves in " + duration(*leaves - about.ask.facts->now_ms);
}

}  // namespace

Rule must_hours() {
  return {.name = "hours",
          .kind = Rule::Kind::must,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPlace,
          .narrow = narrow};
}

}  // namespace dockline::server::routing
