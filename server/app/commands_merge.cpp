// A person puts orders of one buyer in one parcel.
#include <algorithm>
#include <set>

#include "server/app/commands.hpp"
#include "server/app/json_text.hpp"
#include "server/orders/intake.hpp"
#include "server/orders/split.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

using base::Fault;

base::Status check_wish(const MergeOrders& c) {
  if (auto ok = orders::check_text(c.why, "why", true); !ok) return ok;
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return ok;
  if (c.orders.size() < 2 || c.orders.size() > orders::kMergedMost) {
    return base::fail(Fault::reject, "orders: name two to " + std::to_string(orders::kMergedMost) +
                                         " orders for one parcel");
  }
  if (std::set(c.orders.begin(), c.orders.end()).size() != c.orders.size()) {
    return base::fail(Fault::reject, "orders: one of them is named twice; name each once");
  }
  return {};
}

orders::UnitState state_of(const std::string& text) {
  for (std::size_t i = 0; i < orders::kUnitStates; ++i) {
    const auto state = static_cast<orders::UnitState>(i);
    if (orders::name(state) == text) return state;
  }
  return orders::UnitState::open;
}

Reply merged(const std::string& order, bool changed) {
  Reply reply;
  reply.id = order;
  reply.created = changed;
  return reply;
}

// Why a bench that has the order cannot let it go, with what to do.
std::string kept_at_bench(HubCore& core, Reactions& reactions, const store::OrderHead& head) {
  for (const auto& lease : core.store->orders.leases(head.ord)) {
    const auto bench = lease.site + "/" + lease.station;
    if (lease.state == "done") return head.id + " is packed in part, at " + bench;
    if (lease.state == "revoking") {
      return head.id + " is just being taken back from " + bench + "; try again when it is free";
    }
    if (lease.state != "held") continue;
    if (lease.touched) return head.id + " is being packed at " + bench;
    if (!reactions.can_take(lease.site, lease.station)) {
      return head.id + " lies at " + bench +
             ", which is silent; take it back first (`dockline orders revoke`)";
    }
  }
  return "";
}

orders::MergeFacts merge_facts(HubCore& core, Reactions& reactions, const store::OrderHead& head) {
  orders::MergeFacts out;
  out.order = head.id;
  out.channel = head.channel;
  out.ship_to = address_of(head.ship_to_json);
  out.buyer = head.buyer.empty() ? out.ship_to.email.value_or("") : head.buyer;
  out.state = state_of(head.state);
  out.held = head.held;
  out.kept = kept_at_bench(core, reactions, head);
  for (const auto& r : core.store->orders.reservations(head.ord)) {
    if (out.site.empty()) out.site = r.site;
  }
  return out;
}

}  // namespace

base::Result<Reply> Commands::on(const MergeOrders& c) {
  if (auto ok = check_wish(c); !ok) return base::pass(ok.error());
  if (!core_.config.orders.merge) {
    return base::fail(Fault::conflict,
                      "orders are not merged here; [orders] merge = true in server.toml allows it");
  }
  std::vector<orders::MergeFacts> facts;
  std::optional<std::int64_t> parcel;
  bool new_one = false;
  for (const auto& id : c.orders) {
    const auto ord = known_order(id);
    if (!ord) return base::pass(ord.error());
    const auto head = *core_.store->orders.head(*ord);
    const auto of = core_.store->merges.parcel_of(*ord);
    if (core_.store->merges.apart(*ord)) {
      return base::fail(Fault::conflict,
                        id + " left a parcel that it was merged into; it goes alone");
    }
    if (of && parcel && *of != *parcel) {
      return base::fail(Fault::conflict, id + " goes in another parcel already");
    }
    if (of && !parcel && new_one) {
      return base::fail(Fault::conflict, id + " goes in a parcel already; name it first");
    }
    if (of) parcel = of;
    new_one = new_one || !of;
    facts.push_back(merge_facts(core_, reactions_, head));
  }
  if (!new_one) return merged(c.orders.front(), false);
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (std::size_t j = i + 1; j < facts.size(); ++j) {
      const auto why = orders::not_mergeable(facts[i], facts[j]);
      if (why.empty() || PLANT("merge-anybody")) continue;
      return base::fail(Fault::conflict, facts[i].order + " and " + facts[j].order +
                                             " cannot go in one parcel: " + why);
    }
  }
  const auto kept =
      core_.record(wire::OrdersMerged{c.orders, c.why, c.by}, {.subject = c.orders.front()});
  if (!kept) return base::pass(kept.error());
  return merged(c.orders.front(), true);
}

}  // namespace dockline::server
