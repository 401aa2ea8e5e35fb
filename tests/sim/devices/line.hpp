// A simulated device's plug: one connection at a time, bytes that take a while and may be split.
// The process holds a ByteStream (destroyed when it dies), the device holds the Plug.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/ports/byte_stream.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {

struct Line;  // one process's end

class Plug {
 public:
  using Take = std::function<void(std::string bytes)>;
  Plug(World& world, std::string device, Take take);
  ~Plug();
  Plug(const Plug&) = delete;
  Plug& operator=(const Plug&) = delete;

  // The device's address opened by a process. A second process is refused while one is connected.
  [[nodiscard]] std::unique_ptr<ports::ByteStream> stream();

  [[nodiscard]] bool connected() const { return peer_ != nullptr; }
  // From the device to the process after delay_ms; lost when the connection ends before.
  void send(std::string bytes, std::int64_t delay_ms);
  void drop(std::string why);      // the connection ends
  void set_plugged(bool plugged);  // false: drops, refuses to open
  void set_reads(bool reads);      // false: what is written stays with the process
  void set_delay_ms(std::int64_t delay_ms) { delay_ms_ = delay_ms; }
  void set_split_per_mille(std::uint32_t split) { split_ = split; }

 private:
  friend struct Line;
  friend class Stream;
  void opened(const std::shared_ptr<Line>& line);
  void written(const std::shared_ptr<Line>& line, std::string bytes);
  void deliver(const std::shared_ptr<Line>& line, std::string bytes, std::int64_t delay_ms);

  World& world_;
  std::string device_;
  base::Prng& draw_;  // its own stream
  Take take_;
  std::shared_ptr<Line> peer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool plugged_ = true, reads_ = true;
  std::int64_t delay_ms_ = 1;
  std::uint32_t split_ = 0;
};

}  // namespace dockline::sim
