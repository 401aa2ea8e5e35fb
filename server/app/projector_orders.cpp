// The projector's part about orders and boxes.
#include <algorithm>

#include "server/app/json_text.hpp"
#include "server/app/projector.hpp"
#include "server/orders/units.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {

using orders::UnitState;
using store::Quantity;

namespace {

// How many pieces of a line a release is about.
Quantity released(const wire::OrderReleased& data, std::int64_t line) {
  if (!data.lines) return base::limits::kLineQuantityMax;
  for (const auto& one : *data.lines) {
    if (one.line == line) return one.quantity;
  }
  return 0;
}

}  // namespace

void Projector::on(const Kept& at, const wire::OrderReceived& data) {
  if (orders_.ord_of(data.order)) return;
  Quantity pieces = 0;
  for (const auto& line : data.lines) {
    if (!kits_.is_kit(line.sku)) {
      pieces += line.quantity;
      continue;
    }
    for (const auto& [part, each] : kits_.taken_apart(line.sku)) pieces += line.quantity * each;
  }
  const std::int64_t ord = orders_.insert({.id = data.order,
                                           .channel = data.channel,
                                           .number = data.number,
                                           .external_id = data.external_id.value_or(""),
                                           .customer = data.ship_to.name,
                                           .currency = data.currency,
                                           .ship_to_json = address_json(data.ship_to),
                                           .charges_json = charges_json(data.charges),
                                           .placed_ms = data.placed_ms,
                                           .received_ms = at.heard_ms,
                                           .state = {},
                                           .site = {},
                                           .station = {},
                                           .tracking = {},
                                           .buyer = data.customer.value_or(""),
                                           .promised_ms = data.promised_ms,
                                           .vip = data.vip.value_or(false),
                                           .fetched = data.fetched.value_or(false)},
                                          pieces);
  std::int64_t next_line = 0;
  for (const auto& line : data.lines) next_line = std::max(next_line, line.line);
  for (const auto& line : data.lines) {
    // A line without a title of its own has the one the catalogue had then.
    const std::string title = line.title.empty() ? stock_.title(line.sku).value_or("") : line.title;
    stock_.add_held(data.channel, line.sku, line.quantity);
    if (kits_.is_kit(line.sku)) {
      insert_kit(ord, line, title, next_line);
      continue;
    }
    orders_.insert_line(ord, {.line = line.line,
                              .sku = line.sku,
                              .title = title,
                              .quantity = line.quantity,
                              .unit_price_minor = line.unit_price_minor,
                              .external_id = line.external_id});
  }
}

// A decision about more of a line than waits to be routed decides anew what was allocated and is
// at no station: a person's word, or a site that fell silent.
void Projector::take_back_allocated(std::int64_t ord, orders::Line& line,
                                    const wire::DecisionMade& data) {
  Quantity decided = 0;
  for (const auto& a : data.allocations) {
    if (a.line == line.line && a.sku == line.sku) decided += a.quantity;
  }
  if (decided <= line.units.unrouted()) return;
  for (const auto& r : orders_.reservations(ord)) {
    if (r.line != line.line || !r.lease.empty()) continue;
    if (PLANT("routed-anew-keeps-the-old-pieces")) continue;
    orders::take(line.units, UnitState::allocated, UnitState::open, r.quantity);
    orders_.reserve(ord, {r.line, r.site, r.lease, r.sku, -r.quantity});
  }
}

