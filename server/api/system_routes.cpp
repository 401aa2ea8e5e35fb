// Health, metrics, this API's document, the figures on top.
#include "server/api/openapi.hpp"
#include "server/api/route.hpp"
#include "server/api/system.hpp"

namespace dockline::server::api {
namespace {

Outcome get_health(Context& c) { return ok(health_json(c.facts, c.now_ms)); }

Outcome get_openapi(Context&) {
  return Answer{.body = openapi_document(), .type = "application/yaml"};
}

Outcome get_metrics(Context&) { return AskMetrics{}; }

Outcome get_summary(Context& c) {
  return read(c.reader.summary(c.now_ms),
              [&](const auto& summary) { return summary_json(summary, c.now_ms); });
}

}  // namespace

std::span<const Route> system_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "health", get_health, true},
      {"GET", "metrics", get_metrics},
      {"GET", "openapi.yaml", get_openapi},
      {"GET", "summary", get_summary},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
