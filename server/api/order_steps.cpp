#include "server/api/order_steps.hpp"

#include <algorithm>
#include <map>

#include "server/api/sites.hpp"
#include "server/api/values.hpp"
#include "server/app/order_way.hpp"
#include "server/routing/leaving.hpp"
#include "server/store/reader_sites.hpp"
#include "server/store/reader_way.hpp"

namespace dockline::server::api {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

// What is known of the sites of the order now: what people described, else the file.
base::Result<std::map<std::string, routing::DeclaredSite>> declared(Context& c,
                                                                    const store::OrderWay& way) {
  std::map<std::string, routing::DeclaredSite> out;
  if (way.sites.empty() || c.facts.sites == nullptr) return out;
  const auto described = store::described_sites(c.reader);
  if (!described) return base::pass(described.error());
  for (const auto& at : way.sites) {
    const auto configured = std::ranges::find(*c.facts.sites, at.site, &SiteFacts::name);
    if (configured == c.facts.sites->end()) continue;
    const auto said = described->find(at.site);
    out[at.site] =
        site_view(*configured, said == described->end() ? nullptr : &said->second, c.now_ms)
            .declared;
  }
  return out;
}

json::object step_json(const orders::WayStep& step) {
  // To the minute: a prediction is no better, and the answer stays the same meanwhile.
  const auto predicted =
      step.predicted_ms ? std::optional(*step.predicted_ms / kMinuteMs * kMinuteMs) : std::nullopt;
  return {{"step", step.name},
          {"state", orders::name(step.state)},
          {"deadline_ms", moment(step.deadline_ms)},
          {"predicted_ms", moment(predicted)},
          {"done_ms", moment(step.done_ms)},
          {"why", step.why}};
}

}  // namespace

base::Result<orders::Way> way_of_order(Context& c, const std::string& id) {
  const auto* book = c.facts.rulebook.get();
  const bool services = book != nullptr && routing::knows_transit(*book);
  const auto found = store::way_of(c.reader, id, services, c.now_ms);
  if (!found) return base::pass(found.error());
  if (!*found) return orders::Way{};
  const auto sites = declared(c, (*found)->way);
  if (!sites) return base::pass(sites.error());
  const WayHouse house{.book = book,
                       .site = [&](const std::string& name) -> const routing::DeclaredSite* {
                         const auto at = sites->find(name);
                         return at == sites->end() ? nullptr : &at->second;
                       },
                       .transit_ms = c.facts.transit_ms,
                       .margin_ms = c.facts.margin_ms};
  return orders::way(way_facts((*found)->way, (*found)->moments, house, c.now_ms));
}

json::array steps_json(const orders::Way& way) { return list(way.steps, step_json); }

}  // namespace dockline::server::api
