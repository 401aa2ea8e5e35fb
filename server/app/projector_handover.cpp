// The projector's part about boxes after they were closed: handed to the carrier, taken back,
// delivered, and goods that come back.
#include <algorithm>

#include "server/app/projector.hpp"
#include "server/stock/places.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {

using orders::UnitState;
using store::Quantity;

// A box that was closed and counts stands at its site until a carrier takes it.
void Projector::await_carrier(const store::Lease& lease) {
  Quantity pieces = 0;
  for (const auto& line : orders_.parcel(lease.lease)) pieces += line.quantity;
  if (pieces < 1) return handovers_.drop(lease.lease);
  handovers_.put({.box = lease.lease,
                  .ord = lease.ord,
                  .site = lease.site,
                  .carrier = lease.label.carrier,
                  .tracking = lease.label.tracking,
                  .state = "waiting",
                  .closed_ms = lease.ended_ms,
                  .manifest = {},
                  .handed_ms = 0,
                  .delivered_ms = 0});
}

// Everything in a box goes along; what was scanned into it by lot under that name.
void Projector::carry_box(const Kept& at, std::int64_t& n, std::string_view reason,
                          const std::string& box, const std::string& from, const std::string& to) {
  const auto lots = packed_.of(box);
  for (const auto& line : orders_.parcel(box)) {
    ledger::Move move{line.sku, 0, from, to};
    Quantity rest = line.quantity;
    for (const auto& pieces : lots) {
      move.quantity = std::min(pieces.quantity, rest);
      if (pieces.line != line.line || move.quantity < 1) continue;
      rest -= move.quantity;
      book_scanned(at, n, reason, move, store::lot_of(pieces));
    }
    move.quantity = rest;
    if (rest > 0) book(at, n, reason, move);
  }
}

// The pieces of the box that count as shipped, from one state to another.
void Projector::shift_handed(std::int64_t ord, std::string_view box, UnitState from, UnitState to) {
  for (const auto& [number, pieces] : handovers_.handed(box)) {
    auto line = orders_.line(ord, number);
    if (!line) continue;
    orders::take(line->units, from, to, pieces);
    orders_.put(ord, *line);
  }
}

void Projector::on(const Kept& at, const wire::ParcelHandedOver& data) {
  auto box = handovers_.find(data.box);
  if (!box || box->state != "waiting") return;
  std::int64_t n = 0;
  if (!PLANT("handed-over-stays-packed")) {
    carry_box(at, n, "handed over", box->box, ledger::packed(box->site),
              std::string(ledger::kCustomer));
  }
  for (const auto& packed : orders_.parcel(box->box)) {
    auto line = orders_.line(box->ord, packed.line);
    if (!line) continue;
    const auto gone =
        orders::take(line->units, UnitState::packed, UnitState::shipped, packed.accepted);
    handovers_.put_handed(box->box, packed.line, gone);
    orders_.put(box->ord, *line);
  }
  box->state = "handed_over";
  box->handed_ms = data.handed_ms;
  box->manifest = data.manifest;
  handovers_.put(*box);
  orders_.settle(box->ord, at.heard_ms);
}

// A box that had left by the books stands at its site.
void Projector::bring_back(const Kept& at, std::int64_t& n, store::Handover& box) {
  carry_box(at, n, "taken back", box.box, std::string(ledger::kCustomer), ledger::packed(box.site));
  if (box.state == "delivered") {
    shift_handed(box.ord, box.box, UnitState::delivered, UnitState::shipped);
  }
  if (!PLANT("taken-back-stays-shipped")) {
    shift_handed(box.ord, box.box, UnitState::shipped, UnitState::packed);
  }
  handovers_.drop_handed(box.box);
  box.state = "waiting";
  box.manifest.clear();
  box.handed_ms = box.delivered_ms = 0;
  handovers_.put(box);
}

void Projector::on(const Kept& at, const wire::ParcelTakenBack& data) {
  auto box = handovers_.find(data.box);
  if (!box || !box->gone()) return;
  std::int64_t n = 0;
  bring_back(at, n, *box);
  orders_.settle(box->ord, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::ParcelDelivered& data) {
  auto box = handovers_.find(data.box);
  if (!box || box->state != "handed_over") return;
  shift_handed(box->ord, box->box, UnitState::shipped, UnitState::delivered);
  box->state = "delivered";
  box->delivered_ms = data.delivered_ms;
  handovers_.put(*box);
  orders_.settle(box->ord, at.heard_ms);
}

// What may not be sold (expired meanwhile, a customer's own) waits for a decision.
void Projector::on(const Kept& at, const wire::OrderReturned& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  std::int64_t n = 0;
  for (const auto& back : data.lines) {
    auto line = orders_.line(*ord, back.line);
    auto to = data.site + "/" + back.to;
    if (!line || back.quantity < 1) continue;
    if (ledger::is_shelf(to) && !may_be_sold(back.lot, at.time_ms)) {
      to = stock::place(data.site, stock::PlaceKind::quarantine);
    }
    const auto delivered =
        orders::take(line->units, UnitState::delivered, UnitState::returned, back.quantity);
    orders::take(line->units, UnitState::shipped, UnitState::returned, back.quantity - delivered);
    orders_.put(*ord, *line);
    if (PLANT("returned-goods-vanish")) continue;
    book(at, n, "returned", {line->sku, back.quantity, std::string(ledger::kCustomer), to},
         back.lot);
  }
  orders_.settle(*ord, at.heard_ms);
}

}  // namespace dockline::server
