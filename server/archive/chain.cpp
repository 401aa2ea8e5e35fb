#include "server/archive/chain.hpp"

#include <algorithm>
#include <array>

namespace dockline::server::archive {
namespace {

void put(std::uint8_t* to, std::int64_t value) {
  auto bits = static_cast<std::uint64_t>(value);
  for (int i = 7; i >= 0; --i, bits >>= 8) to[i] = static_cast<std::uint8_t>(bits & 0xff);
}

}  // namespace

LogChain log_chain_start() { return base::sha256("dockline-log-1"); }

LogChain log_chain_next(const LogChain& before, std::int64_t position, std::int64_t time_ms,
                        std::int64_t heard_ms, std::string_view body) {
  std::array<std::uint8_t, 56> head{};
  std::copy(before.begin(), before.end(), head.begin());
  put(head.data() + 32, position);
  put(head.data() + 40, time_ms);
  put(head.data() + 48, heard_ms);
  return base::sha256({reinterpret_cast<const char*>(head.data()), head.size()}, body);
}

bool read_chain(std::string_view bytes, LogChain& out) {
  if (bytes.size() != out.size()) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

}  // namespace dockline::server::archive
