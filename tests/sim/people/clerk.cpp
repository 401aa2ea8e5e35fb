#include "tests/sim/people/clerk.hpp"

#include <algorithm>
#include <utility>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kGoodsEnteredMs = 60'000;
constexpr int kLooks = 8;  // for two different orders in one list
const std::string kClerk = "clerk";

}  // namespace

Clerk::Clerk(World& world, HubNode& hub, const Catalogue& goods, Count count)
    : world_(world), hub_(hub), goods_(goods), count_(std::move(count)) {}

void Clerk::begin(const Telephone& telephone) {
  telephone_ = telephone;
  open_ = true;
  if (std::exchange(begun_, true)) return;
  every(telephone.order_ms, &Clerk::take_order);
  every(telephone.hold_ms, &Clerk::hold);
  every(telephone.amend_ms, &Clerk::amend);
  every(telephone.split_ms, &Clerk::split);
  every(telephone.merge_ms, &Clerk::merge);
  if (telephone.limited > 0) world_.after(kGoodsEnteredMs, [this] { limit(); });
}

void Clerk::every(std::int64_t mean_ms, void (Clerk::*what)()) {
  if (mean_ms <= 0) return;
  world_.after(some_time(world_.random("clerk"), mean_ms), [this, mean_ms, what] {
    if (open_) (this->*what)();
    every(mean_ms, what);
  });
}

void Clerk::take_order() { enter(call(taken_ + 1)); }

