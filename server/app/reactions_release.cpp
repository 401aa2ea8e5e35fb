// What is allocated goes to benches: each part and each site of an order in a parcel of its own,
// packed at the same time where the benches are different ones.
#include <algorithm>
#include <set>

#include "server/app/bin_names.hpp"
#include "server/app/json_text.hpp"
#include "server/app/reactions.hpp"
#include "server/fleet/fleet.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

bool in_force(const store::Lease& lease) {
  return lease.state == "held" || lease.state == "revoking";
}

}  // namespace

// Under the service that routing chose for this site; without one, the house's.
base::Result<domain::ShippingLabel> Reactions::new_label(const store::OrderHead& head,
                                                         const std::string& site) {
  auto sscc = fleet::sscc(core_.config.company_prefix, core_.store->own.next("sscc"));
  if (!sscc) return base::pass(sscc.error());
  const auto* chosen = facts_.service_for(head.id, site);
  return domain::ShippingLabel{
      .tracking = fleet::tracking_number(core_.store->own.next("tracking")),
      .sscc = *sscc,
      .carrier = chosen != nullptr ? chosen->carrier : core_.config.carrier,
      .service = chosen != nullptr ? chosen->service : core_.config.service};
}

wire::LeaseGranted Reactions::granted(const store::OrderHead& head, const std::string& site,
                                      const domain::LeaseRef& work,
                                      const domain::ShippingLabel& label) {
  wire::LeaseGranted out;
  out.order = head.id;
  out.work = work;
  out.number = head.number;
  out.channel = head.channel;
  out.ship_to = address_of(head.ship_to_json);
  out.label = label;
  if (!head.external_id.empty()) out.external_id = head.external_id;
  if (head.promised_ms) out.due_ms = facts_.pack_by_ms(head.ord, site);
  const auto texts = core_.store->orders.texts(head.ord);
  for (const auto& r : core_.store->orders.reservations(head.ord)) {
    if (r.site != site || !r.lease.empty()) continue;
    domain::WorkLine line;
    line.line = r.line;
    line.sku = r.sku;
    line.quantity = r.quantity;
    line.bin = bins_for(core_.store->stock, core_.store->bins, r.sku, site, r.quantity);
    for (const auto& text : texts) {
      if (text.line != r.line) continue;
      line.title = text.title;
      line.external_id = text.external_id;
    }
    if (auto item = core_.store->stock.item(r.sku)) {
      line.title = item->title;  // benches see one title for one thing, whatever was sold
      line.detail = item->detail;
      line.barcodes = item->barcodes;
      line.weight_g = item->weight_g;
      line.tracked = item->tracked;
    }
    out.lines.push_back(std::move(line));
  }
  return out;
}

// What is allocated and at no bench, by part and site. Pieces of a line are alike: part 1 has all
// that no other part wants, and the first part takes first.
std::vector<Reactions::Wanted> Reactions::wanted(const store::OrderHead& head) {
  std::map<std::string, std::map<std::int64_t, domain::Quantity>> free;
  for (const auto& r : core_.store->orders.reservations(head.ord)) {
    if (r.lease.empty()) free[r.site][r.line] += r.quantity;
  }
  std::vector<Wanted> out;
  const auto parts = core_.store->life.parts(head.ord);
  if (parts.empty()) {
    for (auto& [site, lines] : free) out.push_back({site, 1, std::move(lines), false});
    return out;
  }
  std::map<std::int64_t, std::map<std::int64_t, domain::Quantity>> wishes;
  for (const auto& line : core_.store->orders.lines(head.ord)) {
    wishes[1][line.line] = line.quantity - line.units.at(orders::UnitState::cancelled);
  }
  for (const auto& one : parts) {
    wishes[one.part][one.line] += one.quantity;
    wishes[1][one.line] -= one.quantity;
  }
  for (auto& [part, lines] : wishes) {
    auto given = core_.store->life.in_leases(head.ord, part);
    for (auto& [site, pieces] : free) {
      Wanted want{site, part, {}, true};
      for (auto& [line, left] : pieces) {
        const auto taken = std::max<domain::Quantity>(0, std::min(left, lines[line] - given[line]));
        if (taken == 0) continue;
        want.lines[line] = taken;
        left -= taken;
        given[line] += taken;
      }
      if (!want.lines.empty()) out.push_back(std::move(want));
    }
  }
  return out;
}

base::Status Reactions::release(std::int64_t ord, const std::string& at) {
  if (restored_) return core_.store->trouble();  // held back: see end_restore()
  const auto head = core_.store->orders.head(ord);
  if (!head || (head->held && !PLANT("held-order-released"))) return core_.store->trouble();
  for (const auto& want : wanted(*head)) {
    if (auto ok = release_one(*head, want, at); !ok) return ok;
  }
  return core_.store->trouble();
}

