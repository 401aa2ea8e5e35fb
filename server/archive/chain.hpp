// The hash chain over the event log: row n's chain is
//   SHA-256(chain of row n-1 || position || time_ms || heard_ms || bytes of the fact)
// with the three numbers as 8 bytes, big endian, and SHA-256("dockline-log-1") before row 1.
// Whoever keeps one chain elsewhere can show later that nothing up to there was changed.
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace dockline::server::archive {

using LogChain = base::Digest;

[[nodiscard]] LogChain log_chain_start();
[[nodiscard]] LogChain log_chain_next(const LogChain& before, std::int64_t position,
                                      std::int64_t time_ms, std::int64_t heard_ms,
                                      std::string_view body);
[[nodiscard]] inline std::string_view bytes_of(const LogChain& chain) {
  return {reinterpret_cast<const char*>(chain.data()), chain.size()};
}
// False: these are not the bytes of a chain.
[[nodiscard]] bool read_chain(std::string_view bytes, LogChain& out);

}  // namespace dockline::server::archive
