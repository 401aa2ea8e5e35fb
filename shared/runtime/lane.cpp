#include "shared/runtime/lane.hpp"

#include <chrono>
#include <csignal>
#include <unordered_map>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace dockline::runtime {

namespace asio = boost::asio;

struct Lane::Impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
  std::unordered_map<ports::TimerId, std::unique_ptr<asio::steady_timer>> timers;
  ports::TimerId last_timer = 0;
  std::unique_ptr<asio::signal_set> signals;
};

Lane::Lane() : impl_(std::make_unique<Impl>()) {}
Lane::~Lane() = default;

void Lane::run() {
  impl_->io.restart();  // after a stop()
  impl_->io.run();
}
void Lane::stop() { impl_->io.stop(); }
void Lane::post(std::function<void()> work) { asio::post(impl_->io, std::move(work)); }
asio::io_context& Lane::io() { return impl_->io; }

ports::TimerId Lane::after(std::int64_t delay_ms, std::function<void()> fire) {
  const ports::TimerId id = ++impl_->last_timer;
  auto timer = std::make_unique<asio::steady_timer>(impl_->io, std::chrono::milliseconds(delay_ms));
  timer->async_wait([this, id, fire = std::move(fire)](boost::system::error_code cancelled) {
    if (cancelled || impl_->timers.erase(id) == 0) return;
    fire();
  });
  impl_->timers.emplace(id, std::move(timer));
  return id;
}

void Lane::cancel(ports::TimerId id) { impl_->timers.erase(id); }

base::Instant Lane::now() const { return system_now(); }

void Lane::on_stop_signal(std::function<void()> stop) {
  impl_->signals = std::make_unique<asio::signal_set>(impl_->io, SIGTERM, SIGINT);
  impl_->signals->async_wait([this, stop = std::move(stop)](boost::system::error_code failed, int) {
    if (failed) return;
    impl_->signals.reset();  // the default action is back: a second signal ends the process
    stop();
  });
}

base::Instant system_now() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return {duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(),
          duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace dockline::runtime
