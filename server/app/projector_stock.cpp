// The projector's part about stock beyond single movements: bins, deliveries, transfers, counts.
#include <algorithm>

#include "server/app/projector.hpp"
#include "server/stock/places.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {

using stock::PlaceKind;
using store::Quantity;

namespace {

constexpr int kPartsMax = 1'000;  // of one correction; a movement has its own limit

}  // namespace

bool may_be_sold(const std::optional<domain::Lot>& lot, std::int64_t at_ms) {
  if (!lot || PLANT("expired-sold")) return true;
  const bool others = lot->ownership.value_or("own") == "customer" && !PLANT("customers-own-sold");
  return !others && lot->expires_ms.value_or(at_ms + 1) > at_ms;
}

// All movements go through here: one at a shelf that was counted, or is being counted, has to find
// its place before or after that count (server/stock/counts).
void Projector::book(const Kept& at, std::int64_t& n, std::string_view reason,
                     const ledger::Move& move, const std::optional<domain::Lot>& lot) {
  if (!post(at, n, reason, move, lot) || ledger::between_bins(move)) return;
  if (ledger::is_shelf(move.from)) see_counted(at, n, move, move.from, -move.quantity);
  if (ledger::is_shelf(move.to)) see_counted(at, n, move, move.to, move.quantity);
}

bool Projector::post(const Kept& at, std::int64_t& n, std::string_view reason,
                     const ledger::Move& move, const std::optional<domain::Lot>& lot,
                     store::LotBook::Carried* scanned) {
  if (!stock_.post({.position = at.position, .n = n++, .at_ms = at.time_ms, .reason = reason},
                   move)) {
    return false;
  }
  if (!ledger::between_bins(move)) {
    const auto trim = [&](const std::string& place) {
      if (ledger::site_of(place).empty() || !lots_.any(move.sku, place)) return;
      lots_.trim(move.sku, place, stock_.balance(move.sku, place), at.time_ms);
    };
    if (scanned != nullptr) {
      const auto before = stock_.balance(move.sku, move.from) + move.quantity;
      *scanned = lots_.carry(move, *lot, at.time_ms, before);
    } else {
      lots_.move(move, lot, at.time_ms);
    }
    // On the road lies only what was sent and has not come: what was received first is there no
    // more. At a place that hands can reach, what comes keeps its lot, its last day and its owner,
    // also where more had left than had come by the books.
    if (scanned != nullptr || !ledger::is_real(move.to)) trim(move.to);
    trim(move.from);
  }
  bins_.move(move);
  if (ledger::is_shelf(move.from)) settle_bins(at, n, move.sku, move.from);
  if (!move.to_bin.empty() && move.to != move.from) settle_bins(at, n, move.sku, move.to);
  return true;
}

// ---------------------------------------------------------------- bins
std::string Projector::bin_of(std::string_view sku, std::string_view place,
                              const std::optional<std::string>& bin) {
  if (!bin || bin->empty()) return {};
  return stock_.bin(sku, ledger::site_of(place)) == *bin ? std::string{} : *bin;
}

void Projector::move_bins(const Kept& at, std::int64_t& n, const std::vector<ledger::Move>& moves) {
  for (const auto& move : moves) {
    if (stock_.post({.position = at.position, .n = n++, .at_ms = at.time_ms, .reason = "bin"},
                    move)) {
      bins_.move(move);
    }
  }
}

// Movements name no bin as a rule and take from the home bin. What that does not hold was taken
// out of the others.
void Projector::settle_bins(const Kept& at, std::int64_t& n, std::string_view sku,
                            std::string_view shelf) {
  const auto site = ledger::site_of(shelf);
  if (!bins_.any(sku, site)) return;
  move_bins(at, n, bins_.beyond(sku, site, stock_.balance(sku, shelf)));
}

