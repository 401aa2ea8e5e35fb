// A site whose stations or printers are silent packs nothing now.
#include "server/routing/rule.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kSilentMs, kIfUnknown };
constexpr Parameter kParameters[] = {
    {"silent_ms", 600'000, "silent for longer: no candidate"},
    {"if_unknown", 0, "1: a site of whose stations nothing is known may ship"}};

void narrow(const Ask& ask, const Site& site, Values values, Allowed& allowed) {
  if (!site.alive) {
    allowed.site = allowed.site && values[kIfUnknown] != 0;
    return;
  }
  if (PLANT("routed-to-dark-site")) return;
  const bool silent = ask.facts->now_ms - site.alive->heard_ms > values[kSilentMs];
  if (silent || site.alive->stations <= 0 || site.alive->printers <= 0) allowed.site = false;
}

std::string say(const Spoken& about) {
  if (!about.site.alive) return "nothing is known of its stations";
  const Alive& alive = *about.site.alive;
  if (alive.stations <= 0) return "no station works";
  if (alive.printers <= 0) return "no printer is ready";
  return "silent for " + duration(about.ask.facts->now_ms - alive.heard_ms);
}

}  // namespace

Rule must_liveness() {
  return {.name = "liveness",
          .kind = Rule::Kind::must,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksAlive,
          .narrow = narrow};
}

}  // namespace dockline::server::routing
