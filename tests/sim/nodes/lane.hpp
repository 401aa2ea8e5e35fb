// The one thread of a simulated process: timers, posted work, and what comes in from outside. Dies
// with the process: nothing of it runs afterwards. A pause (SIGSTOP, a machine that swaps) lets
// everything wait and then come at once, in order.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "shared/ports/timers.hpp"
#include "tests/sim/nodes/clock.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {

class ProcessLane final : public ports::Timers {
 public:
  ProcessLane(World& world, const Clock& clock);
  ~ProcessLane() override { kill(); }
  ProcessLane(const ProcessLane&) = delete;
  ProcessLane& operator=(const ProcessLane&) = delete;

  ports::TimerId after(std::int64_t delay_ms, std::function<void()> fire) override;
  void cancel(ports::TimerId id) override { world_.cancel(id); }
  [[nodiscard]] base::Instant now() const override { return clock_.now(); }

  void post(std::function<void()> work);
  // Wraps what another part of the world calls later, once or often: nothing once this process is
  // dead.
  template <class F>
  [[nodiscard]] auto guard(F work) {
    return [state = state_, work = std::make_shared<F>(std::move(work))](auto... args) {
      if (state->dead) return;
      if (!state->paused) return (*work)(std::move(args)...);
      state->waiting.emplace_back(
          [work, ... args = std::move(args)]() mutable { (*work)(std::move(args)...); });
    };
  }
  void pause();
  void resume();
  [[nodiscard]] bool paused() const { return state_->paused; }
  void kill();
  [[nodiscard]] bool dead() const { return state_->dead; }

 private:
  struct State {
    bool dead = false, paused = false;
    std::deque<std::function<void()>> waiting;
  };
  template <class F>
  static void run(const std::shared_ptr<State>& state, F work) {
    if (state->dead) return;
    if (!state->paused) return work();
    state->waiting.emplace_back(std::move(work));
  }

  World& world_;
  const Clock& clock_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace dockline::sim
