// The durable side of one Receiver: a cursor per incarnation of one stream. Implemented over SQLite
// by server/store (up, one object per station) and agent/store (down), in memory by
// shared/sync/testing. Every implementation passes shared/sync/contract.
//
// Contract: as SenderStore. The facts themselves go to a FactSink in the same transaction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::sync {

struct InRow {
  std::string inc;
  Cursor cursor;
  Process process;      // newest that opened it; boot 0: never opened (known from a gone list)
  Seq gap_through = 0;  // a gap up to here has been reported
  Seq safe = 0;         // see Safe; used with SafePolicy::backup only
  bool closed = false;  // down: a newer incarnation was opened
  friend bool operator==(const InRow&, const InRow&) = default;
};

class ReceiverStore {
 public:
  virtual ~ReceiverStore() = default;
  // All incarnations of this stream, in the order first put.
  [[nodiscard]] virtual base::Result<std::vector<InRow>> load() = 0;
  // Inserts, or replaces the row of the same `inc` (which keeps its place in the order).
  [[nodiscard]] virtual base::Status put(const InRow& row) = 0;
};

// Where facts go, inside the same transaction.
struct FactView {
  std::string_view bytes;  // exact; valid during the call
  std::string_view inc;    // the journey: incarnation and number it arrived under
  Seq seq = 0;
};
enum class Applied {
  applied,    // new, digested
  duplicate,  // its id was there before with the same bytes: skipped
  parked,     // kept as raw bytes and raised as an exception (poison, or id reused)
};

class FactSink {
 public:
  virtual ~FactSink() = default;
  // Must not fail for what the bytes say: what cannot be digested is parked, or the stream would
  // stand still. An error (disk) fails the turn and nothing of the message is kept.
  [[nodiscard]] virtual base::Result<Applied> apply(base::Instant now, const FactView& fact) = 0;
};

}  // namespace dockline::sync
