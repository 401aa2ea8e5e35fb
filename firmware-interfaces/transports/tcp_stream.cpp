#include <chrono>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "firmware-interfaces/transports/stream_core.hpp"
#include "firmware-interfaces/transports/streams.hpp"

namespace dockline::firmware {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A peer that vanished while nobody sends is noticed after about two seconds.
void set_options(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  for (const int option : {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT}) {
    const int one = 1;
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &one, sizeof one);
  }
}

class TcpStream final : public AsioStream<tcp::socket> {
 public:
  TcpStream(asio::io_context& io, std::string where, TcpAddress address)
      : AsioStream(io, std::move(where)), address_(std::move(address)), resolver_(io), timer_(io) {}

 protected:
  void begin(std::shared_ptr<Core> core) override {
    timer_.expires_after(std::chrono::milliseconds(base::limits::kConnectMs));
    timer_.async_wait([this, core](const boost::system::error_code& error) {
      if (!error && core->events != nullptr && !core->open) {
        resolver_.cancel();
        core->end({base::Fault::retry_later,
                   where_ + ": does not answer: check cable, power and address"});
      }
    });
    boost::system::error_code not_numeric;
    const auto numeric = asio::ip::make_address(address_.host, not_numeric);
    if (!not_numeric) {  // no need for the resolver's thread
      const auto port = static_cast<asio::ip::port_type>(std::stoul(address_.port));
      connect(core, tcp::resolver::results_type::create({numeric, port}, address_.host, ""));
      return;
    }
    resolver_.async_resolve(address_.host, address_.port,
                            [this, core](const boost::system::error_code& error,
                                         const tcp::resolver::results_type& to) {
                              if (core->events == nullptr) {
                                return;
                              }
                              if (error) {
                                fail_open(*core, error);
                                return;
                              }
                              connect(core, to);
                            });
  }

 private:
  void connect(const std::shared_ptr<Core>& core, const tcp::resolver::results_type& to) {
    asio::async_connect(core->io, to,
                        [this, core](const boost::system::error_code& error, const tcp::endpoint&) {
                          if (core->events == nullptr) {
                            return;  // `this` may be gone
                          }
                          if (error) {
                            fail_open(*core, error);
                            return;
                          }
                          timer_.cancel();
                          set_options(core->io);
                          core->started();
                        });
  }
  void fail_open(Core& core, const boost::system::error_code& error) {
    timer_.cancel();
    core.end(lost(where_, error));
  }

  TcpAddress address_;
  tcp::resolver resolver_;
  asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<ports::ByteStream> make_tcp_stream(asio::io_context& io, std::string where,
                                                   TcpAddress address) {
  return std::make_unique<TcpStream>(io, std::move(where), std::move(address));
}

}  // namespace dockline::firmware
