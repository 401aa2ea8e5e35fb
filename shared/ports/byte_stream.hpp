// A device's bytes, in and out: serial line, TCP socket, pseudo-terminal. Transports implement it
// (firmware-interfaces/transports), device drivers use it, the simulator fakes it.
//
// Thread rule: everything on the owner's lane; events arrive there too, never from inside a call.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace dockline::ports {

class ByteStreamEvents {
 public:
  virtual ~ByteStreamEvents() = default;
  virtual void on_open() = 0;
  virtual void on_bytes(std::string_view bytes) = 0;
  // Once per open() that did not end by close(): could not be opened, was unplugged, peer closed.
  // `why` is for people: "no such device /dev/ttyACM0: plug it in or mend its address".
  virtual void on_closed(const base::Error& why) = 0;
};

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Starts opening; ends in on_open or on_closed. Calling it while open or opening is a bug
  // (CHECK).
  virtual void open(ByteStreamEvents& events) = 0;
  // Queues bytes. Fault::full beyond kDeviceWriteBytesMax, Fault::retry_later when not open.
  [[nodiscard]] virtual base::Status write(std::string bytes) = 0;
  // Bytes that have not left this machine as far as it can tell (own queue + kernel's SIOCOUTQ).
  [[nodiscard]] virtual std::size_t unsent() const = 0;
  virtual void close() = 0;  // no event follows
};

}  // namespace dockline::ports
