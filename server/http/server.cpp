#include "server/http/server.hpp"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/http/edge.hpp"
#include "shared/base/limits.hpp"
#include "shared/runtime/metrics.hpp"

namespace dockline::server::http {
namespace {

constexpr std::size_t kLooksWaitingMax = 16;  // long questions behind the one that is read for
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
using std::chrono::milliseconds;

}  // namespace

Edge::Edge(runtime::Lane& l, Options o, Ports p, store::Reader r, web::Assets a)
    : lane(l),
      io(l.io()),
      options(std::move(o)),
      ports(std::move(p)),
      reader(std::move(r)),
      assets(std::move(a)),
      acceptor(io) {
  access.hosts = options.hosts;
}

base::Status Edge::listen() {
  const std::string where = options.host + ":" + std::to_string(options.port);
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(options.host, failed);
  if (failed) {
    return base::fail(base::Fault::reject,
                      "cannot listen on " + where + ": " + options.host +
                          " is no address. Give one of this machine, such as 127.0.0.1");
  }
  access.loopback = address.is_loopback();
  const Tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    return base::fail(base::Fault::reject,
                      "cannot listen on " + where + ": " + failed.message() +
                          ". Stop the program that uses it or set server.http_listen to a free "
                          "port");
  }
  port = acceptor.local_endpoint(failed).port();
  return {};
}

