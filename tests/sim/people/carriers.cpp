#include "tests/sim/people/carriers.hpp"

#include "server/store/reader_handover.hpp"

namespace dockline::sim {

using namespace server;  // the commands

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

}  // namespace

void Carriers::one() { draw().chance(300) ? collect() : hear(); }

void Carriers::collect() {
  HandOver wish;
  wish.site = some_site();
  wish.by = "carriers";
  if (draw().chance(700)) wish.handed_ms = wall_ms() - draw().between(0, 4 * kDayMs);
  ask(std::move(wish), "collected_late");
}

void Carriers::hear() {
  auto* reader = hub_.reader();
  if (reader == nullptr) return;
  const auto gone = store::handovers(*reader, {.gone = true, .state = "handed_over", .limit = 20});
  if (!gone) return;
  for (const auto& row : gone->items) {
    if (!draw().chance(400)) continue;
    DeliverParcel word{row.box.tracking, std::nullopt, "carriers"};
    // Between its leaving and now, as the carrier's list says.
    if (draw().chance(600) && row.box.handed_ms < wall_ms()) {
      word.delivered_ms = draw().between(row.box.handed_ms, wall_ms());
    }
    ask(std::move(word), "arrived");
  }
}

}  // namespace dockline::sim
