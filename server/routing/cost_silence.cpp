// A site that was not heard for a while is dearer long before it is no candidate (rule liveness).
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
enum : std::size_t { kPerMinute, kMost, kUnknown };
constexpr Parameter kParameters[] = {
    {"per_minute_minor", 20, "each full minute of silence"},
    {"most_minor", 2'000, "however long the silence is"},
    {"unknown_minor", 500, "a site of whose stations nothing is known"}};

Minor once(const Ask& ask, const Site& site, const Service*, Values values) {
  if (!site.alive) return values[kUnknown];
  const std::int64_t minutes = (ask.facts->now_ms - site.alive->heard_ms) / kMinuteMs;
  return std::min(values[kMost], scaled(minutes, values[kPerMinute], 1));
}

std::string say(const Spoken& about) {
  if (!about.site.alive) return "nothing is known of its stations";
  return "last heard " + duration(about.ask.facts->now_ms - about.site.alive->heard_ms) + " ago";
}

}  // namespace

Rule cost_silence() {
  return {.name = "silence",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksAlive,
          .once = once};
}

}  // namespace dockline::server::routing
