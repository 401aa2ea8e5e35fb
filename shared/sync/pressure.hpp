// What a receiver tells its sender while its machine is hard pressed: a mailbox that fills lowers
// the window (PROTOCOL.md section 7), a store that takes no commit is `busy` (section 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/time.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::sync {

struct Allowance {
  std::uint64_t facts = 0, bytes = 0;
  friend bool operator==(const Allowance&, const Allowance&) = default;
};
// The window of each stream while so many inputs wait beside those in work. Whole up to
// kMailboxCalmInputs, then less the fuller it is; never below one fact of any size, so that an
// acknowledgement always comes back that can raise it again.
[[nodiscard]] Allowance allowance(std::size_t waiting);

// The answer to a message of which nothing could be kept, made without the store: code `busy`,
// window 0, and no word about any fact (through 0). The sender stops and asks again with back-off.
// Nothing: the message asks for no answer. `peer`: the receiver's process as it was said before.
[[nodiscard]] std::optional<std::string> busy_answer(base::Instant now, std::string_view payload,
                                                     const Process& peer);

}  // namespace dockline::sync
