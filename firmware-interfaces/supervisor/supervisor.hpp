// Keeps one device connected: tries to open it, notices when it goes, tries again. Pure; the owner
// does what the returned action says and calls tick() at deadline_ms().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/time.hpp"

namespace dockline::firmware {

class Supervisor {
 public:
  enum class State {
    absent,  // the last try to open it failed; trying again soon
    opening,
    ready,
    faulty,       // was open and did not work: closed, trying again soon
    backing_off,  // was open and went away; trying again soon
  };
  enum class Action { none, open, close };  // close: then nothing, tick() opens again

  [[nodiscard]] Action start(base::Instant now);
  [[nodiscard]] Action opened(base::Instant now);
  // Could not be opened, was unplugged, peer closed.
  [[nodiscard]] Action closed(base::Instant now, std::string_view why);
  // It is open and does not work: close and open it again.
  [[nodiscard]] Action fault(base::Instant now, std::string_view why);
  [[nodiscard]] Action tick(base::Instant now);

  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const { return due_ms_; }
  [[nodiscard]] State state() const { return state_; }
  // Known since start: false until the first try ended.
  [[nodiscard]] bool tried() const { return tried_; }
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  Action wait(base::Instant now, State state, std::string_view why);

  State state_ = State::absent;
  bool tried_ = false;
  std::optional<std::int64_t> due_ms_;
  std::int64_t delay_ms_ = 0;
  std::string why_;
};

}  // namespace dockline::firmware
