#include "server/app/daily_look.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "server/stock/places.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kShelvesPerTurn = 100;
constexpr std::size_t kTracesMax = 20'000, kNeedsMax = 200'000;
constexpr std::int64_t kCasesMax = 50'000;
constexpr std::int64_t kSuspectsShown = 500, kTransfersShown = 500;
constexpr std::size_t kPurchaseLinesMax = 200;  // of one fact
constexpr std::int64_t kWatchMs = 300'000, kWatchedMost = 50;
constexpr std::int64_t kExpiredPerTurn = 50;
constexpr std::string_view kNext = "look_ms";

// That is tried first; null: there is none.
const SiteConfig* first_site(const HubConfig& config) {
  const auto found = std::ranges::min_element(
      config.sites, {}, [](const auto& s) { return std::pair(s.priority, s.name); });
  return found == config.sites.end() ? nullptr : &*found;
}

}  // namespace

base::Status DailyLook::tick() {
  const auto now = core_.now.wall_ms;
  if (now - watched_ms_ >= kWatchMs || now < watched_ms_) {
    watched_ms_ = now;
    if (auto ok = watch(); !ok) return ok;
    const auto next = core_.store->own.value(kNext);
    // The first look comes a day after the first start: before that nothing is usual.
    if (next == 0) core_.store->own.set(kNext, now + stock::kDayMs);
    if (next != 0 && now >= next) begin();
  }
  if (auto ok = set_expired_aside(); !ok) return ok;
  if (desk_.take_look()) begin();
  if (!running_) return core_.store->trouble();
  if (!counted_) {
    counted_ = tally_.count_page();
    return core_.store->trouble();
  }
  const auto shelves = core_.store->buying.shelves(sku_, place_, kShelvesPerTurn);
  for (const auto& shelf : shelves) gather(shelf);
  if (!shelves.empty()) {
    sku_ = shelves.back().sku;
    place_ = ledger::shelf(shelves.back().site);
    return core_.store->trouble();
  }
  if (gather_without_shelf()) return core_.store->trouble();
  return finish();
}

void DailyLook::begin() {
  running_ = true;
  counted_ = false;
  tally_.begin();
  wanted_.clear();
  demand_of_.clear();
  sku_.clear();
  place_.clear();
  traces_.clear();
  needs_.clear();
  currencies_.clear();
  traced_.clear();
  for (const auto& one : core_.store->buying.traces(kCasesMax)) {
    const bool negative = one.kind == "negative_stock";
    std::string key = one.subject;
    if (negative && key.ends_with("/shelf")) key.resize(key.size() - 6);
    auto& traced = traced_[key];
    if (negative) {
      traced.negative_ms = std::max(traced.negative_ms, one.raised_ms);
    } else {
      traced.shorts_ms.push_back(one.raised_ms);
    }
  }
}

// Late deliveries and transfers become cases; what nobody counts within days is asked no more.
base::Status DailyLook::watch() {
  const auto now = core_.now.wall_ms;
  for (const auto& id : core_.store->deliveries.overdue(now, kWatchedMost)) {
    core_.raise("delivery_late", id, "Delivery " + id + " was to be here and has not come.",
                "Nothing of it was received so far");
  }
  for (const auto& t : core_.store->deliveries.late(now, kWatchedMost)) {
    core_.raise("transfer_late", t.id,
                "Transfer " + t.id + " of " + std::to_string(t.wanted) + " x " + t.sku + " from " +
                    t.from_site + " to " + t.to_site + " is late.",
                std::to_string(t.sent) + " sent, " + std::to_string(t.received + t.damaged) +
                    " received so far");
  }
  const auto since = now - core_.config.stock.stale_task_days * stock::kDayMs;
  for (const auto& task : core_.store->counts.stale(since, kWatchedMost)) {
    const auto kept = core_.record(wire::CountDropped{task.task, "nobody counted it in days"},
                                   {.subject = task.task});
    if (!kept) return base::pass(kept.error());
  }
  return core_.store->trouble();
}

