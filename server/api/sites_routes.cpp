// Sites: what is known of each and from where, its day, and a person's description.
#include <algorithm>

#include "server/api/route.hpp"
#include "server/api/sites.hpp"
#include "server/imports/csv_out.hpp"
#include "server/routing/day.hpp"
#include "server/store/reader_buying.hpp"
#include "server/store/reader_sites.hpp"

namespace dockline::server::api {
namespace {

constexpr const char* kLookAtSites = "GET /api/v1/sites lists those of server.toml";

const SiteFacts* configured(const Context& c, std::string_view name) {
  if (c.facts.sites == nullptr) return nullptr;
  const auto at = std::ranges::find(*c.facts.sites, name, &SiteFacts::name);
  return at == c.facts.sites->end() ? nullptr : &*at;
}

void add_held(SiteView& view, const store::SitesHold& held) {
  const auto at = held.sites.find(view.name);
  const auto holds = at == held.sites.end() ? store::SiteHolds{} : at->second;
  view.at_benches = holds.at_benches;
  view.parcels = holds.parcels;
  if (!held.counted) return;
  view.skus = holds.skus;
  view.pieces = holds.pieces;
}

// Those of server.toml, or the one that is asked for.
base::Result<std::vector<SiteView>> views(Context& c, const SiteFacts* only) {
  const auto described = store::described_sites(c.reader);
  if (!described) return base::pass(described.error());
  const auto waiting = store::waiting_by_site(c.reader);
  if (!waiting) return base::pass(waiting.error());
  const auto held = store::held_by_site(c.reader);
  if (!held) return base::pass(held.error());
  const auto stations = c.reader.stations(c.now_ms);
  if (!stations) return base::pass(stations.error());
  std::vector<SiteView> out;
  if (c.facts.sites == nullptr) return out;
  for (const auto& site : *c.facts.sites) {
    if (only != nullptr && &site != only) continue;
    const auto said = described->find(site.name);
    auto view = site_view(site, said == described->end() ? nullptr : &said->second, c.now_ms);
    if (const auto at = waiting->find(site.name); at != waiting->end()) view.waiting = at->second;
    const auto closed =
        store::closed_at(c.reader, site.name, routing::midnight_ms(view.declared, c.now_ms));
    if (!closed) return base::pass(closed.error());
    view.closed_today = *closed;
    add_held(view, *held);
    for (const auto& station : *stations) {
      if (station.site != site.name) continue;
      ++view.stations;
      if (station.status == "never") ++view.never;
      if (!station.silent) ++view.heard;
    }
    out.push_back(std::move(view));
  }
  return out;
}

Outcome get_sites(Context& c) { return read(views(c, nullptr), sites_json); }

Outcome get_site(Context& c) {
  const auto* site = configured(c, c.id);
  if (site == nullptr) return missing("site", c.id, kLookAtSites);
  const auto found = views(c, site);
  Answer answer = read(found, [](const auto& all) { return site_json(all.front()); });
  // What If-Match compares (api.cpp): what people said of it, not its day.
  if (found) answer.etag = std::to_string(found->front().mark) + "-";
  return answer;
}

Outcome put_site(Context& c) {
  if (configured(c, c.id) == nullptr) return missing("site", c.id, kLookAtSites);
  return ask(created_answer, site_body(c.id, c.request.body));
}

Outcome export_sites(Context& c) {
  auto all = views(c, nullptr);
  if (!all) return unread(all.error());
  return AskLook{[all = std::move(*all)](store::Reader& reader) {
    const auto lying = store::export_rows(reader, "sites");  // site, SKUs, pieces; where any lie
    if (!lying) return unread(lying.error());
    std::vector<SiteStock> stock(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const auto& row : *lying) {
        if (row.front() == all[i].name) stock[i] = {row.at(1), row.at(2)};
      }
    }
    return Answer{.body = imports::write_csv(site_rows(all, stock)), .type = "text/csv"};
  }};
}

}  // namespace

std::span<const Route> sites_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "sites", get_sites},
      {"GET", "sites/*", get_site},
      {"PUT", "sites/*", put_site},
      {"GET", "export/sites.csv", export_sites},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
