#include "server/app/tally.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "server/app/json_text.hpp"
#include "server/routing/nearest.hpp"
#include "server/stock/bounds.hpp"
#include "server/stock/places.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kMovesPerTurn = 1'000;
constexpr std::size_t kRegionsMax = 20'000;  // remembered at a time
// Routing tells places apart by more of the code, demand need not: 100 regions of a country.
constexpr std::size_t kCodeLetters = 2;
constexpr std::string_view kPosition = "tally_position", kN = "tally_n", kDays = "tally_days";

store::Region region_of(const std::string& ship_to) {
  if (ship_to.empty()) return {};
  const auto address = address_of(ship_to);
  return {address.country.value_or(""), address.region.value_or(""),
          address.postal_code.value_or("").substr(0, kCodeLetters)};
}

}  // namespace

std::int64_t demand_days(const HubCore& core) {
  return std::max<std::int64_t>(1, core.config.stock.demand_days);
}

std::int64_t first_day(const HubCore& core) {
  return core.now.wall_ms / stock::kDayMs - demand_days(core) + 1;
}

void Tally::begin() {
  serve_.clear();
  book_ = core_.config.rulebook ? *core_.config.rulebook : routing::Rulebook{};
  for (auto& site : book_.sites) site.hours.reset();
  auto& own = core_.store->own;
  if (own.value(kDays) < demand_days(core_)) {
    core_.store->tally.forget_all();
    own.set(kPosition, 0);
    own.set(kN, 0);
  }
  own.set(kDays, demand_days(core_));
  core_.store->tally.forget_before(first_day(core_));
}

bool Tally::count_page() {
  auto& own = core_.store->own;
  const auto page = core_.store->tally.moves(own.value(kPosition), own.value(kN), kMovesPerTurn);
  for (const auto& move : page) take(move);
  if (!page.empty()) {
    own.set(kPosition, page.back().position);
    own.set(kN, page.back().n);
  }
  return std::cmp_less(page.size(), kMovesPerTurn);
}

void Tally::take(const store::TallyBook::Move& move) {
  // A bench whose clock is ahead sold it no later than the server heard.
  const auto day = std::min(move.time_ms, move.heard_ms) / stock::kDayMs;
  if (day < first_day(core_)) return;
  for (const auto& [shelf, other, sign] :
       {std::tuple(&move.from, &move.to, 1), std::tuple(&move.to, &move.from, -1)}) {
    if (!ledger::is_shelf(*shelf) || *other == *shelf) continue;
    const std::string site(ledger::site_of(*shelf));
    const auto pieces = sign * move.quantity;
    if (*other == ledger::packed(site)) {
      core_.store->tally.add_sold(move.sku, site, region_of(core_.store->tally.ship_to(move.order)),
                                  day, pieces);
      continue;
    }
    // What comes from a supplier or goes to another site is nothing that a bench used.
    const bool used = *other == ledger::kAdjustment ||
                      *other == stock::place(site, stock::PlaceKind::damaged) ||
                      *other == stock::place(site, stock::PlaceKind::quarantine);
    const auto by = parse_source(move.source);
    if (used && by.site == site && !by.station.empty()) {
      core_.store->tally.add_used(move.sku, site, by.station, day, pieces);
    }
  }
}

const std::vector<std::string>& Tally::serve(const store::Region& region) {
  if (const auto known = serve_.find(region); known != serve_.end()) return known->second;
  if (serve_.size() >= kRegionsMax) serve_.clear();
  auto& found = serve_[region];
  if (region.country.empty()) return found;
  routing::Facts facts{.order = {},
                       .needs = {},
                       .sites = {},
                       .again = {},
                       .now_ms = core_.now.wall_ms,
                       .country = region.country};
  if (!region.region.empty()) facts.region = region.region;
  if (!region.code.empty()) facts.postal_code = region.code;
  for (const auto& site : core_.config.sites) {
    facts.sites.push_back({.site = site.name, .priority = site.priority});
  }
  std::ranges::sort(facts.sites, {}, [](const auto& s) { return std::pair(s.priority, s.site); });
  routing::declare(book_, facts);
  found = routing::by_nearness(facts);
  return found;
}

Tally::Demand Tally::of(const std::string& sku, const std::vector<std::string>& sites) {
  Demand out;
  for (const auto& row : core_.store->tally.sold(sku, first_day(core_))) {
    out.left[row.site] += row.pieces;
    const auto& near = serve(row.to);
    const auto first = std::ranges::find_if(
        near, [&](const auto& site) { return std::ranges::find(sites, site) != sites.end(); });
    out.wanted[first == near.end() ? row.site : *first] += row.pieces;
  }
  return out;
}

std::int64_t daily_milli(const HubCore& core, domain::Quantity pieces) {
  return std::min(
      std::clamp<domain::Quantity>(pieces, 0, stock::kPiecesMax) * 1'000 / demand_days(core),
      stock::kRateMilliMax);
}

}  // namespace dockline::server
