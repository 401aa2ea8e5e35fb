// Rebuilds every projection from the event log and compares each table's bytes with the live one.
#pragma once

#include <string>

#include "server/store/rows.hpp"
#include "shared/base/result.hpp"

namespace dockline::server {

// Reads the live file through a read-only connection of its own, inside one read transaction, and
// folds the log into a scratch file in `scratch_dir` (removed afterwards). Long work (a few
// seconds per 100,000 events): run it off the lanes. A difference is a report with equal=false,
// not an error. `vfs`: where the live file is, the simulator's disk, else empty.
[[nodiscard]] base::Result<store::ReplayReport> verify_replay(const std::string& db_path,
                                                              const std::string& scratch_dir,
                                                              const std::string& vfs = {});

}  // namespace dockline::server
