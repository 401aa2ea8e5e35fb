// One connection: head first, then who it is, then its body, then the answer; again while it lives.
#include <chrono>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "server/http/edge.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::http {
namespace {

namespace bhttp = beast::http;
namespace limits = base::limits;
using std::chrono::seconds;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr auto kHeadTime = seconds(10);   // a slow client may take this long for its head
constexpr auto kIdleTime = seconds(60);   // between two requests of one connection
constexpr auto kBodyTime = seconds(120);  // for the largest import on a slow line
constexpr auto kAnswerTime = seconds(30);
constexpr std::size_t kDrainBytesMax = 8 * 1024 * 1024;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

struct Target {
  std::string path, query;
};
Target split(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {std::string(target), ""};
  return {std::string(target.substr(0, mark)), std::string(target.substr(mark + 1))};
}

api::Answer problem(int status, std::string code, std::string message, std::string remedy) {
  return api::to_answer({status, std::move(code), std::move(message), std::move(remedy)});
}

// What a head is refused for, before its body is read.
std::optional<api::Answer> gate(const Edge& edge, const Head& head, const std::string& path,
                                const api::Rights& rights) {
  const std::string_view host = view(head[bhttp::field::host]);
  if (!rights.from_elsewhere && !api::host_allowed(edge.access, host)) {
    return problem(403, "foreign_host", "this server is not reached by that Host name",
                   "Use its address, or add the name to server.hosts");
  }
  if (!rights.from_elsewhere && !api::origin_allowed(view(head[bhttp::field::origin]), host)) {
    return problem(403, "foreign_origin", "a page from another origin may not ask this server",
                   "Open the console at this server's own address");
  }
  if (!api::is_api(path) || rights.open || path == "/api/v1/live") return std::nullopt;
  if (edge.options.offers_open && path == "/api/v1/offers") return std::nullopt;
  if (!api::bearer_allowed(view(head[bhttp::field::authorization]), edge.options.token)) {
    return problem(401, "unauthorized", "the token is missing or wrong",
                   "Send 'Authorization: Bearer <token>' with the content of server.token_file");
  }
  return std::nullopt;
}

api::Answer unreadable(const boost::system::error_code& failed) {
  if (failed == bhttp::error::header_limit) {
    return problem(431, "too_large", "the request's header is larger than 16 KiB",
                   "Send shorter headers or a shorter address");
  }
  if (failed == bhttp::error::body_limit) {
    return problem(413, "too_large", "the request's body is too large for this path",
                   "Send at most 1 MiB, imports at most 64 MiB");
  }
  return problem(400, "bad_http", "not a valid HTTP request: " + failed.message(),
                 "Speak HTTP/1.1 (RFC 9112)");
}

// Bytes that are no HTTP, or too many of them; not a line that was cut.
bool is_malformed(const boost::system::error_code& failed) {
  return failed.category() == bhttp::make_error_code(bhttp::error::body_limit).category() &&
         failed != bhttp::error::end_of_stream && failed != bhttp::error::partial_message;
}

using Response = bhttp::response<bhttp::string_body>;

Response make(const api::Answer& answer, bool keep_alive) {
  Response out{static_cast<bhttp::status>(answer.status), 11};
  if (answer.status != 304) out.set(bhttp::field::content_type, answer.type);
  // What has an ETag may be kept by who asked, and is asked for again each time.
  out.set(bhttp::field::cache_control, answer.etag.empty() ? "no-store" : "private, no-cache");
  if (!answer.etag.empty()) out.set(bhttp::field::etag, answer.etag);
  if (!answer.link.empty()) out.set(bhttp::field::link, answer.link);
  if (answer.replayed) out.set("Idempotency-Replayed", "true");
  out.set("X-Content-Type-Options", "nosniff");
  if (answer.status == 401) out.set(bhttp::field::www_authenticate, "Bearer realm=\"dockline\"");
  if (answer.status == 503) out.set(bhttp::field::retry_after, "2");
  if (!answer.allow.empty()) out.set(bhttp::field::allow, answer.allow);
  out.body() = answer.body;
  out.keep_alive(keep_alive);
  if (answer.status != 304) out.prepare_payload();
  return out;
}

// A file of the console.
Response file(const web::Assets& assets, const Head& head, const std::string& path, bool alive) {
  const auto found = assets.find(path);
  if (head.method() != bhttp::verb::get && head.method() != bhttp::verb::head) {
    auto refused = problem(405, "method_not_allowed", "files can only be read", "Use GET");
    refused.allow = "GET, HEAD";
    return make(refused, alive);
  }
  if (!found) {
    return make(problem(404, "not_found", "no such page", "The console is at /"), alive);
  }
  const bool same = view(head[bhttp::field::if_none_match]) == found->etag;
  Response out{same ? bhttp::status::not_modified : bhttp::status::ok, 11};
  out.set(bhttp::field::content_type, std::string(found->mime));
  out.set(bhttp::field::etag, std::string(found->etag));
  out.set(bhttp::field::cache_control, "no-cache");
  out.set("Content-Security-Policy", std::string(web::kContentSecurityPolicy));
  out.set("X-Content-Type-Options", "nosniff");
  out.set("Referrer-Policy", "no-referrer");
  if (!same) out.body().assign(found->bytes);
  out.keep_alive(alive);
  if (!same) out.prepare_payload();
  return out;
}

asio::awaitable<bool> send(beast::tcp_stream& stream, Response response, bool head_only) {
  stream.expires_after(kAnswerTime);
  const bool alive = response.keep_alive();
  if (head_only) {
    bhttp::response<bhttp::empty_body> bare{std::move(response.base())};
    bhttp::response_serializer<bhttp::empty_body> serializer{bare};
    auto [failed, n] = co_await bhttp::async_write_header(stream, serializer, kAwait);
    co_return !failed && alive;
  }
  auto [failed, n] = co_await bhttp::async_write(stream, response, kAwait);
  co_return !failed && alive;
}

// After a refusal without reading the body: close so that the client can still read the answer.
asio::awaitable<void> part(beast::tcp_stream& stream) {
  boost::system::error_code ignored;
  stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
  std::string sink(64 * 1024, '\0');
  stream.expires_after(seconds(2));
  for (std::size_t drained = 0; drained < kDrainBytesMax;) {
    auto [failed, n] = co_await stream.async_read_some(asio::buffer(sink), kAwait);
    if (failed) break;
    drained += n;
  }
  stream.close();
}

// The rest of a request whose head was accepted. Nothing: the connection is of no more use.
using Parser = bhttp::request_parser<bhttp::string_body>;
asio::awaitable<boost::system::error_code> read_body(beast::tcp_stream& stream,
                                                     beast::flat_buffer& buffer, Parser& parser) {
  if (view(parser.get()[bhttp::field::expect]) == "100-continue") {
    bhttp::response<bhttp::empty_body> go_on{bhttp::status::continue_, 11};
    stream.expires_after(kAnswerTime);
    auto [failed, n] = co_await bhttp::async_write(stream, go_on, kAwait);
    if (failed) co_return failed;
  }
  stream.expires_after(kBodyTime);
  auto [failed, n] = co_await bhttp::async_read(stream, buffer, parser, kAwait);
  co_return failed;
}

api::Request to_request(HttpRequest&& in, Target target) {
  api::Request out{.method = std::string(view(in.method_string())),
                   .path = std::move(target.path),
                   .query = std::move(target.query)};
  for (const auto& field : in) {
    std::string name(view(field.name_string()));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out.headers.emplace_back(std::move(name), std::string(view(field.value())));
  }
  out.body = std::move(in.body());
  return out;
}

}  // namespace

