#include "shared/sync/pressure.hpp"

#include <algorithm>
#include <variant>

#include "shared/base/limits.hpp"
#include "shared/sync/message.hpp"

namespace dockline::sync {

namespace limits = base::limits;

Allowance allowance(std::size_t waiting) {
  constexpr std::uint64_t kSteps = limits::kMailboxInputsMax - limits::kMailboxCalmInputs;
  const std::size_t beyond =
      waiting > limits::kMailboxCalmInputs ? waiting - limits::kMailboxCalmInputs : 0;
  const std::uint64_t left = kSteps - std::min<std::uint64_t>(beyond, kSteps);
  return {.facts = std::max<std::uint64_t>(1, limits::kWindowFacts * left / kSteps),
          .bytes = std::max<std::uint64_t>(limits::kFactBytesMax + 1,
                                           limits::kWindowBytes * left / kSteps)};
}

std::optional<std::string> busy_answer(base::Instant now, std::string_view payload,
                                       const Process& peer) {
  const auto message = read(payload);
  if (!message || peer.boot == 0) return std::nullopt;
  Ack ack{.code = AckCode::busy, .peer = peer, .t3 = std::max<std::int64_t>(now.wall_ms, 0)};
  const auto take = [&](const auto& m) {
    ack.inc = m.inc;
    ack.session = m.session;
  };
  if (const auto* open = std::get_if<Open>(&*message)) {
    take(*open);
  } else if (const auto* data = std::get_if<Data>(&*message)) {
    take(*data);
  } else if (const auto* jump = std::get_if<Jump>(&*message)) {
    take(*jump);
  } else if (const auto* part = std::get_if<Part>(&*message)) {
    take(*part);
  } else {
    return std::nullopt;
  }
  ack.cursor.chain = chain_start(ack.inc);
  return encode(ack);
}

}  // namespace dockline::sync
