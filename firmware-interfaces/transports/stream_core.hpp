// Private to firmware-interfaces/transports: reading and bounded writing over any Asio stream.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <sys/ioctl.h>

#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "shared/ports/byte_stream.hpp"

namespace dockline::firmware {

inline base::Error lost(std::string_view where, const boost::system::error_code& error) {
  std::string why =
      error == boost::asio::error::eof ? "the other end closed the connection" : error.message();
  return {base::Fault::retry_later, std::string(where) + ": " + std::move(why)};
}

// One connection, from open to close. Handlers keep it alive; `events` is empty once nobody
// listens.
template <class Io>
struct StreamCore : std::enable_shared_from_this<StreamCore<Io>> {
  Io io;
  std::string where;  // address, for people
  ports::ByteStreamEvents* events;
  bool open = false;
  std::function<void()> cleanup;  // frees what belongs to the connection; runs once
  std::deque<std::string> queue;
  std::size_t queued_bytes = 0, front_sent = 0;
  std::array<char, 4096> buffer{};

  StreamCore(Io stream, std::string address, ports::ByteStreamEvents& listener)
      : io(std::move(stream)), where(std::move(address)), events(&listener) {}

  void started() {
    open = true;
    events->on_open();
    if (events != nullptr) {
      read();
    }
  }

  void read() {
    io.async_read_some(
        boost::asio::buffer(buffer),
        [self = this->shared_from_this()](auto error, std::size_t n) { self->on_read(error, n); });
  }
  void on_read(const boost::system::error_code& error, std::size_t n) {
    if (events == nullptr) {
      return;
    }
    if (error) {
      end(lost(where, error));
      return;
    }
    events->on_bytes(std::string_view(buffer.data(), n));
    if (events != nullptr) {
      read();
    }
  }

  base::Status write(std::string bytes) {
    if (queued_bytes + bytes.size() > base::limits::kDeviceWriteBytesMax) {
      return base::fail(base::Fault::full, where + ": takes no bytes, the queue is full");
    }
    if (bytes.empty()) {
      return {};
    }
    queued_bytes += bytes.size();
    queue.push_back(std::move(bytes));
    if (queue.size() == 1) {
      push();
    }
    return {};
  }
  void push() {
    const auto rest = boost::asio::buffer(queue.front()) + front_sent;
    io.async_write_some(rest, [self = this->shared_from_this()](auto error, std::size_t n) {
      self->on_written(error, n);
    });
  }
  void on_written(const boost::system::error_code& error, std::size_t n) {
    if (events == nullptr) {
      return;
    }
    if (error) {
      end(lost(where, error));
      return;
    }
    queued_bytes -= n;
    front_sent += n;  // a short write is no error
    if (front_sent == queue.front().size()) {
      queue.pop_front();
      front_sent = 0;
    }
    if (!queue.empty()) {
      push();
    }
  }

  [[nodiscard]] std::size_t unsent() {
    int in_kernel = 0;
    if (::ioctl(io.native_handle(), TIOCOUTQ, &in_kernel) != 0 || in_kernel < 0) {
      in_kernel = 0;
    }
    return queued_bytes + static_cast<std::size_t>(in_kernel);
  }

  // Ends it from the device's side.
  void end(const base::Error& why) {
    const auto self = this->shared_from_this();
    auto* listener = std::exchange(events, nullptr);
    stop();
    if (listener != nullptr) {
      listener->on_closed(why);
    }
  }
  // Ends it from our side: no event follows.
  void stop() {
    events = nullptr;
    open = false;
    boost::system::error_code ignored;
    io.close(ignored);
    if (const auto work = std::exchange(cleanup, nullptr)) {
      work();
    }
  }
};

// A ByteStream over one Core at a time. What opening means is begin()'s.
template <class Io>
class AsioStream : public ports::ByteStream {
 public:
  using Core = StreamCore<Io>;

  AsioStream(boost::asio::io_context& io, std::string where) : io_(io), where_(std::move(where)) {}
  ~AsioStream() override { finish(); }
  AsioStream(const AsioStream&) = delete;
  AsioStream& operator=(const AsioStream&) = delete;

  void open(ports::ByteStreamEvents& events) final {
    CHECK(!core_);
    core_ = std::make_shared<Core>(Io(io_), where_, events);
    core_->cleanup = [this] { core_.reset(); };
    // Posted, because open() never calls back from inside.
    boost::asio::post(io_, [this, core = core_] {
      if (core->events != nullptr) {
        begin(core);
      }
    });
  }
  [[nodiscard]] base::Status write(std::string bytes) final {
    if (!core_ || !core_->open) {
      return base::fail(base::Fault::retry_later, where_ + ": not open");
    }
    return core_->write(std::move(bytes));
  }
  [[nodiscard]] std::size_t unsent() const final {
    return core_ && core_->open ? core_->unsent() : 0;
  }
  void close() final { finish(); }

 protected:
  // Ends in core->started() or core->end().
  virtual void begin(std::shared_ptr<Core> core) = 0;

  boost::asio::io_context& io_;
  std::string where_;

 private:
  void finish() {
    if (const auto core = core_) {
      core->stop();
    }
  }

  std::shared_ptr<Core> core_;
};

}  // namespace dockline::firmware
