#include "tests/sim/nodes/lane.hpp"

#include <algorithm>
#include <utility>

namespace dockline::sim {

ProcessLane::ProcessLane(World& world, const Clock& clock) : world_(world), clock_(clock) {}

ports::TimerId ProcessLane::after(std::int64_t delay_ms, std::function<void()> fire) {
  const auto wait = std::max<std::int64_t>(0, clock_.world_ms(delay_ms));
  return world_.after(
      wait, [state = state_, fire = std::move(fire)]() mutable { run(state, std::move(fire)); });
}

void ProcessLane::post(std::function<void()> work) {
  world_.after(0,
               [state = state_, work = std::move(work)]() mutable { run(state, std::move(work)); });
}

void ProcessLane::pause() { state_->paused = true; }

void ProcessLane::resume() {
  state_->paused = false;
  auto waiting = std::exchange(state_->waiting, {});
  const auto state = state_;
  for (auto& work : waiting) run(state, std::move(work));
}

void ProcessLane::kill() {
  state_->dead = true;
  state_->waiting.clear();
}

}  // namespace dockline::sim
