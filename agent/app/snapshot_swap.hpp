// Private to agent/app: a snapshot of the server's state takes the place of what this station was
// told (PROTOCOL.md section 10). Its lines: a header, facts of the server, and this station's own
// facts as the server has them. What the server does not have yet is laid over it: own facts are
// folded once by their id, wherever they come from.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/station/state.hpp"
#include "agent/station/station.hpp"
#include "shared/sync/snapshot.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent {

// What own facts come to for one grant of a lease.
struct Progress {
  station::WorkState state = station::WorkState::open;
  std::map<std::int64_t, station::Count> counts;  // by line

  [[nodiscard]] std::vector<station::Count> list() const;  // without empty lines
  [[nodiscard]] bool touched() const { return !list().empty(); }
};
struct Sheet {
  std::string state, printer, evidence, tracking;
  std::int64_t at_ms = 0;
};
using Sheets = std::map<std::int64_t, Sheet>;  // by attempt

// A lease is granted more than once: taken away and given to this bench again, or accepted as it
// was packed under an earlier epoch. What was counted goes on with the next grant; a closed box and
// what was given back stay with theirs.
class OwnFacts {
 public:
  void fold(const wire::Event& event);
  [[nodiscard]] const Progress& of(const std::string& lease, std::int64_t epoch) const;
  [[nodiscard]] const Sheets& sheets(const std::string& lease) const;
  // Questions for a count that were answered.
  [[nodiscard]] const std::set<std::string>& answered() const { return answered_; }

 private:
  [[nodiscard]] Progress& at(const domain::LeaseRef& work);

  std::set<std::string> ids_;
  std::map<std::string, std::map<std::int64_t, Progress>> by_lease_;  // by epoch
  std::map<std::string, Sheets> sheets_;
  std::set<std::string> answered_;
};

struct SnapshotHeader {
  std::vector<std::pair<std::string, sync::Seq>> up;  // incarnation, facts through here are in it
};
[[nodiscard]] std::optional<SnapshotHeader> snapshot_header(std::string_view line);

}  // namespace dockline::agent
