// Private to server/http: what one server's connections share. Includes Beast.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "server/api/api.hpp"
#include "server/api/guard.hpp"
#include "server/api/stream.hpp"
#include "server/http/server.hpp"

namespace dockline::server::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using Head = beast::http::request_header<>;
using HttpRequest = beast::http::request<beast::http::string_body>;

// Somebody waits for a value that another lane or thread sends: the timer is the bell.
template <class T>
struct Waiter {
  explicit Waiter(asio::io_context& io) : bell(io) {}
  asio::steady_timer bell;
  std::optional<T> value;

  void give(T v) {  // on the lane
    value = std::move(v);
    bell.cancel();
  }
};

// One page or tool that listens on /live. Topics gather here while a message is on its way, so a
// slow client gets fewer messages, never a longer queue.
struct LiveClient {
  explicit LiveClient(asio::io_context& io) : bell(io) {}
  asio::steady_timer bell;
  std::set<std::string> topics;
  bool closed = false;
};

struct Edge : std::enable_shared_from_this<Edge> {
  Edge(runtime::Lane& lane, Options o, Ports p, store::Reader r, web::Assets a);

  base::Status listen();
  asio::awaitable<void> accept_loop();
  asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer);
  asio::awaitable<bool> refuse(beast::tcp_stream& stream, api::Answer refusal);
  asio::awaitable<void> serve(Tcp::socket socket);                            // session.cpp
  asio::awaitable<void> live(beast::tcp_stream stream, Head head);            // live.cpp
  asio::awaitable<void> stream(beast::tcp_stream taken, api::StreamAsk ask);  // stream.cpp
  [[nodiscard]] std::optional<api::Answer> no_stream() const;
  base::Result<std::string> stream_piece(const api::StreamAsk& ask, std::int64_t& at, bool& end);
  asio::awaitable<bool> begin_stream(beast::tcp_stream& tcp, const Head& head, std::string query);
  asio::awaitable<api::Answer> answer(api::Request request);  // session.cpp
  asio::awaitable<api::Answer> ask(api::Ask ask);
  asio::awaitable<api::Answer> verify();
  asio::awaitable<api::Answer> backup();
  asio::awaitable<api::Answer> look(api::AskLook ask);
  [[nodiscard]] std::string metrics();

  runtime::Lane& lane;
  asio::io_context& io;
  Options options;
  Ports ports;
  store::Reader reader;
  web::Assets assets;
  api::Access access;
  Tcp::acceptor acceptor;
  std::uint16_t port = 0;

  bool verifying = false, backing_up = false, looking = false;
  std::deque<std::shared_ptr<Waiter<bool>>> looks_waiting;
  std::set<std::shared_ptr<LiveClient>> live_clients, stream_clients;
  std::int64_t position = 0;

  std::size_t connections = 0;
  std::map<int, std::uint64_t> answered;  // by status
  std::uint64_t refused_connections = 0;
};

// Counts one connection for as long as it lives.
class Counted {
 public:
  explicit Counted(std::shared_ptr<Edge> edge) : edge_(std::move(edge)) { ++edge_->connections; }
  ~Counted() { --edge_->connections; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::shared_ptr<Edge> edge_;
};

}  // namespace dockline::server::http
