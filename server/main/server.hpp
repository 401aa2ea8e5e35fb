// The composition root: the core lane on the calling thread, the net lane on a second one, and the
// threads that replay checks run on.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "server/http/server.hpp"
#include "server/keeping/keeper.hpp"
#include "server/main/core.hpp"
#include "server/main/settings.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::server {

class Program {
 public:
  explicit Program(Settings settings);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Runs until SIGTERM or SIGINT; returns the process's exit code.
  [[nodiscard]] int run();

 private:
  [[nodiscard]] base::Status start();
  [[nodiscard]] base::Status start_http();
  void start_keeper();
  void verify(http::VerifyDone done);
  void backup(http::BackupTold done);
  void look(http::LongLook work, http::LookDone done);
  [[nodiscard]] api::Facts facts() const;
  [[nodiscard]] std::shared_ptr<const std::vector<api::SiteFacts>> site_facts() const;
  [[nodiscard]] std::string metrics() const;

  Settings settings_;
  std::int64_t started_wall_ms_;
  runtime::Lane core_lane_;
  std::unique_ptr<Core> core_;
  // After the core: its reader of server.db closes first, so that the writer, closing last, leaves
  // one whole file without a WAL beside it.
  runtime::Lane net_lane_;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<keeping::Keeper> keeper_;
  std::jthread net_thread_, verify_thread_, look_thread_;
  std::string fatal_;
  std::shared_ptr<const std::vector<api::SiteFacts>> sites_;  // made once: they do not change
};

}  // namespace dockline::server
