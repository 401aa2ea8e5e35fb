#include "server/stock/lots.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "shared/base/time.hpp"

namespace dockline::server::stock {
namespace {

using base::Fault;

constexpr std::int64_t kDaysMax = kSpanMsMax / kDayMs;

base::Status check(const LotNeed& need) {
  if (need.pieces < 1 || need.pieces > kPiecesMax) {
    return base::fail(Fault::reject, need.sku + ": " + std::to_string(need.pieces) +
                                         " pieces are not within 1 to " +
                                         std::to_string(kPiecesMax));
  }
  if (need.days_min < 0 || need.days_min > kDaysMax) {
    return base::fail(Fault::reject, need.sku + ": " + std::to_string(need.days_min) +
                                         " days of shelf life are not within 0 to " +
                                         std::to_string(kDaysMax));
  }
  return {};
}

auto order_of(const Lot& lot) {
  return std::make_tuple(!lot.expires_ms.has_value(), lot.expires_ms.value_or(0), lot.received_ms,
                         std::string_view(lot.lot), std::string_view(lot.serial),
                         std::string_view(lot.bin));
}

bool concerns(const Lot& lot, const LotNeed& need) {
  return lot.sku == need.sku && lot.site == need.site && lot.pieces > 0;
}

}  // namespace

std::string_view name(Ownership ownership) {
  switch (ownership) {
    case Ownership::own:
      return "own";
    case Ownership::consignment:
      return "consignment";
    case Ownership::customer:
      return "customer";
  }
  return "";
}

std::string withheld(const Lot& lot, const LotNeed& need) {
  if (!sellable(lot.kind)) return std::string("lies in ").append(name(lot.kind));
  if (lot.ownership == Ownership::customer && (lot.owner.empty() || lot.owner != need.customer)) {
    return "belongs to " + (lot.owner.empty() ? "a customer who is not named" : lot.owner);
  }
  if (!lot.expires_ms) {
    return need.expiry_needed ? "its expiry is not known: look at the goods and enter it" : "";
  }
  if (*lot.expires_ms <= need.ships_ms) return "expired on " + base::to_rfc3339(*lot.expires_ms);
  if ((*lot.expires_ms - need.ships_ms) / kDayMs < need.days_min) {
    return "expires on " + base::to_rfc3339(*lot.expires_ms) + ", within " +
           std::to_string(need.days_min) + " days of leaving";
  }
  return "";
}

base::Result<Choice> choose(std::span<const Lot> lots, const LotNeed& need) {
  if (auto ok = check(need); !ok) return base::pass(ok.error());
  std::vector<const Lot*> open;
  Choice out{.taken = {}, .shortage = need.pieces, .withheld = {}};
  for (const auto& lot : lots) {
    if (!concerns(lot, need)) continue;
    if (!lot.serial.empty() && lot.pieces != 1) {
      return base::fail(Fault::reject, lot.sku + ": serial " + lot.serial + " stands for " +
                                           std::to_string(lot.pieces) +
                                           " pieces; it can be one only, correct the books");
    }
    if (auto why = withheld(lot, need); !why.empty()) {
      out.withheld.push_back({lot.lot, lot.serial, lot.bin, lot.pieces, std::move(why)});
    } else {
      open.push_back(&lot);
    }
  }
  std::sort(open.begin(), open.end(), [](const Lot* a, const Lot* b) {
    return std::make_pair(order_of(*a), a) < std::make_pair(order_of(*b), b);
  });
  for (const Lot* lot : open) {
    if (out.shortage == 0) break;
    const auto pieces = std::min(out.shortage, lot->pieces);
    out.taken.push_back({lot->lot, lot->serial, lot->bin, lot->expires_ms, pieces});
    out.shortage -= pieces;
  }
  return out;
}

Quantity sellable_pieces(std::span<const Lot> lots, const LotNeed& need) {
  Quantity sum = 0;
  for (const auto& lot : lots) {
    if (concerns(lot, need) && withheld(lot, need).empty()) sum += lot.pieces;
  }
  return sum;
}

std::vector<SerialConflict> serial_conflicts(std::span<const Lot> lots) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> at;
  for (const auto& lot : lots) {
    if (lot.serial.empty()) continue;
    const auto where = place(lot.site, lot.kind) + (lot.bin.empty() ? "" : " " + lot.bin);
    // Two pieces of one serial are as wrong at one place as at two.
    for (Quantity n = 0; n < std::min<Quantity>(lot.pieces, 2); ++n) {
      at[{lot.sku, lot.serial}].push_back(where);
    }
  }
  std::vector<SerialConflict> out;
  for (auto& [key, places] : at) {
    if (places.size() < 2) continue;
    std::sort(places.begin(), places.end());
    out.push_back({key.first, key.second, std::move(places),
                   "look which of them is there, count the others to zero"});
  }
  return out;
}

}  // namespace dockline::server::stock
