#include "firmware-interfaces/transports/factory.hpp"

#include "firmware-interfaces/transports/streams.hpp"

namespace dockline::firmware {

base::Result<std::unique_ptr<ports::ByteStream>> make_stream(boost::asio::io_context& io,
                                                             std::string_view address) {
  auto parsed = parse_address(address);
  if (!parsed) {
    return base::pass(parsed.error());
  }
  if (auto* tcp = std::get_if<TcpAddress>(&*parsed)) {
    return make_tcp_stream(io, tcp->host + ":" + tcp->port, std::move(*tcp));
  }
  if (auto* pty = std::get_if<PtyAddress>(&*parsed)) {
    return make_tty_stream(io, pty->path, [a = *pty] { return open_pty(a); });
  }
  auto& serial = std::get<SerialAddress>(*parsed);
  const auto where = serial.path.empty() ? std::string(address) : serial.path;
  return make_tty_stream(io, where, [a = serial] { return open_serial(a); });
}

base::Status check_address(std::string_view address) {
  const auto parsed = parse_address(address);
  return parsed ? base::Status{} : base::pass(parsed.error());
}

}  // namespace dockline::firmware
