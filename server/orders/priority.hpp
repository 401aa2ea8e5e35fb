// Which order comes first. Pure; wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace dockline::server::orders {

struct Rank {
  std::string order;
  bool vip = false;
  std::optional<std::int64_t> promised_ms;
  std::int64_t placed_ms = 0;
};
// VIP first, then the earlier promise (none counts as last), then the earlier order, then by name:
// a strict order, the same everywhere.
[[nodiscard]] bool goes_before(const Rank& a, const Rank& b);

}  // namespace dockline::server::orders
