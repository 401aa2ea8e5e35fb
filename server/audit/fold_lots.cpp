// Lots: which pieces of a place, and of a box, are of which lot, serial, expiry and owner.
#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "server/audit/fold.hpp"

namespace dockline::server::audit {
namespace {

bool of_site(const std::string& place) { return place.find('/') != place.npos; }

auto key_of(const LotHeld& l) {
  return std::tie(l.lot, l.serial, l.expires_ms, l.ownership, l.owner);
}

void hold(std::vector<LotHeld>& all, const LotHeld& lot, std::int64_t pieces) {
  const auto same = [&](const LotHeld& l) { return key_of(l) == key_of(lot); };
  auto at = std::find_if(all.begin(), all.end(), same);
  if (at == all.end() && pieces > 0) {
    all.push_back(lot);
    all.back().pieces = pieces;
  } else if (at != all.end()) {
    at->pieces += pieces;
    if (at->pieces <= 0) all.erase(at);
  }
}

}  // namespace

std::vector<LotHeld> Fold::first_out(const std::string& sku, const std::string& place,
                                     std::int64_t pieces, bool for_sale) {
  auto& all = lots[{sku, place}];
  const auto order = [&](const LotHeld& l) {
    return std::make_tuple(l.expires_ms != 0 && l.expires_ms <= fact_->time_ms, l.expires_ms == 0,
                           l.expires_ms, l.received_ms, l.lot, l.serial, l.ownership, l.owner);
  };
  std::sort(all.begin(), all.end(),
            [&](const LotHeld& a, const LotHeld& b) { return order(a) < order(b); });
  std::vector<LotHeld> out;
  for (auto& lot : all) {
    const auto part = std::min(lot.pieces, pieces);
    if (part == 0) break;
    if (for_sale && (lot.ownership == "customer" ||
                     (lot.expires_ms != 0 && lot.expires_ms <= fact_->time_ms))) {
      continue;
    }
    pieces -= part;
    lot.pieces -= part;
    out.push_back(lot);
    out.back().pieces = part;
  }
  std::erase_if(all, [](const LotHeld& l) { return l.pieces == 0; });
  return out;
}

void Fold::post_lots(const std::string& sku, const std::string& from, const std::string& to,
                     std::int64_t pieces) {
  if (scanned_ != nullptr) {
    carry(sku, from, to, pieces);
  } else if (names_lot_) {
    const LotHeld lot{
        fact_->lot,    fact_->serial,     fact_->ownership.empty() ? "own" : fact_->ownership,
        fact_->owner,  fact_->expires_ms, 0,
        fact_->time_ms};
    if (of_site(from)) hold(lots[{sku, from}], lot, -pieces);
    if (of_site(to)) hold(lots[{sku, to}], lot, pieces);
  } else if (of_site(from) && lots.contains({sku, from})) {
    for (const auto& lot : first_out(sku, from, pieces, to.ends_with("/shelf"))) {
      if (of_site(to)) hold(lots[{sku, to}], lot, lot.pieces);
    }
  }
  if (of_site(to) && (scanned_ != nullptr || to.ends_with("/transit"))) fit_lots(sku, to);
  if (of_site(from)) fit_lots(sku, from);
}

// No more pieces have a lot than there are.
void Fold::fit_lots(const std::string& sku, const std::string& place) {
  if (!lots.contains({sku, place})) return;
  std::int64_t held = 0;
  for (const auto& lot : lots[{sku, place}]) held += lot.pieces;
  const auto most = std::max<std::int64_t>(0, balances[{sku, place}]);
  if (held > most) (void)first_out(sku, place, held - most, false);
}

// The pieces a code can stand for: that serial before others, that expiry before others, then as
// they would be sold.
void Fold::carry(const std::string& sku, const std::string& from, const std::string& to,
                 std::int64_t pieces) {
  const FactLot& code = *scanned_;
  (void)first_out(sku, from, 0, false);  // in their order
  std::vector<std::pair<int, LotHeld>> fit;
  for (const auto& held : lots[{sku, from}]) {
    const bool other_lot = !held.lot.empty() && !code.lot.empty() && held.lot != code.lot;
    const bool other_serial =
        !held.serial.empty() && !code.serial.empty() && held.serial != code.serial;
    const bool alike = (!code.lot.empty() && held.lot == code.lot) ||
                       (!code.serial.empty() && held.serial == code.serial) ||
                       (code.expires_ms != 0 && held.expires_ms == code.expires_ms);
    if (other_lot || other_serial || !alike) continue;
    const int serial = !code.serial.empty() && held.serial == code.serial ? 0 : 2;
    fit.emplace_back(serial + (held.expires_ms == code.expires_ms ? 0 : 1), held);
  }
  std::stable_sort(fit.begin(), fit.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  LotHeld nameless;
  nameless.ownership = "own";
  nameless.received_ms = fact_->time_ms;
  fit.emplace_back(4, nameless);  // what is beyond them
  for (auto& [rank, held] : fit) {
    const auto part = rank == 4 ? pieces : std::min(pieces, held.pieces);
    if (part == 0) continue;
    pieces -= part;
    if (rank != 4) hold(lots[{sku, from}], held, -part);
    if (!code.lot.empty()) held.lot = code.lot;
    if (!code.serial.empty()) held.serial = code.serial;
    if (code.expires_ms != 0) held.expires_ms = code.expires_ms;
    if (of_site(to)) hold(lots[{sku, to}], held, part);  // of the outside nothing is known
  }
}

void Fold::into_box(const FactLine& line, const std::string& site, std::vector<MoveWanted>& moves) {
  const std::string shelf = site + "/shelf", packed = site + "/packed";
  auto rest = line.packed;
  for (const auto& lot : line.lots) {
    const auto part = std::min(rest, lot.pieces);
    if (part < 1) continue;
    rest -= part;
    scanned_ = &lot;
    post(line.sku, shelf, packed, part, moves);
    scanned_ = nullptr;
  }
  if (rest > 0) post(line.sku, shelf, packed, rest, moves);
}

// Those that keep longest first.
void Fold::out_of_box(BoxLine& line, const std::string& site, std::int64_t pieces,
                      std::vector<MoveWanted>& moves) {
  const std::string shelf = site + "/shelf", packed = site + "/packed";
  std::sort(line.lots.begin(), line.lots.end(), [](const FactLot& a, const FactLot& b) {
    const auto key = [](const FactLot& l) {
      return std::make_tuple(l.expires_ms == 0, l.expires_ms, std::string_view(l.lot),
                             std::string_view(l.serial));
    };
    return key(a) > key(b);
  });
  bool named = false;
  for (auto& lot : line.lots) {
    const auto part = std::min(pieces, lot.pieces);
    if (part < 1) continue;
    named = true;
    pieces -= part;
    lot.pieces -= part;
    scanned_ = &lot;
    post(line.sku, packed, shelf, part, moves);
    scanned_ = nullptr;
  }
  std::erase_if(line.lots, [](const FactLot& lot) { return lot.pieces == 0; });
  if (!named || pieces > 0) post(line.sku, packed, shelf, pieces, moves);
}

}  // namespace dockline::server::audit
