#include "tests/sim/people/promiser.hpp"

#include <algorithm>

namespace dockline::sim {

using namespace server;  // the commands

namespace {

constexpr std::size_t kScarceMost = 4;  // that many articles are wanted by many
constexpr std::int64_t kScarce = 10, kMinuteMs = 60'000;

}  // namespace

void Promiser::one() {
  switch (draw().below(12)) {
    case 0:
      return limit();
    case 1:
      return announce();
    case 2:
    case 3:
    case 4:
      return goods_come();
    case 5:
      if (taken_ > 0) {
        ask(CancelOrder{"api:B" + std::to_string(1 + draw().below(taken_)), "waited too long", {}},
            "promise_cancelled");
      }
      return;
    default:
      return take_order();
  }
}

const std::string& Promiser::some_scarce() {
  for (std::size_t n = 0; scarce_.empty() && n < 2; ++n) {
    for (const auto& goods : goods_.all()) {
      if (!goods.tracked.empty() || (n == 0 && goods.first_stock > kScarce)) continue;
      if (scarce_.size() < kScarceMost) scarce_.push_back(goods.sku);
    }
    if (n == 1 && scarce_.empty()) scarce_.push_back(goods_.all().front().sku);
  }
  return scarce_[draw().below(scarce_.size())];
}

// So many may be sold that are not there; now and then any number again.
void Promiser::limit() {
  SetBackorder limit{.sku = some_scarce(), .why = "hard to get", .by = "office"};
  limit.most = static_cast<std::int64_t>(draw().below(7));
  limit.ended = draw().chance(150);
  ask(std::move(limit), "limit_set");
}

// It may be bought from now on, and leaves in some minutes.
void Promiser::announce() {
  SetBackorder limit{.sku = some_scarce(), .why = "it is new", .by = "office"};
  limit.most = static_cast<std::int64_t>(draw().below(5));
  limit.preorder = draw().chance(800);
  limit.preorder_most = static_cast<std::int64_t>(draw().below(7));
  limit.released_ms = wall_ms() + draw().between(1, 12) * kMinuteMs;
  ask(std::move(limit), "preorder_opened");
}

void Promiser::take_order() {
  ReceiveOrder order;
  order.number = "B" + std::to_string(++taken_);
  order.customer = "patient buyer " + std::to_string(taken_);
  order.ship_to.name = "Patient Buyer " + std::to_string(taken_);
  order.ship_to.street1 = "Ringstr. " + std::to_string(1 + draw().below(90));
  order.ship_to.country = "DE";
  order.ship_to.postal_code = "89111";
  if (draw().chance(200)) order.vip = true;
  if (draw().chance(500)) order.promised_ms = wall_ms() + draw().between(1, 3'000) * kMinuteMs;
  const auto& sku = some_scarce();
  order.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = draw().between(1, 4)});
  if (draw().chance(200)) {
    const auto& goods = some_goods();
    order.lines.push_back({.line = 0, .sku = goods.sku, .title = goods.title, .quantity = 1});
  }
  world_.mix(order.number);
  ask(std::move(order), "promise_wanted");
}

// A few pieces, fewer than are waited for.
void Promiser::goods_come() {
  const auto& sku = some_scarce();
  ask(ReceiveGoods{{}, some_site(), sku, "", draw().between(1, 5), 0, {}, "office"},
      "scarce_goods_came");
}

}  // namespace dockline::sim