// What lay in one bin of several. It says nothing of the rest of the shelf: movements heard of
// later leave it as it is, and it is no answer to who asked for a count of the shelf.
void Projector::count_bin(const Kept& at, const wire::StockCounted& data) {
  const std::string shelf = ledger::shelf(data.site);
  const auto bin = bin_of(data.sku, shelf, data.bin);
  const auto held = bin.empty() ? stock_.balance(data.sku, shelf) - bins_.sum(data.sku, data.site)
                                : bins_.held(data.sku, data.site, bin);
  const store::CountBook::Row row{.position = at.position,
                                  .at_ms = at.time_ms,
                                  .difference = data.counted - held,
                                  .one_bin = true};
  std::int64_t n = 0;
  adjust(at, n, data.sku, shelf, row.difference, bin);
  counts_.put(row, {at.hlc, at.source}, data);
}

// ---------------------------------------------------------------- late movements

// A movement made before a count and heard of after it was seen by whoever counted: as much of that
// count's difference is taken back as it brings.
void Projector::see_counted(const Kept& at, std::int64_t& n, const ledger::Move& move,
                            std::string_view shelf, Quantity change) {
  const auto site = ledger::site_of(shelf);
  const auto place = counts_.place(move.sku, site);
  if (!place) return;
  store::CountMoment moment{at.hlc, at.source};
  // After its own count, of a station whose clock is behind: that count was taken as later.
  if (place->said_hlc != 0 && place->source == at.source && at.hlc > place->said_hlc) {
    moment.hlc = std::max(at.hlc, place->hlc + 1);
  }
  if (place->open > 0) counts_.trace(move.sku, site, moment, at.position, n - 1, change);
  if (place->hlc < moment.hlc || PLANT("late-movement-changes-a-count")) return;
  const auto count = counts_.next_after(move.sku, site, moment);
  if (!count) return;
  counts_.correct(*count, -change);
  adjust(at, n, move.sku, std::string(shelf), -change);
}

// Pieces found or lost, in as many movements as it takes.
void Projector::adjust(const Kept& at, std::int64_t& n, const std::string& sku,
                       const std::string& shelf, Quantity change, const std::string& bin) {
  const std::string outside(ledger::kAdjustment);
  auto left = std::abs(change);
  for (int part = 0; left > 0 && part < kPartsMax; ++part) {
    const auto pieces = std::min(left, base::limits::kLineQuantityMax);
    left -= pieces;
    (void)post(at, n, "count",
               change > 0 ? ledger::Move{sku, pieces, outside, shelf, {}, bin}
                          : ledger::Move{sku, pieces, shelf, outside, bin, {}},
               std::nullopt);
  }
}

// ---------------------------------------------------------------- deliveries
void Projector::on(const Kept& at, const wire::DeliveryAnnounced& data) {
  deliveries_.announce(at.position, at.heard_ms, data);
}

void Projector::on(const Kept& at, const wire::DeliveryReceived& data) {
  deliveries_.receive(at.position, at.time_ms, data);
  if (data.sku.empty()) return;  // nobody knows what it is
  const std::string supplier(ledger::kSupplier);
  std::int64_t n = 0;
  const auto good = data.quantity - data.damaged;
  // What may not be sold waits for a decision.
  const auto kind = may_be_sold(data.lot, at.time_ms) ? PlaceKind::shelf : PlaceKind::quarantine;
  if (good > 0) {
    ledger::Move move{data.sku, good, supplier, stock::place(data.site, kind)};
    if (kind == PlaceKind::shelf) move.to_bin = bin_of(data.sku, move.to, data.bin);
    book(at, n, "delivery", move, data.lot);
  }
  if (data.damaged > 0) {
    book(at, n, "delivery",
         {data.sku, data.damaged, supplier, stock::place(data.site, PlaceKind::damaged)}, data.lot);
  }
}

void Projector::on(const Kept& at, const wire::DeliveryClosed& data) {
  deliveries_.close(at.heard_ms, data);
}

// ---------------------------------------------------------------- transfers
void Projector::on(const Kept& at, const wire::TransferOrdered& data) {
  deliveries_.order(at.position, at.heard_ms, data);
}

