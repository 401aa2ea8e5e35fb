// Each piece of each order line is in exactly one state. Pure; transitions move pieces between
// states and never make or lose one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server::orders {

using domain::Quantity;

// In the order in which a piece normally goes through them; the last two stand aside.
enum class UnitState : std::uint8_t {
  open,
  backordered,
  allocated,
  released,
  packed,
  shipped,
  delivered,
  cancelled,
  returned,
};
inline constexpr std::size_t kUnitStates = 9;
[[nodiscard]] std::string_view name(UnitState state);

struct Units {
  std::array<Quantity, kUnitStates> pieces{};

  [[nodiscard]] Quantity& at(UnitState state) { return pieces[static_cast<std::size_t>(state)]; }
  [[nodiscard]] Quantity at(UnitState state) const {
    return pieces[static_cast<std::size_t>(state)];
  }
  [[nodiscard]] Quantity total() const;
  // Pieces that may still be routed.
  [[nodiscard]] Quantity unrouted() const {
    return at(UnitState::open) + at(UnitState::backordered);
  }
  friend bool operator==(const Units&, const Units&) = default;
};

// Whether a piece may go from one state to the other at all.
[[nodiscard]] bool legal(UnitState from, UnitState to);

// Moves up to `want` pieces; returns how many it were. Zero when the step is not legal.
Quantity take(Units& units, UnitState from, UnitState to, Quantity want);

struct Line {
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  Units units;
  std::string site;
  Quantity counted = 0, missing = 0;
};

// What must be done next: the least advanced state of the pieces that are not cancelled;
// "cancelled" when all are.
[[nodiscard]] UnitState order_state(std::span<const Line> lines);

// Pieces to cancel, by line and state: what costs nobody anything first (open, backordered,
// allocated, released, packed). Shipped pieces are never cancelled.
struct CancelStep {
  std::int64_t line = 0;
  UnitState from = UnitState::open;
  Quantity quantity = 0;
};
struct CancelWish {
  std::int64_t line = 0;
  Quantity quantity = 0;
};
// An empty wish means everything that still can be.
[[nodiscard]] std::vector<CancelStep> plan_cancel(std::span<const Line> lines,
                                                  std::span<const CancelWish> wish);
// How many pieces of a line can be cancelled; `packed_too`: also those in a closed box.
[[nodiscard]] Quantity cancellable(const Units& units, bool packed_too);

}  // namespace dockline::server::orders
