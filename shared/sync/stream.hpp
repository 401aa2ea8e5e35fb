// What both ends of a stream share (PROTOCOL.md section 1): numbers, the hash chain, cursors,
// sessions and topic names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/prng.hpp"

namespace dockline::sync {

// Number of a fact within an incarnation: 1, 2, 3... 0 is "none yet".
using Seq = std::uint64_t;
inline constexpr Seq kSeqMax = (Seq{1} << 53) - 1;

enum class Direction { up, down };  // station to server, server to station

// Names the whole history 1..n of an incarnation: the first 16 bytes of a SHA-256.
using Chain = std::array<std::uint8_t, 16>;
[[nodiscard]] Chain chain_start(std::string_view inc);
[[nodiscard]] Chain chain_next(const Chain& before, std::string_view fact);
[[nodiscard]] std::string to_hex(const Chain& chain);  // 32 lower-case digits
[[nodiscard]] std::optional<Chain> chain_from_hex(std::string_view hex);

struct Cursor {
  Seq through = 0;
  Chain chain{};
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

// One run of a program. `boot` is a durable counter of the program's store, raised and committed
// before anything is sent; `nonce` is 64 random bits of this run, from a system-seeded Prng.
struct Process {
  std::uint64_t boot = 0;
  std::uint64_t nonce = 0;
  friend bool operator==(const Process&, const Process&) = default;
};
[[nodiscard]] std::string to_text(const Process& process);  // "7.9f3a6c0d11e2b4a8"
[[nodiscard]] std::optional<Process> process_from_text(std::string_view text);
[[nodiscard]] std::string nonce_text(std::uint64_t nonce);  // 16 hex digits

struct Session {
  Process process;
  std::uint64_t open = 0;  // raised with each `open` sent
  friend bool operator==(const Session&, const Session&) = default;
};
[[nodiscard]] std::string to_text(const Session& session);  // "7.9f3a6c0d11e2b4a8.3"
[[nodiscard]] std::optional<Session> session_from_text(std::string_view text);

// What this sender can never send again (PROTOCOL.md section 8).
struct Gone {
  std::string inc;
  Seq through = 0;
  friend bool operator==(const Gone&, const Gone&) = default;
};

[[nodiscard]] bool is_incarnation(std::string_view text);  // lower-case UUID, 36 characters
[[nodiscard]] bool is_place_name(std::string_view text);   // [a-z0-9-]{1,32}

// --- topics, PROTOCOL.md section 3 ---
enum class Leaf { up, up_ack, down, down_ack, state };
struct StationTopic {
  std::string site, station;
  Leaf leaf = Leaf::state;
};
inline constexpr std::string_view kServerStateTopic = "dockline/v1/server/state";
[[nodiscard]] std::string topic(std::string_view site, std::string_view station, Leaf leaf);
// Nothing for a topic that is not of this protocol, and for server/state.
[[nodiscard]] std::optional<StationTopic> parse_topic(std::string_view topic);
// "dl-<site>-<station>-<nonce>": unique per run, so that clones do not throw each other off.
[[nodiscard]] std::string client_id(std::string_view site, std::string_view station,
                                    std::uint64_t nonce);

}  // namespace dockline::sync