asio::awaitable<void> Edge::accept_loop() {
  const auto self = shared_from_this();
  while (acceptor.is_open()) {
    auto [failed, socket] = co_await acceptor.async_accept(kAwait);
    if (failed == asio::error::operation_aborted) co_return;
    if (failed) {  // out of file descriptors, most likely: breathe, then go on
      asio::steady_timer pause(io, milliseconds(100));
      co_await pause.async_wait(kAwait);
      continue;
    }
    if (connections >= base::limits::kHttpConnectionsMax) {
      ++refused_connections;
      continue;  // closed at once; clients try again
    }
    asio::co_spawn(io, serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<api::Answer> Edge::ask(api::Ask ask) {
  const auto waiter = std::make_shared<Waiter<Reply>>(io);
  waiter->bell.expires_after(milliseconds(30'000));
  ApiCommand command{0, std::move(ask.command), std::move(ask.once), ask.if_order,
                     std::move(ask.if_positions)};
  ports.submit(std::move(command), [self = shared_from_this(), waiter](Reply reply) {
    self->lane.post(
        [waiter, reply = std::move(reply)]() mutable { waiter->give(std::move(reply)); });
  });
  if (!waiter->value) co_await waiter->bell.async_wait(kAwait);
  if (!waiter->value) {
    co_return api::to_answer({504, "no_answer", "the server did not answer within 30 s",
                              "Look whether the change was made before you repeat it"});
  }
  co_return api::reply_answer(ask, *waiter->value);
}

asio::awaitable<api::Answer> Edge::verify() {
  if (verifying) {
    co_return api::to_answer(
        {409, "replay_running", "a replay is under way already",
         "Send it again when the replay has ended: it tells who asked for it"});
  }
  verifying = true;
  using Report = base::Result<store::ReplayReport>;
  const auto waiter = std::make_shared<Waiter<Report>>(io);
  waiter->bell.expires_after(std::chrono::minutes(30));
  ports.verify([self = shared_from_this(), waiter](Report report) {
    self->lane.post([self, waiter, report = std::move(report)]() mutable {
      self->verifying = false;
      waiter->give(std::move(report));
    });
  });
  if (!waiter->value) co_await waiter->bell.async_wait(kAwait);
  if (!waiter->value) {
    co_return api::to_answer({504, "no_answer", "the replay took longer than 30 min",
                              "Run it on a copy of the database"});
  }
  if (!*waiter->value) co_return api::to_answer(api::to_problem(waiter->value->error()));
  co_return api::Answer{.body = api::replay_answer(**waiter->value)};
}

asio::awaitable<api::Answer> Edge::backup() {
  if (backing_up) {
    co_return api::to_answer({409, "backup_running", "a backup is under way already",
                              "GET /api/v1/backups shows it when it is made; one is enough"});
  }
  if (!ports.backup) {
    co_return api::to_answer({422, "refused", "this server makes no backups",
                              "Set folder in [backup] of the server's configuration"});
  }
  backing_up = true;
  using Made = base::Result<store::BackupRow>;
  const auto waiter = std::make_shared<Waiter<Made>>(io);
  waiter->bell.expires_after(std::chrono::minutes(30));
  ports.backup([self = shared_from_this(), waiter](Made made) {
    self->lane.post([self, waiter, made = std::move(made)]() mutable {
      self->backing_up = false;
      waiter->give(std::move(made));
    });
  });
  if (!waiter->value) co_await waiter->bell.async_wait(kAwait);
  if (!waiter->value) {
    co_return api::to_answer({504, "no_answer", "the backup takes longer than 30 min",
                              "It goes on; GET /api/v1/backups shows it when it is done"});
  }
  if (!*waiter->value) co_return api::to_answer(api::to_problem(waiter->value->error()));
  co_return api::Answer{.status = 201, .body = api::backup_answer(**waiter->value)};
}

asio::awaitable<api::Answer> Edge::look(api::AskLook ask) {
  if (looking) {
    if (looks_waiting.size() == kLooksWaitingMax) {
      co_return api::to_answer(
          {409, "question_running",
           std::to_string(kLooksWaitingMax) + " long questions wait for another one",
           "Send yours when those are answered; choose a shorter stretch if it is urgent"});
    }
    const auto turn = std::make_shared<Waiter<bool>>(io);
    turn->bell.expires_after(std::chrono::minutes(30));
    looks_waiting.push_back(turn);
    co_await turn->bell.async_wait(kAwait);
    if (!turn->value) {
      std::erase(looks_waiting, turn);
      co_return api::to_answer(
          {504, "no_answer", "other questions take longer than 30 min", "Send yours again later"});
    }
  }
  looking = true;
  const auto waiter = std::make_shared<Waiter<api::Answer>>(io);
  waiter->bell.expires_after(std::chrono::minutes(30));
  ports.look(std::move(ask.work), [self = shared_from_this(), waiter](api::Answer answer) {
    self->lane.post([self, waiter, answer = std::move(answer)]() mutable {
      self->looking = false;
      if (!self->looks_waiting.empty()) {
        self->looking = true;  // nobody comes between
        self->looks_waiting.front()->give(true);
        self->looks_waiting.pop_front();
      }
      waiter->give(std::move(answer));
    });
  });
  if (!waiter->value) co_await waiter->bell.async_wait(kAwait);
  if (!waiter->value) {
    co_return api::to_answer({504, "no_answer", "it took longer than 30 min",
                              "Ask about less, or run the command on a copy of the database"});
  }
  co_return std::move(*waiter->value);
}

std::string Edge::metrics() {
  runtime::MetricsText out;
  for (const auto& [status, count] : answered) {
    out.counter("dockline_http_answers_total", "HTTP answers by status.", count,
                {{"status", std::to_string(status)}});
  }
  out.gauge("dockline_http_connections", "Open HTTP connections.",
            static_cast<std::int64_t>(connections));
  out.gauge("dockline_live_clients", "Listeners on /api/v1/live.",
            static_cast<std::int64_t>(live_clients.size()));
  out.gauge("dockline_stream_clients", "Listeners on /api/v1/stream.",
            static_cast<std::int64_t>(stream_clients.size()));
  out.counter("dockline_http_connections_refused_total", "Connections over the limit.",
              refused_connections);
  return out.take() + (ports.metrics ? ports.metrics() : "");
}

// ---------------------------------------------------------------- the face
base::Result<std::unique_ptr<Server>> Server::open(runtime::Lane& net, Options options, Ports ports,
                                                   store::Reader reader, web::Assets assets) {
  auto edge = std::make_shared<Edge>(net, std::move(options), std::move(ports), std::move(reader),
                                     std::move(assets));
  if (auto ok = edge->listen(); !ok) return base::pass(ok.error());
  asio::co_spawn(edge->io, edge->accept_loop(), asio::detached);
  return std::unique_ptr<Server>(new Server(std::move(edge)));
}

Server::Server(std::shared_ptr<Edge> edge) : edge_(std::move(edge)) {}

Server::~Server() {
  boost::system::error_code ignored;
  edge_->acceptor.close(ignored);
  for (const auto* clients : {&edge_->live_clients, &edge_->stream_clients}) {
    for (const auto& client : *clients) {
      client->closed = true;
      client->bell.cancel();
    }
  }
}

std::uint16_t Server::port() const { return edge_->port; }

void Server::on_changed(const Changed& changed) {
  edge_->lane.post([edge = edge_, changed] {
    edge->position = std::max(edge->position, changed.position);
    for (const auto* clients : {&edge->live_clients, &edge->stream_clients}) {
      for (const auto& client : *clients) {
        client->topics.insert(changed.topics.begin(), changed.topics.end());
        client->bell.cancel();
      }
    }
  });
}

}  // namespace dockline::server::http
