// What each hour after the promised date costs. The next cut-off of the site and the service's time
// to the door say when it arrives.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
enum : std::size_t { kPerHour, kMost, kUnknown, kNoPromise };
constexpr Parameter kParameters[] = {
    {"per_hour_minor", 25, "each hour begun after the promise"},
    {"most_minor", 3'000, "however late it is"},
    {"unknown_minor", 500, "when nobody knows when it would arrive"},
    {"no_promise_minor", 0, "when nothing was promised, as far as is known"}};

std::optional<std::int64_t> arrives_ms(const Ask& ask, const Site& site, const Service* service) {
  const auto leaves = leaves_ms(site, ask.facts->now_ms);
  if (!leaves || service == nullptr || !service->transit_ms) return std::nullopt;
  return *leaves + *service->transit_ms;
}

Minor once(const Ask& ask, const Site& site, const Service* service, Values values) {
  if (!ask.facts->promised_ms) return values[kNoPromise];
  const auto arrives = arrives_ms(ask, site, service);
  if (!arrives) return values[kUnknown];
  const std::int64_t late_ms = *arrives - *ask.facts->promised_ms;
  if (late_ms <= 0) return 0;
  return std::min(values[kMost], scaled((late_ms + kHourMs - 1) / kHourMs, values[kPerHour], 1));
}

std::string say(const Spoken& about) {
  if (!about.ask.facts->promised_ms) return "nothing is known to be promised";
  const auto arrives = arrives_ms(about.ask, about.site, about.service);
  if (!arrives) return "nobody knows when it would arrive";
  const std::int64_t late_ms = *arrives - *about.ask.facts->promised_ms;
  return late_ms <= 0 ? "in time" : duration(late_ms) + " late by " + service_name(about.service);
}

}  // namespace

Rule cost_lateness() {
  return {.name = "lateness",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPromise | kAsksPlace,
          .once = once};
}

}  // namespace dockline::server::routing
