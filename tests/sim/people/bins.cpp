#include "tests/sim/people/bins.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

using namespace server;  // the commands

RegisterItem entry(const Goods& goods) {
  RegisterItem out;
  out.item = {goods.sku, goods.title, std::nullopt, {{goods.barcode, 1}}, 250};
  out.item.hazardous = goods.hazardous;
  if (!goods.tracked.empty()) out.item.tracked = goods.tracked;
  for (const auto& one : goods.cases) out.item.barcodes.push_back({one.code, one.pieces, "case"});
  return out;
}

// Mostly of few articles, so that these come to lie in several bins.
void BinKeeper::one() {
  auto& draw = Officer::draw();
  const auto most =
      draw.chance(700) ? std::min<std::size_t>(goods_.all().size(), 4) : goods_.all().size();
  const auto& goods = goods_.all()[draw.below(most)];
  const auto& site = sites_[draw.below(sites_.size())];
  const auto here = bins_of(goods.sku, site);
  switch (draw.below(10)) {
    case 0:
    case 1:
    case 2:
      return put(goods.sku, site, here);
    case 3:
      return take_out(goods.sku, site, here);
    case 4:
      return receive(goods.sku, site);
    case 5:
      return fetch(goods.sku, site);
    case 6:
      return rename(goods, site);
    default:
      return count(goods.sku, site, here);
  }
}

void BinKeeper::heard(const Reply& reply) {
  if (!reply.error) return;
  if (reply.error->fault == base::Fault::conflict) count_("bin_held_less");
  if (reply.error->fault == base::Fault::reject) count_("bin_refused");
}

BinKeeper::Figures BinKeeper::bins_of(const std::string& sku, const std::string& site) {
  auto* reader = hub_.reader();
  const auto detail =
      reader == nullptr ? base::Result<std::optional<store::StockDetail>>{} : reader->stock_of(sku);
  if (!detail || !*detail) return {};
  for (const auto& figure : (*detail)->stock.sites) {
    if (figure.site == site) return figure.bins;
  }
  return {};
}

std::string BinKeeper::some_bin() {
  static constexpr std::array kBins = {"B", "C", "D", "E-1", "E-2"};
  return kBins[Officer::draw().below(kBins.size())];
}

// Now some pieces, now all, now more than there are; the home bin by its name or without one.
void BinKeeper::put(const std::string& sku, const std::string& site, const Figures& here) {
  auto& draw = Officer::draw();
  if (here.empty()) return;
  const auto& from = here[draw.below(here.size())];
  const auto more = draw.chance(150) ? draw.between(1, 3) : 0;
  const auto pieces = draw.chance(300) ? from.quantity + more : draw.between(1, 8);
  ask(StockCommand(MoveStock{sku,
                             site,
                             "shelf",
                             "shelf",
                             std::max<std::int64_t>(1, pieces),
                             "makes room",
                             {},
                             from.home && draw.chance(500) ? "" : from.bin,
                             some_bin()}),
      "bin_filled");
}

// Broken or odd, and some minutes later put into whichever bin is near.
void BinKeeper::take_out(const std::string& sku, const std::string& site, const Figures& here) {
  auto& draw = Officer::draw();
  if (here.empty()) return;
  const auto& from = here[draw.below(here.size())];
  const auto pieces = draw.between(1, 3);
  const auto later = some_time(draw, 120'000);
  const bool back = draw.chance(700);
  const auto into = some_bin();
  ask(StockCommand(
          MoveStock{sku, site, "shelf", "quarantine", pieces, "looks odd", {}, from.bin, ""}),
      "bin_emptied_by_hand", [=, this](const Reply&) {
        if (!back) return;
        world_.after(later, [=, this] {
          ask(StockCommand(
                  MoveStock{sku, site, "quarantine", "shelf", pieces, "is fine", {}, "", into}),
              "bin_filled");
        });
      });
}

void BinKeeper::receive(const std::string& sku, const std::string& site) {
  auto& draw = Officer::draw();
  const auto pieces = draw.between(2, 12);
  ask(StockCommand(ReceiveGoods{
          {}, site, sku, "", pieces, draw.chance(200) ? 1 : 0, {}, "office", some_bin()}),
      "bin_received_into");
}

// From another site, straight into a bin.
void BinKeeper::fetch(const std::string& sku, const std::string& site) {
  auto& draw = Officer::draw();
  const auto& from = sites_[draw.below(sites_.size())];
  const auto pieces = draw.between(1, 4);
  const auto road = some_time(draw, 90'000);
  const auto into = some_bin();
  if (from == site) return;
  std::int64_t there = 0;
  for (const auto& bin : bins_of(sku, from)) there += bin.quantity;
  if (there < pieces) return;
  ask(StockCommand(OrderTransfer{sku, from, site, pieces, {}, "demand", "office"}), "transfer",
      [=, this](const Reply& reply) {
        const auto id = reply.id;
        ask(StockCommand(SendTransfer{id, pieces, {}, "office"}), "sent");
        world_.after(road, [=, this] {
          ask(StockCommand(ReceiveTransfer{id, pieces, 0, {}, "office", into}),
              "bin_received_into");
          world_.after(60'000, [=, this] {
            ask(StockCommand(CloseTransfer{id, "it is all", "office"}), "transfer_closed");
          });
        });
      });
}

// Somebody counts one bin and tells the desk at once, or after a while: then the figure is of an
// hour that is gone, and is booked as it is said. Now and then the label is read wrongly, and the
// figure is of another bin, or of one in which nothing is.
void BinKeeper::count(const std::string& sku, const std::string& site, const Figures& here) {
  auto& draw = Officer::draw();
  if (here.empty()) return;
  const auto& seen = here[draw.below(here.size())];
  const auto wrong = draw.chance(300) ? draw.between(-2, 2) : 0;
  const auto found = std::max<std::int64_t>(0, seen.quantity + wrong);
  const auto bin = draw.chance(100) ? some_bin() : seen.bin;
  const auto later = draw.chance(700) ? 0 : some_time(draw, 60'000);
  world_.after(later, [=, this] {
    ask(StockCommand(CountStock{sku, site, found, bin, "office"}), "bin_counted");
  });
}

// The shelf is arranged anew: another home bin, now and then one in which some of it lies already.
void BinKeeper::rename(const Goods& goods, const std::string& site) {
  auto& draw = Officer::draw();
  auto item = entry(goods);
  item.bins.emplace_back(site, draw.chance(400)   ? some_bin()
                               : draw.chance(500) ? goods.bin
                                                  : "H-" + std::to_string(draw.below(3)));
  ask(std::move(item), "bin_assigned");
}

}  // namespace dockline::sim
