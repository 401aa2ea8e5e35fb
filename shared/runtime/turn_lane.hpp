// Runs a Turn on a Lane: inputs are posted one by one, the turn runs after everything that is
// already queued on the lane, so that what arrived together commits together.
#pragma once

#include <utility>

#include "shared/runtime/lane.hpp"
#include "shared/turn/turn.hpp"

namespace dockline::runtime {

template <class App>
class TurnLane {
 public:
  using Turn = turn::Turn<App>;
  TurnLane(Lane& lane, typename Turn::Shell shell) : lane_(lane), turn_(std::move(shell)) {}

  [[nodiscard]] base::Status start() { return turn_.start(); }

  // On the lane. False when the mailbox is full.
  [[nodiscard]] bool post(typename App::Input input) {
    const bool taken = turn_.post(std::move(input));
    if (!scheduled_) {
      scheduled_ = true;
      lane_.post([this] { run(); });
    }
    return taken;
  }

  [[nodiscard]] Turn& turn() { return turn_; }

 private:
  void run() {
    scheduled_ = false;
    turn_.run();
    if (!turn_.idle() && !scheduled_) {
      scheduled_ = true;
      lane_.post([this] { run(); });
    }
  }

  Lane& lane_;
  Turn turn_;
  bool scheduled_ = false;
};

}  // namespace dockline::runtime
