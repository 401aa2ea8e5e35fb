#include "server/app/handover.hpp"

namespace dockline::server {

bool has_left(HubCore& core, const store::Lease& lease) {
  const auto box = core.store->handovers.find(lease.lease);
  return box && box->gone();
}

std::string stopped_by(HubCore& core, const store::Lease& lease, const store::OrderHead& head) {
  auto& cases = core.store->cases;
  if (head.state == "cancelled" || cases.open_id("cancelled_after_pack", head.id)) {
    return "goods in it were cancelled";
  }
  if (cases.open_id("overpacked", head.id + "#" + lease.label.tracking)) {
    return "it holds pieces that nobody ordered";
  }
  if (lease.stale) return "its label names an address that the order no longer has";
  if (head.held) return "its order is on hold";
  return {};
}

}  // namespace dockline::server
