// What a hand-over, a parcel that stayed, a delivery and goods that come back set off.
#include "server/app/arrivals.hpp"
#include "server/app/handover.hpp"
#include "server/app/reactions.hpp"
#include "server/stock/places.hpp"

namespace dockline::server {

base::Status Reactions::on(const Fresh& fresh, const wire::ParcelHandedOver& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  const auto lease = core_.store->orders.lease(data.box);
  if (!head || !lease) return {};
  for (const auto& line : core_.store->orders.parcel(data.box)) {
    check_place(line.sku, ledger::packed(lease->site));
  }
  if (const auto stopped = stopped_by(core_, *lease, *head); !stopped.empty()) {
    core_.raise("gone_though_stopped", head->id + "#" + data.tracking,
                "Parcel " + data.tracking + " of order " + head->number +
                    " was handed over though " + stopped + ".",
                "With " + data.carrier + " from " + data.site + " at " +
                    base::to_rfc3339(data.handed_ms) + ", said by " + data.by);
  }
  tell_status(*ord, fresh.event.time_ms);
  if (!lease->told && !is_telling(*head, data.tracking)) {
    closed_[{*ord, data.tracking}] = fresh.event.time_ms;
  }
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh& fresh, const wire::ParcelTakenBack& data) {
  if (const auto ord = core_.store->orders.ord_of(data.order)) {
    tell_status(*ord, fresh.event.time_ms);
  }
  return settle("gone_though_stopped", data.order + "#" + data.tracking);
}

base::Status Reactions::on(const Fresh& fresh, const wire::ParcelDelivered& data) {
  if (auto ok = count_arrival(core_, data); !ok) return ok;
  if (const auto ord = core_.store->orders.ord_of(data.order)) {
    tell_status(*ord, fresh.event.time_ms);
  }
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh& fresh, const wire::OrderReturned& data) {
  for (const auto& line : data.lines) {
    const bool sold =
        ledger::is_shelf(data.site + "/" + line.to) && may_be_sold(line.lot, fresh.event.time_ms);
    if (!sold) continue;
    if (auto ok = shelf_changed(fresh, line.sku, data.site, line.quantity); !ok) return ok;
  }
  if (const auto ord = core_.store->orders.ord_of(data.order)) {
    tell_status(*ord, fresh.event.time_ms);
  }
  return core_.store->trouble();
}

}  // namespace dockline::server
