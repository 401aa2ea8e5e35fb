// The server's computer: what server/main/core.cpp does, on models. Webhooks and API calls come in
// as functions; requests go out to the shops.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/app/hub_app.hpp"
#include "server/store/reader.hpp"
#include "tests/sim/broker/broker.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/disk/sim_disk.hpp"
#include "tests/sim/nodes/turn_runner.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

class HubNode {
 public:
  using Report = std::function<void(const Observation&)>;
  // `config` without channels; the shops' configurations are the channels.
  HubNode(World& world, Broker& broker, server::HubConfig config, Disk* disk,
          std::vector<Shop*> shops, Report report);
  ~HubNode();
  HubNode(const HubNode&) = delete;
  HubNode& operator=(const HubNode&) = delete;

  [[nodiscard]] Clock& clock() { return clock_; }
  void start();
  void stop();
  void kill(const std::string& why);
  void power_cut(std::int64_t off_ms);  // the computer; it comes back by itself
  void boot();                          // at once
  void die_after(std::uint64_t effects);
  void die_never();  // takes that back
  void pause(std::int64_t ms);
  void resume();
  void set_slow_ms(std::int64_t ms);
  void restore(const DiskImage& image);  // while the computer is off
  // Between two starts of the program while it is off: a command line tool on its files.
  [[nodiscard]] bool running() const { return run_ != nullptr; }
  [[nodiscard]] bool powered() const { return powered_; }
  [[nodiscard]] const std::string& database() const { return config_.db_path; }

  // One API call. Answered once: with an error when the server is away or dies meanwhile.
  void call(server::Command command, std::function<void(server::Reply)> done);
  // The read side, as console and command line tools use it. Null while the server is down.
  [[nodiscard]] server::store::Reader* reader();
  [[nodiscard]] std::size_t mailbox();
  [[nodiscard]] std::vector<server::publish::ChannelView> channels();

 private:
  struct Run;
  [[nodiscard]] base::Status begin();
  void put(server::Input input);
  void connect();
  void schedule_connect();
  void schedule_tick();
  void release(server::Effect effect);
  void request(server::ChannelRequest request);
  void rejected(const server::Input& input, const base::Error& why);
  void committed();
  void die(const std::string& why);
  void forget_process();
  void take_hooks();
  void trace(const std::string& line) const;

  World& world_;
  Broker& broker_;
  server::HubConfig config_;
  Disk* disk_;
  std::vector<Shop*> shops_;
  Report report_;
  Clock clock_;
  std::unique_ptr<Run> run_, dying_;
  std::uint64_t generation_ = 0, last_reply_ = 0;
  std::map<std::uint64_t, std::function<void(server::Reply)>> waiting_;
  std::int64_t slow_ms_ = 0;
  bool powered_ = true, wanted_ = true;
};

}  // namespace dockline::sim
