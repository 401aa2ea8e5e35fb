// The server's HTTP and WebSocket edge (Boost.Beast): sockets, limits, time-outs, who may enter.
// What an answer says is decided in server/api.
//
// Thread rule: the net lane; `port()` and the ports' completions excepted as noted. Failures:
// open() names address and remedy; everything later is an answer to its client.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/api/facts.hpp"
#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/reader.hpp"
#include "shared/base/result.hpp"
#include "shared/runtime/lane.hpp"
#include "shared/web/assets.hpp"

namespace dockline::server::http {

struct Options {
  std::string host = "127.0.0.1";  // address to listen on
  std::uint16_t port = 0;          // 0: any free one
  std::string token;               // what clients must show; never logged
  std::vector<std::string> hosts;  // further names in Host headers (behind a proxy)
  bool offers_open = false;        // GET /api/v1/offers needs no token
};

using BackupTold = std::function<void(base::Result<store::BackupRow>)>;
using LongLook = std::function<api::Answer(store::Reader&)>;
using LookDone = std::function<void(api::Answer)>;
using VerifyDone = std::function<void(base::Result<store::ReplayReport>)>;

// What the server's edge needs of the rest. Called on the net lane; `done` may run on any thread.
struct Ports {
  // Runs a command in a turn of the core lane; its number is given there.
  std::function<void(ApiCommand command, std::function<void(Reply)> done)> submit;
  // Compares the projections with the log, off the lanes.
  std::function<void(VerifyDone done)> verify;
  // Makes a backup now, off the lanes.
  std::function<void(BackupTold done)> backup;
  // Reads long on a connection of its own, off the lanes.
  std::function<void(LongLook work, LookDone done)> look;
  // How the process is doing now.
  std::function<api::Facts()> facts;
  // Further figures for GET /metrics, in Prometheus text.
  std::function<std::string()> metrics;
};

struct Edge;  // what the connections share

class Server {
 public:
  // Listens at once; accepts when the lane runs.
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> open(runtime::Lane& net,
                                                                  Options options, Ports ports,
                                                                  store::Reader reader,
                                                                  web::Assets assets);
  ~Server();  // closes everything
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;  // any thread
  // Any thread: tells the listeners of /live.
  void on_changed(const Changed& changed);

 private:
  explicit Server(std::shared_ptr<Edge> edge);
  std::shared_ptr<Edge> edge_;
};

}  // namespace dockline::server::http