asio::awaitable<api::Answer> Edge::answer(api::Request request) {
  api::Outcome outcome = api::handle(reader, ports.facts(), request, lane.now().wall_ms);
  if (auto* done = std::get_if<api::Answer>(&outcome)) co_return std::move(*done);
  if (auto* command = std::get_if<api::Ask>(&outcome)) co_return co_await ask(std::move(*command));
  if (std::holds_alternative<api::AskVerify>(outcome)) co_return co_await verify();
  if (std::holds_alternative<api::AskBackup>(outcome)) co_return co_await backup();
  if (auto* long_look = std::get_if<api::AskLook>(&outcome)) {
    co_return co_await look(std::move(*long_look));
  }
  co_return api::Answer{.body = metrics(), .type = "text/plain; version=0.0.4; charset=utf-8"};
}

asio::awaitable<bool> Edge::refuse(beast::tcp_stream& stream, api::Answer refusal) {
  ++answered[refusal.status];
  Response response = make(refusal, false);
  co_await send(stream, std::move(response), false);
  co_await part(stream);
  co_return false;
}

// The connection becomes a stream, or another may follow the refusal.
asio::awaitable<bool> Edge::begin_stream(beast::tcp_stream& tcp, const Head& head,
                                         std::string query) {
  auto ask = api::stream_ask(query, view(head["Last-Event-ID"]));
  auto refusal = ask ? no_stream() : std::optional(api::to_answer(ask.error()));
  if (refusal) co_return co_await refuse(tcp, std::move(*refusal));
  ++answered[200];
  co_await stream(std::move(tcp), std::move(*ask));
  co_return false;
}

