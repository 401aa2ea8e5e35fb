// What is kept back, and how figures come about.
#include "server/api/policies.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

Outcome get_policies(Context& c) {
  const auto query = Query::parse(c.request.query, {"sku", "site", "channel", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(store::policies(c.reader, {.sku = query->text("sku"),
                                         .site = query->text("site"),
                                         .channel = query->text("channel"),
                                         .after = query->text("after"),
                                         .limit = *limit}),
              policies_json);
}

Outcome put_policy(Context& c) { return ask(created_answer, policy_body(c.request.body)); }

Outcome get_kits(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(store::kits(c.reader, query->text("after"), *limit), kits_json);
}

Outcome put_kit(Context& c) { return ask(created_answer, kit_body(c.request.body)); }

Outcome get_drift(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  return read(store::drift(c.reader, c.id, query->text("after"), *limit), drift_json);
}

// Asked of the core lane: that is where figures are made, from the same books at the same moment.
Outcome get_derivation(Context& c) {
  const auto item = c.reader.stock_of(c.id);
  if (item && !*item) {
    return missing("SKU", c.id, "GET /api/v1/stock?q=... finds it by a part of SKU or title");
  }
  return Ask{[](const Reply& reply) { return ok(derivation_json(reply)); }, ExplainStock{c.id}};
}

}  // namespace

std::span<const Route> policies_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "stock/policies", get_policies},
      {"PUT", "stock/policies", put_policy},
      {"GET", "stock/*/derivation", get_derivation},
      {"GET", "kits", get_kits},
      {"PUT", "kits", put_kit},
      {"GET", "channels/*/drift", get_drift},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
