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
#include "tests/sim/nodes/computer.hpp"
#include "tests/sim/nodes/turn_runner.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

class HubNode final : public Computer {
 public:
  using Report = std::function<void(const Observation&)>;
  // `config` without channels; the shops' configurations are the channels.
  HubNode(World& world, Broker& broker, server::HubConfig config, Disk* disk,
          std::vector<Shop*> shops, Report report);
  ~HubNode() override;

  // Between two starts of the program while it is off: a command line tool on its files.
  [[nodiscard]] const std::string& database() const { return config_.db_path; }

  // One API call. Answered once: with an error when the server is away or dies meanwhile.
  void call(server::Command command, std::function<void(server::Reply)> done);
  // The read side, as console and command line tools use it. Null while the server is down.
  [[nodiscard]] server::store::Reader* reader();
  [[nodiscard]] std::size_t mailbox();
  [[nodiscard]] std::vector<server::publish::ChannelView> channels();

 private:
  struct Run;
  [[nodiscard]] Run* live() const;
  [[nodiscard]] std::unique_ptr<Process> make_process() override;
  [[nodiscard]] base::Status begin() override;
  void farewell() override;
  void report(Mishap what, const std::string& why) override;
  void process_gone() override;
  void put(server::Input input);
  void connect();
  void schedule_connect();
  void schedule_tick();
  void release(server::Effect effect);
  void request(server::ChannelRequest request);
  void rejected(const server::Input& input, const base::Error& why);
  void committed();
  void take_hooks();

  server::HubConfig config_;
  std::vector<Shop*> shops_;
  Report report_;
  std::uint64_t last_reply_ = 0;
  std::map<std::uint64_t, std::function<void(server::Reply)>> waiting_;
};

}  // namespace dockline::sim
