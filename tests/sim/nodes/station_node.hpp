// One packing station's computer with its devices: what agent/main/agent.cpp does, on models. The
// program can die between any two events and in the middle of a turn; disk, devices and clock stay.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/station_app.hpp"
#include "agent/app/store_watch.hpp"
#include "firmware-interfaces/hub/device_hub.hpp"
#include "tests/sim/broker/broker.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/devices/printer.hpp"
#include "tests/sim/devices/scanner.hpp"
#include "tests/sim/nodes/computer.hpp"
#include "tests/sim/nodes/turn_runner.hpp"

namespace dockline::sim {

struct StationPlace {
  std::string site, name;
  std::string computer;  // of this machine; a clone has another one than its original
  std::string vfs, database;
  std::size_t printers = 1, scanners = 1;
  Disk* disk = nullptr;
};

class StationNode final : public Computer {
 public:
  using Report = std::function<void(const Observation&)>;
  StationNode(World& world, Broker& broker, StationPlace place, Report report);
  ~StationNode() override;

  [[nodiscard]] const std::string& id() const { return id_; }  // site/name
  [[nodiscard]] const StationPlace& place() const { return place_; }
  // A later version of the program is tried for a moment, and leaves a fact behind.
  void try_later_version(base::Prng& draw);

  // ---- the bench
  [[nodiscard]] std::string view();  // "" while nothing answers: the page says so itself
  [[nodiscard]] Scanner& scanner(std::size_t i) { return *scanners_.at(i); }
  [[nodiscard]] std::size_t scanners() const { return scanners_.size(); }
  [[nodiscard]] Printer& printer(std::size_t i) { return *printers_.at(i); }
  [[nodiscard]] std::size_t printers() const { return printers_.size(); }
  // Keys and buttons of the page.
  void type(const std::string& text);
  void command(const std::string& word);
  // What the packer hears, and that the page changed.
  std::function<void(const std::string& sound)> on_sound;
  std::function<void()> on_view;
  std::string packer;  // who works here, for reports

  struct Standing {
    bool running = false;
    std::uint64_t waiting = 0;  // facts the server has not confirmed
    std::size_t under_way = 0;  // sent to it and not confirmed
    std::size_t mailbox = 0;
    std::string up_inc;
    std::uint64_t up_last = 0;
    bool connected = false;
  };
  [[nodiscard]] Standing standing();

 private:
  struct Run;
  [[nodiscard]] Run* live() const;
  [[nodiscard]] std::unique_ptr<Process> make_process() override;
  [[nodiscard]] base::Status begin() override;
  void farewell() override;
  void report(Mishap what, const std::string& why) override;
  void process_gone() override;
  void release(agent::StationEffect effect);
  void post(agent::StationInput input);
  void after_turn();
  void arm();
  void connect(agent::Connect what);
  void sound(const std::string& name);
  void committed();

  StationPlace place_;
  std::string id_;
  Report report_;
  std::vector<std::unique_ptr<Scanner>> scanners_;
  std::vector<std::unique_ptr<Printer>> printers_;
};

}  // namespace dockline::sim
