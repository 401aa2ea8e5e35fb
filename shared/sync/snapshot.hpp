// The two outside ends of a snapshot (PROTOCOL.md section 10): where the server's pieces come from
// and where the station puts them. A piece is whole lines, at most kPieceBytesMax bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::sync {

struct SnapshotPiece {
  std::string bytes;
  bool last = false;
};

// One cut at a time per stream. Reads only; what fails here costs the snapshot, never the turn.
class SnapshotSource {
 public:
  virtual ~SnapshotSource() = default;
  // Cuts the state at one moment (one read transaction) with the number of the last fact in it.
  // Nothing: not now (too many are under way, or the disk fails); it is asked again later.
  [[nodiscard]] virtual std::optional<Cursor> begin() = 0;
  // Piece n of the cut, the same bytes each time. Nothing: the cut is lost, begin anew.
  [[nodiscard]] virtual std::optional<SnapshotPiece> piece(std::uint32_t n) = 0;
  virtual void end() = 0;
};

// What is staged; all of it durable with the turn.
struct Stage {
  std::string snap;  // empty: nothing
  std::uint32_t parts = 0;
  base::Digest sum{};
  friend bool operator==(const Stage&, const Stage&) = default;
};

class SnapshotSink {
 public:
  virtual ~SnapshotSink() = default;
  [[nodiscard]] virtual base::Result<Stage> load() = 0;
  // The next piece; stage.parts == 1 clears what was there.
  [[nodiscard]] virtual base::Status stage(const Stage& stage, std::string_view piece) = 0;
  // Every piece is there: the staged state replaces the old one, with own unacknowledged facts laid
  // over it, and the stage is cleared, all in this turn's transaction. False: it cannot be used;
  // cleared all the same. Must not fail for what the bytes say.
  [[nodiscard]] virtual base::Result<bool> swap(base::Instant now) = 0;
  [[nodiscard]] virtual base::Status clear() = 0;
};

}  // namespace dockline::sync
