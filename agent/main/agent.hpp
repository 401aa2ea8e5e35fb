// The composition root: builds the shells, hands them to StationApp, carries its effects out.
// Thread rule: one lane, everything on it.
#pragma once

#include <memory>

#include "agent/main/settings.hpp"

namespace dockline::agent {

class Agent {
 public:
  explicit Agent(Settings settings);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // Runs until SIGTERM; the exit code. What cannot start is said on standard error with its remedy.
  [[nodiscard]] int run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::agent
