#include "server/app/arrivals.hpp"

#include "server/routing/day.hpp"
#include "server/routing/leaving.hpp"
#include "server/store/arrival_book.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {

base::Status count_arrival(HubCore& core, const wire::ParcelDelivered& data) {
  const auto* book = core.config.rulebook.get();
  const auto box = core.store->handovers.find(data.box);
  const auto lease = core.store->orders.lease(data.box);
  if (book == nullptr || !box || !lease) return {};
  // Merged orders share a parcel: it arrives once.
  const auto sharing = core.store->handovers.of_tracking(data.tracking);
  if (!sharing.empty() && sharing.front().box != data.box) return {};
  const auto& label = lease->label;
  const auto* service = routing::service_named(*book, label.carrier, label.service);
  if (service == nullptr || !service->transit_ms) return {};
  const std::int64_t said_ms = box->handed_ms + *service->transit_ms;
  const auto* site = book->site(box->site);
  const auto day_ms =
      routing::midnight_ms(site == nullptr ? routing::DeclaredSite{} : *site, said_ms);
  store::ArrivalBook arrivals(core.store->db());
  arrivals.add(label.carrier, label.service, data.delivered_ms,
               data.delivered_ms < day_ms + routing::kArrivalDayMs || PLANT("late-came-as-said"));
  return arrivals.trouble();
}

}  // namespace dockline::server
