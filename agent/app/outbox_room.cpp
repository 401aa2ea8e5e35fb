#include "agent/app/outbox_room.hpp"

#include <algorithm>

#include "shared/base/limits.hpp"

namespace dockline::agent {

// One scan records a fact for each line of its order at most; it must fit as a whole, or the turn
// fails and the packer is told of a broken disk. The same room is left for facts of the program:
// lease.held at a fork, what a printer said.
OutboxRoom outbox_room(std::uint64_t rows, std::uint64_t most) {
  if (rows < most / 5 * 4) return {};
  if (rows < most) return {OutboxRoom::Level::warn, station::Outbox::open};
  const std::uint64_t reserve = most / 20;
  const std::uint64_t kept_back =
      std::min<std::uint64_t>(reserve / 2, base::limits::kOrderLinesMax + 100);
  if (rows + kept_back < most + reserve) {
    return {OutboxRoom::Level::full, station::Outbox::no_new_orders};
  }
  return {OutboxRoom::Level::full, station::Outbox::closed};
}

std::string_view name(OutboxRoom::Level level) {
  switch (level) {
    case OutboxRoom::Level::plenty:
      return "plenty";
    case OutboxRoom::Level::warn:
      return "warn";
    case OutboxRoom::Level::full:
      return "full";
  }
  return {};
}

}  // namespace dockline::agent
