// The housekeeper: backups by the clock and on request, older facts into the archive, a large file
// checked after the start. On a lane of its own, so that nobody at a bench or in an API waits.
//
// Thread rule: construct and destroy on the main thread; backup_now() from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "server/keeping/backup.hpp"
#include "server/keeping/retention.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::server::keeping {

struct KeeperOptions {
  std::string db_path;
  std::string folder;  // of backups; empty: none are made
  std::int64_t every_ms = 3'600'000;
  std::int64_t keep = 3;
  std::int64_t keep_days = 0, keep_events = 0;  // of bytes in the database; 0: no limit
  std::int64_t events_least = 5'000;
};

using BackupTold = std::function<void(base::Result<BackupMade>)>;

class Keeper {
 public:
  struct Ports {
    // Runs a command in a turn of the core lane; `done` may come on any thread.
    std::function<void(Command command, std::function<void(Reply)> done)> submit;
    // The file is damaged: the process must end.
    std::function<void(std::string why)> fatal;
  };
  Keeper(KeeperOptions options, Ports ports);
  ~Keeper();  // stops a copy under way
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // At once, whatever the clock says. `done` runs on the keeper's lane.
  void backup_now(BackupTold done);

 private:
  void begin();
  void schedule();
  void backup(const BackupTold& done);
  void archive(std::int64_t backed_up);
  void raise(const char* kind, std::string what, std::string context);
  void ask(Command command, std::function<void(Reply)> then = {});

  KeeperOptions options_;
  Ports ports_;
  std::atomic<bool> stopping_ = false;
  std::int64_t last_ms_ = 0;  // wall clock of the last try
  runtime::Lane lane_;
  std::jthread thread_;
};

}  // namespace dockline::server::keeping
