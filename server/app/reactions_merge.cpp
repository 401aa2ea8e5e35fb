// Orders of one buyer in one parcel: each keeps its lines, its lease and what its channel is told;
// they lie before one packer, one after the other, and bear one label. The first that a bench gets
// brings it; what is packed already is never opened for another one.
#include <algorithm>
#include <set>

#include "server/app/reactions.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {
constexpr std::int64_t kNoOrder = 0;  // orders count from 1
}

base::Status Reactions::on(const Fresh&, const wire::OrdersMerged& data) {
  std::vector<store::OrderHead> heads;
  for (const auto& id : data.orders) {
    const auto ord = core_.store->orders.ord_of(id);
    auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
    if (head) heads.push_back(std::move(*head));
  }
  // One bench keeps what it has; the others' come back and follow.
  std::string kept;
  for (const auto& head : heads) {
    for (const auto& lease : core_.store->orders.leases(head.ord)) {
      if (lease.state != "held" || lease.part != 1 || lease.touched) continue;
      const bool keeps = (kept.empty() || lease.label.tracking == kept) && !lease.stale &&
                         stations_.can_take(lease.site, lease.station);
      if (keeps) {
        kept = lease.label.tracking;
        continue;
      }
      wire::LeaseRevoked revoked{head.id, {lease.lease, lease.epoch}, "changed", {}, {}};
      auto told = stations_.tell(lease.site, lease.station, revoked, head.id);
      if (!told) return told;
      const auto done = core_.record(std::move(revoked), {.subject = head.id});
      if (!done) return base::pass(done.error());
    }
  }
  for (const auto& head : heads) {
    if (auto ok = release(head.ord); !ok) return ok;
  }
  return core_.store->trouble();
}

std::optional<store::Lease> Reactions::box_for(const store::OrderHead& head,
                                               const std::string& site, const std::string& at) {
  if (core_.store->merges.apart(head.ord)) return std::nullopt;
  for (const auto& other : core_.store->merges.others(head.ord)) {
    if (other.apart) continue;
    for (auto& lease : core_.store->orders.leases(other.ord)) {
      const bool open = lease.state == "held" && lease.part == 1 && !lease.stale &&
                        lease.site == site && !lease.label.tracking.empty();
      if (!open || (!at.empty() && lease.station != at)) continue;
      // A box under this label is closed: perhaps one of this very order, whose rest comes later.
      const auto bearers = core_.store->merges.bearers(lease.label.tracking, kNoOrder);
      if (std::ranges::any_of(bearers, [](const auto& b) { return b.state == "done"; })) continue;
      const bool theirs =
          lease.holder.empty() || lease.holder == stations_.works(site, lease.station);
      if (theirs && stations_.can_take(site, lease.station)) return std::move(lease);
    }
  }
  return std::nullopt;
}

bool Reactions::is_others(const store::OrderHead& head, const domain::ShippingLabel& label,
                          const std::string& site, const std::string& station) {
  if (label.tracking.empty() || PLANT("merged-label-anywhere")) return false;
  auto& merges = core_.store->merges;
  std::set<std::int64_t> fellows;
  for (const auto& other : merges.others(head.ord)) {
    if (!other.apart && !merges.apart(head.ord)) fellows.insert(other.ord);
  }
  // By the label, not by what was merged: a restored server may not know that any more.
  const auto all = merges.bearers(label.tracking, head.ord);
  return std::any_of(all.begin(), all.end(), [&](const store::Bearer& lease) {
    const bool here = lease.site == site && lease.station == station;
    const bool open = lease.state == "held" || lease.state == "revoking";
    return !fellows.contains(lease.ord) || lease.state == "done" || (open && !here);
  });
}

}  // namespace dockline::server
