// Copies of server.db that were looked at, and the way back.
//
// A copy is of one moment, made beside the running writer; then it is opened and checked (file,
// hash chain, archive, the whole audit) before it counts. Only then may stations be told that facts
// up to its cursors are safe. Archive segments are copied once each, beside it.
//
// Thread rule: any one thread; blocks for as long as the disk takes. Failures: with place, remedy.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/app/inputs.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::keeping {

struct BackupWish {
  std::string db_path, folder;
  std::int64_t keep = 3;  // verified copies that stay; older ones are deleted
  std::int64_t now_ms = 0;
  std::function<bool()> go_on;  // false: stop (the server stops)
};

// What was made, ready to be told to the HubApp. Not whole: state is "failed" and `problem` says
// why; the copy is renamed to end in ".suspect". `differs`: findings of the audit that do not touch
// the facts themselves.
struct BackupMade {
  BackupDone done;
  std::string chain;  // hash of its last event, hex
  std::optional<std::string> differs;
};
[[nodiscard]] base::Result<BackupMade> make_backup(const BackupWish& wish);

struct RestoreWish {
  std::string file, data_dir;
  bool force = false;  // put an existing server.db aside
  std::int64_t now_ms = 0;
};
struct Restored {
  std::string put_aside;  // what the old file is called now; empty when there was none
  std::int64_t position = 0, generation = 0, streams = 0, segments = 0;
  std::string differs;  // findings that do not touch the facts; empty when clean
};
// Puts a backup in the place of a stopped server's file: checked first, marked as restored, whole
// or not at all. The next start gets back from the stations what the backup does not hold.
[[nodiscard]] base::Result<Restored> restore(const RestoreWish& wish);

}  // namespace dockline::server::keeping
