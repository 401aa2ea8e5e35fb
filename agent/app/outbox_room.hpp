// How much room the outbox has, for the bench (PROTOCOL.md section 7): a warning at four fifths, no
// new orders when it is full, and the last of the reserve for what no packer was answered.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/station/station.hpp"

namespace dockline::agent {

struct OutboxRoom {
  enum class Level { plenty, warn, full };
  Level level = Level::plenty;
  station::Outbox bench = station::Outbox::open;
};

// Of `rows` kept where `most` are meant to be; a twentieth more is the reserve.
[[nodiscard]] OutboxRoom outbox_room(std::uint64_t rows, std::uint64_t most);
[[nodiscard]] std::string_view name(OutboxRoom::Level level);

}  // namespace dockline::agent
