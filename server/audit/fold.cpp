#include "server/audit/fold.hpp"

#include <algorithm>
#include <utility>

namespace dockline::server::audit {
namespace {

void promise(LineBook& line, std::string_view site, std::string_view lease, std::int64_t pieces) {
  if (pieces == 0) return;
  auto& all = line.promises;
  auto at = std::find_if(all.begin(), all.end(),
                         [&](const Promise& p) { return p.site == site && p.lease == lease; });
  if (at == all.end()) {
    const auto before = [&](const Promise& p) {
      return std::pair(std::string_view(p.site), std::string_view(p.lease)) <
             std::pair(site, lease);
    };
    at = all.insert(std::find_if_not(all.begin(), all.end(), before),
                    {std::string(site), std::string(lease), 0});
  }
  at->pieces += pieces;
  if (at->pieces <= 0) all.erase(at);
}

}  // namespace

std::int64_t shift(LineBook& line, State from, State to, std::int64_t want) {
  const std::int64_t moved = std::max<std::int64_t>(0, std::min(want, line.pieces[from]));
  line.pieces[from] -= moved;
  line.pieces[to] += moved;
  return moved;
}

LineBook* line_of(OrderBook& order, std::int64_t number) {
  for (auto& line : order.lines) {
    if (line.line == number) return &line;
  }
  return nullptr;
}

std::pair<std::string_view, std::string_view> bench_of(std::string_view source) {
  const auto second = source.size() > 3 && source[0] == '/' ? source.find('/', 1) : source.npos;
  if (second == source.npos) return {};
  return {source.substr(1, second - 1), source.substr(second + 1)};
}

void Fold::take(std::int64_t position, const Fact& fact, std::vector<MoveWanted>& moves) {
  moves.clear();
  n_ = 0;
  moment_ = fact.moment;
  source_ = fact.source;
  fact_ = &fact;
  names_lot_ = fact.has_lot;
  std::string_view type = fact.type;
  if (!type.starts_with("dockline.")) return;
  type.remove_prefix(9);
  if (stock(position, type, fact, moves)) return;
  if (handover(type, fact, moves)) return;
  if (type == "stock.moved.v1") {
    moved(fact, moves);
  } else if (type == "bin.assigned.v1") {
    assigned(fact, moves);
  } else if (type == "order.received.v1") {
    received(fact);
  } else if (type == "decision.made.v1") {
    decided(fact);
  } else if (type == "order.released.v1") {
    released(fact);
    if (const auto at = lease_of.find(fact.lease); at != lease_of.end()) {
      label(position, leases[at->second], false);
    }
  } else if (type == "order.cancelled.v1") {
    cancelled(fact);
  } else if (type == "order.held.v1") {
    held(fact);
  } else if (type == "order.hold.released.v1") {
    hold_released(fact);
  } else if (type == "order.amended.v1") {
    amended(fact);
  } else if (type == "orders.merged.v1") {
    merged(position, fact);
  } else if (type == "pack.closed.v1") {
    closed(fact, moves);
  } else if (type == "pack.reopened.v1") {
    reopened(fact, moves);
  } else if (type == "pack.accepted.v1") {
    accepted(fact);
  } else if (type == "pack.put.back.v1") {
    put_back(fact, moves);
  } else if (type == "lease.adopted.v1") {
    adopted(fact);
    if (const auto at = lease_of.find(fact.lease); at != lease_of.end()) {
      label(position, leases[at->second], true);
    }
  } else if (type == "lease.returned.v1") {
    returned(fact);
  } else if (type == "lease.revoked.v1") {
    revoked(fact);
  } else if (type == "exception.raised.v1") {
    cases.try_emplace(fact.exception, CaseBook{fact.kind, fact.about, true});
  } else if (type == "exception.resolved.v1") {
    if (const auto at = cases.find(fact.exception); at != cases.end()) at->second.open = false;
  } else if (type == "channel.fulfilment.confirmed.v1") {
    confirmed(position, fact);
  } else if (type == "channel.stock.confirmed.v1") {
    told[fact.channel + "|" + fact.sku + "|" + fact.location] = fact.quantity;
  } else if (type == "kit.defined.v1") {
    recipes.erase(fact.sku);
    for (const auto& part : fact.parts) recipes[fact.sku][part.sku] += part.quantity;
  } else if (type == "item.registered.v1") {
    items.insert(fact.subject);
  }
}

void Fold::received(const Fact& fact) {
  if (!order_of.try_emplace(fact.order, orders.size()).second) return;
  auto& order = orders.emplace_back();
  order.id = fact.order;
  order.channel = fact.channel;
  order.number = fact.number;
  const auto add = [&](std::int64_t number, const std::string& sku, std::int64_t pieces, bool kit) {
    auto& line = order.lines.emplace_back();
    line.line = number;
    line.sku = sku;
    line.of_kit = kit;
    line.quantity = line.pieces[kOpen] = pieces;
  };
  std::int64_t highest = 0;
  for (const auto& sold : fact.lines) highest = std::max(highest, sold.line);
  for (const auto& sold : fact.lines) {
    if (!recipes.contains(sold.sku)) {
      add(sold.line, sold.sku, sold.quantity, false);
      continue;
    }
    // A kit is shipped as its parts: lines of their own, numbered behind all others.
    std::map<std::string, std::int64_t> parts;
    take_apart(sold.sku, sold.quantity, 0, parts);
    for (const auto& [sku, pieces] : parts) add(++highest, sku, pieces, true);
  }
}

void Fold::take_apart(const std::string& sku, std::int64_t times, int depth,
                      std::map<std::string, std::int64_t>& out) const {
  const auto recipe = recipes.find(sku);
  if (recipe == recipes.end() || depth == 8) {
    out[sku] += times;
    return;
  }
  for (const auto& [part, pieces] : recipe->second) {
    take_apart(part, times * pieces, depth + 1, out);
  }
}

void Fold::decided(const Fact& fact) {
  ++decisions;
  const auto at = order_of.find(fact.about);
  if (fact.kind != "routing" || at == order_of.end()) return;
  auto& order = orders[at->second];
  for (auto& line : order.lines) {
    std::int64_t more = -line.pieces[kOpen] - line.pieces[kBack];
    for (const auto& given : fact.allocations) more += given.line == line.line ? given.quantity : 0;
    const auto promises = line.promises;
    for (const auto& p : promises) {  // more than waits: what no bench holds is decided anew
      if (more <= 0 || !p.lease.empty()) continue;
      shift(line, kAllocated, kOpen, p.pieces);
      promise(line, p.site, "", -p.pieces);
    }
  }
  if (fact.outcome != "allocated") {
    for (auto& line : order.lines) shift(line, kOpen, kBack, line.pieces[kOpen]);
  }
  for (const auto& given : fact.allocations) {
    auto* line = line_of(order, given.line);
    if (line == nullptr || line->sku != given.sku) continue;
    std::int64_t moved = shift(*line, kOpen, kAllocated, given.quantity);
    moved += shift(*line, kBack, kAllocated, given.quantity - moved);
    promise(*line, given.site, "", moved);
  }
}

void Fold::released(const Fact& fact) {
  const auto at = order_of.find(fact.order);
  if (at == order_of.end()) return;
  auto& order = orders[at->second];
  if (!order.holds.empty()) {
    findings_.add("holds", "order " + order.id,
                  "It was given to " + fact.site + "/" + fact.station + " while it was held (" +
                      order.holds.front().reason + ": " + order.holds.front().what + ").",
                  "Keep its parcel back until somebody has released the order.");
  }
  for (auto& line : order.lines) {
    std::int64_t pieces = 0;
    for (const auto& p : line.promises) {
      if (p.site == fact.site && p.lease.empty()) pieces += p.pieces;
    }
    if (fact.has_lines) {
      std::int64_t named = 0;
      for (const auto& one : fact.lines) named += one.line == line.line ? one.quantity : 0;
      pieces = std::min(pieces, named);
    }
    const auto moved = shift(line, kAllocated, kReleased, pieces);
    promise(line, fact.site, "", -moved);
    promise(line, fact.site, fact.lease, moved);
  }
  auto& lease = lease_book(fact.lease, at->second);
  lease.epoch = fact.epoch;
  lease.site = fact.site;
  lease.station = fact.station;
  lease.state = "held";
  lease.tracking = fact.tracking;
  lease.sscc = fact.sscc;
  lease.holder = fact.holder;
  lease.part = std::max<std::int64_t>(1, fact.part);
  lease.stale = false;
}

// ------------------------------------------------------------- held, amended
void Fold::held(const Fact& fact) {
  const auto at = order_of.find(fact.order);
  if (at == order_of.end()) return;
  auto& holds = orders[at->second].holds;
  const bool known = std::any_of(holds.begin(), holds.end(), [&](const HoldBook& h) {
    return h.reason == fact.reason && h.about == fact.field && h.what == fact.what;
  });
  if (!known) holds.push_back({fact.reason, fact.field, fact.what});
}

void Fold::hold_released(const Fact& fact) {
  const auto at = order_of.find(fact.order);
  if (at == order_of.end()) return;
  std::erase_if(orders[at->second].holds, [&](const HoldBook& h) {
    return h.reason == fact.reason && h.about == fact.field;
  });
}

// More pieces than are still wanted are open ones; a line nobody knew is new. Where another address
// comes, no label of before is good for a bench that gets the order from now on.
void Fold::amended(const Fact& fact) {
  const auto at = order_of.find(fact.order);
  if (at == order_of.end()) return;
  auto& order = orders[at->second];
  for (const auto& wanted : fact.lines) {
    if (auto* line = line_of(order, wanted.line); line != nullptr) {
      const auto more = wanted.quantity - (line->quantity - line->pieces[kCancelled]);
      if (more <= 0) continue;
      line->quantity += more;
      line->pieces[kOpen] += more;
    } else if (!wanted.sku.empty() && wanted.quantity > 0) {
      auto& fresh = order.lines.emplace_back();
      fresh.line = wanted.line;
      fresh.sku = wanted.sku;
      fresh.quantity = fresh.pieces[kOpen] = wanted.quantity;
    }
  }
  if (!fact.has_address) return;
  order.apart = order.parcel != 0;
  for (const auto lease : order.leases) {
    leases[lease].stale = true;
    if (leases[lease].state == "free") freed(leases[lease]);
  }
}

// Nobody's any more: a label with a former address is not given to anybody.
void Fold::freed(LeaseBook& lease) {
  lease.state = "free";
  if (!lease.stale) return;
  lease.stale = false;
  lease.tracking.clear();
  lease.sscc.clear();
}

LeaseBook& Fold::lease_book(const std::string& id, std::size_t order) {
  const auto [found, fresh] = lease_of.try_emplace(id, leases.size());
  if (fresh) {
    orders[order].leases.push_back(leases.size());
    leases.emplace_back();
  }
  auto& lease = leases[found->second];
  lease.id = id;
  lease.order = order;
  return lease;
}

void Fold::cancelled(const Fact& fact) {
  const auto at = order_of.find(fact.order);
  if (at == order_of.end()) return;
  for (auto& line : orders[at->second].lines) {
    std::int64_t left = fact.lines.empty() ? line.quantity : 0;
    for (const auto& wish : fact.lines) left += wish.line == line.line ? wish.quantity : 0;
    for (const State from : {kOpen, kBack, kAllocated, kReleased, kPacked}) {
      std::int64_t freed = shift(line, from, kCancelled, left);
      left -= freed;
      if (from != kAllocated && from != kReleased) continue;
      const auto promises = line.promises;  // promise() changes the list
      for (const auto& p : promises) {
        if (p.lease.empty() != (from == kAllocated)) continue;
        const auto taken = std::min(freed, p.pieces);
        promise(line, p.site, p.lease, -taken);
        freed -= taken;
      }
    }
  }
}

// The lease a bench's work is done under, when that work counts.
LeaseBook* Fold::work_of(const Fact& fact, bool any_stream) {
  const auto at = lease_of.find(fact.lease);
  if (at == lease_of.end()) return nullptr;
  auto& lease = leases[at->second];
  const auto [site, station] = bench_of(fact.source);
  const bool theirs = lease.epoch == fact.epoch && lease.site == site && lease.station == station;
  const bool stream = any_stream || lease.holder.empty() || lease.holder == fact.inc;
  return theirs && stream ? &lease : nullptr;
}

// What is promised under a lease goes back: to the shelf's allocation, or to be routed again.
void Fold::give_back(LeaseBook& lease, State to) {
  for (auto& line : orders[lease.order].lines) {
    const auto promises = line.promises;
    for (const auto& p : promises) {
      if (p.lease != lease.id) continue;
      shift(line, kReleased, to, p.pieces);
      promise(line, p.site, p.lease, -p.pieces);
      if (to == kAllocated) promise(line, p.site, "", p.pieces);
    }
  }
}

void Fold::closed(const Fact& fact, std::vector<MoveWanted>& moves) {
  const std::string site(bench_of(fact.source).first);
  for (const auto& line : fact.lines) {
    if (line.packed > 0) into_box(line, site, moves);
  }
  auto* lease = work_of(fact);
  if (lease == nullptr || (lease->state != "held" && lease->state != "revoking")) {
    const auto [at, station] = bench_of(fact.source);
    auto& box = fenced.emplace_back(FencedBox{fact.id,
                                              fact.order,
                                              fact.lease,
                                              std::string(at),
                                              std::string(station),
                                              fact.inc,
                                              fact.tracking,
                                              fact.sscc,
                                              fact.epoch,
                                              {},
                                              true});
    for (const auto& line : fact.lines) {
      if (line.packed > 0) box.lines.push_back({line.line, line.packed, 0, line.sku, line.lots});
    }
    return;
  }
  auto& order = orders[lease->order];
  bool counts = false, only_parts = true;
  for (const auto& line : fact.lines) {
    if (line.packed < 1) continue;
    auto* book = line_of(order, line.line);
    only_parts = only_parts && book != nullptr && book->of_kit;
    std::int64_t accepted = 0;
    if (book != nullptr && book->sku == line.sku) {
      const auto promises = book->promises;
      for (const auto& p : promises) {
        if (p.lease != lease->id) continue;
        accepted = shift(*book, kReleased, kPacked, std::min(line.packed, p.pieces));
        promise(*book, p.site, p.lease, -accepted);
      }
    }
    counts = counts || accepted > 0;
    auto in_box = std::find_if(lease->box.begin(), lease->box.end(),
                               [&](const BoxLine& b) { return b.line == line.line; });
    if (in_box == lease->box.end()) in_box = lease->box.insert(in_box, {line.line, 0, 0, line.sku});
    in_box->pieces += line.packed;
    in_box->counted += accepted;
    in_box->lots.insert(in_box->lots.end(), line.lots.begin(), line.lots.end());
  }
  give_back(*lease, kOpen);
  lease->state = "done";
  await_carrier(*lease);
  if (counts) {
    const std::string key = order.channel + "|" + order.id + "|" + fact.tracking;
    // Parts of a kit that another parcel makes whole: the channel hears of that one.
    if (!only_parts) parcels[key] = {order.channel, order.id, fact.tracking};
    ++closings[key];
  }
}

void Fold::reopened(const Fact& fact, std::vector<MoveWanted>& moves) {
  auto* lease = work_of(fact, true);
  auto* fenced_one = keeps_fenced ? open_fenced(fact) : nullptr;
  // The bench opens the box that it closed last, which need not be the one that counts.
  if (lease == nullptr || lease->state != "done" ||
      (fenced_one != nullptr && fenced_one->holder == fact.inc)) {
    if (fenced_one != nullptr) reopened_fenced(*fenced_one, moves);
    return;
  }
  if (keeps_fenced) lease->holder = fact.inc;  // its own box, whatever became of its disk
  const bool was_gone = lease->way == "handed_over" || lease->way == "delivered";
  if (was_gone) bring_back(*lease, moves);
  lease->way = was_gone ? "reopened" : "";
  auto box = std::move(lease->box);
  lease->box.clear();
  std::sort(box.begin(), box.end(),
            [](const BoxLine& a, const BoxLine& b) { return a.line < b.line; });
  for (auto& line : box) {
    out_of_box(line, lease->site, line.pieces, moves);
    auto* book = line_of(orders[lease->order], line.line);
    if (book == nullptr) continue;
    promise(*book, lease->site, lease->id, shift(*book, kPacked, kReleased, line.counted));
  }
  lease->state = "held";
  const auto& order = orders[lease->order];
  parcels.erase(order.channel + "|" + order.id + "|" + lease->tracking);
}

void Fold::returned(const Fact& fact) {
  auto* lease = work_of(fact);
  if (lease == nullptr || (lease->state != "held" && lease->state != "revoking")) return;
  give_back(*lease, kAllocated);
  freed(*lease);
}

void Fold::revoked(const Fact& fact) {
  const auto at = lease_of.find(fact.lease);
  if (at == lease_of.end()) return;
  auto& lease = leases[at->second];
  if (lease.epoch != fact.epoch || lease.state == "done") return;
  if (fact.reason != "forced" && fact.reason != "anew") {
    if (lease.state == "held") lease.state = "revoking";
    return;
  }
  give_back(lease, kAllocated);
  freed(lease);
  if (keeps_fenced && fact.reason == "forced") {  // it may be printed: the next holder gets another
    lease.tracking.clear();
    lease.sscc.clear();
  }
}

// ------------------------------------------------------------- boxes without the right to,
// restores
FencedBox* Fold::open_fenced(const Fact& fact) {
  const auto [site, station] = bench_of(fact.source);
  for (auto at = fenced.rbegin(); at != fenced.rend(); ++at) {  // the newest of its kind
    if (at->open && at->lease == fact.lease && at->epoch == fact.epoch && at->site == site &&
        at->station == station) {
      return &*at;
    }
  }
  return nullptr;
}

void Fold::reopened_fenced(FencedBox& box, std::vector<MoveWanted>& moves) {
  for (auto& line : box.lines) out_of_box(line, box.site, line.pieces, moves);
  box.open = false;
}

// Pieces of a line that are free for it, released without a promise: reserved ones first.
std::int64_t Fold::claim(OrderBook& order, std::int64_t number, std::string_view sku,
                         std::int64_t want) {
  auto* line = line_of(order, number);
  if (line == nullptr || line->sku != sku) return 0;
  std::int64_t left = want;
  const auto promises = line->promises;
  for (const auto& p : promises) {
    if (!p.lease.empty()) continue;
    const auto moved = shift(*line, kAllocated, kReleased, std::min(left, p.pieces));
    promise(*line, p.site, "", -moved);
    left -= moved;
  }
  for (const State from : {kOpen, kBack}) left -= shift(*line, from, kReleased, left);
  return want - left;
}

void Fold::accepted(const Fact& fact) {
  const auto order = order_of.find(fact.order);
  if (order == order_of.end()) return;
  for (auto& box : fenced) {
    if (box.id != fact.box || !box.open) continue;
    const bool known = lease_of.contains(box.lease);
    auto& lease = lease_book(box.lease, order->second);
    if (known && lease.state == "done") return;
    lease.stale = lease.stale && lease.tracking == box.tracking;
    if (known) give_back(lease, kAllocated);
    lease.epoch = box.epoch;
    lease.site = box.site;
    lease.station = box.station;
    lease.holder = box.holder;
    lease.state = "done";
    lease.tracking = box.tracking;
    lease.sscc = box.sscc;
    bool counts = false;
    for (const auto& line : box.lines) {
      const auto pieces = claim(orders[order->second], line.line, line.sku, line.pieces);
      if (auto* book = line_of(orders[order->second], line.line))
        shift(*book, kReleased, kPacked, pieces);
      lease.box.push_back({line.line, line.pieces, pieces, line.sku, line.lots});
      counts = counts || pieces > 0;
    }
    box.open = false;
    await_carrier(lease);
    if (!counts) return;
    const auto& channel = orders[order->second].channel;
    const std::string key = channel + "|" + fact.order + "|" + box.tracking;
    parcels[key] = {channel, fact.order, box.tracking};
    ++closings[key];
    return;
  }
}

void Fold::adopted(const Fact& fact) {
  const auto order = order_of.find(fact.order);
  if (order == order_of.end()) return;
  const bool known = lease_of.contains(fact.lease);
  auto& lease = lease_book(fact.lease, order->second);
  if (known && lease.state == "done") return;
  lease.stale = lease.stale && lease.tracking == fact.tracking;
  if (known) give_back(lease, kAllocated);
  for (const auto& line : fact.lines) {
    const auto pieces = claim(orders[order->second], line.line, line.sku, line.quantity);
    if (auto* book = line_of(orders[order->second], line.line)) {
      promise(*book, fact.site, fact.lease, pieces);
    }
  }
  lease.epoch = fact.epoch;
  lease.site = fact.site;
  lease.station = fact.station;
  lease.holder = fact.holder;
  lease.state = "held";
  lease.tracking = fact.tracking;
  lease.sscc = fact.sscc;
}

// Out of a box and on the shelf again, by a person.
void Fold::put_back(const Fact& fact, std::vector<MoveWanted>& moves) {
  std::vector<BoxLine>* box = nullptr;
  for (auto& one : fenced) {
    if (fact.box.empty() || one.id != fact.box) continue;
    one.open = false;
    box = &one.lines;
  }
  const auto at = lease_of.find(fact.lease);
  if (fact.box.empty() && at != lease_of.end()) box = &leases[at->second].box;
  for (const auto& line : fact.lines) {
    BoxLine nothing{line.line, 0, 0, line.sku};
    auto* from = &nothing;
    for (std::size_t i = 0; box != nullptr && i < box->size(); ++i) {
      if ((*box)[i].line == line.line) from = &(*box)[i];
    }
    const auto sku = std::exchange(from->sku, line.sku);
    out_of_box(*from, fact.site, line.quantity, moves);
    from->sku = sku;
    if (!fact.box.empty()) continue;
    from->pieces -= line.quantity;
    if (fact.exception != "overpacked") from->counted -= line.quantity;
  }
  if (fact.box.empty() && at != lease_of.end()) {
    auto& lease = leases[at->second];
    if (lease.way == "waiting") await_carrier(lease);
  }
}

// As often as the box was closed, at most: a box opened again and closed again is told again.
void Fold::confirmed(std::int64_t position, const Fact& fact) {
  const std::string key = fact.channel + "|" + fact.order + "|" + fact.tracking;
  const auto closed = closings.find(key);
  const std::int64_t times = closed == closings.end() ? 0 : closed->second;
  if (++fulfilled[key] <= times) return;
  findings_.add("outbox", "event " + str(position),
                "Channel " + fact.channel + " confirmed the fulfilment of " + fact.order + " (" +
                    fact.tracking + ") " + str(fulfilled[key]) + " times, its box was closed " +
                    str(times) + " times.",
                "Look at the order in the channel: it may show a shipment that never left.");
}

}  // namespace dockline::server::audit
