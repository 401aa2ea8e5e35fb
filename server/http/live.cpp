// GET /api/v1/live: after {"token":"..."} the names of what changed, at most ten times a second,
// and a heartbeat every two seconds. One message is on its way at a time.
#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>

#include "server/api/system.hpp"
#include "server/http/edge.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::http {
namespace {

namespace ws = beast::websocket;
using Stream = ws::stream<beast::tcp_stream>;
using std::chrono::milliseconds;
using std::chrono::seconds;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kLiveMax = 64;
constexpr std::size_t kMessageBytesMax = 4096;
constexpr auto kHeartbeat = seconds(2);
constexpr auto kLeastGap = milliseconds(100);

ws::stream_base::timeout patience(seconds idle, bool pings) {
  return {.handshake_timeout = seconds(5), .idle_timeout = idle, .keep_alive_pings = pings};
}

asio::awaitable<bool> entered(Stream& stream, const std::string& token) {
  beast::flat_buffer buffer;
  auto [failed, n] = co_await stream.async_read(buffer, kAwait);
  if (failed) co_return false;
  co_return base::equal_constant_time(
      api::live_token({static_cast<const char*>(buffer.data().data()), buffer.size()}), token);
}

// Clients have nothing more to say; reading notices when they go.
asio::awaitable<void> until_gone(std::shared_ptr<Stream> stream,
                                 std::shared_ptr<LiveClient> client) {
  while (true) {
    beast::flat_buffer buffer;
    auto [failed, n] = co_await stream->async_read(buffer, kAwait);
    if (failed) break;
  }
  client->closed = true;
  client->bell.cancel();
}

}  // namespace

asio::awaitable<void> Edge::live(beast::tcp_stream tcp, Head head) {
  const auto self = shared_from_this();
  tcp.expires_never();
  const auto stream = std::make_shared<Stream>(std::move(tcp));
  stream->set_option(patience(seconds(5), false));
  stream->read_message_max(kMessageBytesMax);
  beast::http::request<beast::http::empty_body> request{std::move(head)};
  if (auto [failed] = co_await stream->async_accept(request, kAwait); failed) co_return;
  if (live_clients.size() >= kLiveMax) {
    co_await stream->async_close({ws::close_code::try_again_later, "too many listeners"}, kAwait);
    co_return;
  }
  if (!co_await entered(*stream, options.token)) {
    co_await stream->async_close({ws::close_code::policy_error, "unauthorized"}, kAwait);
    co_return;
  }
  stream->set_option(patience(seconds(20), true));
  stream->text(true);
  const auto client = std::make_shared<LiveClient>(io);
  live_clients.insert(client);
  asio::co_spawn(io, until_gone(stream, client), asio::detached);
  while (!client->closed) {
    const std::vector<std::string> topics(client->topics.begin(), client->topics.end());
    client->topics.clear();
    const std::string message = api::live_json(topics, position, lane.now().wall_ms);
    if (auto [failed, n] = co_await stream->async_write(asio::buffer(message), kAwait); failed) {
      break;
    }
    asio::steady_timer gap(io, kLeastGap);
    co_await gap.async_wait(kAwait);
    if (client->closed || !client->topics.empty()) continue;
    client->bell.expires_after(kHeartbeat - kLeastGap);
    co_await client->bell.async_wait(kAwait);
  }
  live_clients.erase(client);
  client->closed = true;
  stream->next_layer().close();
}

}  // namespace dockline::server::http
