#include "tests/sim/people/dates.hpp"

#include <array>

namespace dockline::sim {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 1'440 * kMinuteMs;
constexpr std::int64_t kPageOrders = 50;

}  // namespace

// Those that wait longest for goods are still there when the date has come.
void DateKeeper::one() {
  constexpr std::array kStates = {"backordered", "backordered", "open", "allocated", "released"};
  const auto* state = kStates[draw().below(kStates.size())];
  const auto which = draw().below(kPageOrders), kind = draw().below(10);
  const auto minutes = draw().between(1, 15) * kMinuteMs + draw().between(0, kMinuteMs);
  auto* reader = hub_.reader();
  if (reader == nullptr) return;
  const auto page = reader->orders(
      {.state = state, .channel = {}, .text = {}, .after = {}, .limit = kPageOrders});
  if (!page || page->items.empty()) return;
  server::AmendOrder amend{.order = page->items[which % page->items.size()].id,
                           .why = "another date was agreed",
                           .by = "office"};
  amend.promised_ms = wall_ms() + minutes + (kind < 4 ? 0 : kind < 7 ? kDayMs : 3 * kDayMs);
  if (world_.tracing()) world_.trace("office", "promises another date of " + amend.order);
  ask(std::move(amend), "date_changed");
}

}  // namespace dockline::sim
