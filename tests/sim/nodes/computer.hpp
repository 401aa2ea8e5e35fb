// A simulated computer with the one program of ours that it runs: power, clock, disk, and the ways
// a program ends and starts again. What the program is, its node says.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "shared/base/result.hpp"
#include "tests/sim/broker/broker.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/disk/sim_disk.hpp"
#include "tests/sim/nodes/lane.hpp"
#include "tests/sim/nodes/turn_runner.hpp"

namespace dockline::sim {

class Computer {
 public:
  Computer(const Computer&) = delete;
  Computer& operator=(const Computer&) = delete;
  virtual ~Computer();

  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] bool running() const { return process_ != nullptr; }
  [[nodiscard]] bool powered() const { return powered_; }

  void start();  // as the service manager does: again after a while when it cannot start
  void stop();   // wanted: says farewell
  void kill(const std::string& why);
  void power_cut(std::int64_t off_ms);  // it comes back by itself
  void boot();                          // at once
  void die_after(std::uint64_t effects);
  void die_never();  // takes that back
  void pause(std::int64_t ms);
  void resume();
  void set_slow_ms(std::int64_t ms);
  // An old image or an empty disk: only while the computer is off.
  void restore(const DiskImage& image);

 protected:
  struct Process {
    Process(World& world, const Clock& clock) : lane(world, clock) {}
    virtual ~Process() = default;
    virtual void die_after(std::uint64_t effects) = 0;
    virtual void die_never() = 0;
    virtual void set_slow_ms(std::int64_t ms) = 0;
    ProcessLane lane;
  };
  // One that runs a Turn.
  template <class App>
  struct AppProcess : Process {
    using Runner = TurnRunner<App>;
    AppProcess(World& world, const Clock& clock, typename Runner::Turn::Shell shell,
               typename Runner::Hooks hooks)
        : Process(world, clock), turn(lane, std::move(shell), std::move(hooks)) {}
    void die_after(std::uint64_t effects) override { turn.die_after(effects); }
    void die_never() override { turn.die_never(); }
    void set_slow_ms(std::int64_t ms) override { turn.set_slow_ms(ms); }
    Runner turn;
  };
  struct Build {
    std::string name;     // at the broker, in traces
    std::string program;  // as traces call it
    std::int64_t boot_ms = 0;
    Disk* disk = nullptr;
  };
  Computer(World& world, Broker& broker, Build build);

  // A new process, not begun; process_ is it when begin() is called.
  [[nodiscard]] virtual std::unique_ptr<Process> make_process() = 0;
  [[nodiscard]] virtual base::Status begin() = 0;
  virtual void farewell() = 0;
  virtual void report(Mishap what, const std::string& why) = 0;
  // The process is gone, its objects when nothing of it is on the stack any more.
  virtual void process_gone() = 0;

  // Of a destructor: what the process looks at is still there.
  void end_process();
  void die(const std::string& why);  // by itself, or because its disk lost power
  [[nodiscard]] bool disk_dead() const { return build_.disk != nullptr && build_.disk->dead(); }
  void trace(const std::string& line) const;

  World& world_;
  Broker& broker_;
  std::unique_ptr<Process> process_;

 private:
  void forget_process();

  Build build_;
  Clock clock_;
  std::unique_ptr<Process> dying_;
  std::uint64_t generation_ = 0;
  std::int64_t slow_ms_ = 0;
  bool powered_ = true, wanted_ = true;
};

}  // namespace dockline::sim
