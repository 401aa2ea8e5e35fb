#include "server/app/books.hpp"

#include <algorithm>
#include <limits>

#include "server/app/tally.hpp"
#include "server/stock/quota.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {

using domain::Quantity;

template <class T>
base::Result<T> HubBooks::answer(T value) {
  if (auto ok = core_.store->trouble(); !ok) return base::pass(ok.error());
  return value;
}

HubBooks::HubBooks(HubCore& core, Stations& stations)
    : core_(core), stations_(stations), facts_(core.store->db()), listings_(core.store->db()) {
  for (const auto& site : core.config.sites) {
    routing_order_[site.name] = {site.priority, site.name};
  }
}

// A site's quota is split evenly between its stations; what a silent one may have used of its part,
// or usually uses in such a time, cannot be promised. Its part is what it was before it fell
// silent: what is sold since takes nothing from it.
std::vector<stock::StationRisk> HubBooks::risks(const std::string& sku, const std::string& site,
                                                Quantity quota, Quantity free) const {
  std::vector<stock::StationRisk> out;
  const auto life = stations_.life_of(site);
  // While all are heard there is no risk: the books are not asked.
  if (std::ranges::none_of(life, &Stations::Life::silent)) return out;
  std::map<std::string, std::int64_t> use;
  for (const auto& row : core_.store->tally.used(site, sku, first_day(core_))) {
    use[row.station] = daily_milli(core_, row.pieces);
  }
  if (quota == 0 && use.empty()) return out;
  std::vector<stock::QuotaStation> holders;
  for (const auto& one : life) holders.push_back({.station = one.station});
  const auto before = stock::share_quota(quota, quota, holders);
  if (!before) return out;
  for (std::size_t i = 0; i < life.size(); ++i) {
    if (!life[i].silent) continue;
    holders[i].silent = true;
    holders[i].leased = PLANT("quota-of-the-silent-sold") ? 0 : (*before)[i].pieces;
  }
  const auto leases = stock::share_quota(quota, free, holders);
  if (!leases) return out;  // figures out of bounds: available_to_promise() says so
  for (std::size_t i = 0; i < life.size(); ++i) {
    out.push_back({.station = life[i].station,
                   .silent = life[i].silent,
                   .heard_ms = life[i].heard_ms,
                   .quota_left = (*leases)[i].pieces,
                   .use_milli_per_day = use[life[i].station]});
  }
  return out;
}

base::Result<publish::SkuFacts> HubBooks::facts(const std::string& sku) {
  auto& policies = core_.store->policies;
  const auto& wide = policies.wide();
  const auto& own = policies.of(sku);
  publish::SkuFacts out;
  out.unrouted.value = core_.store->orders.unrouted(sku);
  for (const auto& pieces : core_.store->stock.pieces(sku)) {
    std::optional<Quantity> safety, quota;
    // The row of the SKU, and for what it does not say that of the site.
    for (const auto* rows : {&own, &wide}) {
      for (const auto& row : *rows) {
        if (row.site != pieces.site) continue;
        if (!safety) safety = row.safety;
        if (!quota) quota = row.quota;
      }
    }
    out.sites.push_back(
        {.site = pieces.site,
         .on_hand = {pieces.on_hand, pieces.as_of_ms},
         .reserved = {pieces.reserved, 0},
         .safety = PLANT("safety-stock-ignored") ? 0 : safety.value_or(0),
         .stations = risks(sku, pieces.site, quota.value_or(0), pieces.on_hand - pieces.reserved)});
  }
  const auto place = [&](const stock::SiteFacts& site) {
    const auto found = routing_order_.find(site.site);
    return found != routing_order_.end()
               ? found->second
               : std::pair(std::numeric_limits<std::int64_t>::max(), site.site);
  };
  std::ranges::sort(out.sites, {}, place);
  return answer(std::move(out));
}

