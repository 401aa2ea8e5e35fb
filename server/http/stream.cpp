// GET /api/v1/stream: the log's facts as server-sent events, from a position on and then as they
// come; a comment every five seconds. The log itself is the queue: a listener reads it page by page
// at its own pace, and one that takes nothing for half a minute is dropped.
#include "server/api/stream.hpp"

#include <array>
#include <chrono>
#include <memory>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/http/edge.hpp"

namespace dockline::server::http {
namespace {

using std::chrono::seconds;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kStreamsMax = 32;
constexpr std::int64_t kPageEvents = 200;
constexpr std::size_t kPieceBytes = 256 * 1024;  // written at once, more or less
constexpr auto kTakeTime = seconds(30);          // a slow listener has this long for one piece
constexpr auto kHeartbeat = seconds(5);

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";

asio::awaitable<bool> write(beast::tcp_stream& tcp, std::string_view text) {
  tcp.expires_after(kTakeTime);
  auto [failed, n] = co_await asio::async_write(tcp, asio::buffer(text), kAwait);
  co_return !failed;
}

// A listener says nothing more; reading notices when it goes. On the socket itself: the stream's
// time limit is that of writing.
asio::awaitable<void> until_gone(std::shared_ptr<beast::tcp_stream> tcp,
                                 std::shared_ptr<LiveClient> client) {
  std::array<char, 512> sink{};
  while (!client->closed) {
    auto [failed, n] = co_await tcp->socket().async_read_some(asio::buffer(sink), kAwait);
    if (failed) break;
  }
  client->closed = true;
  client->bell.cancel();
}

}  // namespace

// The next piece of the log behind `at` for this listener; `at` moves on.
base::Result<std::string> Edge::stream_piece(const api::StreamAsk& ask, std::int64_t& at,
                                             bool& end) {
  std::string out;
  while (out.size() < kPieceBytes) {
    const auto page = reader.events(at, kPageEvents, "", "");
    if (!page) return base::pass(page.error());
    for (const auto& event : page->items) {
      if (ask.wants(event.type)) out += api::stream_event(event);
      at = event.position;
      if (out.size() >= kPieceBytes) break;
    }
    end = page->items.size() < static_cast<std::size_t>(kPageEvents) && out.size() < kPieceBytes;
    if (end || !ask.types.empty()) break;  // a filter may pass over much: others come between
  }
  return out;
}

asio::awaitable<void> Edge::stream(beast::tcp_stream taken, api::StreamAsk ask) {
  const auto self = shared_from_this();
  const auto tcp = std::make_shared<beast::tcp_stream>(std::move(taken));
  const auto client = std::make_shared<LiveClient>(io);
  stream_clients.insert(client);
  asio::co_spawn(io, until_gone(tcp, client), asio::detached);
  std::int64_t at = ask.after.value_or(0);
  if (!ask.after) at = reader.last_position().value_or(0);
  bool fine = co_await write(*tcp, kHead);
  // Counted from what was written last, not from the last bell: bells ring for what this client
  // does not want, too, and its line would seem dead.
  const auto next_beat = [] { return std::chrono::steady_clock::now() + kHeartbeat; };
  auto beat = next_beat();
  while (fine && !client->closed) {
    bool end = false;
    client->topics.clear();
    const auto piece = stream_piece(ask, at, end);
    if (piece && !piece->empty()) {
      fine = co_await write(*tcp, *piece);
      beat = next_beat();
    }
    if (!fine || client->closed) break;
    if (piece && !end) {
      co_await asio::post(io, kAwait);
      continue;
    }
    // What happened while the piece was on its way rang no bell that anybody heard.
    if (!client->topics.empty()) continue;
    client->bell.expires_at(beat);
    co_await client->bell.async_wait(kAwait);
    if (std::chrono::steady_clock::now() < beat) continue;
    fine = co_await write(*tcp, ": " + std::to_string(at) + "\n\n");
    beat = next_beat();
  }
  stream_clients.erase(client);
  client->closed = true;
  tcp->close();
}

std::optional<api::Answer> Edge::no_stream() const {
  if (stream_clients.size() < kStreamsMax) return std::nullopt;
  return api::to_answer({503, "busy", "32 listeners are there already",
                         "End one of them, or follow GET /api/v1/events with its cursor"});
}

}  // namespace dockline::server::http
