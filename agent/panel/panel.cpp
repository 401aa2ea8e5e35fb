#include "agent/panel/panel.hpp"

#include <chrono>
#include <set>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "agent/panel/guard.hpp"
#include "shared/base/embedded.hpp"
#include "shared/base/limits.hpp"
#include "shared/web/assets.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_panel_web();
}

namespace dockline::agent::panel {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

namespace {

constexpr std::chrono::seconds kRequestTimeout{10};
constexpr std::chrono::milliseconds kHeartbeat{1'000};
constexpr std::size_t kBodyBytesMax = 4'096, kPageMessageBytesMax = 4'096;

}  // namespace

class Page;

struct Panel::Impl : std::enable_shared_from_this<Panel::Impl> {
  Impl(runtime::Lane& lane_in, PanelOwner owner_in)
      : lane(lane_in),
        owner(std::move(owner_in)),
        acceptor(lane.io()),
        heartbeat(lane.io()),
        assets(base::embedded_panel_web()) {}

  void accept();
  void beat();
  void broadcast();

  runtime::Lane& lane;
  PanelOwner owner;
  tcp::acceptor acceptor;
  asio::steady_timer heartbeat;
  web::Assets assets;
  std::set<std::shared_ptr<Page>> pages;
  std::size_t connections = 0;
  std::uint16_t port = 0;
  bool broadcast_due = false, stopped = false;
};

// One WebSocket. At most one write under way; what changes meanwhile is sent as one newest state.
class Page : public std::enable_shared_from_this<Page> {
 public:
  Page(std::shared_ptr<Panel::Impl> owner, tcp::socket socket)
      : panel_(std::move(owner)), socket_(std::move(socket)) {
    ++panel_->connections;
  }
  ~Page() { --panel_->connections; }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  void accept(const Request& request) {
    socket_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    socket_.read_message_max(kPageMessageBytesMax);
    socket_.text(true);
    socket_.async_accept(request, [self = shared_from_this()](error_code failed) {
      if (failed) return;
      self->panel_->pages.insert(self);
      self->send(self->panel_->owner.view());
      self->read();
    });
  }

  void send(const std::string& view) {
    if (writing_) {
      stale_ = true;
      return;
    }
    out_ = view;
    writing_ = true;
    stale_ = false;
    socket_.async_write(asio::buffer(out_),
                        [self = shared_from_this()](error_code failed, std::size_t) {
                          self->writing_ = false;
                          if (failed) return self->gone();
                          if (self->stale_) self->send(self->panel_->owner.view());
                        });
  }

  void close() {
    error_code ignored;
    beast::get_lowest_layer(socket_).close(ignored);
  }

 private:
  void read() {
    socket_.async_read(in_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed) return self->gone();
      const auto text = beast::buffers_to_string(self->in_.data());
      self->in_.consume(self->in_.size());
      if (auto said = parse_from_page(text)) self->panel_->owner.on_page(std::move(*said));
      self->read();
    });
  }
  void gone() { panel_->pages.erase(shared_from_this()); }

  std::shared_ptr<Panel::Impl> panel_;
  websocket::stream<tcp::socket> socket_;
  beast::flat_buffer in_;
  std::string out_;
  bool writing_ = false, stale_ = false;
};

namespace {

// One HTTP connection: files, health, metrics; becomes a Page at /ws.
class Visitor : public std::enable_shared_from_this<Visitor> {
 public:
  Visitor(std::shared_ptr<Panel::Impl> panel, tcp::socket socket);
  ~Visitor();
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  void read();

 private:
  void on_request(const Request& request);
  Response answer(const Request& request);
  Response file(const Request& request, std::string_view path) const;
  static Response text(const Request& request, http::status status, std::string_view type,
                       std::string body);
  void write(Response response);
  void arm();

  std::shared_ptr<Panel::Impl> panel_;
  tcp::socket socket_;
  asio::steady_timer timeout_;
  beast::flat_buffer in_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Response out_;
};

}  // namespace

void Panel::Impl::accept() {
  acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
    if (self->stopped) return;
    if (!failed && self->connections < base::limits::kPanelConnectionsMax) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Visitor>(self, std::move(socket))->read();
    }
    self->accept();
  });
}

void Panel::Impl::beat() {
  heartbeat.expires_after(kHeartbeat);
  heartbeat.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || self->stopped) return;
    self->broadcast();
    self->beat();
  });
}

void Panel::Impl::broadcast() {
  broadcast_due = false;
  if (pages.empty()) return;
  const std::string view = owner.view();
  const auto all = pages;  // a page may leave while it is written to
  for (const auto& page : all) page->send(view);
}

namespace {

Visitor::Visitor(std::shared_ptr<Panel::Impl> panel, tcp::socket socket)
    : panel_(std::move(panel)), socket_(std::move(socket)), timeout_(panel_->lane.io()) {
  ++panel_->connections;
}
Visitor::~Visitor() { --panel_->connections; }

void Visitor::arm() {
  timeout_.expires_after(kRequestTimeout);
  timeout_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self) return;
    error_code ignored;
    self->socket_.close(ignored);
  });
}