base::Status Reactions::release_one(const store::OrderHead& head, const Wanted& want,
                                    const std::string& at) {
  if (is_dark(want.site)) return core_.store->trouble();
  const auto leases = core_.store->orders.leases(head.ord);
  std::string lease = head.id + "/" + std::to_string(leases.size() + 1);
  domain::ShippingLabel label;
  std::set<std::string> busy;  // benches of the site that have another parcel of this order
  for (const auto& l : leases) {
    // What is freed while a bench packs the same part follows when that parcel ends.
    if (in_force(l) && l.part == want.part && l.site == want.site) return core_.store->trouble();
    if (in_force(l) && l.site == want.site) busy.insert(l.station);
    // A lease that came back moves on with a higher epoch, under its bought label.
    if (l.state == "free" && l.part == want.part) {
      lease = l.lease;
      label = l.label;
    }
  }
  const auto& site = want.site;
  const auto beside = want.part == 1 ? box_for(head, site, at) : std::nullopt;
  auto station = beside ? std::optional(beside->station) : stations_.choose(site, busy);
  if (!beside && !at.empty() && !stations_.works(site, at).empty()) station = at;
  if (!station && stations_.opening(site)) return core_.store->trouble();
  if (!station) {
    core_.raise("no_station", site, "Orders wait at " + site + ", where no station was ever heard.",
                "The first of them is " + head.number);
    return core_.store->trouble();
  }
  // Two parcels of one order lie before one packer one after the other: one number, one box.
  if (busy.contains(*station)) return core_.store->trouble();
  if (beside) {
    label = beside->label;
  } else if (is_others(head, label, site, *station)) {
    label = {};
  }
  if (label.tracking.empty()) {
    auto made = new_label(head, site);
    if (!made) return base::pass(made.error());
    label = std::move(*made);
  }
  return grant(head, want, *station, lease, std::move(label));
}

base::Status Reactions::grant(const store::OrderHead& head, const Wanted& want,
                              const std::string& station, const std::string& lease,
                              domain::ShippingLabel label) {
  const auto& site = want.site;
  const std::int64_t epoch =
      fleet::epoch(fence(), PLANT("wall-clock-as-order") ? core_.now.wall_ms / 1000
                                                         : core_.store->own.next("epoch"));
  const domain::LeaseRef work{lease, epoch};
  auto grant = granted(head, site, work, label);
  grant.holder = stations_.works(site, station);
  if (want.some) {
    for (auto& line : grant.lines) {
      const auto of = want.lines.find(line.line);
      line.quantity = of == want.lines.end() ? 0 : std::min(line.quantity, of->second);
    }
    std::erase_if(grant.lines, [](const auto& line) { return line.quantity == 0; });
  }
  bool all = !want.some;
  auto told = stations_.tell(site, station, grant, head.id);
  // What does not fit into one fact goes in several parcels, one after the other.
  while (!told && told.error().fault == base::Fault::reject && grant.lines.size() > 1) {
    grant.lines.resize(grant.lines.size() / 2);
    all = false;
    told = stations_.tell(site, station, grant, head.id);
  }
  if (!told && told.error().fault != base::Fault::reject) return told;
  if (!told) {
    core_.raise("order_too_large", head.id,
                "Order " + head.number + " does not fit into one lease.", told.error().detail);
    return core_.store->trouble();
  }
  wire::OrderReleased released{head.id, work, site, station, std::move(label), grant.holder, {}};
  if (!all) {
    released.lines.emplace();
    for (const auto& line : grant.lines) released.lines->push_back({line.line, line.quantity});
  }
  if (want.part != 1) released.part = want.part;
  const auto kept = core_.record(std::move(released), {.subject = head.id});
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Reactions::revoke(std::int64_t ord, const std::string& reason) {
  const auto head = core_.store->orders.head(ord);
  if (!head) return core_.store->trouble();
  for (const auto& lease : core_.store->orders.leases(ord)) {
    if (lease.state != "held") continue;
    wire::LeaseRevoked revoked{head->id, {lease.lease, lease.epoch}, reason, {}, {}};
    auto told = stations_.tell(lease.site, lease.station, revoked, head->id);
    if (!told) return told;
    const auto kept = core_.record(std::move(revoked), {.subject = head->id});
    if (!kept) return base::pass(kept.error());
  }
  return core_.store->trouble();
}

}  // namespace dockline::server
