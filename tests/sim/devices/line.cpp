#include "tests/sim/devices/line.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"

namespace dockline::sim {

// State of one stream, kept alive by events that are still under way.
struct Line {
  ports::ByteStreamEvents* events = nullptr;  // null: closed by the process, or the process is dead
  Plug* plug = nullptr;
  bool open = false;
  std::string stuck;  // written, not taken by the device yet
};

class Stream final : public ports::ByteStream {
 public:
  explicit Stream(Plug& plug) : plug_(plug), alive_(plug.alive_) {}
  ~Stream() override { close(); }

  void open(ports::ByteStreamEvents& events) override {
    CHECK(line_ == nullptr || line_->events == nullptr);
    line_ = std::make_shared<Line>();
    line_->events = &events;
    line_->plug = &plug_;
    plug_.opened(line_);
  }
  base::Status write(std::string bytes) override {
    if (line_ == nullptr || !line_->open) {
      return base::fail(base::Fault::retry_later, plug_.device_ + " is not open");
    }
    if (line_->stuck.size() + bytes.size() > base::limits::kDeviceWriteBytesMax) {
      return base::fail(base::Fault::full, plug_.device_ + " takes nothing");
    }
    plug_.written(line_, std::move(bytes));
    return {};
  }
  std::size_t unsent() const override { return line_ == nullptr ? 0 : line_->stuck.size(); }
  void close() override {
    if (line_ == nullptr) return;
    line_->events = nullptr;
    line_->open = false;
    if (*alive_ && plug_.peer_ == line_) plug_.peer_.reset();
    line_.reset();
  }

 private:
  Plug& plug_;
  std::shared_ptr<bool> alive_;
  std::shared_ptr<Line> line_;
};

Plug::Plug(World& world, std::string device, Take take)
    : world_(world),
      device_(std::move(device)),
      draw_(world.random("device " + device_)),
      take_(std::move(take)) {}

Plug::~Plug() { *alive_ = false; }

std::unique_ptr<ports::ByteStream> Plug::stream() { return std::make_unique<Stream>(*this); }

void Plug::opened(const std::shared_ptr<Line>& line) {
  world_.after(delay_ms_, [this, line, alive = alive_] {
    if (line->events == nullptr || !*alive) return;
    if (!plugged_ || (peer_ != nullptr && peer_ != line)) {
      auto* events = std::exchange(line->events, nullptr);
      return events->on_closed({base::Fault::retry_later, device_ + " is not there: plug it in"});
    }
    peer_ = line;
    line->open = true;
    line->events->on_open();
  });
}

void Plug::written(const std::shared_ptr<Line>& line, std::string bytes) {
  if (!reads_) {
    line->stuck += bytes;
    return;
  }
  world_.after(delay_ms_, [this, alive = alive_, bytes = std::move(bytes)]() mutable {
    if (*alive && plugged_) take_(std::move(bytes));
  });
}

void Plug::deliver(const std::shared_ptr<Line>& line, std::string bytes, std::int64_t delay_ms) {
  world_.after(delay_ms, [line, bytes = std::move(bytes)] {
    if (line->open && line->events != nullptr) line->events->on_bytes(bytes);
  });
}

void Plug::send(std::string bytes, std::int64_t delay_ms) {
  if (peer_ == nullptr || bytes.empty()) return;
  if (split_ != 0 && bytes.size() > 1 && draw_.chance(split_)) {
    const auto cut = static_cast<std::size_t>(1 + draw_.below(bytes.size() - 1));
    deliver(peer_, bytes.substr(0, cut), delay_ms);
    bytes.erase(0, cut);
    delay_ms += static_cast<std::int64_t>(draw_.below(30));
  }
  deliver(peer_, std::move(bytes), delay_ms);
}

void Plug::drop(std::string why) {
  auto line = std::exchange(peer_, nullptr);
  if (line == nullptr) return;
  line->open = false;
  world_.after(0, [line, why = std::move(why)] {
    auto* events = std::exchange(line->events, nullptr);
    if (events != nullptr) events->on_closed({base::Fault::retry_later, why});
  });
}

void Plug::set_plugged(bool plugged) {
  plugged_ = plugged;
  if (!plugged) drop(device_ + " was unplugged");
}

void Plug::set_reads(bool reads) {
  reads_ = reads;
  if (reads && peer_ != nullptr) {
    auto stuck = std::exchange(peer_->stuck, {});
    if (!stuck.empty()) written(peer_, std::move(stuck));
  }
}

}  // namespace dockline::sim
