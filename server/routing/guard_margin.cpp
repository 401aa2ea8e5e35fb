// A split, or a dearer service than the site's cheapest, must leave something of what the order
// earns. When nobody knows what it earns, neither is taken unasked.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kFloor, kIfUnknown };
constexpr Parameter kParameters[] = {
    {"floor_minor", 0, "what must be left of the order's contribution"},
    {"if_unknown", 0, "1: an order whose contribution nobody knows may be split"}};

std::optional<Minor> cash_limit(const Ask& ask, Values values) {
  if (ask.facts->margin_minor) {
    return std::clamp<Minor>(*ask.facts->margin_minor - values[kFloor], -1, kTermMax);
  }
  return values[kIfUnknown] != 0 ? std::nullopt : std::optional<Minor>(-1);
}

std::string say(const Spoken& about) {
  const Facts& facts = *about.ask.facts;
  if (!facts.margin_minor) return "nobody knows what the order earns";
  std::string text = "the order earns " + money(*facts.margin_minor, facts.currency);
  if (about.values[kFloor] == 0) return text;
  return text + ", of which " + money(about.values[kFloor], facts.currency) + " must be left";
}

}  // namespace

Rule guard_margin() {
  return {.name = "margin",
          .kind = Rule::Kind::guard,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksMargin,
          .cash_limit = cash_limit};
}

}  // namespace dockline::server::routing
