// Private to firmware-interfaces/transports: terminals as file descriptors.
#pragma once

#include <functional>
#include <string>

#include "firmware-interfaces/transports/address.hpp"
#include "shared/base/result.hpp"

namespace dockline::firmware {

// An open terminal in raw mode, non-blocking, locked against a second opener.
struct Tty {
  int fd = -1;                    // ours to close
  std::function<void()> release;  // after closing fd; may be empty
};

[[nodiscard]] base::Result<Tty> open_pty(const PtyAddress& address);
[[nodiscard]] base::Result<Tty> open_serial(const SerialAddress& address);

}  // namespace dockline::firmware