// Only the shelf is sold from: what has expired leaves it with the next tick, a page per turn until
// none is left. The books alone say what is left, so neither a restart nor a clock that goes back
// loses or repeats anything.
base::Status DailyLook::set_expired_aside() {
  if (PLANT("expired-sold")) return {};
  const auto page = core_.store->lots.expired(core_.now.wall_ms, kExpiredPerTurn);
  more_expired_ = std::cmp_equal(page.size(), kExpiredPerTurn);
  for (const auto& held : page) {
    const std::string site(ledger::site_of(held.place));
    const auto pieces = std::min(held.quantity, base::limits::kLineQuantityMax);
    const auto kept =
        core_.record(wire::StockMoved{held.sku, pieces, held.place,
                                      stock::place(site, stock::PlaceKind::quarantine), "expired",
                                      store::lot_of(held)},
                     {.subject = held.sku});
    if (!kept) return base::pass(kept.error());
    core_.raise("expired", held.sku + "@" + site,
                std::to_string(pieces) + " of " + held.sku + " at " + site + " have expired" +
                    (held.lot.empty() ? "." : ", lot " + held.lot + "."),
                "They are in quarantine and not sold any more");
  }
  return core_.store->trouble();
}

void DailyLook::gather(const store::BuyingBook::Shelf& shelf) {
  auto& buying = core_.store->buying;
  const auto& wanted = demand(shelf.sku);
  const auto pieces_of = [&](const std::map<std::string, domain::Quantity>& by_site) {
    const auto found = by_site.find(shelf.site);
    return found == by_site.end() ? 0 : found->second;
  };
  stock::Need need{.sku = shelf.sku, .site = shelf.site, .on_hand = shelf.on_hand};
  std::string currency;
  const bool bought = buying.fill_supply(need, currency);
  stock::Traces traces{.sku = shelf.sku,
                       .site = shelf.site,
                       .on_hand = shelf.on_hand,
                       .moved_ms = shelf.moved_ms,
                       .daily_milli = daily_milli(core_, pieces_of(wanted.left)),
                       .piece_value_minor = need.price_minor};
  std::int64_t counted = 0;
  if (const auto place = core_.store->counts.place(shelf.sku, shelf.site);
      place && place->hlc > 0) {
    traces.counted_ms = counted = place->hlc >> 16;
  }
  const auto since = std::max(counted, core_.now.wall_ms - demand_days(core_) * stock::kDayMs);
  traces.moves = buying.moves(shelf.sku, shelf.site, since);
  if (const auto found = traced_.find(shelf.sku + "@" + shelf.site); found != traced_.end()) {
    traces.short_picks = std::ranges::count_if(found->second.shorts_ms,
                                               [&](std::int64_t at) { return at > counted; });
    traces.was_negative = found->second.negative_ms > counted;
  }
  const auto odds = stock::suspect(traces, core_.now.wall_ms).odds_pm;
  if (odds >= core_.config.stock.counts.odds_pm_min && traces_.size() < kTracesMax) {
    traces_.push_back(std::move(traces));
  }
  if (!bought) return;
  need.reserved = core_.store->stock.figure(shelf.sku, shelf.site).reserved;
  need.demand_milli = daily_milli(core_, pieces_of(wanted.wanted));
  currencies_[need.supplier] = currency;
  keep_need(std::move(need));
}

const Tally::Demand& DailyLook::demand(const std::string& sku) {
  if (demand_of_ == sku) return demand_;
  std::vector<std::string> sites;
  for (const auto& shelf : core_.store->stock.pieces(sku)) sites.push_back(shelf.site);
  demand_ = tally_.of(sku, sites);
  demand_of_ = sku;
  return demand_;
}

// What is ordered and never lay anywhere: it is bought for the site that is tried first. False:
// there is nothing more of it.
bool DailyLook::gather_without_shelf() {
  const auto* first = first_site(core_.config);
  if (first == nullptr) return false;
  const auto page = core_.store->buying.wanted_without_shelf(wanted_, kShelvesPerTurn);
  for (const auto& sku : page) {
    stock::Need need{.sku = sku, .site = first->name};
    std::string currency;
    if (!core_.store->buying.fill_supply(need, currency)) continue;
    currencies_[need.supplier] = currency;
    keep_need(std::move(need));
  }
  if (!page.empty()) wanted_ = page.back();
  return std::cmp_equal(page.size(), kShelvesPerTurn);
}

