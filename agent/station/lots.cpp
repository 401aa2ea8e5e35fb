// Which pieces may be packed by what their code says of lot, serial and expiry; and what of it is
// kept with the counts.
#include <algorithm>

#include "agent/station/barcode.hpp"
#include "agent/station/station_scan.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent::station {
namespace {

using domain::Lot;
using domain::Quantity;

// The last day on which they are good.
std::string day_before(std::int64_t expires_ms) {
  return base::to_rfc3339(expires_ms - 1).substr(0, 10);
}

// Does the code say what the item asks for?
bool named(const std::string& tracked, const std::optional<Lot>& lot) {
  if (tracked == "lot") return lot && lot->lot;
  if (tracked == "serial") return lot && lot->serial;
  if (tracked == "expiry") return lot && lot->expires_ms;
  return true;  // of a newer server: not known here
}

// A code says less than was scanned first, or the same.
bool says(const Lot& kept, const Lot& code) {
  return (!code.lot || kept.lot == code.lot) && (!code.serial || kept.serial == code.serial) &&
         (!code.expires_ms || kept.expires_ms == code.expires_ms);
}

}  // namespace

void put_lot(Count& count, const Lot& lot, Quantity pieces) {
  for (auto& kept : count.lots) {
    if (kept.lot == lot) {
      kept.quantity += pieces;
      return;
    }
  }
  count.lots.push_back({lot, pieces});
}

void take_lot(Count& count, const Lot& lot, Quantity pieces) {
  for (auto& kept : count.lots) {
    if (kept.lot == lot) kept.quantity -= pieces;
  }
  std::erase_if(count.lots, [](const domain::LotPieces& kept) { return kept.quantity <= 0; });
}

std::optional<std::optional<Lot>> lot_out(const Count& count, const std::optional<Lot>& lot,
                                          Quantity pieces) {
  Quantity plain = count.packed;
  for (const auto& kept : count.lots) plain -= kept.quantity;
  for (const auto& kept : count.lots) {
    if (lot && says(kept.lot, *lot) && kept.quantity >= pieces) return kept.lot;
  }
  if (plain >= pieces) return std::optional<Lot>{};
  if (lot) return std::nullopt;
  for (auto kept = count.lots.rbegin(); kept != count.lots.rend(); ++kept) {
    if (kept->quantity >= pieces) return kept->lot;  // its plain code: the one scanned last
  }
  return std::nullopt;
}

// In this box, or in one that this bench keeps the order of.
base::Result<bool> Station::in_a_box(Scan& scan, const domain::WorkLine& line) {
  for (const auto& c : s_.counts) {
    if (c.sku != line.sku) continue;
    for (const auto& kept : c.lots) {
      if (kept.lot.serial == scan.lot->serial) {
        static_cast<void>(refuse(
            scan.now, "serial-again",
            {{"title", line.title}, {"serial", *scan.lot->serial}, {"number", order_->number}},
            scan.fx));
        return true;
      }
    }
  }
  auto other = scan.books.box_with(line.sku, *scan.lot->serial, s_.lease);
  if (!other) return base::pass(other.error());
  if (!*other) return false;
  static_cast<void>(
      refuse(scan.now, "serial-again",
             {{"title", line.title}, {"serial", *scan.lot->serial}, {"number", **other}}, scan.fx));
  return true;
}

base::Result<std::optional<Verdict>> Station::judge_lot(Scan& scan, Quantity pieces,
                                                        const domain::WorkLine& line) {
  const auto now_ms = scan.now.wall_ms + clock_ahead_ms_;
  scan.lot = lot_in(scan.in.code, scan.in.symbology, now_ms);
  auto& lot = scan.lot;
  if (lot && lot->expires_ms && *lot->expires_ms <= now_ms && !PLANT("expired-packed")) {
    return std::optional(refuse(scan.now, "expired",
                                {{"title", line.title}, {"date", day_before(*lot->expires_ms)}},
                                scan.fx));
  }
  if (line.tracked && !named(*line.tracked, lot)) {
    return std::optional(
        refuse(scan.now, "lot-needed", {{"title", line.title}, {"kind", *line.tracked}}, scan.fx));
  }
  if (!lot) return std::optional<Verdict>{};
  if (pieces > 1 && lot->serial) {
    if (line.tracked == "serial") {
      return std::optional(refuse(scan.now, "serial-each", {{"title", line.title}}, scan.fx));
    }
    lot->serial.reset();  // the case's own
    if (*lot == Lot{}) lot.reset();
  }
  if (lot && lot->serial && !PLANT("serial-packed-twice")) {
    auto again = in_a_box(scan, line);
    if (!again) return base::pass(again.error());
    if (*again) return std::optional(verdict::kSerialAgain);
  }
  std::size_t kept = 0;
  for (const auto& c : s_.counts) kept += c.lots.size();
  if (kept < base::limits::kBoxLotsMax) return std::optional<Verdict>{};
  if (line.tracked) {
    return std::optional(refuse(scan.now, "qty-limit",
                                {{"max", static_cast<std::int64_t>(base::limits::kBoxLotsMax)}},
                                scan.fx));
  }
  lot.reset();  // nobody asked for it
  return std::optional<Verdict>{};
}

}  // namespace dockline::agent::station
