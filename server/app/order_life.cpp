#include "server/app/order_life.hpp"

#include <algorithm>
#include <array>

#include "server/app/json_text.hpp"

namespace dockline::server {
namespace {

orders::HoldReason reason_of(std::string_view name) {
  using orders::HoldReason;
  for (const auto reason : {HoldReason::doubt, HoldReason::payment, HoldReason::value,
                            HoldReason::stock, HoldReason::buyer_asked}) {
    if (orders::name(reason) == name) return reason;
  }
  return HoldReason::person;
}

}  // namespace

orders::Holds holds_of(HubCore& core, std::int64_t ord) {
  std::vector<orders::Hold> rows;
  for (const auto& row : core.store->life.holds(ord)) {
    rows.push_back({.reason = reason_of(row.reason),
                    .about = row.about,
                    .what = row.what,
                    .proposal = row.proposal,
                    .by = row.by,
                    .since_ms = row.since_ms,
                    .released = row.state != "open",
                    .corrected = row.state == "corrected",
                    .released_by = row.ended_by,
                    .released_why = row.ended_why,
                    .released_ms = row.ended_ms});
  }
  return orders::Holds(std::move(rows));
}

base::Result<bool> hold_order(HubCore& core, const store::OrderHead& head,
                              const orders::Hold& hold) {
  if (!holds_of(core, head.ord).hold(hold)) return false;
  const auto kept = core.record(wire::OrderHeld{head.id, std::string(orders::name(hold.reason)),
                                                hold.about, hold.what, hold.proposal, hold.by},
                                {.subject = head.id});
  if (!kept) return base::pass(kept.error());
  return true;
}

base::Result<std::size_t> release_holds(HubCore& core, const store::OrderHead& head,
                                        const std::string& reason, const std::string& about,
                                        const ReleaseWord& word) {
  std::set<std::pair<std::string, std::string>> open;
  for (const auto& row : core.store->life.holds(head.ord)) {
    if (row.state != "open" || (!reason.empty() && row.reason != reason) ||
        (!about.empty() && row.about != about)) {
      continue;
    }
    open.emplace(row.reason, row.about);
  }
  for (const auto& [of, what] : open) {
    const auto kept =
        core.record(wire::OrderHoldReleased{head.id, of, what, word.corrected, word.why, word.by},
                    {.subject = head.id});
    if (!kept) return base::pass(kept.error());
  }
  return open.size();
}

wire::OrderReceived order_now(HubCore& core, const store::OrderHead& head) {
  wire::OrderReceived out;
  out.order = head.id;
  out.channel = head.channel;
  out.number = head.number;
  out.placed_ms = head.placed_ms;
  out.currency = head.currency;
  out.ship_to = address_of(head.ship_to_json);
  out.promised_ms = head.promised_ms;
  out.vip = head.vip;
  out.fetched = head.fetched;
  const auto texts = core.store->orders.texts(head.ord);
  for (const auto& line : core.store->orders.lines(head.ord)) {
    const auto wanted = line.quantity - line.units.at(orders::UnitState::cancelled);
    if (wanted == 0) continue;
    domain::OrderLine one{.line = line.line, .sku = line.sku, .title = {}, .quantity = wanted};
    for (const auto& text : texts) {
      if (text.line != line.line) continue;
      one.unit_price_minor = text.unit_price_minor;
      one.external_id = text.external_id;
    }
    out.lines.push_back(std::move(one));
  }
  return out;
}

base::Result<std::optional<Promise>> promise_of(HubCore& core, std::int64_t ord,
                                                const std::string& sku) {
  const auto waiting = core.store->life.backorder(sku);
  if (!waiting) return std::optional<Promise>{};
  domain::Quantity wanted = 0, available = 0;
  for (const auto& line : core.store->orders.lines(ord)) {
    if (line.sku == sku) wanted += line.units.unrouted();
  }
  if (wanted == 0) return std::optional<Promise>{};
  for (const auto& site : core.config.sites) {
    const auto figure = core.store->stock.figure(sku, site.name);
    available += std::max<domain::Quantity>(0, ledger::available(figure.on_hand, figure.reserved));
  }
  const auto outstanding = core.store->orders.waiting(sku, ord);
  auto admission = orders::admit(wanted, available, outstanding, *waiting, core.now.wall_ms);
  if (!admission) return base::pass(admission.error());
  return std::optional<Promise>({std::move(*admission), *waiting});
}

}  // namespace dockline::server
