// Holds, amendments, splits and limits: what follows from them (order_life.hpp).
#include <algorithm>
#include <set>

#include "server/app/delays.hpp"
#include "server/app/order_life.hpp"
#include "server/app/reactions.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::string_view kRule = "order checks";
constexpr std::int64_t kReleasedItemsPerTurn = 32;
const std::string kSeenReleases = "released_items_ms";

std::string list_of(const std::vector<orders::Hold>& open) {
  std::string text;
  for (const auto& hold : open) {
    text += (text.empty() ? "" : "; ") + hold.about + (hold.about.empty() ? "" : ": ") + hold.what;
  }
  return text;
}

std::string proposals(const std::vector<orders::Hold>& open) {
  std::string text;
  for (const auto& hold : open) {
    if (!hold.proposal.empty()) text += (text.empty() ? "" : "; ") + hold.proposal;
  }
  return text;
}

bool wants_nothing(const std::vector<orders::Line>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const orders::Line& line) {
    return line.units.unrouted() == 0 && line.units.at(orders::UnitState::allocated) == 0 &&
           line.units.at(orders::UnitState::released) == 0;
  });
}

}  // namespace

// ---------------------------------------------------------------- checks
// Held for what is doubtful, released from what is not any more. `received`: as it came just now.
base::Status Reactions::examine(std::int64_t ord, const wire::OrderReceived* received) {
  const auto head = core_.store->orders.head(ord);
  // What a restored server learns from a bench is not checked: that bench packs it already.
  if (!head || restored_) return core_.store->trouble();
  const auto& rules = core_.config.orders;
  if (received != nullptr && received->paid && !*received->paid) {
    const auto held = hold_order(core_, *head,
                                 {.reason = orders::HoldReason::payment,
                                  .about = "paid",
                                  .what = "it is not paid",
                                  .proposal = "release it when the money is there",
                                  .by = std::string(kRule)});
    if (!held) return base::pass(held.error());
  }
  if (!rules.checked(head->channel)) return core_.store->trouble();
  const auto now = received == nullptr ? order_now(core_, *head) : wire::OrderReceived{};
  const auto& order = received == nullptr ? now : *received;
  auto of = rules.of(head->channel, head->currency);
  if (head->fetched) of.address_needed = false;
  const auto doubts = orders::doubts(order, of, core_.now.wall_ms);
  // Released first: one field may be doubtful in another way now.
  for (const auto& hold : holds_of(core_, ord).open()) {
    if (hold.reason != orders::HoldReason::doubt) continue;
    const bool still = std::any_of(doubts.begin(), doubts.end(), [&](const orders::Doubt& d) {
      return d.field == hold.about && d.what == hold.what;
    });
    if (still) continue;
    const auto done = release_holds(core_, *head, "doubt", hold.about,
                                    {"it was corrected", std::string(kRule), true});
    if (!done) return base::pass(done.error());
  }
  for (const auto& doubt : doubts) {
    const auto held = hold_order(core_, *head,
                                 {.reason = orders::HoldReason::doubt,
                                  .about = doubt.field,
                                  .what = doubt.what,
                                  .proposal = doubt.proposal,
                                  .by = std::string(kRule)});
    if (!held) return base::pass(held.error());
  }
  return core_.store->trouble();
}

// ---------------------------------------------------------------- limits of what is not there
base::Status Reactions::hold_for_stock(const store::OrderHead& head, const std::string& sku,
                                       const orders::Admission& admission) {
  const auto refused = std::to_string(admission.refused) + " of " + sku;
  const auto held = hold_order(core_, head,
                               {.reason = orders::HoldReason::stock,
                                .about = sku,
                                .what = refused + " cannot be promised: " + admission.why,
                                .proposal = "tell the buyer, then cancel these pieces or let "
                                            "them wait",
                                .by = "backorder limit"});
  if (!held || !*held) return held ? core_.store->trouble() : base::pass(held.error());
  core_.raise("backorder_refused", head.id + "#" + sku,
              "Order " + head.number + " wants " + refused +
                  " more than may be promised: " + admission.why + ".",
              "To the buyer: of " + sku + " in your order " + head.number + " we can send " +
                  std::to_string(admission.now) + " now and " +
                  std::to_string(admission.backordered + admission.preordered) +
                  " later. We cannot promise the other " + std::to_string(admission.refused) +
                  "; shall we cancel them, or do you want to wait?");
  return core_.store->trouble();
}

// `fresh`: it has just come; else only what is held for stock is looked at again.
base::Status Reactions::examine_stock(std::int64_t ord, bool fresh) {
  const auto head = core_.store->orders.head(ord);
  if (!head || restored_) return core_.store->trouble();
  std::set<std::string> skus;
  if (fresh) {
    for (const auto& line : core_.store->orders.lines(ord)) skus.insert(line.sku);
  } else {
    for (const auto& hold : holds_of(core_, ord).open()) {
      if (hold.reason == orders::HoldReason::stock) skus.insert(hold.about);
    }
  }
  for (const auto& sku : skus) {
    const auto promise = promise_of(core_, ord, sku);
    if (!promise) return base::pass(promise.error());
    const auto refused = *promise ? (*promise)->admission.refused : 0;
    if (fresh && refused > 0) {
      if (auto ok = hold_for_stock(*head, sku, (*promise)->admission); !ok) return ok;
    } else if (!fresh && refused == 0) {
      const auto done = release_holds(core_, *head, "stock", sku,
                                      {"all of it can be promised now", "backorder limit", true});
      if (!done) return base::pass(done.error());
    }
  }
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh&, const wire::BackorderPolicySet& data) {
  core_.store->own.add_reroute(data.sku);
  for (const auto ord : core_.store->life.held_for(data.sku, store::kRerouteMax)) {
    if (auto ok = examine_stock(ord, false); !ok) return ok;
  }
  return core_.store->trouble();
}

