// Routing, cancellation and items. What is given to benches is in reactions_release.cpp, what a
// closed box sets off in reactions_pack.cpp.
#include "server/app/reactions.hpp"

#include <algorithm>

#include "server/app/bin_names.hpp"
#include "server/app/handover.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kReleasesPerRise = 500;

}  // namespace

base::Status Reactions::run() {
  while (!core_.fresh.empty()) {
    const Fresh fresh = std::move(core_.fresh.front());
    core_.fresh.pop_front();
    core_.cause = fresh.event.id;
    auto ok = std::visit([&](const auto& data) { return on(fresh, data); }, fresh.event.data);
    core_.cause.clear();
    if (!ok) return ok;
    if (auto trouble = core_.store->trouble(); !trouble) return trouble;
  }
  return core_.store->trouble();
}

base::Status Reactions::work() {
  if (auto ok = see_forked(); !ok) return ok;
  if (auto ok = facts_.rules().look_at_arrivals(); !ok) return ok;
  if (auto ok = see_successors(); !ok) return ok;
  if (auto ok = release_all(); !ok) return ok;
  if (auto ok = see_released_items(); !ok) return ok;
  for (const auto& site : stations_.take_risen()) {
    for (const auto ord : core_.store->orders.allocated_at(site, kReleasesPerRise)) {
      if (auto ok = release(ord); !ok) return ok;
    }
  }
  if (auto ok = see_dark(); !ok) return ok;
  if (auto ok = ask_again(); !ok) return ok;
  if (auto ok = reroute(); !ok) return ok;
  if (auto ok = look_ahead_all(); !ok) return ok;
  return run();
}

bool Reactions::has_work() {
  return !walking_.empty() || core_.store->own.has_reroute() || (releasing_ && !restored_);
}

// ---------------------------------------------------------------- routing
base::Status Reactions::on(const Fresh& fresh, const wire::OrderReceived& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  if (!ord) return {};
  for (const auto& line : data.lines) core_.engine->touch(line.sku, fresh.event.time_ms);
  if (auto ok = examine(*ord, &data); !ok) return ok;
  if (auto ok = examine_stock(*ord, true); !ok) return ok;
  return route(*ord, "");
}

base::Status Reactions::on(const Fresh& fresh, const wire::DecisionMade& data) {
  const auto ord = core_.store->orders.ord_of(data.subject);
  if (data.kind != "routing" || !ord) return {};
  for (const auto& a : data.allocations) core_.engine->touch(a.sku, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  if (auto ok = look_ahead(*ord); !ok) return ok;
  return data.allocations.empty() ? base::Status{} : release(*ord);
}

// ---------------------------------------------------------------- cancellation
base::Status Reactions::on(const Fresh& fresh, const wire::OrderCancelled& data) {
  auto& books = core_.store->orders;
  const auto ord = books.ord_of(data.order);
  const auto head = ord ? books.head(*ord) : std::nullopt;
  if (!head) return {};
  touch_order(*ord, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  // What it had is free for those that wait.
  for (const auto& line : books.lines(*ord)) core_.store->own.add_reroute(line.sku);
  bool in_box = false;
  const auto lines = books.lines(*ord);
  for (const auto& lease : books.leases(*ord)) {
    if (lease.state != "done" || has_left(core_, lease)) continue;
    for (const auto& packed : books.parcel(lease.lease)) {
      for (const auto& line : lines) {
        in_box = in_box || (line.line == packed.line &&
                            line.units.at(orders::UnitState::packed) < packed.accepted);
      }
    }
  }
  if (in_box) {
    core_.raise("cancelled_after_pack", head->id,
                "Order " + head->number + " was cancelled when its box was already closed.",
                "Tracking " + head->tracking + " at " + head->site + ": " + data.reason);
  }
  if (auto ok = end_if_done(*ord); !ok) return ok;
  return revoke(*ord, "cancelled");
}

base::Status Reactions::on(const Fresh&, const wire::LeaseReturned& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  if (!ord) return {};
  // A forced lease may come back too; then the order is long on its way elsewhere.
  return release(*ord);
}

// ---------------------------------------------------------------- stock and items
void Reactions::check_negative(const std::string& sku, const std::string& site) {
  for (const auto& place : {ledger::shelf(site), ledger::packed(site)}) check_place(sku, place);
}

void Reactions::check_place(const std::string& sku, const std::string& place) {
  const auto on_hand = core_.store->stock.balance(sku, place);
  if (on_hand >= 0) return;
  core_.raise("negative_stock", sku + "@" + place,
              "The books show " + std::to_string(on_hand) + " of " + sku + " at " + place + ".",
              "More left this place than ever arrived there");
}

base::Status Reactions::on(const Fresh&, const wire::ItemRegistered& data) {
  for (const auto& site : core_.store->stock.sites_of(data.item.sku)) {
    stations_.tell_site(
        site,
        wire::CatalogueItem{data.item,
                            bins_of(core_.store->stock, core_.store->bins, data.item.sku, site)},
        data.item.sku);
  }
  return {};
}

base::Status Reactions::on(const Fresh&, const wire::BinAssigned& data) {
  tell_bins(data.sku, data.site);
  return {};
}

// Where the goods lie now: benches show it with the article.
void Reactions::tell_bins(const std::string& sku, const std::string& site) {
  auto& store = *core_.store;
  auto item = store.stock.item(sku);
  if (!item) return;
  stations_.tell_site(
      site, wire::CatalogueItem{std::move(*item), bins_of(store.stock, store.bins, sku, site)},
      sku);
}

void Reactions::touch_order(std::int64_t ord, std::int64_t caused_ms) {
  for (const auto& line : core_.store->orders.lines(ord)) core_.engine->touch(line.sku, caused_ms);
}

}  // namespace dockline::server