// One request and its answer. True: the connection may carry another.
asio::awaitable<bool> Edge::exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
  bhttp::request_parser<bhttp::empty_body> head_parser;
  head_parser.header_limit(static_cast<std::uint32_t>(limits::kHttpHeaderBytesMax));
  head_parser.body_limit(limits::kImportBytesMax);
  auto [failed, n] = co_await bhttp::async_read_header(stream, buffer, head_parser, kAwait);
  if (failed) co_return is_malformed(failed) && co_await refuse(stream, unreadable(failed));
  const Head& head = head_parser.get();
  const Target target = split(view(head.target()));
  const auto rights = api::rights_of(target.path);
  const auto length = head_parser.content_length();
  auto refusal = gate(*this, head, target.path, rights);
  if (!refusal && length && *length > rights.body_bytes_max) {
    refusal = unreadable(bhttp::make_error_code(bhttp::error::body_limit));
  }
  const bool bodyless = !head_parser.chunked() && length.value_or(0) == 0;
  const bool head_only = head.method() == bhttp::verb::head;
  if (refusal && !bodyless) co_return co_await refuse(stream, std::move(*refusal));
  if (refusal) {
    ++answered[refusal->status];
    Response response = make(*refusal, head_parser.keep_alive());
    co_return co_await send(stream, std::move(response), head_only);
  }
  if (target.path == "/api/v1/live") {
    co_await live(std::move(stream), head_parser.release().base());
    co_return false;
  }
  if (target.path == "/api/v1/stream" && head.method() == bhttp::verb::get) {
    co_return co_await begin_stream(stream, head, target.query);
  }
  Parser parser(std::move(head_parser));
  parser.body_limit(rights.body_bytes_max);
  if (const auto broken = co_await read_body(stream, buffer, parser); broken) {
    co_return is_malformed(broken) && co_await refuse(stream, unreadable(broken));
  }
  HttpRequest request = parser.release();
  const bool alive = request.keep_alive();
  stream.expires_never();  // an answer may take its time; writing it may not
  Response response;
  if (api::is_api(target.path)) {
    const api::Answer made = co_await answer(to_request(std::move(request), target));
    response = make(made, alive);
  } else {
    response = file(assets, request.base(), target.path, alive);
  }
  ++answered[static_cast<int>(response.result_int())];
  co_return co_await send(stream, std::move(response), head_only);
}

asio::awaitable<void> Edge::serve(Tcp::socket socket) {
  const auto self = shared_from_this();
  const Counted counted(self);
  boost::system::error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  stream.expires_after(kHeadTime);
  while (co_await exchange(stream, buffer)) stream.expires_after(kIdleTime);
  stream.close();
}

}  // namespace dockline::server::http
