#include "server/app/order_way.hpp"

#include <algorithm>

#include "server/routing/leaving.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kPackMs = 180'000;  // before a site has packed anything

orders::Leg leg_of(const store::WaySite& at, const WayHouse& house, std::int64_t from_ms,
                   std::optional<std::int64_t> promised_ms) {
  orders::Leg leg{.site = at.site,
                  .pack_ms = at.pack_ms.value_or(kPackMs),
                  .ahead = at.ahead,
                  .benches = std::max<std::int64_t>(1, at.benches),
                  .collections = {},
                  .transit_ms = house.transit_ms,
                  .service = {}};
  const auto declared = house.book == nullptr || at.service.empty()
                            ? std::nullopt
                            : routing::transit_of(*house.book, at.service);
  if (declared) {
    leg.transit_ms = *declared;
    leg.service = at.service;
  }
  const auto* site = house.site ? house.site(at.site) : nullptr;
  if (site == nullptr) return leg;
  const auto due = promised_ms ? std::optional(*promised_ms - leg.transit_ms) : std::nullopt;
  for (const auto& l : routing::leaving(*site, from_ms, due)) {
    leg.collections.push_back({l.at_ms, l.east_s});
  }
  return leg;
}

}  // namespace

orders::WayFacts way_facts(const store::OrderWay& way, const store::WayMoments& moments,
                           const WayHouse& house, std::int64_t now_ms) {
  orders::WayFacts out;
  out.now_ms = now_ms;
  out.received_ms = way.received_ms;
  out.margin_ms = house.margin_ms;
  out.promised_ms = way.promised_ms;
  out.held = way.held;
  out.fetched = way.fetched;
  out.unrouted = way.unrouted;
  out.to_pack = way.to_pack;
  out.packed = way.packed;
  out.gone = way.gone;
  out.delivered = way.delivered;
  out.begins_ms = way.released_ms;
  out.checked_ms = moments.checked_ms;
  out.routed_ms = moments.routed_ms;
  out.packed_ms = moments.packed_ms;
  out.handed_ms = moments.handed_ms;
  out.delivered_ms = moments.delivered_ms;
  const auto from_ms = std::max(now_ms, way.released_ms.value_or(now_ms));
  for (const auto& site : way.sites) {
    out.legs.push_back(leg_of(site, house, from_ms, way.promised_ms));
  }
  if (out.legs.empty()) out.legs.push_back(leg_of({}, house, from_ms, way.promised_ms));
  return out;
}

}  // namespace dockline::server
