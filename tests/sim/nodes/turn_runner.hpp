// Runs a Turn in a simulated process, as shared/runtime/turn_lane.hpp does on a real lane: inputs
// that arrive together commit together. Can die on the way: after the commit with some of the
// turn's effects released.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "shared/turn/turn.hpp"
#include "tests/sim/nodes/lane.hpp"

namespace dockline::sim {

template <class App>
class TurnRunner {
 public:
  using Turn = turn::Turn<App>;
  struct Hooks {
    std::function<void()> committed;       // before the first effect of a turn leaves
    std::function<void()> turned;          // after each turn
    std::function<void()> died;            // the armed death came true: destroy the process soon
    std::function<bool()> dies_elsewhere;  // the disk lost its power within this turn
  };

  TurnRunner(ProcessLane& lane, typename Turn::Shell shell, Hooks hooks)
      : lane_(lane), hooks_(std::move(hooks)), turn_(with_death(std::move(shell))) {}

  [[nodiscard]] base::Status start() { return turn_.start(); }
  [[nodiscard]] bool post(typename App::Input input) {
    const bool taken = turn_.post(std::move(input));
    schedule();
    return taken;
  }
  [[nodiscard]] Turn& turn() { return turn_; }
  // The process dies in the next turn that has effects, when `effects` of them have left.
  void die_after(std::uint64_t effects) { dies_after_ = effects; }
  void die_never() { dies_after_.reset(); }
  // Each turn takes this long to come to it: a slow machine, a slow disk.
  void set_slow_ms(std::int64_t ms) { slow_ms_ = ms; }

 private:
  typename Turn::Shell with_death(typename Turn::Shell shell) {
    auto release = std::move(shell.release);
    shell.release = [this, release = std::move(release)](typename App::Effect effect) {
      if (!std::exchange(told_, true) && !lane_.dead()) hooks_.committed();
      if (dies_after_ && *dies_after_ == 0 && !lane_.dead()) {
        lane_.kill();
        hooks_.died();
      }
      if (lane_.dead()) return;
      if (dies_after_) --*dies_after_;
      release(std::move(effect));
    };
    auto reject = std::move(shell.reject);
    shell.reject = [this, reject = std::move(reject)](const typename App::Input& input,
                                                      const base::Error& why) {
      if (!lane_.dead() && !hooks_.dies_elsewhere()) reject(input, why);
    };
    return shell;
  }

  void schedule() {
    if (std::exchange(scheduled_, true)) return;
    if (slow_ms_ > 0)
      lane_.after(slow_ms_, [this] { run(); });
    else
      lane_.post([this] { run(); });
  }

  void run() {
    scheduled_ = false;
    told_ = false;
    turn_.run();
    if (!lane_.dead() && hooks_.dies_elsewhere()) {
      lane_.kill();
      return hooks_.died();
    }
    if (!told_) hooks_.committed();
    if (lane_.dead()) return;
    hooks_.turned();
    if (!turn_.idle()) schedule();
  }

  ProcessLane& lane_;
  Hooks hooks_;
  Turn turn_;
  std::optional<std::uint64_t> dies_after_;
  std::int64_t slow_ms_ = 0;
  bool scheduled_ = false, told_ = false;
};

}  // namespace dockline::sim