void DailyLook::keep_need(stock::Need need) {
  if (needs_.size() >= kNeedsMax) return;
  need.on_order = core_.store->buying.on_order(need.sku, need.site);
  // Orders that wait have no site: they are bought for where the SKU is looked at first.
  if (needs_.empty() || needs_.back().sku != need.sku) {
    need.backordered = core_.store->buying.backordered(need.sku);
  }
  needs_.push_back(std::move(need));
}

base::Status DailyLook::finish() {
  running_ = false;
  core_.store->own.set(kNext, core_.now.wall_ms + stock::kDayMs);
  core_.store->buying.clear_findings();
  if (auto ok = suspects(); !ok) return ok;
  if (auto ok = buy(); !ok) return ok;
  core_.changed.insert("counts");
  return core_.store->trouble();
}

base::Status DailyLook::suspects() {
  const auto now = core_.now.wall_ms;
  const auto ranking = stock::rank(traces_, now);
  std::int64_t place = 0;
  std::set<std::pair<std::string, std::string>> open;
  for (const auto& suspicion : ranking) {
    if (++place > kSuspectsShown) break;
    core_.store->buying.put_suspect(suspicion, place, now);
    if (core_.store->counts.open_task(suspicion.sku, suspicion.site)) {
      open.emplace(suspicion.sku, suspicion.site);
    }
  }
  traces_.clear();
  if (!core_.config.stock.ask_counts) return core_.store->trouble();
  std::vector<stock::Counter> counters;
  for (const auto& station : stations_.all()) {
    counters.push_back(
        {station.station, station.site, stations_.up(station.site, station.station),
         core_.store->counts.asked_since(station.site, station.station, now - stock::kDayMs)});
  }
  for (const auto& task : stock::propose(ranking, counters, open, core_.config.stock.counts)) {
    const auto asked = desk_.run(AskCount{task.sku, task.site, task.station, task.why});
    if (!asked && asked.error().fault != base::Fault::reject) return base::pass(asked.error());
  }
  return core_.store->trouble();
}

base::Status DailyLook::buy() {
  const auto plan = stock::replenish(needs_);
  needs_.clear();
  if (!plan) {
    core_.raise("other", "purchases", "What has to be bought cannot be said.", plan.error().detail);
    return core_.store->trouble();
  }
  std::int64_t shown = 0;
  for (const auto& transfer : plan->transfers) {
    if (++shown > kTransfersShown) break;
    core_.store->buying.put_transfer(transfer, core_.now.wall_ms);
  }
  if (!core_.config.stock.propose_purchases) return core_.store->trouble();
  for (const auto& purchase : plan->purchases) {
    if (auto ok = keep_purchase(purchase); !ok) return ok;
  }
  return core_.store->trouble();
}

base::Status DailyLook::keep_purchase(const stock::Purchase& purchase) {
  for (std::size_t from = 0; from < purchase.lines.size(); from += kPurchaseLinesMax) {
    wire::PurchaseProposed fact;
    do {
      fact.purchase = "P" + std::to_string(1'000 + core_.store->own.next("purchase"));
    } while (!core_.store->buying.state(fact.purchase).empty());
    fact.supplier = purchase.supplier;
    fact.site = purchase.site;
    if (const auto& currency = currencies_[purchase.supplier]; !currency.empty()) {
      fact.currency = currency;
    }
    const auto to = std::min(purchase.lines.size(), from + kPurchaseLinesMax);
    for (auto at = from; at < to; ++at) {
      const auto& line = purchase.lines[at];
      wire::PurchaseLine out{
          static_cast<std::int64_t>(at - from) + 1, line.sku, {}, line.pieces, {}, line.why};
      if (!line.supplier_sku.empty()) out.supplier_sku = line.supplier_sku;
      if (line.price_minor != 0) out.price_minor = line.price_minor;
      fact.lines.push_back(std::move(out));
    }
    const std::string id = fact.purchase;
    const auto kept = core_.record(std::move(fact), {.subject = id});
    if (!kept) return base::pass(kept.error());
  }
  return {};
}

}  // namespace dockline::server