base::Result<publish::KitFacts> HubBooks::kit(const std::string& sku) {
  publish::KitFacts out;
  if (!core_.kits.is_kit(sku)) return out;
  out.kits = &core_.kits;
  for (const auto& part : core_.kits.parts_of(sku)) {
    auto known = facts(part.sku);
    if (!known) return base::pass(known.error());
    out.parts.emplace_back(part.sku, std::move(*known));
  }
  return out;
}

base::Result<stock::ListingPolicy> HubBooks::policy(const std::string& channel,
                                                    const std::string& sku) {
  stock::ListingPolicy out;
  auto& policies = core_.store->policies;
  for (const auto* rows : {&policies.of(sku), &policies.wide()}) {
    for (const auto& row : *rows) {
      if (row.channel != channel) continue;
      if (!out.share_pm) out.share_pm = row.share_pm;
      if (!out.buffer) out.buffer = row.buffer;
      if (!out.cap) out.cap = row.cap;
    }
  }
  return answer(out);
}

base::Result<bool> HubBooks::knows(const std::string& sku) {
  return answer(core_.store->stock.has_item(sku));
}

base::Result<std::vector<publish::FlawedListing>> HubBooks::flawed_listings() {
  return listings_.rows();
}
base::Status HubBooks::put_listing(const publish::FlawedListing& row) { return listings_.put(row); }
base::Status HubBooks::remove_listing(const publish::FlawedListing& row) {
  return listings_.remove(row);
}

base::Result<std::vector<std::string>> HubBooks::skus(const std::string& after, std::size_t limit) {
  return answer(core_.store->stock.skus(after, static_cast<std::int64_t>(limit)));
}

base::Result<Quantity> HubBooks::held(const std::string& channel, const std::string& sku) {
  return answer(core_.store->stock.held(channel, sku));
}

base::Result<std::optional<Quantity>> HubBooks::told(const std::string& channel,
                                                     const std::string& sku,
                                                     const std::string& location) {
  return answer(core_.store->stock.told(channel, sku, location));
}

// The parts of a kit are one line of its channel: as many as can be made of them.
void HubBooks::as_sold(std::int64_t ord, std::map<std::int64_t, Quantity>& told,
                       std::vector<publish::KnownLine>& lines) {
  for (const auto& kit : core_.store->kits.lines(ord)) {
    publish::KnownLine one{kit.line, kit.external_id.value_or(""), kit.quantity, kit.quantity};
    auto left = kit.quantity;
    for (const auto& [part, pieces] : kit.parts) {
      for (const auto& line : lines) {
        if (line.line == part) one.cancelled = std::min(one.cancelled, line.cancelled / pieces);
      }
      left = std::min(left, told[part] / pieces);
      std::erase_if(lines, [&](const auto& line) { return line.line == part; });
    }
    one.held = std::max<Quantity>(0, one.received - one.cancelled - left);
    lines.push_back(std::move(one));
  }
}

base::Result<std::optional<std::vector<publish::KnownLine>>> HubBooks::order(
    const std::string& order) {
  std::optional<std::vector<publish::KnownLine>> known;
  if (const auto ord = core_.store->orders.ord_of(order)) {
    known.emplace();
    const auto texts = core_.store->orders.texts(*ord);
    auto left = core_.store->orders.told(*ord);
    for (const auto& line : core_.store->orders.lines(*ord)) {
      publish::KnownLine one{
          line.line, {}, line.quantity, line.units.at(orders::UnitState::cancelled)};
      one.held = std::max<Quantity>(0, one.received - one.cancelled - left[line.line]);
      for (const auto& text : texts) {
        if (text.line == line.line) one.external_id = text.external_id.value_or("");
      }
      known->push_back(std::move(one));
    }
    as_sold(*ord, left, *known);
  }
  return answer(std::move(known));
}

base::Result<std::vector<std::string>> HubBooks::open_orders(const std::string& channel,
                                                             const std::string& after,
                                                             std::size_t limit) {
  return answer(core_.store->orders.open_numbers(channel, after, static_cast<std::int64_t>(limit)));
}

}  // namespace dockline::server
