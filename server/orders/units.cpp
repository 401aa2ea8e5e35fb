#include "server/orders/units.hpp"

#include <algorithm>

namespace dockline::server::orders {
namespace {

constexpr std::array<std::string_view, kUnitStates> kNames = {
    "open",    "backordered", "allocated", "released", "packed",
    "shipped", "delivered",   "cancelled", "returned"};

constexpr std::array kCancelOrder = {UnitState::open, UnitState::backordered, UnitState::allocated,
                                     UnitState::released, UnitState::packed};

Quantity wished(std::span<const CancelWish> wish, const Line& line) {
  if (wish.empty()) return line.quantity;
  Quantity sum = 0;
  for (const auto& w : wish) {
    if (w.line == line.line) sum += w.quantity;
  }
  return sum;
}

}  // namespace

std::string_view name(UnitState state) { return kNames[static_cast<std::size_t>(state)]; }

Quantity Units::total() const {
  Quantity sum = 0;
  for (const Quantity n : pieces) sum += n;
  return sum;
}

bool legal(UnitState from, UnitState to) {
  switch (from) {
    case UnitState::open:
      return to == UnitState::backordered || to == UnitState::allocated ||
             to == UnitState::cancelled;
    case UnitState::backordered:
      return to == UnitState::open || to == UnitState::allocated || to == UnitState::cancelled;
    case UnitState::allocated:
      return to == UnitState::open || to == UnitState::released || to == UnitState::cancelled;
    case UnitState::released:
      return to == UnitState::open || to == UnitState::allocated || to == UnitState::packed ||
             to == UnitState::cancelled;
    case UnitState::packed:
      return to == UnitState::released || to == UnitState::shipped || to == UnitState::cancelled;
    case UnitState::shipped:
      // Back to packed: it was recorded as handed over and stands there after all.
      return to == UnitState::delivered || to == UnitState::returned || to == UnitState::packed;
    case UnitState::delivered:
      return to == UnitState::returned || to == UnitState::shipped;
    case UnitState::cancelled:
    case UnitState::returned:
      return false;
  }
  return false;
}

Quantity take(Units& units, UnitState from, UnitState to, Quantity want) {
  if (want <= 0 || !legal(from, to)) return 0;
  const Quantity moved = std::min(want, units.at(from));
  units.at(from) -= moved;
  units.at(to) += moved;
  return moved;
}

UnitState order_state(std::span<const Line> lines) {
  for (std::size_t s = 0; s < kUnitStates; ++s) {
    const auto state = static_cast<UnitState>(s);
    if (state == UnitState::cancelled) continue;
    for (const auto& line : lines) {
      if (line.units.at(state) > 0) return state;
    }
  }
  return UnitState::cancelled;
}

Quantity cancellable(const Units& units, bool packed_too) {
  Quantity sum = 0;
  for (const UnitState state : kCancelOrder) {
    if (state != UnitState::packed || packed_too) sum += units.at(state);
  }
  return sum;
}

std::vector<CancelStep> plan_cancel(std::span<const Line> lines, std::span<const CancelWish> wish) {
  std::vector<CancelStep> steps;
  for (const auto& line : lines) {
    Quantity left = wished(wish, line);
    for (const UnitState from : kCancelOrder) {
      const Quantity taken = std::min(left, line.units.at(from));
      if (taken > 0) steps.push_back({line.line, from, taken});
      left -= taken;
    }
  }
  return steps;
}

}  // namespace dockline::server::orders
