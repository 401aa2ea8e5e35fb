// Addresses to byte streams: serial:///dev/ttyACM0?baud=9600&parity=none&bits=8&stop=1,
// tcp://host:port, pty:///path.
#pragma once

#include <memory>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/ports/byte_stream.hpp"

namespace boost::asio {
class io_context;
}

namespace dockline::firmware {

// Fault::reject when the address is not understood: the detail names the part and shows an example.
[[nodiscard]] base::Result<std::unique_ptr<ports::ByteStream>> make_stream(
    boost::asio::io_context& io, std::string_view address);
// The same check without making anything; for --check-config.
[[nodiscard]] base::Status check_address(std::string_view address);

}  // namespace dockline::firmware
