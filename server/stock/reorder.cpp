#include "server/stock/reorder.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace dockline::server::stock {
namespace {

using base::Fault;

constexpr std::int64_t kDaysMax = 1'000;

base::Status check(const Need& need) {
  const auto where = need.sku + " at " + need.site + ": ";
  if (auto ok = check_pieces(need.on_hand, where + "on hand"); !ok) return ok;
  const std::pair<Quantity, std::string_view> amounts[] = {{need.reserved, "reserved"},
                                                           {need.backordered, "backordered"},
                                                           {need.on_order, "on order"},
                                                           {need.minimum, "minimum order"},
                                                           {need.pack, "pack"}};
  for (const auto& [pieces, what] : amounts) {
    if (auto ok = check_amount(pieces, where + std::string(what)); !ok) return ok;
  }
  if (need.pack < 1) return base::fail(Fault::reject, where + "a pack holds 1 or more");
  if (need.demand_milli < 0 || need.demand_milli > kRateMilliMax) {
    return base::fail(Fault::reject, where + "demand is out of bounds");
  }
  const std::pair<std::int64_t, std::string_view> spans[] = {{need.lead_days, "lead time"},
                                                             {need.review_days, "review period"},
                                                             {need.safety_days, "safety days"}};
  for (const auto& [days, what] : spans) {
    if (days >= 0 && days <= kDaysMax) continue;
    return base::fail(Fault::reject, where + std::string(what) + ": " + std::to_string(days) +
                                         " days are not within 0 to " + std::to_string(kDaysMax));
  }
  return {};
}

Quantity free_there(const Need& need) { return need.on_hand - need.reserved - need.backordered; }

std::string reason(const Reorder& r) {
  return "position " + std::to_string(r.position) + " is at or below the point " +
         std::to_string(r.point) + "; target " + std::to_string(r.target);
}

// Sites of one SKU, with what each still wants and can spare.
struct Site {
  Need* need = nullptr;
  Quantity wanted = 0, spare = 0;
};

void share_out(std::vector<Site>& sites, std::vector<TransferProposal>& out) {
  std::vector<Site*> takers, givers;
  for (auto& site : sites) {
    if (site.wanted > 0) takers.push_back(&site);
    if (site.spare > 0) givers.push_back(&site);
  }
  std::sort(takers.begin(), takers.end(), [](const Site* a, const Site* b) {
    return std::tie(b->wanted, a->need->site) < std::tie(a->wanted, b->need->site);
  });
  for (Site* taker : takers) {
    while (taker->wanted > 0 && !givers.empty()) {
      // Sorting anew is cheap: a SKU lies at few sites.
      Site* giver =
          *std::min_element(givers.begin(), givers.end(), [](const Site* a, const Site* b) {
            return std::tie(b->spare, a->need->site) < std::tie(a->spare, b->need->site);
          });
      const auto pieces = std::min(taker->wanted, giver->spare);
      if (pieces <= 0) break;
      out.push_back({.sku = taker->need->sku,
                     .from_site = giver->need->site,
                     .to_site = taker->need->site,
                     .pieces = pieces,
                     .why = giver->need->site + " has " + std::to_string(giver->spare) +
                            " beyond its own point, " + taker->need->site + " wants " +
                            std::to_string(taker->wanted)});
      taker->wanted -= pieces;
      taker->need->on_order += pieces;
      giver->spare -= pieces;
      giver->need->on_hand -= pieces;
    }
  }
}

// Proposes transfers and books them in `needs`, as if they were on their way.
base::Result<std::vector<TransferProposal>> transfer(std::vector<Need>& needs) {
  std::map<std::string, std::vector<Site>> by_sku;
  for (auto& need : needs) {
    const auto r = reorder(need);
    if (!r) return base::pass(r.error());
    // At its point a site orders: it gives down to one above.
    const auto spare = r->wanted > 0 ? 0 : std::max<Quantity>(0, free_there(need) - r->point - 1);
    by_sku[need.sku].push_back({&need, r->wanted, spare});
  }
  std::vector<TransferProposal> out;
  for (auto& [sku, sites] : by_sku) share_out(sites, out);
  return out;
}

}  // namespace

base::Result<Reorder> reorder(const Need& need) {
  if (auto ok = check(need); !ok) return base::pass(ok.error());
  const auto covers = [&](std::int64_t days) {
    return expected_pieces(need.demand_milli, days * kDayMs);
  };
  Reorder out;
  out.position = free_there(need) + need.on_order;
  out.point = covers(need.lead_days + need.safety_days);
  out.target = covers(need.lead_days + need.review_days + need.safety_days);
  if (out.position > out.point) return out;
  out.wanted = std::max<Quantity>(0, out.target - out.position);
  if (out.wanted == 0) return out;
  const auto least = std::max(out.wanted, need.minimum);
  out.order = (least + need.pack - 1) / need.pack * need.pack;
  return out;
}

base::Result<std::vector<TransferProposal>> transfers(std::span<const Need> needs) {
  std::vector<Need> all(needs.begin(), needs.end());
  return transfer(all);
}

base::Result<Replenishment> replenish(std::span<const Need> needs) {
  std::vector<Need> all(needs.begin(), needs.end());
  auto moved = transfer(all);
  if (!moved) return base::pass(moved.error());
  Replenishment out{.transfers = std::move(*moved), .purchases = {}};
  std::map<std::pair<std::string, std::string>, std::vector<PurchaseLine>> lines;
  for (const auto& need : all) {
    const auto r = reorder(need);
    if (!r) return base::pass(r.error());
    if (r->order == 0) continue;
    lines[{need.supplier, need.site}].push_back({.sku = need.sku,
                                                 .supplier_sku = need.supplier_sku,
                                                 .pieces = r->order,
                                                 .packs = r->order / need.pack,
                                                 .price_minor = need.price_minor,
                                                 .why = reason(*r)});
  }
  for (auto& [key, of] : lines) {
    std::sort(of.begin(), of.end(), [](const PurchaseLine& a, const PurchaseLine& b) {
      return std::tie(a.sku, a.pieces) < std::tie(b.sku, b.pieces);
    });
    out.purchases.push_back({key.first, key.second, std::move(of)});
  }
  return out;
}

}  // namespace dockline::server::stock