// The legs come in any order. What was never ordered, or is beyond any transfer, is left out.
template <class Step>
void Projector::leg(const Kept& at, const std::string& id, const std::optional<domain::Lot>& lot,
                    const std::optional<std::string>& bin, Step step) {
  auto transfer = deliveries_.transfer(id);
  if (!transfer) return;
  const base::Result<std::vector<ledger::Move>> moves = step(*transfer);
  if (!moves) return;
  std::int64_t n = 0;
  for (auto move : *moves) {
    if (PLANT("transit-counted-as-shelf") && move.to.ends_with("/transit")) {
      move.to = ledger::shelf(ledger::site_of(move.to));
    }
    if (ledger::is_shelf(move.to) && !may_be_sold(lot, at.time_ms)) {
      move.to = stock::place(ledger::site_of(move.to), PlaceKind::quarantine);
    }
    if (ledger::is_shelf(move.to)) move.to_bin = bin_of(move.sku, move.to, bin);
    book(at, n, "transfer", move, lot);
  }
  deliveries_.put(*transfer, at.heard_ms);
}

void Projector::on(const Kept& at, const wire::TransferSent& data) {
  leg(at, data.transfer, data.lot, std::nullopt,
      [&](stock::Transfer& t) { return stock::send(t, data.quantity); });
}
void Projector::on(const Kept& at, const wire::TransferReceived& data) {
  leg(at, data.transfer, data.lot, data.bin,
      [&](stock::Transfer& t) { return stock::receive(t, data.quantity, data.damaged); });
}
void Projector::on(const Kept& at, const wire::TransferClosed& data) {
  leg(at, data.transfer, std::nullopt, std::nullopt,
      [](stock::Transfer& t) { return stock::close(t); });
}

// ---------------------------------------------------------------- counts
void Projector::on(const Kept& at, const wire::CountAsked& data) {
  counts_.ask(at.position, at.heard_ms, data);
}

void Projector::on(const Kept& at, const wire::CountDropped& data) {
  if (const auto task = counts_.task(data.task)) counts_.end(*task, "dropped", at.heard_ms);
}

// A count is not before its question. A station that says so has a clock that is behind: then it is
// taken as when it was by what that clock is known to be off, and never as after it was heard.
std::int64_t Projector::after_question(const Kept& at, const store::CountTask& task) {
  const auto asked = task.asked_ms << 16 | 0xffff;
  if (at.hlc >= asked) return at.hlc;
  return std::max(asked, std::min(at.time_ms, at.heard_ms) << 16 | 0xffff);
}

// What lay there, against the books at that moment. A station's count comes when it comes: what
// moved since is known because the task was open. One that nobody waits for changes nothing. A
// count at the desk comes at once: all that was heard before it has moved before it.
void Projector::on(const Kept& at, const wire::StockCounted& data) {
  const auto task = data.task ? counts_.task(*data.task) : std::nullopt;
  const bool asked =
      task && task->state == "open" && task->sku == data.sku && task->site == data.site;
  const bool desk = parse_source(at.source).site.empty();
  // As long as all of it lies in one bin, the name of a bin is a remark.
  const bool names_bin = data.task.value_or("").empty() && !data.bin.value_or("").empty();
  if (desk && names_bin && bins_.any(data.sku, data.site) && !PLANT("bin-count-hits-shelf")) {
    return count_bin(at, data);
  }
  store::CountMoment moment{at.hlc, at.source};
  if (const auto place = desk ? counts_.place(data.sku, data.site) : std::nullopt) {
    moment.hlc = std::max(at.hlc, place->hlc + 1);
  }
  store::CountBook::Row row{.position = at.position, .at_ms = at.time_ms};
  row.counts = asked || desk;
  if (asked && !desk) {
    moment.hlc = after_question(at, *task);
    if (moment.hlc != at.hlc) row.said_hlc = std::max<std::int64_t>(at.hlc, 1);
  }
  std::int64_t n = 0;
  const std::string shelf = ledger::shelf(data.site);
  if (row.counts) {
    const auto later = desk ? 0 : counts_.changed_after(data.sku, data.site, moment);
    row.difference = data.counted - (stock_.balance(data.sku, shelf) - later);
    if (const auto next = counts_.next_after(data.sku, data.site, moment)) {
      counts_.correct(*next, -row.difference);  // counted again since: nothing is to be booked
    } else {
      adjust(at, n, data.sku, shelf, row.difference);
      if (PLANT("count-applied-twice")) adjust(at, n, data.sku, shelf, row.difference);
    }
  }
  counts_.put(row, moment, data);
  if (asked) counts_.end(*task, "counted", at.heard_ms);
}

}  // namespace dockline::server