void Projector::on(const Kept& at, const wire::DecisionMade& data) {
  cases_.put_decision(at.position, data);
  const auto ord = orders_.ord_of(data.subject);
  if (data.kind != "routing" || !ord) return;
  auto lines = orders_.lines(*ord);
  for (auto& line : lines) {
    const auto before = line.units;
    take_back_allocated(*ord, line, data);
    if (data.outcome != "allocated") {
      orders::take(line.units, UnitState::open, UnitState::backordered,
                   line.units.at(UnitState::open));
    }
    for (const auto& a : data.allocations) {
      if (a.line != line.line || a.sku != line.sku) continue;
      Quantity moved = orders::take(line.units, UnitState::open, UnitState::allocated, a.quantity);
      moved += orders::take(line.units, UnitState::backordered, UnitState::allocated,
                            a.quantity - moved);
      orders_.reserve(*ord, {line.line, a.site, "", line.sku, moved});
      line.site = a.site;
    }
    if (!(line.units == before)) orders_.put(*ord, line);
  }
  if (!data.allocations.empty()) orders_.set_place(*ord, data.allocations.front().site, "");
  orders_.settle(*ord, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::OrderReleased& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  const auto reserved = orders_.reservations(*ord);
  for (const auto& r : reserved) {
    if (r.site != data.site || !r.lease.empty()) continue;
    auto line = orders_.line(*ord, r.line);
    if (!line) continue;
    const Quantity moved = orders::take(line->units, UnitState::allocated, UnitState::released,
                                        std::min(r.quantity, released(data, r.line)));
    if (moved == 0) continue;
    line->counted = line->missing = 0;
    orders_.put(*ord, *line);
    orders_.reserve(*ord, {r.line, r.site, "", r.sku, -moved});
    orders_.reserve(*ord, {r.line, r.site, data.work.lease, r.sku, moved});
  }
  orders_.put(store::Lease{.lease = data.work.lease,
                           .ord = *ord,
                           .epoch = data.work.epoch,
                           .site = data.site,
                           .station = data.station,
                           .state = "held",
                           .touched = false,
                           .told = orders_.told_as(*ord, data.label.tracking),
                           .granted_ms = at.heard_ms,
                           .ended_ms = 0,
                           .label = data.label,
                           .holder = data.holder.value_or(""),
                           .part = data.part.value_or(1)});
  orders_.set_place(*ord, data.site, data.station);
  orders_.set_label(*ord, data.label);
  orders_.settle(*ord, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::OrderCancelled& data) {
  const auto ord = orders_.ord_of(data.order);
  const auto head = ord ? orders_.head(*ord) : std::nullopt;
  if (!head) return;
  std::vector<orders::CancelWish> wish;
  for (const auto& line : data.lines) wish.push_back({line.line, line.quantity});
  const auto before = kept_for(*ord);
  auto lines = orders_.lines(*ord);
  for (const auto& step : orders::plan_cancel(lines, wish)) {
    auto& line = *std::find_if(lines.begin(), lines.end(),
                               [&](const orders::Line& l) { return l.line == step.line; });
    Quantity left = orders::take(line.units, step.from, UnitState::cancelled, step.quantity);
    if (step.from != UnitState::allocated && step.from != UnitState::released) continue;
    for (const auto& r : orders_.reservations(*ord)) {
      if (r.line != line.line || r.lease.empty() != (step.from == UnitState::allocated)) continue;
      const Quantity taken = std::min(left, r.quantity);
      if (PLANT("cancelled-order-still-released")) continue;
      orders_.reserve(*ord, {r.line, r.site, r.lease, r.sku, -taken});
      left -= taken;
    }
  }
  for (const auto& line : lines) orders_.put(*ord, line);
  change_held(head->channel, *ord, before);
  orders_.settle(*ord, at.heard_ms);
}

// ---------------------------------------------------------------- work at the bench
void Projector::on(const Kept& at, const wire::PackOpened& data) {
  auto lease = orders_.lease(data.work.lease);
  if (!lease || !in_force(*lease, data.work.epoch, at.source, at.inc) || lease->touched) return;
  lease->touched = true;
  orders_.put(*lease);
}

void Projector::on(const Kept&, const wire::ItemCounted& data) {
  if (const auto ord = orders_.ord_of(data.order)) {
    orders_.bump(*ord, data.line, data.quantity, 0);
  }
}

void Projector::on(const Kept&, const wire::ItemUncounted& data) {
  if (const auto ord = orders_.ord_of(data.order)) {
    orders_.bump(*ord, data.line, -data.quantity, 0);
  }
}

void Projector::on(const Kept&, const wire::ShortNoted& data) {
  if (const auto ord = orders_.ord_of(data.order)) {
    orders_.bump(*ord, data.line, 0, data.quantity);
  }
}

void Projector::end_lease(const Kept& at, store::Lease& lease, std::string_view state) {
  lease.state = state;
  lease.ended_ms = at.heard_ms;
  // Nobody's any more: the next holder's label names the order's address of then.
  if (lease.stale && state == "free") {
    if (!PLANT("amended-address-old-label")) lease.label = {};
    lease.stale = false;
  }
  orders_.put(lease);
}

// The pieces moved whatever the books think of the lease; whether they count for the order is
// another question.
void Projector::on(const Kept& at, const wire::PackClosed& data) {
  auto lease = orders_.lease(data.work.lease);
  const bool counts = lease && in_force(*lease, data.work.epoch, at.source, at.inc);
  into_box(at, counts ? std::string_view(lease->lease) : at.id, data);
  if (!counts) return set_aside(at, data);
  const auto reserved = orders_.reservations(lease->ord);
  for (const auto& packed : data.lines) {
    if (packed.packed < 1) continue;
    Quantity accepted = 0;
    for (const auto& r : reserved) {
      if (r.line != packed.line || r.lease != lease->lease || r.sku != packed.sku) continue;
      auto line = orders_.line(lease->ord, r.line);
      if (!line) continue;
      accepted = orders::take(line->units, UnitState::released, UnitState::packed,
                              std::min(packed.packed, r.quantity));
      orders_.put(lease->ord, *line);
      orders_.reserve(lease->ord, {r.line, r.site, r.lease, r.sku, -accepted});
    }
    orders_.put_parcel(lease->lease, {packed.line, packed.sku, packed.packed, accepted});
  }
  if (!lease->told) orders_.tell(*lease);
  return_pieces(*lease);
  end_lease(at, *lease, "done");
  await_carrier(*lease);
  orders_.settle(lease->ord, at.heard_ms);
}

// What was released under this lease and is not in the box is open again.
void Projector::return_pieces(const store::Lease& lease) {
  for (const auto& r : orders_.reservations(lease.ord)) {
    if (r.lease != lease.lease) continue;
    auto line = orders_.line(lease.ord, r.line);
    if (!line) continue;
    orders::take(line->units, UnitState::released, UnitState::open, r.quantity);
    line->counted = line->missing = 0;
    orders_.put(lease.ord, *line);
    orders_.reserve(lease.ord, {r.line, r.site, r.lease, r.sku, -r.quantity});
  }
}

void Projector::on(const Kept& at, const wire::PackReopened& data) {
  auto lease = orders_.lease(data.work.lease);
  const auto from = parse_source(at.source);
  if (!opens_box_in_force(lease, leases_, data.work.epoch, at.source, at.inc)) {
    return reopen_fenced(at, data);
  }
  lease->holder = at.inc;  // its own box, whatever became of its disk meanwhile
  std::int64_t n = 0;
  auto handed = handovers_.find(lease->lease);
  const bool was_gone = handed && handed->gone();
  if (was_gone) bring_back(at, n, *handed);  // it never left, or came back to this bench
  for (const auto& packed : orders_.parcel(lease->lease)) {
    if (PLANT("reopened-box-keeps-its-pieces")) continue;
    out_of_box(at, n, "reopened",
               {packed.sku, packed.quantity, ledger::packed(from.site), ledger::shelf(from.site)},
               lease->lease, packed.line);
    auto line = orders_.line(lease->ord, packed.line);
    if (!line) continue;
    const Quantity back =
        orders::take(line->units, UnitState::packed, UnitState::released, packed.accepted);
    line->counted = packed.quantity;
    orders_.put(lease->ord, *line);
    orders_.reserve(lease->ord, {packed.line, lease->site, lease->lease, packed.sku, back});
  }
  // Not asked for at its channel so far: opened in the turn of its closing, or a person was asked.
  const auto about = data.order + "#" + lease->label.tracking;
  if (lease->ended_ms == at.heard_ms || cases_.is_open("told_twice", about)) {
    orders_.drop_notices(lease->ord, lease->label.tracking);
  }
  orders_.drop_parcel(lease->lease);
  packed_.drop(lease->lease);
  if (was_gone) {
    handed->state = "reopened";
    handovers_.put(*handed);
  } else {
    handovers_.drop(lease->lease);
  }
  end_lease(at, *lease, "held");
  orders_.settle(lease->ord, at.heard_ms);
}

}  // namespace dockline::server
