// Brings the faults of a plan over the fleet, each kind at times of its own, until the calm.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/run/fleet.hpp"

namespace dockline::sim {

class Faults {
 public:
  explicit Faults(Fleet& fleet);
  void begin();
  void end();  // whatever is under way is mended; Fleet::calm() does the rest

 private:
  struct Image {
    DiskImage files;
    std::string detail;
  };
  using Incident = void (Faults::*)(base::Prng& draw);
  void arm(std::string_view kind, Incident incident);
  void remember_images();
  // A station that is there; the draw decides which.
  [[nodiscard]] Bench& some_bench(base::Prng& draw);
  void later(std::int64_t ms, std::function<void()> what);

  // network
  void partition(base::Prng& draw);
  void half_open(base::Prng& draw);
  void broker_restart(base::Prng& draw);
  void broker_forgets(base::Prng& draw);
  void stop_broker(base::Prng& draw, bool keep_retained);
  // processes and computers
  void agent_crash(base::Prng& draw);
  void agent_crash_midturn(base::Prng& draw);
  void hub_crash(base::Prng& draw);
  void hub_crash_midturn(base::Prng& draw);
  void power_cut(base::Prng& draw);
  void power_cut_midwrite(base::Prng& draw);
  void hub_power_cut(base::Prng& draw);
  void hub_power_cut_midwrite(base::Prng& draw);
  void agent_pause(base::Prng& draw);
  void hub_pause(base::Prng& draw);
  void silent(base::Prng& draw);
  void later_version(base::Prng& draw);
  void backlog(base::Prng& draw);
  void lunch(base::Prng& draw);
  // disks and clocks
  void disk_full(base::Prng& draw);
  void io_error(base::Prng& draw);
  void hub_disk_full(base::Prng& draw);
  void hub_io_error(base::Prng& draw);
  void bad_read(base::Prng& draw);
  void hub_bad_read(base::Prng& draw);
  void restored_image(base::Prng& draw);
  void replaced_disk(base::Prng& draw);
  void clock_jump(base::Prng& draw);
  void wrong_year(base::Prng& draw);
  // devices and shops
  void printer_trouble(base::Prng& draw);
  void scanner_unplugged(base::Prng& draw);
  void shop_away(base::Prng& draw);

  Fleet& fleet_;
  World& world_;
  std::map<std::string, std::vector<Image>> images_;  // by station, oldest first
  std::uint64_t era_ = 0;                             // what was armed in another one is void
  bool active_ = false;
};

}  // namespace dockline::sim
