// The messages of the stream protocol and their codec (PROTOCOL.md section 4): a JSON header line,
// then for `data` one fact per line, exact bytes. Parsing checks limits first and copies no fact.
//
// Failures: Fault::reject with the place; the caller drops the message and counts it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::sync {

inline constexpr int kVersion = 1;  // the wire version this code speaks

struct Open {
  std::string inc;
  Session session;
  Cursor base;  // last trimmed row
  Seq last = 0;
  std::vector<Gone> gone;  // newest first
  std::vector<int> versions = {kVersion};
  std::string why;  // start, timer, probe, fork:older, fork:content, fork:fenced
  std::int64_t t1 = 0;
};

struct Data {
  std::string inc;
  Session session;
  Seq first = 0;
  Chain prev{};                         // chain before `first`
  std::vector<std::string_view> facts;  // views into the payload that was parsed
};

struct Jump {
  std::string inc;
  Session session;
  Cursor to;
};

// A piece of a snapshot, down only: the state at `at`. `sum` is SHA-256(sum before || piece),
// beginning with 32 zero bytes: a piece proves itself when it comes, and nobody reads all again.
struct Part {
  std::string inc;
  Session session;
  Cursor at;
  std::string snap;
  std::uint32_t part = 0;   // 1, 2, 3...
  std::uint32_t parts = 0;  // 0: more follow
  base::Digest sum{};
  std::string piece;
};

enum class AckCode { ok, reopen, fenced, version, busy };
[[nodiscard]] std::string_view name(AckCode code);

struct Ack {
  std::string inc;
  Session session;  // echoed
  Cursor cursor;    // after COMMIT
  Seq safe = 0;
  std::uint64_t window = 0;  // facts allowed beyond `through`
  std::uint64_t bytes = 0;
  AckCode code = AckCode::ok;
  std::string snap;  // snapshot under way, and how many of its pieces are held
  std::uint32_t part = 0;
  Process peer;  // the receiver's process
  std::int64_t t1 = 0, t2 = 0, t3 = 0;
};

inline constexpr std::string_view kCanCount = "count";  // a station that is asked for counts

// Birth, heartbeat and last will (section 12). A server's has no `inc`.
struct State {
  bool up = false;
  std::string inc;
  Process process;
  std::vector<int> versions = {kVersion};
  std::string program;  // "dockline-agent 0.1.0"
  // What this program understands beyond the first: questions of a kind that is not named here are
  // not put to it.
  std::vector<std::string> can;
  Seq last = 0, acked = 0, down_through = 0;
  std::optional<std::int64_t> oldest_ms;  // age of the oldest unacknowledged fact
  std::int64_t t1 = 0;
  std::optional<std::int64_t> dloffms, dlerrms;
};

// A kind this code does not know: dropped and counted.
struct UnknownKind {
  std::string kind;
};
// A version this code does not speak. `v`, `k`, `ses` and `versions` keep their meaning for ever.
struct OtherVersion {
  int v = 0;
  std::string kind;
  std::string inc;
  Session session;
};

using Message = std::variant<Open, Data, Jump, Part, Ack, State, UnknownKind, OtherVersion>;

// Of a plain message; what comes off the wire goes through unpack() (frame.hpp) first.
[[nodiscard]] base::Result<Message> parse(std::string_view plain);
// The same straight off the wire. Views of a packed `data` live until this thread's next unpack().
[[nodiscard]] base::Result<Message> read(std::string_view payload);

[[nodiscard]] std::string encode(const Open& message);
[[nodiscard]] std::string encode(const Data& message);
// The same from facts that are joined already, each ended by a line feed; message.facts is not
// used.
[[nodiscard]] std::string encode(const Data& message, std::size_t count, std::string_view lines);
[[nodiscard]] std::string encode(const Jump& message);
[[nodiscard]] std::string encode(const Part& message);
[[nodiscard]] std::string encode(const Ack& message);
[[nodiscard]] std::string encode(const State& message);

}  // namespace dockline::sync
