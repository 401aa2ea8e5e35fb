#include "firmware-interfaces/supervisor/supervisor.hpp"

#include <algorithm>

#include "shared/base/limits.hpp"

namespace dockline::firmware {
namespace limits = base::limits;

Supervisor::Action Supervisor::start(base::Instant now) {
  state_ = State::opening;
  due_ms_ = now.mono_ms + limits::kConnectMs;
  return Action::open;
}

Supervisor::Action Supervisor::opened(base::Instant /*now*/) {
  if (state_ != State::opening) {
    return Action::none;
  }
  state_ = State::ready;
  tried_ = true;
  due_ms_.reset();
  delay_ms_ = 0;
  why_.clear();
  return Action::none;
}

Supervisor::Action Supervisor::closed(base::Instant now, std::string_view why) {
  switch (state_) {
    case State::opening:
      return wait(now, State::absent, why);
    case State::ready:
      return wait(now, State::backing_off, why);
    case State::absent:
    case State::faulty:
    case State::backing_off:
      return Action::none;
  }
  return Action::none;
}

Supervisor::Action Supervisor::fault(base::Instant now, std::string_view why) {
  if (state_ != State::ready) {
    return Action::none;
  }
  (void)wait(now, State::faulty, why);
  return Action::close;
}

Supervisor::Action Supervisor::tick(base::Instant now) {
  if (!due_ms_ || now.mono_ms < *due_ms_) {
    return Action::none;
  }
  if (state_ == State::opening) {
    (void)wait(now, State::absent, "does not answer: check cable, power and address");
    return Action::close;
  }
  return start(now);
}

Supervisor::Action Supervisor::wait(base::Instant now, State state, std::string_view why) {
  state_ = state;
  tried_ = true;
  why_ = why;
  delay_ms_ = std::clamp(delay_ms_ * 2, limits::kDeviceRetryFirstMs, limits::kDeviceRetryMostMs);
  due_ms_ = now.mono_ms + delay_ms_;
  return Action::none;
}

}  // namespace dockline::firmware