void Visitor::read() {
  arm();
  parser_.emplace();
  parser_->header_limit(base::limits::kHttpHeaderBytesMax);
  parser_->body_limit(kBodyBytesMax);
  http::async_read(socket_, in_, *parser_,
                   [self = shared_from_this()](error_code failed, std::size_t) {
                     self->timeout_.cancel();
                     if (!failed) self->on_request(self->parser_->get());
                   });
}

void Visitor::on_request(const Request& request) {
  const bool allowed = host_allowed(request[http::field::host], panel_->port) &&
                       origin_allowed(request[http::field::origin], panel_->port);
  if (allowed && websocket::is_upgrade(request) && request.target() == "/ws") {
    std::make_shared<Page>(panel_, std::move(socket_))->accept(request);
    return;
  }
  if (!allowed) {
    return write(text(request, http::status::forbidden, "text/plain; charset=utf-8",
                      "This page answers only to http://127.0.0.1:" + std::to_string(panel_->port) +
                          "/ on this computer.\n"));
  }
  write(answer(request));
}

Response Visitor::text(const Request& request, http::status status, std::string_view type,
                       std::string body) {
  Response out{status, request.version()};
  out.set(http::field::content_type, type);
  out.set(http::field::cache_control, "no-store");
  out.set("x-content-type-options", "nosniff");
  out.keep_alive(request.keep_alive());
  out.body() = std::move(body);
  out.prepare_payload();
  if (request.method() == http::verb::head) out.body().clear();
  return out;
}

Response Visitor::answer(const Request& request) {
  constexpr std::string_view kPlain = "text/plain; charset=utf-8";
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    auto out = text(request, http::status::method_not_allowed, kPlain, "GET only.\n");
    out.set(http::field::allow, "GET, HEAD");
    return out;
  }
  const std::string_view target{request.target().data(), request.target().size()};
  const auto path = target.substr(0, target.find('?'));
  if (path == "/health") {
    return text(request, http::status::ok, "application/json", panel_->owner.health());
  }
  if (path == "/metrics") {
    return text(request, http::status::ok, "text/plain; version=0.0.4", panel_->owner.metrics());
  }
  if (path == "/ws") {
    return text(request, http::status::upgrade_required, kPlain, "A WebSocket lives here.\n");
  }
  return file(request, path);
}

Response Visitor::file(const Request& request, std::string_view path) const {
  const auto asset = panel_->assets.find(path);
  if (!asset) {
    return text(request, http::status::not_found, "text/plain; charset=utf-8", "Not here.\n");
  }
  const auto known = request[http::field::if_none_match];
  const bool same = std::string_view(known.data(), known.size()) == asset->etag;
  auto out = text(request, same ? http::status::not_modified : http::status::ok, asset->mime,
                  same ? std::string() : std::string(asset->bytes));
  out.set(http::field::etag, asset->etag);
  out.set(http::field::cache_control, "no-cache");
  out.set("content-security-policy", web::kContentSecurityPolicy);
  out.set("referrer-policy", "no-referrer");
  return out;
}

void Visitor::write(Response response) {
  arm();
  out_ = std::move(response);
  http::async_write(socket_, out_, [self = shared_from_this()](error_code failed, std::size_t) {
    self->timeout_.cancel();
    if (failed) return;
    if (self->out_.keep_alive()) return self->read();
    error_code ignored;
    self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
  });
}

base::Status refuse(const std::string& host, std::uint16_t port, std::string_view doing,
                    const error_code& failed) {
  return base::fail(base::Fault::reject,
                    std::string(doing) + " " + host + ":" + std::to_string(port) + ": " +
                        failed.message() +
                        ". Another program uses this port, or the address is not of this "
                        "computer: stop it, or change station.panel_listen");
}

}  // namespace

Panel::Panel(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Panel::~Panel() {
  impl_->stopped = true;
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->heartbeat.cancel();
  for (const auto& page : impl_->pages) page->close();
  impl_->pages.clear();
}

base::Result<std::unique_ptr<Panel>> Panel::start(runtime::Lane& lane, const std::string& host,
                                                  std::uint16_t port, PanelOwner owner) {
  auto impl = std::make_shared<Impl>(lane, std::move(owner));
  error_code failed;
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, failed);
  if (failed) return base::pass(refuse(host, port, "listen on", failed).error());
  const tcp::endpoint where(address, port);
  impl->acceptor.open(where.protocol(), failed);
  if (!failed) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) impl->acceptor.bind(where, failed);
  if (!failed) impl->acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return base::pass(refuse(host, port, "listen on", failed).error());
  impl->port = impl->acceptor.local_endpoint().port();
  impl->accept();
  impl->beat();
  return std::unique_ptr<Panel>(new Panel(std::move(impl)));
}

void Panel::changed() {
  if (impl_->broadcast_due || impl_->pages.empty()) return;
  impl_->broadcast_due = true;
  impl_->lane.post([weak = std::weak_ptr(impl_)] {
    if (const auto self = weak.lock(); self && !self->stopped) self->broadcast();
  });
}

std::uint16_t Panel::port() const { return impl_->port; }
std::size_t Panel::pages() const { return impl_->pages.size(); }

}  // namespace dockline::agent::panel
