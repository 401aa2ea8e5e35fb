// A Mosquitto that the server configures, starts, watches, starts again and stops.
//
// Thread rule: the core lane. It ends with the server, also when the server is killed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/broker/files.hpp"
#include "shared/base/result.hpp"
#include "shared/runtime/child.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::server::broker {

struct ManagedOptions {
  std::string host = "127.0.0.1";
  int port = 1883;
  std::string folder;  // <data_dir>/broker, made if absent
  // Each station's password lies in <folder>/credentials/<site>.<station>, made at first start: the
  // administrator carries that file to the station (agent.toml: broker.password_file).
  std::vector<std::pair<std::string, std::string>> stations;  // (site, station)
};

class Managed {
 public:
  // Writes the files and starts it. Refuses a port that is taken, naming key and remedy.
  [[nodiscard]] static base::Result<std::unique_ptr<Managed>> start(runtime::Lane& lane,
                                                                    ManagedOptions options);
  ~Managed();
  Managed(const Managed&) = delete;
  Managed& operator=(const Managed&) = delete;

  [[nodiscard]] std::string url() const;
  [[nodiscard]] const std::string& server_password() const { return server_password_; }
  [[nodiscard]] std::uint64_t restarts() const { return restarts_; }
  [[nodiscard]] bool listening() const;  // asked before a connect, which is slow to fail
  [[nodiscard]] bool running() const { return child_ != nullptr; }
  [[nodiscard]] int pid() const { return child_ == nullptr ? 0 : child_->pid(); }

 private:
  Managed(runtime::Lane& lane, ManagedOptions options);
  [[nodiscard]] base::Status write_files();
  [[nodiscard]] base::Status launch();
  void ended(const std::string& how);

  runtime::Lane& lane_;
  ManagedOptions options_;
  std::string server_password_;
  std::unique_ptr<runtime::Child> child_;
  std::int64_t launched_ms_ = 0;
  std::int64_t delay_ms_ = 0;
  std::uint64_t restarts_ = 0;
};

}  // namespace dockline::server::broker
