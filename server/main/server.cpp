#include "server/main/server.hpp"

#include <algorithm>
#include <cstdio>

#include "server/app/verify.hpp"
#include "server/web/console.hpp"
#include "shared/runtime/log.hpp"
#include "shared/runtime/metrics.hpp"
#include "shared/runtime/program.hpp"
#include "shared/runtime/system.hpp"

namespace dockline::server {
namespace {

namespace log = runtime::log;

}  // namespace

Program::Program(Settings settings)
    : settings_(std::move(settings)), started_wall_ms_(runtime::system_now().wall_ms) {}

Program::~Program() = default;

int Program::run() {
  if (auto ok = start(); !ok) {
    std::fprintf(stderr, "dockline-server: %s\n", ok.error().detail.c_str());
    return 1;
  }
  core_lane_.on_stop_signal([this] {
    runtime::notify_stopping();
    log::info("server.stopping");
    core_lane_.stop();
  });
  runtime::notify_ready();
  log::info("server.ready", {{"http", settings_.http_listen},
                             {"took_ms", runtime::system_now().wall_ms - started_wall_ms_}});
  core_lane_.run();
  net_lane_.stop();
  if (net_thread_.joinable()) net_thread_.join();
  if (verify_thread_.joinable()) verify_thread_.join();
  if (look_thread_.joinable()) look_thread_.join();
  keeper_.reset();
  http_.reset();
  core_->stop();
  if (!fatal_.empty()) std::fprintf(stderr, "dockline-server: %s\n", fatal_.c_str());
  return fatal_.empty() ? 0 : 1;
}

base::Status Program::start() {
  if (auto ok = log::start({.file = settings_.log_file, .level = settings_.log_level}); !ok) {
    return ok;
  }
  core_ = std::make_unique<Core>(core_lane_, settings_,
                                 Core::Hooks{.changed =
                                                 [this](const Changed& changed) {
                                                   if (http_ != nullptr) http_->on_changed(changed);
                                                 },
                                             .fatal =
                                                 [this](std::string why) {
                                                   fatal_ = std::move(why);
                                                   core_lane_.stop();
                                                 }});
  if (auto ok = core_->start(); !ok) return ok;
  if (auto ok = start_http(); !ok) return ok;
  start_keeper();
  return {};
}

void Program::start_keeper() {
  keeper_ = std::make_unique<keeping::Keeper>(
      keeping::KeeperOptions{.db_path = settings_.data_dir + "/server.db",
                             .folder = settings_.backup_folder,
                             .every_ms = settings_.backup_every_minutes * 60'000,
                             .keep = settings_.backup_keep,
                             .keep_days = settings_.retention_keep_days,
                             .keep_events = settings_.retention_keep_events},
      keeping::Keeper::Ports{.submit =
                                 [this](Command command, std::function<void(Reply)> done) {
                                   core_->submit({0, std::move(command)}, std::move(done));
                                 },
                             .fatal =
                                 [this](std::string why) {
                                   core_lane_.post([this, why = std::move(why)] {
                                     fatal_ = why;
                                     core_lane_.stop();
                                   });
                                 }});
}

// On the net lane; the keeper answers on its own.
void Program::backup(http::BackupTold done) {
  keeper_->backup_now([done = std::move(done)](base::Result<keeping::BackupMade> made) {
    if (!made) return done(base::pass(made.error()));
    const auto& b = made->done;
    done(store::BackupRow{b.made_ms, b.position, b.bytes, b.took_ms, b.file, b.state, b.problem});
  });
}

std::shared_ptr<const std::vector<api::SiteFacts>> Program::site_facts() const {
  std::vector<api::SiteFacts> out;
  for (const auto& site : settings_.sites) {
    const auto known = settings_.site_values.find(site.name);
    out.push_back({site.name, site.title, site.priority});
    if (known != settings_.site_values.end()) out.back().values = known->second;
  }
  std::ranges::sort(out, {}, &api::SiteFacts::name);
  return std::make_shared<const std::vector<api::SiteFacts>>(std::move(out));
}

base::Status Program::start_http() {
  sites_ = site_facts();
  const auto listen = config::parse_listen(settings_.http_listen);
  if (!listen) return base::fail(listen.error(), "server.http_listen");
  if (auto ok = runtime::check_port_free(listen->host, listen->port); !ok) {
    return base::fail(ok.error(), "server.http_listen");
  }
  auto token = runtime::ensure_secret(settings_.token_file, "API token");
  if (!token) return base::fail(token.error(), "server.token_file");
  auto reader = store::Reader::open(settings_.data_dir + "/server.db");
  if (!reader) return base::pass(reader.error());
  http::Options options;
  options.host = listen->host;
  options.port = listen->port;
  options.token = *token;
  options.hosts = settings_.hosts;
  options.offers_open = settings_.offers_open;
  http::Ports ports{
      .submit =
          [this](ApiCommand command, std::function<void(Reply)> done) {
            core_->submit(std::move(command), std::move(done));
          },
      .verify = [this](http::VerifyDone done) { verify(std::move(done)); },
      .backup = [this](http::BackupTold done) { backup(std::move(done)); },
      .look = [this](http::LongLook work,
                     http::LookDone done) { look(std::move(work), std::move(done)); },
      .facts = [this] { return facts(); },
      .metrics = [this] { return metrics(); },
  };
  auto opened = http::Server::open(net_lane_, std::move(options), std::move(ports),
                                   std::move(*reader), web::console_assets());
  if (!opened) return base::pass(opened.error());
  http_ = std::move(*opened);
  net_thread_ = std::jthread([this] { net_lane_.run(); });
  return {};
}

// Called on the net lane, one at a time: the one before has ended when this is called again.
void Program::verify(http::VerifyDone done) {
  if (verify_thread_.joinable()) verify_thread_.join();
  verify_thread_ = std::jthread([this, done = std::move(done)] {
    done(verify_replay(settings_.data_dir + "/server.db", settings_.data_dir));
  });
}

// The same: one at a time.
void Program::look(http::LongLook work, http::LookDone done) {
  if (look_thread_.joinable()) look_thread_.join();
  look_thread_ = std::jthread([this, work = std::move(work), done = std::move(done)] {
    auto reader = store::Reader::open(settings_.data_dir + "/server.db");
    done(reader ? work(*reader) : api::to_answer(api::to_problem(reader.error())));
  });
}

api::Facts Program::facts() const {
  const auto status = core_->status();
  api::Facts out;
  out.version = runtime::kVersion;
  out.started_wall_ms = started_wall_ms_;
  out.broker_up = status->broker_up;
  out.broker_url = status->broker_url;
  out.broker_detail = status->broker_why;
  out.broker_since_ms = status->broker_since_ms;
  out.channels = status->channels;
  out.backup_folder = settings_.backup_folder;
  out.merge_orders = settings_.orders.merge;
  out.backup_every_minutes = settings_.backup_every_minutes;
  out.sites = sites_;
  out.rulebook = settings_.rulebook;
  out.transit_ms = settings_.orders.transit_hours * 3'600'000;
  out.margin_ms = settings_.orders.margin_minutes * 60'000;
  return out;
}

std::string Program::metrics() const {
  const auto status = core_->status();
  runtime::MetricsText text;
  text.process();
  text.gauge("dockline_broker_up", "1 while the MQTT link is up.", status->broker_up ? 1 : 0);
  text.counter("dockline_broker_restarts_total", "Times the managed broker was started again.",
               status->broker_restarts);
  text.counter("dockline_turns_total", "Turns committed.", status->turns);
  text.counter("dockline_turn_failures_total", "Turns given up (disk full, I/O error, bug).",
               status->turn_failures);
  text.counter("dockline_mailbox_refused_total", "Inputs refused by a full mailbox.",
               status->mailbox_refused);
  return text.take();
}

}  // namespace dockline::server
