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
#include "tests/sim/disk/sim_disk.hpp"
#include "tests/sim/nodes/turn_runner.hpp"

namespace dockline::sim {

struct StationPlace {
  std::string site, name;
  std::string computer;  // of this machine; a clone has another one than its original
  std::string vfs, database;
  std::size_t printers = 1, scanners = 1;
  Disk* disk = nullptr;
};

class StationNode {
 public:
  using Report = std::function<void(const Observation&)>;
  StationNode(World& world, Broker& broker, StationPlace place, Report report);
  ~StationNode();
  StationNode(const StationNode&) = delete;
  StationNode& operator=(const StationNode&) = delete;

  [[nodiscard]] const std::string& id() const { return id_; }  // site/name
  [[nodiscard]] const StationPlace& place() const { return place_; }
  [[nodiscard]] Clock& clock() { return clock_; }

  // ---- the program
  void start();  // as the service manager does: again after a while when it cannot start
  void stop();   // wanted: says farewell
  void kill(const std::string& why);
  void power_cut(std::int64_t off_ms);  // the computer; it comes back by itself
  void boot();                          // at once
  void die_after(std::uint64_t effects);
  void die_never();  // takes that back
  void pause(std::int64_t ms);
  void resume();
  void set_slow_ms(std::int64_t ms);
  [[nodiscard]] bool running() const { return run_ != nullptr; }
  [[nodiscard]] bool powered() const { return powered_; }
  // A later version of the program is tried for a moment, and leaves a fact behind.
  void try_later_version(base::Prng& draw);
  // An old image or an empty disk: only while the computer is off.
  void restore(const DiskImage& image);

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
  struct Run;  // one process
  void release(agent::StationEffect effect);
  void post(agent::StationInput input);
  void after_turn();
  void arm();
  void connect(agent::Connect what);
  void sound(const std::string& name);
  void committed();
  void die(const std::string& why);
  void forget_process();
  [[nodiscard]] base::Status begin();
  void trace(const std::string& line) const;

  World& world_;
  Broker& broker_;
  StationPlace place_;
  std::string id_;
  Report report_;
  Clock clock_;
  std::vector<std::unique_ptr<Scanner>> scanners_;
  std::vector<std::unique_ptr<Printer>> printers_;
  std::unique_ptr<Run> run_;
  std::unique_ptr<Run> dying_;  // dead, destroyed when nothing of it is on the call stack
  std::uint64_t generation_ = 0;
  std::int64_t slow_ms_ = 0;
  bool powered_ = true, wanted_ = true;
};

}  // namespace dockline::sim
