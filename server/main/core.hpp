// The core lane: broker, MQTT link, HubApp in its turn, and the HTTP client for the channels.
//
// Thread rule: everything on the core lane but submit(), which any thread may call.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "server/app/hub_app.hpp"
#include "server/broker/managed.hpp"
#include "server/main/reader.hpp"
#include "server/main/settings.hpp"
#include "shared/ports/http_client.hpp"
#include "shared/ports/link.hpp"
#include "shared/runtime/metrics.hpp"
#include "shared/runtime/turn_lane.hpp"

namespace dockline::server {

// What other lanes may know of the core; replaced after each turn that changed something.
struct CoreStatus {
  bool broker_up = false;
  std::string broker_why;  // why it is not up
  std::string broker_url;
  std::int64_t broker_since_ms = 0;  // wall clock of the last change up or down
  std::uint64_t broker_restarts = 0;
  std::uint64_t turns = 0, turn_failures = 0, mailbox_refused = 0;
  std::vector<publish::ChannelView> channels;
};

class Core {
 public:
  struct Hooks {
    std::function<void(Changed)> changed;  // on the core lane, after the commit
    std::function<void(std::string why)> fatal;
  };
  Core(runtime::Lane& lane, const Settings& settings, Hooks hooks);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Reads secrets, starts the broker, opens the database. Errors name key and remedy.
  [[nodiscard]] base::Status start();
  void stop();  // graceful: says "down" on server/state

  // From any thread: runs the command in a turn; `done` is called on the core lane after its commit
  // (or with the error that refused it).
  void submit(ApiCommand command, std::function<void(Reply)> done);
  // From any thread.
  [[nodiscard]] std::shared_ptr<const CoreStatus> status() const;

 private:
  [[nodiscard]] base::Status start_broker();
  [[nodiscard]] base::Result<HubConfig> hub_config();
  void connect();
  void on_message(ports::LinkMessage message);
  void schedule_connect();
  void schedule_tick();
  void release(Effect effect);
  void reject(const Input& input, const base::Error& why);
  void put(Input input);
  void publish_status();

  runtime::Lane& lane_;
  const Settings& settings_;
  Hooks hooks_;
  std::unique_ptr<broker::Managed> broker_;
  std::unique_ptr<ports::Link> link_;
  std::unique_ptr<ports::HttpClient> http_;
  std::unique_ptr<runtime::TurnLane<HubApp>> turn_;
  ports::LinkOptions link_options_;
  HubProcess process_;
  Reader reader_;
  base::Prng prng_;
  std::int64_t connect_delay_ms_ = 0;
  std::uint64_t last_reply_ = 0;
  std::unordered_map<std::uint64_t, std::function<void(Reply)>> waiting_;
  bool link_up_ = false, stopping_ = false, tick_due_ = false;
  std::string link_why_ = "not connected yet";
  std::int64_t link_since_ms_ = 0;
  mutable std::mutex status_guard_;  // the shared pointer alone
  std::shared_ptr<const CoreStatus> status_;
};

}  // namespace dockline::server
