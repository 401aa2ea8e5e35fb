#include "server/routing/routing.hpp"

#include <map>

namespace dockline::server::routing {
namespace {

// A decision about a 600-line order must still fit into one fact: figures that decided come first.
constexpr std::size_t kInputsMax = 60;

std::vector<wire::DecisionInput> inputs_of(const Facts& facts) {
  std::map<std::string, domain::Quantity> wants;
  for (const auto& need : facts.needs) wants[need.sku] += need.quantity;
  std::vector<wire::DecisionInput> short_of, enough;
  for (const auto& site : facts.sites) {
    for (const auto& figure : site.figures) {
      const auto wanted = wants.find(figure.sku);
      const bool lacking = wanted != wants.end() && figure.atp < wanted->second;
      (lacking ? short_of : enough)
          .push_back(
              {"atp " + site.site + " " + figure.sku, std::to_string(figure.atp),
               figure.as_of_ms == 0 ? std::nullopt : std::optional<std::int64_t>(figure.as_of_ms)});
    }
  }
  short_of.insert(short_of.end(), enough.begin(), enough.end());
  if (short_of.size() > kInputsMax) {
    const std::size_t left = short_of.size() - kInputsMax;
    short_of.resize(kInputsMax);
    short_of.push_back({"further figures, not listed", std::to_string(left), std::nullopt});
  }
  return short_of;
}

}  // namespace

wire::DecisionMade decide(const Facts& facts, const Rule& rule, std::string id) {
  Verdict verdict = rule.judge(facts);
  wire::DecisionMade made;
  made.decision = std::move(id);
  made.kind = "routing";
  made.subject = facts.order;
  made.rule = rule.name;
  made.version = rule.version;
  made.outcome = verdict.allocated ? "allocated" : "backordered";
  made.reason = std::move(verdict.reason);
  made.candidates = std::move(verdict.candidates);
  made.inputs = inputs_of(facts);
  if (verdict.allocated) {
    for (const auto& need : facts.needs) {
      made.allocations.push_back({need.line, need.sku, need.quantity, verdict.site});
    }
  }
  return made;
}

}  // namespace dockline::server::routing
