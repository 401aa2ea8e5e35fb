// A Lane is one io_context run by exactly one thread. It owns its state; others post to it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "shared/ports/timers.hpp"

namespace boost::asio {
class io_context;
}

namespace dockline::runtime {

class Lane final : public ports::Timers {
 public:
  Lane();
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void run();                             // on the owning thread, until stop()
  void stop();                            // from any thread
  void post(std::function<void()> work);  // from any thread

  ports::TimerId after(std::int64_t delay_ms, std::function<void()> fire) override;
  void cancel(ports::TimerId id) override;
  [[nodiscard]] base::Instant now() const override;

  // SIGTERM and SIGINT: `stop` runs on the lane, once; a second signal ends the process at once.
  void on_stop_signal(std::function<void()> stop);

  [[nodiscard]] boost::asio::io_context& io();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The machine's clocks, for threads without a lane.
[[nodiscard]] base::Instant system_now();

}  // namespace dockline::runtime
