// The outside of a command, so that tests can hold it: two streams, what they are, and the clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>

namespace dockline::server::cli {

struct Io {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;      // a terminal, and NO_COLOR is not set
  std::size_t columns = 0;  // of the terminal; 0: no limit
  std::function<std::int64_t()> now_ms;
  std::function<void(std::int64_t ms)> sleep_ms;
};

}  // namespace dockline::server::cli