server::ReceiveOrder Clerk::call(std::uint64_t caller) {
  auto& draw = world_.random("clerk");
  server::ReceiveOrder order;
  order.number = "P" + std::to_string(++taken_);
  order.customer = "caller " + std::to_string(caller);
  order.ship_to.name = "Caller " + std::to_string(caller);
  order.ship_to.street1 = "Ringstr. " + std::to_string(1 + draw.below(90));
  order.ship_to.country = "DE";
  order.ship_to.postal_code = draw.chance(250) ? "8911" : "89111";
  if (draw.chance(100)) order.paid = false;
  if (draw.chance(200)) order.vip = true;
  if (draw.chance(500)) {
    order.promised_ms = hub_.clock().now().wall_ms + draw.between(600'000, 172'800'000);
  }
  for (std::uint64_t i = 0, n = 1 + draw.below(3); i < n; ++i) {
    const auto& goods = goods_.all()[draw.below(goods_.all().size())];
    order.lines.push_back(
        {.line = 0, .sku = goods.sku, .title = goods.title, .quantity = draw.between(1, 3)});
  }
  return order;
}

void Clerk::enter(server::ReceiveOrder order) {
  count_("phone_order");
  world_.mix(order.number);
  hub_.call(std::move(order), [](const server::Reply&) {});
}

std::optional<server::store::OrderDetail> Clerk::some(const char* state) {
  auto* reader = hub_.reader();
  if (reader == nullptr) return std::nullopt;
  const auto page =
      reader->orders({.state = state, .channel = {}, .text = {}, .after = {}, .limit = 50});
  if (!page || page->items.empty()) return std::nullopt;
  const auto& one = page->items[world_.random("clerk").below(page->items.size())];
  auto order = reader->order(one.id);
  return order ? std::move(*order) : std::nullopt;
}

void Clerk::hold() {
  auto& draw = world_.random("clerk");
  const auto order = some(draw.chance(700) ? "released" : draw.chance(500) ? "allocated" : "open");
  if (!order) return;
  count_("order_held");
  if (world_.tracing()) world_.trace(kClerk, "holds " + order->order.id);
  hub_.call(server::HoldOrder{.order = order->order.id,
                              .reason = draw.chance(500) ? "person" : "buyer_asked",
                              .about = {},
                              .what = "call " + std::to_string(++changed_),
                              .by = kClerk},
            [](const server::Reply&) {});
  if (!draw.chance(500)) return;  // else the exception tells somebody of the office
  world_.after(some_time(draw, 120'000), [this, id = order->order.id] {
    hub_.call(server::ReleaseHold{id, {}, {}, "they called again", kClerk},
              [](const server::Reply&) {});
  });
}

void Clerk::amend() {
  auto& draw = world_.random("clerk");
  const auto order = some(draw.chance(700)   ? "released"
                          : draw.chance(500) ? "backordered"
                                             : "open");
  if (!order) return;
  server::AmendOrder amend{.order = order->order.id, .why = "they called", .by = kClerk};
  if (draw.chance(600)) {
    amend.ship_to.emplace();
    amend.ship_to->name = order->order.customer;
    amend.ship_to->street1 = "Neue Str. " + std::to_string(++changed_);
    amend.ship_to->country = "DE";
    amend.ship_to->postal_code = "04103";
  }
  if (draw.chance(300)) amend.vip = draw.chance(700);
  if (draw.chance(300)) {
    amend.promised_ms = hub_.clock().now().wall_ms + draw.between(600'000, 172'800'000);
  }
  if (order->order.channel == "api" && !order->lines.empty() && draw.chance(700)) {
    const auto& line = order->lines[draw.below(order->lines.size())];
    amend.lines.push_back({.line = line.line, .quantity = draw.between(0, 4)});
    if (draw.chance(300)) {
      const auto& goods = goods_.all()[draw.below(goods_.all().size())];
      amend.lines.push_back({.line = 0, .quantity = 1, .sku = goods.sku});
    }
  }
  count_("order_amended");
  if (world_.tracing()) world_.trace(kClerk, "amends " + order->order.id);
  hub_.call(std::move(amend), [](const server::Reply&) {});
}

void Clerk::split() {
  auto& draw = world_.random("clerk");
  const auto order = some(draw.chance(500) ? "released" : draw.chance(500) ? "allocated" : "open");
  if (!order) return;
  const auto& line = order->lines[draw.below(order->lines.size())];
  count_("order_split");
  if (world_.tracing()) world_.trace(kClerk, "splits " + order->order.id);
  hub_.call(server::SplitOrder{order->order.id, {{line.line, 1}}, "one of them first", kClerk},
            [](const server::Reply&) {});
}

// A caller rings a second time, and both orders are to go in one parcel; now and then the clerk has
// the wrong two before them, which the server must say.
void Clerk::merge() {
  auto& draw = world_.random("clerk merges");
  count_("order_merged");
  std::vector<std::string> both;
  if (draw.chance(150)) {
    for (int i = 0; i < kLooks && both.size() < 2; ++i) {
      const auto order = some("released");
      if (order && (both.empty() || both[0] != order->order.id)) both.push_back(order->order.id);
    }
  } else {
    auto first = call(taken_ + 1);
    auto second = call(taken_);
    second.ship_to = first.ship_to;
    for (auto* one : {&first, &second}) {
      one->paid.reset();
      one->ship_to.postal_code = "89111";
      both.push_back("api:" + one->number);
      enter(std::move(*one));
    }
  }
  if (both.size() < 2) return;
  // Mostly at once: a bench may begin them soon.
  world_.after(some_time(draw, draw.chance(700) ? 500 : 20'000), [this, both] {
    if (world_.tracing()) world_.trace(kClerk, "merges " + both[0] + " and " + both[1]);
    hub_.call(server::MergeOrders{both, "one caller", kClerk}, [this](const server::Reply& reply) {
      if (!reply.error) count_("parcel_shared");
      if (world_.tracing() && reply.error) world_.trace(kClerk, "hears: " + reply.error->detail);
    });
  });
}

void Clerk::limit() {
  auto& draw = world_.random("clerk limits");
  for (const auto& goods : goods_.all()) {
    if (!draw.chance(telephone_.limited)) continue;
    count_("limited");
    hub_.call(server::SetBackorder{.sku = goods.sku,
                                   .most = static_cast<std::int64_t>(draw.below(6)),
                                   .why = "hard to get",
                                   .by = kClerk},
              [](const server::Reply&) {});
  }
}

}  // namespace dockline::sim
