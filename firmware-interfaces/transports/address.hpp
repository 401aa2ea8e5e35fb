// Private to firmware-interfaces/transports: an address taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "shared/base/result.hpp"

namespace dockline::firmware {

enum class Parity { none, even, odd };

struct SerialAddress {
  std::string path;                     // /dev/ttyACM0; empty when found by USB identity
  int usb_vendor = 0, usb_product = 0;  // with an empty path
  std::string usb_serial;               // may be empty
  int baud = 9600, bits = 8, stop = 1;
  Parity parity = Parity::none;
};
struct TcpAddress {
  std::string host;
  std::string port;
};
struct PtyAddress {
  std::string path;
};
using Address = std::variant<SerialAddress, TcpAddress, PtyAddress>;

[[nodiscard]] base::Result<Address> parse_address(std::string_view text);

}  // namespace dockline::firmware
