#include "tests/sim/people/consignee.hpp"

#include <algorithm>
#include <array>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

using namespace server;  // the commands

void Consignee::one() {
  // Of few articles, so that what belongs to whom lies side by side.
  const auto most = std::min<std::size_t>(goods_.all().size(), 4);
  const auto& sku = goods_.all()[draw().below(most)].sku;
  const auto& site = some_site();
  switch (draw().below(8)) {
    case 0:
    case 1:
    case 2:
      return receive(sku, site);
    case 3:
      return send(sku);
    default:
      return move(sku, site);
  }
}

domain::Lot Consignee::some_lot() {
  static constexpr std::array kOwners = {"ANNA", "BERTA"};
  domain::Lot lot;
  lot.lot = "C" + std::to_string(draw().below(3));
  lot.ownership = draw().chance(600) ? "customer" : "consignment";
  lot.owner = kOwners[draw().below(kOwners.size())];
  return lot;
}

void Consignee::receive(const std::string& sku, const std::string& site) {
  auto lot = some_lot();
  const bool stored = *lot.ownership == "customer";
  ask(ReceiveGoods{{}, site, sku, "", draw().between(1, 8), 0, std::move(lot), "office"},
      stored ? "customers_own_came" : "consignment_came");
}

// Back and forth: the house's own without a lot, and others' by theirs. What must not be is
// refused.
void Consignee::move(const std::string& sku, const std::string& site) {
  const auto pieces = draw().between(1, 4);
  MoveStock move{sku, site, "quarantine", "shelf", pieces, "looked at", {}};
  switch (draw().below(6)) {
    case 0:
      std::swap(move.from, move.to);
      return ask(std::move(move), "set_aside");
    case 1:
    case 2:
      return ask(std::move(move), "put_back_without_lot");
    case 3:
      move.lot = some_lot();
      return ask(std::move(move), "put_back_by_lot");
    case 4:
      move.to = "damaged";
      if (draw().chance(500)) move.lot = some_lot();
      return ask(std::move(move), "set_aside_broken");
    default:
      move.to = "supplier";
      move.lot = some_lot();
      return ask(std::move(move), "fetched_by_owner");
  }
}

// To another site, where it is found to be somebody's.
void Consignee::send(const std::string& sku) {
  if (sites_.size() < 2) return;
  const auto from = draw().below(sites_.size());
  const auto to = (from + 1 + draw().below(sites_.size() - 1)) % sites_.size();
  if (on_hand(sku, sites_[from]) < 5) return;
  const auto pieces = draw().between(1, 4);
  const auto lot = some_lot();
  const auto road = some_time(draw(), 60'000);
  ask(OrderTransfer{sku, sites_[from], sites_[to], pieces, {}, "demand", "office"}, "transfer",
      [=, this](const Reply& reply) {
        const auto id = reply.id;
        ask(SendTransfer{id, pieces, {}, "office"}, "sent");
        world_.after(road, [=, this] {
          ask(ReceiveTransfer{id, pieces, 0, lot, "office", {}}, "transfer_received_by_lot",
              [=, this](const Reply&) {
                ask(CloseTransfer{id, "it is all", "office"}, "transfer_closed");
              });
        });
      });
}

}  // namespace dockline::sim
