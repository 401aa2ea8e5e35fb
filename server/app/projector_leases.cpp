// The projector's part about leases: who holds what, boxes closed without the right to, censuses.
#include <algorithm>

#include "server/app/projector.hpp"
#include "server/orders/units.hpp"

namespace dockline::server {

using orders::UnitState;
using store::Quantity;

// What is released under this lease is allocated again: free for another station.
void Projector::give_up(const store::Lease& lease) {
  for (const auto& r : orders_.reservations(lease.ord)) {
    if (r.lease != lease.lease) continue;
    auto line = orders_.line(lease.ord, r.line);
    if (!line) continue;
    orders::take(line->units, UnitState::released, UnitState::allocated, r.quantity);
    line->counted = line->missing = 0;
    orders_.put(lease.ord, *line);
    orders_.reserve(lease.ord, {r.line, r.site, r.lease, r.sku, -r.quantity});
    orders_.reserve(lease.ord, {r.line, r.site, "", r.sku, r.quantity});
  }
}

void Projector::on(const Kept& at, const wire::LeaseReturned& data) {
  auto lease = orders_.lease(data.work.lease);
  if (!lease || !in_force(*lease, data.work.epoch, at.source, at.inc)) return;
  give_up(*lease);
  end_lease(at, *lease, "free");
  orders_.set_place(lease->ord, lease->site, "");
  orders_.settle(lease->ord, at.heard_ms);
}

// Taken back: the holder may still finish, unless a person forced it; then the pieces are free for
// another station at once and whatever the old holder did is fenced.
void Projector::on(const Kept& at, const wire::LeaseRevoked& data) {
  auto lease = orders_.lease(data.work.lease);
  if (!lease || lease->epoch != data.work.epoch || lease->state == "done") return;
  if (data.reason != "forced" && data.reason != "anew") {
    if (lease->state == "held") end_lease(at, *lease, "revoking");
    return;
  }
  give_up(*lease);
  // Whoever lost it may have printed the label: the next holder gets another one. Where the holder
  // is the same computer with a new stream, the label on its bench stays good.
  if (data.reason == "forced") lease->label = {};
  end_lease(at, *lease, "free");
  orders_.set_place(lease->ord, lease->site, "");
  orders_.settle(lease->ord, at.heard_ms);
}

// ---------------------------------------------------------------- boxes without the right to
void Projector::set_aside(const Kept& at, const wire::PackClosed& data) {
  const auto from = parse_source(at.source);
  store::FencedBox box;
  box.box = at.id;
  box.position = at.position;
  box.order = data.order;
  box.lease = data.work.lease;
  box.epoch = data.work.epoch;
  box.site = from.site;
  box.station = from.station;
  box.holder = at.inc;
  box.label = data.label;
  leases_.put(box);
  for (const auto& line : data.lines) {
    if (line.packed > 0) leases_.put_line(box.box, {line.line, line.sku, line.packed});
  }
}

// Its goods were booked when it was closed; now they are out of the box again.
void Projector::reopen_fenced(const Kept& at, const wire::PackReopened& data) {
  const auto from = parse_source(at.source);
  const auto box = leases_.open_box(data.work.lease, data.work.epoch, from.site, from.station);
  if (!box) return;
  std::int64_t n = 0;
  for (const auto& line : leases_.lines(box->box)) {
    out_of_box(at, n, "reopened",
               {line.sku, line.quantity, ledger::packed(from.site), ledger::shelf(from.site)},
               box->box, line.line);
  }
  packed_.drop(box->box);
  leases_.set_box(box->box, "reopened");
}

Quantity Projector::claim(std::int64_t ord, std::int64_t number, std::string_view sku,
                          Quantity want) {
  auto line = orders_.line(ord, number);
  if (!line || line->sku != sku) return 0;
  Quantity left = want;
  for (const auto& r : orders_.reservations(ord)) {
    if (r.line != number || !r.lease.empty()) continue;
    const Quantity moved = orders::take(line->units, UnitState::allocated, UnitState::released,
                                        std::min(left, r.quantity));
    orders_.reserve(ord, {r.line, r.site, r.lease, r.sku, -moved});
    left -= moved;
  }
  for (const auto from : {UnitState::open, UnitState::backordered}) {
    const Quantity moved = orders::take(line->units, from, UnitState::allocated, left);
    left -= orders::take(line->units, UnitState::allocated, UnitState::released, moved);
  }
  line->counted = line->missing = 0;
  orders_.put(ord, *line);
  return want - left;
}

void Projector::on(const Kept& at, const wire::PackAccepted& data) {
  const auto box = leases_.box(data.box);
  const auto ord = orders_.ord_of(data.order);
  if (!box || box->state != "open" || !ord) return;
  auto lease = orders_.lease(box->lease);
  if (lease && lease->state == "done") return;
  if (lease) give_up(*lease);
  store::Lease own{.lease = box->lease, .ord = *ord, .state = "done", .label = box->label};
  own.epoch = box->epoch;
  own.site = box->site;
  own.station = box->station;
  own.holder = box->holder;
  own.touched = true;
  own.granted_ms = lease ? lease->granted_ms : at.heard_ms;
  own.part = lease ? lease->part : 1;
  own.stale = lease && lease->stale && lease->label.tracking == box->label.tracking;
  for (const auto& packed : leases_.lines(box->box)) {
    const Quantity accepted = claim(*ord, packed.line, packed.sku, packed.quantity);
    if (auto line = orders_.line(*ord, packed.line)) {
      orders::take(line->units, UnitState::released, UnitState::packed, accepted);
      orders_.put(*ord, *line);
    }
    orders_.put_parcel(own.lease, {packed.line, packed.sku, packed.quantity, accepted});
  }
  own.told = orders_.told_as(*ord, box->label.tracking);
  if (!own.told) orders_.tell(own);
  packed_.rename(box->box, own.lease);
  leases_.set_box(box->box, "accepted");
  // After a restore it may have come before its order was known: a bench whose snapshot does not
  // show it would have the order open.
  orders_.note(*ord, box->position);
  end_lease(at, own, "done");
  await_carrier(own);
  orders_.set_place(*ord, box->site, box->station);
  orders_.set_label(*ord, box->label);
  orders_.settle(*ord, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::PackPutBack& data) {
  std::int64_t n = 0;
  for (const auto& line : data.lines) {
    out_of_box(at, n, "put back",
               {line.sku, line.quantity, ledger::packed(data.site), ledger::shelf(data.site)},
               data.box.empty() ? data.lease : data.box, line.line);
    if (!data.box.empty()) continue;
    // Pieces that were too much never counted for the order; cancelled ones did until now.
    const Quantity counted = data.exception == "overpacked" ? 0 : line.quantity;
    orders_.put_parcel(data.lease, {line.line, line.sku, -line.quantity, -counted});
  }
  if (!data.box.empty()) return leases_.set_box(data.box, "put_back");
  Quantity left = 0;
  for (const auto& line : orders_.parcel(data.lease)) left += line.quantity;
  const auto box = handovers_.find(data.lease);
  if (left == 0 && box && box->state == "waiting") handovers_.drop(data.lease);
}

// ---------------------------------------------------------------- censuses
void Projector::on(const Kept& at, const wire::LeaseHeld& data) {
  const auto from = parse_source(at.source);
  if (data.part <= 1) leases_.clear_held(from.site, from.station);
  for (const auto& h : data.held) {
    leases_.put_held(from.site, from.station, {h.work.lease, h.work.epoch, h.order, h.state});
  }
  if (data.census && data.part >= data.parts) {
    leases_.settle(*data.census, from.site, from.station, "answered", at.heard_ms);
  }
}

void Projector::on(const Kept& at, const wire::RestoreBegun& data) {
  for (const auto& s : data.stations) leases_.ask(data.census, s.site, s.station, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::StationWrittenOff& data) {
  if (!data.census) return;
  leases_.settle(*data.census, data.site, data.station, "written_off", at.heard_ms);
}

void Projector::on(const Kept& at, const wire::LeaseAdopted& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  const auto before = orders_.lease(data.work.lease);
  if (before && before->state == "done") return;
  if (before) give_up(*before);
  for (const auto& wanted : data.lines) {
    const Quantity taken = claim(*ord, wanted.line, wanted.sku, wanted.quantity);
    orders_.reserve(*ord, {wanted.line, data.site, data.work.lease, wanted.sku, taken});
  }
  orders_.put(store::Lease{
      .lease = data.work.lease,
      .ord = *ord,
      .epoch = data.work.epoch,
      .site = data.site,
      .station = data.station,
      .state = "held",
      .touched = before && before->touched,
      .told = orders_.told_as(*ord, data.label.tracking),
      .granted_ms = at.heard_ms,
      .ended_ms = 0,
      .label = data.label,
      .holder = data.holder,
      .part = before ? before->part : 1,
      .stale = before && before->stale && before->label.tracking == data.label.tracking});
  orders_.set_place(*ord, data.site, data.station);
  orders_.set_label(*ord, data.label);
  orders_.settle(*ord, at.heard_ms);
}

}  // namespace dockline::server
