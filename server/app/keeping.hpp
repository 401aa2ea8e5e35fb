// What keeps the log small and safe, as far as it happens inside a turn: what a backup made safe,
// segments taken in and their rows emptied, parked facts tried again. The work on files is done by
// server/keeping on a thread of its own, which tells its results as commands.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "server/app/core.hpp"
#include "server/app/stations.hpp"

namespace dockline::server {

class Keeping {
 public:
  Keeping(HubCore& core, Stations& stations) : core_(core), stations_(stations) {}

  // Once, when the App opens: another program than the last one tries all parked facts again.
  [[nodiscard]] base::Status open();
  // A bounded piece of what is left to do.
  [[nodiscard]] base::Status tick();
  [[nodiscard]] bool has_work() const { return !retry_.empty() || cutting_; }

  [[nodiscard]] base::Result<Reply> on(const BackupDone& command);
  [[nodiscard]] base::Result<Reply> on(const SegmentMade& command);
  [[nodiscard]] base::Result<Reply> on(const RetryParked& command);

 private:
  bool retry(std::int64_t id);

  HubCore& core_;
  Stations& stations_;
  std::deque<std::int64_t>
      retry_;             // ids of parked facts; an upgrade's are found again after a crash
  bool cutting_ = false;  // some segment's rows still have their bytes here
  std::string program_;   // to be noted when retry_ is empty
};

}  // namespace dockline::server
