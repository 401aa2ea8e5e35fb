// The projector's part about what happens to an order between its receipt and its boxes.
#include <algorithm>

#include "server/app/json_text.hpp"
#include "server/app/projector.hpp"
#include "server/orders/units.hpp"

namespace dockline::server {

using orders::UnitState;
using store::Quantity;

void Projector::on(const Kept& at, const wire::OrderHeld& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  const auto holds = life_.holds(*ord);
  const bool stands = std::any_of(holds.begin(), holds.end(), [&](const store::HoldRow& h) {
    return h.state == "open" && h.reason == data.reason && h.about == data.about &&
           h.what == data.what;
  });
  if (stands) return;
  life_.put_hold(*ord, {.position = at.position,
                        .reason = data.reason,
                        .about = data.about,
                        .what = data.what,
                        .proposal = data.proposal,
                        .by = data.by,
                        .since_ms = at.heard_ms,
                        .state = "open",
                        .ended_by = {},
                        .ended_why = {},
                        .ended_ms = 0});
  orders_.set_held(*ord, true);
}

void Projector::on(const Kept& at, const wire::OrderHoldReleased& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  bool held = false;
  for (auto& hold : life_.holds(*ord)) {
    if (hold.state != "open") continue;
    if (hold.reason != data.reason || hold.about != data.about) {
      held = true;
      continue;
    }
    hold.state = data.corrected ? "corrected" : "released";
    hold.ended_by = data.by;
    hold.ended_why = data.why;
    hold.ended_ms = at.heard_ms;
    life_.put_hold(*ord, hold);
  }
  orders_.set_held(*ord, held);
}

// More pieces than are wanted are open ones; fewer are a cancellation of their own.
void Projector::amend_line(std::int64_t ord, const wire::AmendedLine& wanted) {
  if (const auto line = orders_.line(ord, wanted.line)) {
    const Quantity had = line->quantity - line->units.at(UnitState::cancelled);
    if (wanted.quantity <= had) return;
    orders_.add_pieces(ord, wanted.line, line->sku, wanted.quantity - had);
    return orders_.add_total(ord, wanted.quantity - had);
  }
  if (!wanted.sku || wanted.quantity < 1) return;
  orders_.insert_line(
      ord, {.line = wanted.line,
            .sku = *wanted.sku,
            .title = wanted.title ? std::string_view(*wanted.title) : std::string_view(*wanted.sku),
            .quantity = wanted.quantity,
            .unit_price_minor = wanted.unit_price_minor,
            .external_id = wanted.external_id});
  orders_.add_total(ord, wanted.quantity);
}

void Projector::on(const Kept& at, const wire::OrderAmended& data) {
  const auto ord = orders_.ord_of(data.order);
  const auto head = ord ? orders_.head(*ord) : std::nullopt;
  if (!head) return;
  auto before = kept_for(*ord);
  for (const auto& line : data.lines) {
    if (line.sku) before.try_emplace(line.line, KeptLine{*line.sku, 0});
    amend_line(*ord, line);
  }
  change_held(head->channel, *ord, before);
  if (data.promised_ms) orders_.set_promise(*ord, data.promised_ms);
  if (data.vip) orders_.set_vip(*ord, *data.vip);
  if (data.ship_to) {
    orders_.set_address(*ord, data.ship_to->name, address_json(*data.ship_to));
    merges_.set_apart(*ord);
    for (auto& lease : orders_.leases(*ord)) {
      lease.stale = true;
      if (lease.state == "free") {
        end_lease(at, lease, "free");
      } else {
        orders_.put(lease);
      }
    }
  }
  orders_.settle(*ord, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::OrderSplit& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord || data.part < 2) return;
  for (const auto& line : data.lines) {
    if (line.quantity < 1 || !orders_.line(*ord, line.line)) continue;
    life_.put_part(*ord, {data.part, line.line, line.quantity});
  }
  orders_.settle(*ord, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::OrderForecast& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  life_.put_forecast(
      *ord, {data.outlook, data.promised_ms, data.predicted_ms, data.worst, data.why, at.heard_ms});
}

void Projector::on(const Kept& at, const wire::BackorderPolicySet& data) {
  life_.put_backorder(at.position, data);
}

}  // namespace dockline::server
