#include "tests/sim/people/kits.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

using namespace server;  // the commands

void KitSeller::one() {
  if (goods_.all().size() < 4) return;
  if (!defined_) return define_first();
  switch (draw().below(10)) {
    case 0:
      return change();
    case 1:
    case 2:
      return cancel();
    case 3:
    case 4:
    case 5:
      return buy();
    default:
      return take_order();
  }
}

void KitSeller::define(const std::string& sku,
                       std::vector<std::pair<std::string, std::int64_t>> parts, const char* done) {
  RegisterItem item;
  item.item = {sku, sku, std::nullopt, {}, std::nullopt};
  ask(std::move(item), "kit_entered", [=, this](const Reply&) {
    ask(DefineKit{.sku = sku, .parts = parts, .by = "office"}, done,
        [this](const Reply&) { defined_ = true; });
  });
}

// Beside those that the office lists (operators.cpp): one with a kit in it twice, one that changes.
void KitSeller::define_first() {
  const auto& goods = goods_.all();
  define("SET-D", {{goods[0].sku, 1}, {goods[3].sku, 1}}, "kit_defined");
  define("SET-C", {{"SET-A", 2}, {goods[1].sku, 1}}, "kit_defined");
}

// Other parts from now on; what was sold stays what it was. Now and then it is no kit for a while.
void KitSeller::change() {
  std::vector<std::pair<std::string, std::int64_t>> parts;
  for (std::size_t n = 0; n < 4; ++n) {
    if (draw().chance(500)) parts.emplace_back(goods_.all()[n].sku, draw().between(1, 3));
  }
  define("SET-D", std::move(parts), "kit_changed");
}

std::string KitSeller::some_kit() {
  static constexpr std::array kKits = {"SET-A", "SET-B", "SET-C", "SET-D"};
  return kKits[draw().below(kKits.size())];
}

void KitSeller::take_order() {
  ReceiveOrder order;
  order.number = "K" + std::to_string(++taken_);
  order.customer = "kit buyer " + std::to_string(taken_);
  order.ship_to.name = "Kit Buyer " + std::to_string(taken_);
  order.ship_to.street1 = "Ringstr. " + std::to_string(1 + draw().below(90));
  order.ship_to.country = "DE";
  order.ship_to.postal_code = "89111";
  for (auto n = draw().between(1, 2); n > 0; --n) {
    order.lines.push_back({.line = 0, .sku = some_kit(), .title = "", .quantity = 1});
    order.lines.back().quantity = draw().between(1, 3);
  }
  // A piece of what is in the kits, and something else.
  if (draw().chance(400)) {
    order.lines.push_back(
        {.line = 0, .sku = goods_.all()[draw().below(2)].sku, .title = "", .quantity = 1});
  }
  if (draw().chance(200)) {
    order.lines.push_back({.line = 0, .sku = some_goods().sku, .title = "", .quantity = 1});
  }
  for (auto& line : order.lines) line.title = line.sku;
  world_.mix(order.number);
  ask(std::move(order), "kit_by_telephone");
}

// At a shop that lists kits, alone or with a part of them; some change their mind.
void KitSeller::buy() {
  if (shops_.empty()) return;
  auto& shop = *shops_[draw().below(shops_.size())];
  std::map<std::string, std::int64_t> wanted{{some_kit(), draw().between(1, 2)}};
  if (draw().chance(400)) wanted[goods_.all()[draw().below(3)].sku] = draw().between(1, 2);
  const bool changes = draw().chance(250), whole = draw().chance(400);
  const auto later = some_time(draw(), 60'000);
  const auto number = shop.buy(wanted);
  if (number.empty()) return;
  count_("kit_at_shop");
  world_.mix(number);
  if (world_.tracing()) world_.trace("customer", "bought kits " + number);
  if (!changes) return;
  world_.after(later, [this, &shop, number, whole] {
    if (!calm_ && shop.cancel(number, whole)) count_("kit_cancelled_at_shop");
  });
}

// One kit of several, all of them, or a part of one alone, which is refused.
void KitSeller::cancel() {
  if (taken_ == 0) return;
  const auto order = "api:K" + std::to_string(1 + draw().below(taken_));
  if (draw().chance(300)) return ask(CancelOrder{order, "they called", {}}, "kit_cancelled");
  ask(CancelOrder{order, "they called", {{draw().between(1, 5), draw().between(1, 2)}}},
      "kit_cancelled");
}

}  // namespace dockline::sim
