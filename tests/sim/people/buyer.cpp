#include "tests/sim/people/buyer.hpp"

#include <algorithm>
#include <array>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

using namespace server;  // the commands

namespace {

constexpr std::array kSuppliers = {"POTTERS", "WEAVERS"};
constexpr std::int64_t kPage = 20;

}  // namespace

void Buyer::one() {
  if (!met_) return meet_suppliers();
  switch (draw().below(10)) {
    case 0:
    case 1:
      return supply();
    case 2:
    case 3:
      return look();
    case 4:
    case 5:
    case 6:
      return decide();
    default:
      return receive();
  }
}

void Buyer::meet_suppliers() {
  for (const auto* name : kSuppliers) {
    ask(SetSupplier{name, name, "", "", draw().between(0, 3), draw().between(1, 14), "office"},
        "supplier_entered", [this](const Reply&) { met_ = true; });
  }
}

// Bought here from now on, in packs or singly, with much or little in store; or not any more.
void Buyer::supply() {
  static constexpr std::array kPacks = {1, 1, 6, 10};
  DefineSupply supply;
  supply.sku = some_goods().sku;
  supply.supplier = kSuppliers[draw().below(kSuppliers.size())];
  supply.rank = draw().chance(100) ? 0 : draw().between(1, 2);
  supply.pack = kPacks[draw().below(kPacks.size())];
  supply.minimum = draw().chance(300) ? draw().between(2, 20) : 0;
  supply.safety_days = draw().between(10, 600);
  supply.by = "office";
  ask(std::move(supply), "supply_defined");
}

// Now and then twice in a row: nothing may be proposed twice for that.
void Buyer::look() {
  ask(LookAtShelves{"office"}, "shelves_looked_at");
  if (!draw().chance(400)) return;
  world_.after(some_time(draw(), 5'000), [this] {
    if (!calm_) ask(LookAtShelves{"office"}, "shelves_looked_at");
  });
}

// Mostly what is still open; now and then what was decided before, which is refused.
void Buyer::decide() {
  auto* reader = hub_.reader();
  if (reader == nullptr) return;
  const bool open = draw().chance(900);
  const auto page = store::purchases(
      *reader,
      {.state = open ? "proposed" : "", .site = {}, .sku = {}, .after = {}, .limit = kPage});
  if (!page || page->items.empty()) return;
  const auto& one = page->items[draw().below(page->items.size())];
  const bool sent = draw().chance(800);
  DecidePurchase word{one.purchase, sent ? "sent" : "dropped", {}, "as proposed", "office"};
  if (sent && draw().chance(600)) word.expect_ms = wall_ms() + draw().between(1, 60) * 60'000;
  ask(word, sent ? "purchase_ordered" : "purchase_dropped");
  if (draw().chance(150)) ask(word, "purchase_decided_twice");
}

void Buyer::receive() {
  auto* reader = hub_.reader();
  if (reader == nullptr) return;
  const auto page = store::deliveries(
      *reader, {.state = "open", .site = {}, .sku = {}, .after = {}, .limit = kPage});
  if (!page || page->items.empty()) return;
  const auto& one = page->items[draw().below(page->items.size())];
  if (one.purchase.empty()) return;  // errands.cpp
  const auto& id = one.delivery.id;
  for (const auto& line : one.delivery.lines) {
    std::int64_t came = 0;
    for (const auto& receipt : one.receipts) came += receipt.sku == line.sku ? receipt.quantity : 0;
    const auto open = line.pieces - came;
    if (open <= 0 || draw().chance(200)) continue;
    const bool whole = draw().chance(700);
    const auto more = draw().chance(100) ? draw().between(1, 3) : 0;
    const auto pieces = whole ? open + more : draw().between(1, open);
    const auto damaged = draw().chance(100) ? 1 : 0;
    ask(ReceiveGoods{id, "", line.sku, "", pieces, damaged, {}, "office"}, "purchase_received");
  }
  if (draw().chance(80)) {
    ask(ReceiveGoods{id, "", some_goods().sku, "", 1, 0, {}, "office"}, "stranger_received");
  }
  if (draw().chance(200)) ask(CloseDelivery{id, "that is all", "office"}, "purchase_closed");
}

}  // namespace dockline::sim
