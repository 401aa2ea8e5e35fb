// Private to firmware-interfaces/transports: one maker per kind of stream.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "firmware-interfaces/transports/address.hpp"
#include "firmware-interfaces/transports/tty.hpp"
#include "shared/ports/byte_stream.hpp"

namespace boost::asio {
class io_context;
}

namespace dockline::firmware {

[[nodiscard]] std::unique_ptr<ports::ByteStream> make_tty_stream(
    boost::asio::io_context& io, std::string where, std::function<base::Result<Tty>()> open_tty);
[[nodiscard]] std::unique_ptr<ports::ByteStream> make_tcp_stream(boost::asio::io_context& io,
                                                                 std::string where,
                                                                 TcpAddress address);

}  // namespace dockline::firmware