// Items whose release has come: who waits for them is routed.
base::Status Reactions::see_released_items() {
  auto& own = core_.store->own;
  auto seen = own.value(kSeenReleases);
  if (core_.now.wall_ms < seen) {  // the clock was set back: these releases come once more
    own.set(kSeenReleases, core_.now.wall_ms);
    seen = core_.now.wall_ms;
  }
  const auto skus = core_.store->life.released(seen, core_.now.wall_ms, kReleasedItemsPerTurn);
  for (const auto& sku : skus) own.add_reroute(sku);
  if (skus.empty()) return core_.store->trouble();
  const auto last = core_.store->life.backorder(skus.back());
  // As many as fit share one moment at most: it is looked at again from just before it.
  const bool all = std::cmp_less(skus.size(), kReleasedItemsPerTurn);
  own.set(kSeenReleases, all ? core_.now.wall_ms : last ? last->released_ms : core_.now.wall_ms);
  return core_.store->trouble();
}

// ---------------------------------------------------------------- holds
base::Status Reactions::on(const Fresh&, const wire::OrderHeld& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head || !head->held) return {};
  const auto open = holds_of(core_, *ord).open();
  core_.raise("order_held", head->id, "Order " + head->number + " stands still: " + list_of(open),
              "It is neither given to a site nor to a bench until it is released", proposals(open));
  if (auto ok = look_ahead(*ord); !ok) return ok;
  return revoke(*ord, "held");
}

base::Status Reactions::on(const Fresh&, const wire::OrderHoldReleased& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head) return {};
  if (data.reason == "stock") {
    if (auto ok = settle("backorder_refused", head->id + "#" + data.about, "released", data.by);
        !ok) {
      return ok;
    }
  }
  if (head->held) return core_.store->trouble();
  if (auto ok = settle("order_held", head->id, "released", data.by); !ok) return ok;
  if (auto ok = route(*ord, "its hold was released"); !ok) return ok;
  if (auto ok = look_ahead(*ord); !ok) return ok;
  return release(*ord);
}

// Nothing of it is left to send: no hold, no forecast is of use.
base::Status Reactions::end_if_done(std::int64_t ord) {
  const auto head = core_.store->orders.head(ord);
  if (!head) return core_.store->trouble();
  if (!wants_nothing(core_.store->orders.lines(ord))) {
    if (head->held) {
      if (auto ok = examine(ord, nullptr); !ok) return ok;
      if (auto ok = examine_stock(ord, false); !ok) return ok;
    }
    return look_ahead(ord);
  }
  if (head->held && head->state == "cancelled") {
    const auto done =
        release_holds(core_, *head, {}, {}, {"nothing of it is wanted", "server", true});
    if (!done) return base::pass(done.error());
  }
  return settle("delay_predicted", head->id, head->state, "server");
}

// ---------------------------------------------------------------- amendments, splits
base::Status Reactions::on(const Fresh& fresh, const wire::OrderAmended& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head) return {};
  touch_order(*ord, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  if (auto ok = examine(*ord, nullptr); !ok) return ok;
  bool packed = false;
  for (const auto& lease : core_.store->orders.leases(*ord)) {
    packed = packed || (lease.state == "done" && lease.stale);
    // What nobody has begun goes out anew as a whole; a box that is begun is closed first.
    const bool again = data.ship_to || (!data.lines.empty() && !lease.touched);
    if (lease.state != "held" || !again) continue;
    wire::LeaseRevoked revoked{head->id, {lease.lease, lease.epoch}, "changed", {}, {}};
    auto told = stations_.tell(lease.site, lease.station, revoked, head->id);
    if (!told) return told;
    const auto kept = core_.record(std::move(revoked), {.subject = head->id});
    if (!kept) return base::pass(kept.error());
  }
  if (data.ship_to && packed && !PLANT("moved-after-packing-untold")) {
    core_.raise(
        "amended_after_pack", head->id,
        "The address of order " + head->number + " was changed when its box was already closed.",
        "Tracking " + head->tracking + " at " + head->site + ": " + data.why);
  }
  if (auto ok = route(*ord, "it was amended"); !ok) return ok;
  if (auto ok = look_ahead(*ord); !ok) return ok;
  if (!data.lines.empty()) raise_delay_again(core_, *head, "it was amended");
  return release(*ord);
}

base::Status Reactions::on(const Fresh&, const wire::OrderSplit& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  if (!ord) return {};
  for (const auto& lease : core_.store->orders.leases(*ord)) {
    if (lease.state == "held" && !lease.touched) {
      if (auto ok = revoke(*ord, "changed"); !ok) return ok;
      break;
    }
  }
  return release(*ord);
}

// A bench finished first, before it heard of it: said, with what to do.
void Reactions::judge_closed(const wire::PackClosed& data, const store::OrderHead& head) {
  const auto lease = core_.store->orders.lease(data.work.lease);
  if (lease && lease->stale && !PLANT("moved-after-packing-untold")) {
    core_.raise(
        "amended_after_pack", head.id,
        "The box of order " + head.number + " bears its former address.",
        "Tracking " + data.label.tracking + ", closed at " + lease->site + "/" + lease->station);
  }
  if (head.held) {
    core_.raise("packed_while_held", head.id + "#" + data.label.tracking,
                "Order " + head.number + " is held, and a bench closed its box " +
                    data.label.tracking + " before it heard of that.",
                list_of(holds_of(core_, head.ord).open()));
  }
}

}  // namespace dockline::server
