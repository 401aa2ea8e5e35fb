#include "server/main/core.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "server/channels/contract/channel.hpp"
#include "server/channels/webhook/purchase.hpp"
#include "server/main/house.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "shared/runtime/curl_http.hpp"
#include "shared/runtime/log.hpp"
#include "shared/runtime/paho_link.hpp"
#include "shared/runtime/program.hpp"
#include "shared/runtime/system.hpp"

namespace dockline::server {
namespace {

namespace log = runtime::log;
namespace limits = base::limits;

// A managed broker on this machine is back within milliseconds; a foreign one is asked gently.
constexpr std::int64_t kManagedRetryMs = 20, kManagedRetryMostMs = 200;
constexpr std::int64_t kTickMostMs = 1'000;

}  // namespace

Core::Core(runtime::Lane& lane, const Settings& settings, Hooks hooks)
    : lane_(lane),
      settings_(settings),
      hooks_(std::move(hooks)),
      prng_(runtime::entropy()),
      status_(std::make_shared<CoreStatus>()) {}

Core::~Core() = default;

base::Status Core::start() {
  if (auto ok = runtime::make_folder(settings_.data_dir); !ok) return ok;
  auto config = hub_config();
  if (!config) return base::pass(config.error());
  turn_ = std::make_unique<runtime::TurnLane<HubApp>>(
      lane_, turn::Turn<HubApp>::Shell{
                 .now = [this] { return lane_.now(); },
                 .open =
                     [this, c = std::move(*config)] {
                       return HubApp::open(c, process_, lane_.now(), runtime::entropy());
                     },
                 .release = [this](Effect e) { release(std::move(e)); },
                 .reject = [this](const Input& i, const base::Error& e) { reject(i, e); },
             });
  if (auto ok = turn_->start(); !ok) return ok;
  http_ = runtime::make_curl_http(lane_);
  link_ = runtime::make_paho_link(lane_);
  if (auto ok = start_broker(); !ok) return ok;
  link_options_.client_id = "dl-server-" + base::uuid4(prng_).substr(0, 8);
  link_options_.subscriptions = HubApp::subscriptions();
  connect();
  put(Tick{});
  schedule_tick();
  return {};
}

base::Result<HubConfig> Core::hub_config() {
  HubConfig config;
  config.db_path = settings_.data_dir + "/server.db";
  config.company_prefix = settings_.company_prefix;
  config.carrier = settings_.carrier;
  config.service = settings_.service;
  config.stock.ask_counts = settings_.stock_ask_counts;
  config.stock.propose_purchases = settings_.stock_propose_purchases;
  config.stock.counts.per_station_day = settings_.stock_counts_per_station;
  config.stock.counts.odds_pm_min = settings_.stock_suspect_from;
  config.stock.demand_days = settings_.stock_demand_days;
  config.stock.stale_task_days = settings_.stock_stale_task_days;
  config.version = runtime::kVersion;
  config.backups = !settings_.backup_folder.empty();
  config.rulebook = settings_.rulebook;
  config.sites = sites_of(settings_);
  for (const auto& s : settings_.stations) config.stations.push_back({s.site, s.name, s.title});
  config.orders = order_rules_of(settings_);
  std::vector<std::string> sites;
  for (const auto& s : settings_.sites) sites.push_back(s.name);
  std::vector<channels::Config> wanted;
  for (const auto& c : settings_.channels) {
    auto secret = runtime::read_secret(c.secret_file, "secret of channel " + c.name);
    if (!secret) return base::pass(secret.error());
    channels::Config one;
    one.name = c.name;
    one.kind = c.kind;
    one.url = c.url;
    one.user = c.user;
    one.secret = *secret;
    one.locations = {c.locations.begin(), c.locations.end()};
    one.poll_ms = c.poll_ms;
    one.sweep_ms = c.sweep_ms;
    one.audit_ms = c.audit_ms;
    one.buffer = c.buffer;
    if (c.tell_at_handover) config.tell_at_handover.insert(c.name);
    channels::default_locations(one, sites);
    if (auto made = channels::make(one); !made) {
      return base::fail(made.error(), settings_.file + ": channel " + c.name);
    }
    wanted.push_back(std::move(one));
  }
  for (const auto& s : settings_.suppliers) {
    auto secret = runtime::read_secret(s.secret_file, "secret of supplier " + s.name);
    if (!secret) return base::pass(secret.error());
    if (secret->size() < channels::webhook::kSigningKeyLeast) {
      return base::fail(base::Fault::reject,
                        settings_.file + ": supplier " + s.name + ": " + s.secret_file +
                            " must hold a signing key of at least 16 characters");
    }
    config.supplier_keys.emplace(s.name, std::move(*secret));
  }
  config.make_channels = [wanted] {
    std::vector<std::unique_ptr<channels::Channel>> out;
    for (const auto& one : wanted) {
      auto made = channels::make(one);
      CHECK(made.has_value());  // the same values passed above
      out.push_back(std::move(*made));
    }
    return out;
  };
  return config;
}

base::Status Core::start_broker() {
  if (!settings_.broker_managed) {
    link_options_.url = settings_.broker_url;
    link_options_.user = settings_.broker_user;
    link_options_.ca_file = settings_.broker_ca_file;
    if (settings_.broker_password_file.empty()) return {};
    auto password = runtime::read_secret(settings_.broker_password_file, "broker password");
    if (!password) return base::pass(password.error());
    link_options_.password = *password;
    return {};
  }
  const auto listen = config::parse_listen(settings_.broker_listen);
  if (!listen) return base::pass(listen.error());
  broker::ManagedOptions options;
  options.host = listen->host;
  options.port = listen->port;
  options.folder = settings_.data_dir + "/broker";
  for (const auto& s : settings_.stations) options.stations.emplace_back(s.site, s.name);
  auto started = broker::Managed::start(lane_, std::move(options));
  if (!started) return base::pass(started.error());
  broker_ = std::move(*started);
  link_options_.url = broker_->url();
  link_options_.user = broker::kServerUser;
  link_options_.password = broker_->server_password();
  return {};
}

void Core::connect() {
  if (stopping_) return;
  auto* app = turn_->turn().app();
  if (app == nullptr || (broker_ != nullptr && !broker_->listening())) return schedule_connect();
  link_options_.will = {"dockline/v1/server/state", app->state_payload(false)};
  ports::LinkEvents events;
  events.on_up = [this] {
    log::info("link.up", {{"url", link_options_.url}});
    link_up_ = true;
    link_since_ms_ = lane_.now().wall_ms;
    connect_delay_ms_ = 0;
    put(LinkUp{});
    publish_status();
  };
  events.on_down = [this](const base::Error& why) {
    if (link_up_ || link_why_ != why.detail) log::warn("link.down", {{"why", why.detail}});
    if (link_up_) link_since_ms_ = lane_.now().wall_ms;
    link_up_ = false;
    link_why_ = why.detail;
    put(LinkDown{why.detail});
    publish_status();
    schedule_connect();
  };
  events.on_message = [this](ports::LinkMessage m) { on_message(std::move(m)); };
  link_->connect(link_options_, std::move(events));
}

// What is large is part of a backlog: read while it waits for its turn.
void Core::on_message(ports::LinkMessage message) {
  MqttIn in{std::move(message.topic), std::move(message.payload), message.retained, nullptr};
  if (in.topic.ends_with("/up") && HubApp::plain_bytes(in) >= limits::kLargeInputBytes) {
    in.ahead = std::make_shared<ReadAhead>(in.payload);
    reader_.offer(in.ahead, HubApp::plain_bytes(in));
  }
  put(std::move(in));
}

void Core::schedule_connect() {
  const bool managed = broker_ != nullptr;
  const auto first = managed ? kManagedRetryMs : limits::kReconnectFirstMs;
  const auto most = managed ? kManagedRetryMostMs : limits::kReconnectMostMs;
  connect_delay_ms_ = std::clamp(connect_delay_ms_ * 2, first, most);
  // Jitter, so that many programs do not come back in one instant.
  lane_.after(prng_.between(connect_delay_ms_ / 2, connect_delay_ms_), [this] { connect(); });
}

void Core::schedule_tick() {
  if (tick_due_ || stopping_) return;
  tick_due_ = true;
  auto* app = turn_->turn().app();
  const auto wish = app == nullptr ? kTickMostMs : app->tick_in_ms(lane_.now());
  lane_.after(std::clamp<std::int64_t>(wish, 1, kTickMostMs), [this] {
    tick_due_ = false;
    put(Tick{});
    schedule_tick();
  });
}

void Core::put(Input input) {
  if (!turn_->post(std::move(input))) {
    // MQTT in: not acknowledged, so the station sends it again. Ticks come again.
    log::warn("mailbox.full", {{"waiting", static_cast<std::uint64_t>(turn_->turn().waiting())}});
  }
}

void Core::submit(ApiCommand command, std::function<void(Reply)> done) {
  lane_.post([this, command = std::move(command), done = std::move(done)]() mutable {
    const auto id = ++last_reply_;
    waiting_.emplace(id, std::move(done));
    command.reply = id;
    if (turn_->post(std::move(command))) return;
    Reply busy;
    busy.reply = id;
    busy.error = base::Error{base::Fault::full, "the server is busy: try again in a second"};
    release(std::move(busy));
  });
}

void Core::release(Effect effect) {
  std::visit(
      [this](auto&& e) {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, Publish>) {
          link_->publish({std::move(e.topic), std::move(e.payload), e.retained});
        } else if constexpr (std::is_same_v<T, ChannelRequest>) {
          const auto request = e.request;
          ports::HttpRequest http{e.http.method, e.http.url, e.http.headers, e.http.body,
                                  e.http.timeout_ms};
          http_->send(std::move(http), [this, request](base::Result<ports::HttpResponse> answer) {
            publish::ChannelResult result{request, {}};
            if (answer)
              result.answer = base::HttpResponse{answer->status, answer->headers, answer->body};
            else
              result.answer = base::pass(answer.error());
            put(std::move(result));
          });
        } else if constexpr (std::is_same_v<T, Reply>) {
          auto node = waiting_.extract(e.reply);
          if (!node.empty() && node.mapped()) node.mapped()(std::move(e));
        } else {
          publish_status();
          if (hooks_.changed) hooks_.changed(std::move(e));
        }
      },
      std::move(effect));
}

