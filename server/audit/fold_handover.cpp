// Closed boxes on their way, and goods that come back: said a second time, on purpose (fold.hpp).
#include <algorithm>
#include <string_view>
#include <tuple>

#include "server/audit/fold.hpp"

namespace dockline::server::audit {
bool Fold::stands(const Parcel& parcel) const {
  const auto order = order_of.find(parcel.order);
  if (order == order_of.end()) return false;
  for (const auto at : orders[order->second].leases) {
    if (leases[at].tracking != parcel.tracking) continue;
    // Also what was put back on the shelf meanwhile.
    if (leases[at].way != "handed_over" && leases[at].way != "delivered") return true;
  }
  return false;
}

void Fold::await_carrier(LeaseBook& lease) {
  std::int64_t pieces = 0;
  for (const auto& line : lease.box) pieces += line.pieces;
  lease.way = pieces > 0 ? "waiting" : "";
}

void Fold::carry_box(LeaseBook& lease, const std::string& from, const std::string& to,
                     std::vector<MoveWanted>& moves) {
  std::sort(lease.box.begin(), lease.box.end(),
            [](const BoxLine& a, const BoxLine& b) { return a.line < b.line; });
  for (auto& line : lease.box) {
    std::sort(line.lots.begin(), line.lots.end(), [](const FactLot& a, const FactLot& b) {
      const auto key = [](const FactLot& l) {
        return std::make_tuple(l.expires_ms == 0, l.expires_ms, std::string_view(l.lot),
                               std::string_view(l.serial));
      };
      return key(a) > key(b);
    });
    auto rest = line.pieces;
    for (const auto& lot : line.lots) {
      const auto part = std::min(rest, lot.pieces);
      if (part < 1) continue;
      rest -= part;
      scanned_ = &lot;
      post(line.sku, from, to, part, moves);
      scanned_ = nullptr;
    }
    if (rest > 0) post(line.sku, from, to, rest, moves);
  }
}

void Fold::bring_back(LeaseBook& lease, std::vector<MoveWanted>& moves) {
  carry_box(lease, "customer", lease.site + "/packed", moves);
  for (auto& line : lease.box) {
    auto* book = line_of(orders[lease.order], line.line);
    if (book == nullptr) continue;
    if (lease.way == "delivered") shift(*book, kDelivered, kShipped, line.left);
    shift(*book, kShipped, kPacked, line.left);
    line.left = 0;
  }
  lease.way = "waiting";
}

bool Fold::handover(std::string_view type, const Fact& fact, std::vector<MoveWanted>& moves) {
  if (type == "order.returned.v1") {
    const auto at = order_of.find(fact.order);
    if (at == order_of.end()) return true;
    for (const auto& back : fact.lines) {
      auto* line = line_of(orders[at->second], back.line);
      if (line == nullptr || back.quantity < 1) continue;
      const auto delivered = shift(*line, kDelivered, kReturned, back.quantity);
      shift(*line, kShipped, kReturned, back.quantity - delivered);
      // Only what may be sold lies on the shelf again.
      const bool unfit = back.own.ownership == "customer" ||
                         (back.own.expires_ms != 0 && back.own.expires_ms <= fact.time_ms);
      const auto to = back.has_own && unfit && back.to == "shelf" ? "quarantine" : back.to;
      Fact one = fact;  // its lot is the line's
      one.lot = back.own.lot;
      one.serial = back.own.serial;
      one.expires_ms = back.own.expires_ms;
      one.ownership = back.own.ownership;
      one.owner = back.own.owner;
      fact_ = &one;
      names_lot_ = back.has_own;
      post(line->sku, "customer", fact.site + "/" + to, back.quantity, moves);
      fact_ = &fact;
      names_lot_ = false;
    }
    return true;
  }
  const bool handed = type == "parcel.handed.over.v1", back = type == "parcel.taken.back.v1";
  if (!handed && !back && type != "parcel.delivered.v1") return false;
  const auto at = lease_of.find(fact.box);
  if (at == lease_of.end()) return true;
  auto& lease = leases[at->second];
  if (handed && lease.way == "waiting") {
    carry_box(lease, lease.site + "/packed", "customer", moves);
    for (auto& line : lease.box) {
      auto* book = line_of(orders[lease.order], line.line);
      if (book != nullptr) line.left = shift(*book, kPacked, kShipped, line.counted);
    }
    lease.way = "handed_over";
  } else if (back && (lease.way == "handed_over" || lease.way == "delivered")) {
    bring_back(lease, moves);
  } else if (!handed && !back && lease.way == "handed_over") {
    for (const auto& line : lease.box) {
      auto* book = line_of(orders[lease.order], line.line);
      if (book != nullptr) shift(*book, kShipped, kDelivered, line.left);
    }
    lease.way = "delivered";
  }
  return true;
}

}  // namespace dockline::server::audit
