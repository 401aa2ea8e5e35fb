// What a station has to know, as pieces of a snapshot (PROTOCOL.md section 10). The first line is
// {"snapshot":1,"up":[[inc,through]...]}: whose facts are in it already. All others are facts: the
// catalogue of the site, the counts it is asked for, each lease with the grant, what the station
// itself told of it (counts, labels, closed boxes) and what was revoked. A station that folds them
// knows what is in force.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/app/core.hpp"
#include "server/store/snapshot_view.hpp"
#include "shared/sync/snapshot.hpp"

namespace dockline::server {

// Shared by the snapshots of all stations: how many are under way, and who waits for a turn.
struct SnapshotSlots {
  std::size_t under_way = 0;
  std::deque<std::pair<std::string, std::string>> waiting;  // (site, station), each once
};

class StationSnapshot final : public sync::SnapshotSource {
 public:
  StationSnapshot(HubCore& core, std::string site, std::string station, SnapshotSlots& slots);
  ~StationSnapshot() override;
  StationSnapshot(const StationSnapshot&) = delete;
  StationSnapshot& operator=(const StationSnapshot&) = delete;

  [[nodiscard]] std::optional<sync::Cursor> begin() override;
  [[nodiscard]] std::optional<sync::SnapshotPiece> piece(std::uint32_t n) override;
  void end() override;
  // Whether questions for counts are in it: from the next one on.
  void set_counts(bool counts) { counts_ = counts; }

 private:
  enum class Section { header, items, counts, in_force, closed, done };
  // Where a piece begins: the rows after `key`, less the lines that went before.
  struct Mark {
    Section section = Section::header;
    std::string key;
    std::size_t line = 0;
  };
  // Lines read and not yet sent; `mark` is that of the first of them.
  struct Walk {
    Mark mark;
    std::string last_key;
    std::vector<std::string> lines;
  };
  void fill(Walk& walk);
  void step_on(Walk& walk);
  void add_header(Walk& walk);
  void add_items(Walk& walk);
  void add_counts(Walk& walk);
  void add_lease(Walk& walk, const std::string& lease, bool closed);
  void add_line(Walk& walk, wire::EventData data, const std::string& subject);
  [[nodiscard]] wire::LeaseGranted granted(const store::Lease& lease, const store::OrderHead& head);

  HubCore& core_;
  std::string site_, station_;
  SnapshotSlots* slots_;
  std::unique_ptr<store::SnapshotView> view_;
  sync::Cursor at_;
  std::int64_t at_ms_ = 0;
  bool counts_ = false, has_counts_ = false;
  std::vector<Mark> marks_;  // of piece 1, 2, 3...
};

}  // namespace dockline::server
