#include "server/api/routing.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {

// What the short row of lists has, and all that a chain which weighs, a policy or a person adds.
std::string decision_json(const store::DecisionRow& decision) {
  json::object out = decision_row(decision);
  const json::value data = data_of(decision.body);
  for (const char* name :
       {"rules", "currency", "costs", "optimality", "remainder", "policy", "by"}) {
    const json::value* found = data.is_object() ? data.get_object().if_contains(name) : nullptr;
    out[name] = found == nullptr ? json::value(nullptr) : *found;
  }
  const json::value* facts = data.is_object() ? data.get_object().if_contains("facts") : nullptr;
  const bool kept = facts != nullptr && facts->is_string();
  out["facts"] = kept ? stored(std::string(facts->get_string())) : json::value(nullptr);
  return json::serialize(out);
}

std::string what_if_json(const whatif::Report& report) { return whatif::to_json(report); }

}  // namespace dockline::server::api
