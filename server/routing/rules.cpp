// One line for each rule; its file makes the value. A chain names rules, so their order here only
// says in which order all_things_weighed() asks them: what forbids first, cheapest to ask first.
#include <vector>

#include "server/routing/rule.hpp"

#define DOCKLINE_ROUTING_RULES(RULE) \
  RULE(must_stock)                   \
  RULE(must_liveness)                \
  RULE(must_capacity)                \
  RULE(must_hours)                   \
  RULE(must_carrier)                 \
  RULE(must_hazardous)               \
  RULE(must_cold_chain)              \
  RULE(cost_shipping)                \
  RULE(cost_handling)                \
  RULE(cost_split)                   \
  RULE(cost_distance)                \
  RULE(cost_load)                    \
  RULE(cost_lateness)                \
  RULE(cost_reliability)             \
  RULE(cost_disruption)              \
  RULE(cost_silence)                 \
  RULE(guard_margin)

namespace dockline::server::routing {

#define DOCKLINE_ROUTING_DECLARED(name) Rule name();
DOCKLINE_ROUTING_RULES(DOCKLINE_ROUTING_DECLARED)
#undef DOCKLINE_ROUTING_DECLARED

std::span<const Rule> rules() {
#define DOCKLINE_ROUTING_MADE(name) name(),
  static const std::vector<Rule> all = {DOCKLINE_ROUTING_RULES(DOCKLINE_ROUTING_MADE)};
#undef DOCKLINE_ROUTING_MADE
  return all;
}

const Rule* find_rule(std::string_view name, std::int64_t version) {
  for (const auto& rule : rules()) {
    if (rule.name == name && rule.version == version) return &rule;
  }
  return nullptr;
}

}  // namespace dockline::server::routing
