// The durable side of one Sender. Implemented over SQLite by agent/store (up) and server/store
// (down, one object per station), in memory by shared/sync/testing. Every implementation passes
// shared/sync/contract.
//
// Contract: all calls happen inside the turn's open transaction; nothing is durable, and no message
// leaves, before its COMMIT. A failing call fails the turn. Rows are kept byte for byte.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::sync {

struct SenderHead {
  std::string inc;
  Cursor base;                  // last trimmed row; (0, chain_start(inc)) at first
  Cursor last;                  // last recorded row
  std::vector<Gone> gone;       // newest first, at most kGoneMax
  std::uint64_t peer_boot = 0;  // highest boot of the receiver ever seen
  friend bool operator==(const SenderHead&, const SenderHead&) = default;
};

struct OutRow {
  Seq seq = 0;
  std::string_view id;     // the event's id
  std::string_view bytes;  // the fact, exactly as recorded
  Chain chain{};           // after this row
  std::int64_t at_ms = 0;  // wall clock when recorded; for "oldest waiting"
};

class SenderStore {
 public:
  virtual ~SenderStore() = default;

  // Nothing: this store has no stream yet.
  [[nodiscard]] virtual base::Result<std::optional<SenderHead>> head() = 0;
  [[nodiscard]] virtual base::Status put_head(const SenderHead& head) = 0;

  [[nodiscard]] virtual base::Status append(const OutRow& row) = 0;
  // Chain after a row; Fault::corrupt when the row is not there.
  [[nodiscard]] virtual base::Result<Chain> chain_at(Seq seq) = 0;
  // Rows first..last ascending, until `each` returns false. Views live during the call of `each`.
  // `each` does not touch the store.
  [[nodiscard]] virtual base::Status read(Seq first, Seq last,
                                          const std::function<bool(const OutRow&)>& each) = 0;
  // Deletes all rows numbered `through` or less.
  [[nodiscard]] virtual base::Status erase(Seq through) = 0;
  // Gives row `from` the number `to` (to <= from) and a new chain. Used by a fork, ascending.
  [[nodiscard]] virtual base::Status renumber(Seq from, Seq to, const Chain& chain) = 0;
};

}  // namespace dockline::sync
