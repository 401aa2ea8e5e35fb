// Deliveries, transfers and counts: what they move and what is to be written of them.
#include <algorithm>
#include <tuple>
#include <utility>

#include "server/audit/fold.hpp"

namespace dockline::server::audit {
namespace {

constexpr std::int64_t kPiecesMax = 1'000'000;

// Not sold: it waits in quarantine.
bool set_aside(const Fact& fact) {
  return fact.has_lot && (fact.ownership == "customer" ||
                          (fact.expires_ms != 0 && fact.expires_ms <= fact.time_ms));
}

bool later(const auto& one, std::int64_t moment, const std::string& source) {
  return one.moment != moment ? one.moment > moment : one.source > source;
}

bool is_place(std::string_view place) {
  const auto ends = [&](std::string_view end) {
    return place.size() > end.size() && place.ends_with(end);
  };
  return place == "supplier" || place == "customer" || place == "adjustment" || ends("/shelf") ||
         ends("/packed") || ends("/staging") || ends("/quarantine") || ends("/damaged") ||
         ends("/transit");
}

// The next count after a moment.
CountSeen* next_count(ShelfBook& shelf, std::int64_t moment, const std::string& source) {
  CountSeen* found = nullptr;
  for (auto& count : shelf.counts) {
    if (!later(count, moment, source)) continue;
    if (found == nullptr || later(*found, count.moment, count.source)) found = &count;
  }
  return found;
}

}  // namespace

void Fold::post(const std::string& sku, const std::string& from, const std::string& to,
                std::int64_t pieces, std::vector<MoveWanted>& moves, const Ends& ends) {
  const MoveWanted move{n_++, sku, from, to, pieces, ends.from, ends.to};
  const bool inside = from == to;
  if (sku.empty() || pieces < 1 || pieces > kPiecesMax || !is_place(from) || !is_place(to) ||
      (inside && ends.from == ends.to) || (!ends.from.empty() && !from.ends_with("/shelf")) ||
      (!ends.to.empty() && !to.ends_with("/shelf"))) {
    return;
  }
  moves.push_back(move);
  if (inside) return post_bins(move, moves);  // nothing came to the shelf, nothing left it
  balances[{sku, from}] -= pieces;
  balances[{sku, to}] += pieces;
  post_lots(sku, from, to, pieces);
  post_bins(move, moves);
  at_shelf(sku, from, -pieces, moves);
  at_shelf(sku, to, pieces, moves);
}

bool Fold::stock(std::int64_t position, std::string_view type, const Fact& fact,
                 std::vector<MoveWanted>& moves) {
  if (type == "delivery.announced.v1") {
    auto& delivery = deliveries[fact.delivery];
    if (delivery.announced) return true;
    delivery.announced = true;
    delivery.site = fact.site;
    for (const auto& line : fact.lines) {
      ++delivery.lines;
      delivery.wanted += line.quantity;
    }
  } else if (type == "delivery.received.v1") {
    goods_in(fact, moves);
  } else if (type == "delivery.closed.v1") {
    if (const auto at = deliveries.find(fact.delivery); at != deliveries.end()) {
      at->second.closed = at->second.announced;
    }
  } else if (type == "transfer.ordered.v1") {
    transfers.try_emplace(fact.transfer, TransferBook{fact.sku, fact.from_site, fact.to_site});
  } else if (type.starts_with("transfer.")) {
    transfer_leg(type, fact, moves);
  } else if (type == "count.asked.v1") {
    if (tasks.try_emplace(fact.task, TaskBook{fact.sku, fact.site, "open", fact.heard_ms}).second) {
      ++shelves[{fact.sku, fact.site}].open;
    }
  } else if (type == "count.dropped.v1") {
    end_task(fact.task, "dropped");
  } else if (type == "supplier.set.v1") {
    suppliers.insert(fact.supplier);
  } else if (type == "supply.defined.v1") {
    supplies.emplace(fact.sku, fact.supplier);
  } else if (type == "purchase.proposed.v1") {
    PurchaseBook made;
    for (const auto& line : fact.lines) made.pieces += line.quantity;
    purchases.try_emplace(fact.purchase, made);
  } else if (type == "purchase.decided.v1") {
    const auto at = purchases.find(fact.purchase);
    const bool decides = fact.action == "sent" || fact.action == "dropped";
    if (at != purchases.end() && decides && at->second.state == "proposed") {
      at->second.state = fact.action;
    } else if (at != purchases.end() && !decides && at->second.state == "sent") {
      at->second.told = fact.action;
    }
  } else if (type == "stock.counted.v1") {
    counted(position, fact, moves);
  } else {
    return false;
  }
  return true;
}

void Fold::goods_in(const Fact& fact, std::vector<MoveWanted>& moves) {
  auto& delivery = deliveries[fact.delivery];
  ++delivery.receipts;
  delivery.came += fact.quantity;
  delivery.damaged += fact.damaged;
  if (fact.sku.empty()) return;
  if (fact.quantity > fact.damaged) {
    const bool aside = set_aside(fact);
    const std::string place = fact.site + (aside ? "/quarantine" : "/shelf");
    post(fact.sku, "supplier", place, fact.quantity - fact.damaged, moves,
         {"", aside ? "" : bin_name(fact.sku, place, fact.bin)});
  }
  if (fact.damaged > 0) post(fact.sku, "supplier", fact.site + "/damaged", fact.damaged, moves);
}

void Fold::transfer_leg(std::string_view type, const Fact& fact, std::vector<MoveWanted>& moves) {
  const auto at = transfers.find(fact.transfer);
  if (at == transfers.end()) return;
  auto& t = at->second;
  if (t.sku.empty() || t.from.empty() || t.to.empty() || t.from == t.to) return;
  const std::string road = t.to + "/transit";
  if (type == "transfer.sent.v1") {
    if (fact.quantity < 1 || fact.quantity > kPiecesMax) return;
    post(t.sku, t.from + "/shelf", road, fact.quantity, moves);
    t.sent += fact.quantity;
  } else if (type == "transfer.received.v1") {
    const auto all = fact.quantity + fact.damaged;
    if (fact.quantity < 0 || fact.damaged < 0 || all < 1 || all > kPiecesMax) return;
    const bool aside = set_aside(fact);
    const auto good = t.to + (aside ? "/quarantine" : "/shelf");
    if (fact.quantity > 0) {
      post(t.sku, road, good, fact.quantity, moves,
           {"", aside ? "" : bin_name(t.sku, good, fact.bin)});
    }
    if (fact.damaged > 0) post(t.sku, road, t.to + "/damaged", fact.damaged, moves);
    t.received += fact.quantity;
    t.damaged += fact.damaged;
  } else if (type == "transfer.closed.v1") {
    const auto left = t.sent - t.received - t.damaged - t.settled;
    for (auto rest = std::abs(left); rest > 0; rest -= std::min(rest, kPiecesMax)) {
      const auto part = std::min(rest, kPiecesMax);
      if (left > 0) post(t.sku, road, "adjustment", part, moves);
      if (left < 0) post(t.sku, "adjustment", road, part, moves);
    }
    t.settled += left;
    t.closed = true;
  }
}

void Fold::end_task(const std::string& task, const char* state) {
  const auto at = tasks.find(task);
  if (at == tasks.end() || at->second.state != "open") return;
  at->second.state = state;
  auto& shelf = shelves[{at->second.sku, at->second.site}];
  if (--shelf.open == 0) shelf.since_asked.clear();
}

// The counter saw what was moved before the count, whenever it is heard of.
void Fold::at_shelf(const std::string& sku, const std::string& place, std::int64_t change,
                    std::vector<MoveWanted>& moves) {
  if (shelves.empty() || !place.ends_with("/shelf")) return;
  const auto at = shelves.find({sku, place.substr(0, place.size() - 6)});
  if (at == shelves.end()) return;
  auto moment = moment_;
  const CountSeen* newest = nullptr;
  for (const auto& count : at->second.counts) {
    if (newest == nullptr || later(count, newest->moment, newest->source)) newest = &count;
  }
  // A station whose clock is behind moved this after its own count.
  if (newest != nullptr && newest->said != 0 && newest->source == source_ &&
      moment > newest->said) {
    moment = std::max(moment, newest->moment + 1);
  }
  if (at->second.open > 0) at->second.since_asked.push_back({moment, change, source_});
  if (auto* count = next_count(at->second, moment, source_)) {
    count->difference -= change;
    correct(sku, place, -change, moves);
  }
}

void Fold::correct(const std::string& sku, const std::string& shelf, std::int64_t change,
                   std::vector<MoveWanted>& moves, const std::string& bin) {
  for (auto rest = std::abs(change); rest > 0; rest -= std::min(rest, kPiecesMax)) {
    const auto part = std::min(rest, kPiecesMax);
    const std::string& from = change > 0 ? std::string("adjustment") : shelf;
    const std::string& to = change > 0 ? shelf : std::string("adjustment");
    const MoveWanted move{n_++, sku, from, to, part, change > 0 ? "" : bin, change > 0 ? bin : ""};
    moves.push_back(move);
    balances[{sku, from}] -= part;
    balances[{sku, to}] += part;
    const bool names_lot = std::exchange(names_lot_, false);
    const FactLot* const scanned = std::exchange(scanned_, nullptr);
    post_lots(sku, from, to, part);
    names_lot_ = names_lot;
    scanned_ = scanned;
    post_bins(move, moves);
  }
}

void Fold::counted(std::int64_t position, const Fact& fact, std::vector<MoveWanted>& moves) {
  CountSeen seen{position, fact.moment, fact.counted, 0, fact.source};
  const auto task = tasks.find(fact.task);
  const bool asked = task != tasks.end() && task->second.state == "open" &&
                     task->second.sku == fact.sku && task->second.site == fact.site;
  if (!asked && !bench_of(fact.source).first.empty()) {
    idle_counts[position] = seen;
    return;
  }
  if (fact.task.empty() && !fact.bin.empty() && bench_of(fact.source).first.empty() &&
      several_bins(fact.sku, fact.site)) {
    return counted_bin(position, fact, moves);
  }
  auto& shelf = shelves[{fact.sku, fact.site}];
  const std::string place = fact.site + "/shelf";
  auto books = balances[{fact.sku, place}];
  if (bench_of(fact.source).first.empty()) {
    // Who counts at the desk has seen all that the log had before.
    for (const auto& count : shelf.counts) seen.moment = std::max(seen.moment, count.moment + 1);
  } else {
    // It is not before it was asked for, whatever a clock that is behind says.
    const auto asked_at = ((task->second.asked_ms + 1) << 16) - 1;
    if (seen.moment < asked_at) {
      seen.said = std::max<std::int64_t>(seen.moment, 1);
      const auto by_offset = ((std::min(fact.time_ms, fact.heard_ms) + 1) << 16) - 1;
      seen.moment = std::max(asked_at, by_offset);
    }
    for (const auto& move : shelf.since_asked) {
      if (later(move, seen.moment, seen.source)) books -= move.change;
    }
    for (const auto& count : shelf.counts) {
      if (later(count, seen.moment, seen.source)) books -= count.difference;
    }
  }
  seen.difference = fact.counted - books;
  if (auto* next = next_count(shelf, seen.moment, seen.source)) {
    next->difference -= seen.difference;
  } else {
    correct(fact.sku, place, seen.difference, moves);
  }
  shelf.counts.push_back(seen);
  if (asked) end_task(fact.task, "counted");
}

}  // namespace dockline::server::audit