void Core::reject(const Input& input, const base::Error& why) {
  log::error("turn.refused", {{"fault", base::name(why.fault)}, {"why", why.detail}});
  if (why.fault == base::Fault::corrupt && hooks_.fatal) return hooks_.fatal(why.detail);
  if (auto busy = HubApp::busy(process_, lane_.now(), input, why)) release(std::move(*busy));
  if (const auto* command = std::get_if<ApiCommand>(&input)) {
    Reply reply;
    reply.reply = command->reply;
    reply.error = why;
    release(std::move(reply));
  }
}

void Core::publish_status() {
  auto fresh = std::make_shared<CoreStatus>();
  fresh->broker_up = link_up_;
  fresh->broker_why = link_up_ ? "" : link_why_;
  fresh->broker_url = link_options_.url;
  fresh->broker_since_ms = link_since_ms_;
  fresh->broker_restarts = broker_ == nullptr ? 0 : broker_->restarts();
  fresh->turns = turn_->turn().turns();
  fresh->turn_failures = turn_->turn().failures();
  fresh->mailbox_refused = turn_->turn().overflowed();
  if (auto* app = turn_->turn().app(); app != nullptr) fresh->channels = app->channels(lane_.now());
  const std::lock_guard guard(status_guard_);
  status_ = std::move(fresh);
}

std::shared_ptr<const CoreStatus> Core::status() const {
  const std::lock_guard guard(status_guard_);
  return status_;
}

void Core::stop() {
  stopping_ = true;
  if (auto* app = turn_->turn().app(); app != nullptr && link_up_) {
    link_->publish({"dockline/v1/server/state", app->state_payload(false), true});
  }
  link_->disconnect();
  broker_.reset();
}

}  // namespace dockline::server
