#include "agent/main/agent.hpp"

#include <cstdio>
#include <ctime>
#include <filesystem>

#include "agent/app/store_watch.hpp"
#include "agent/panel/panel.hpp"
#include "agent/panel/report.hpp"
#include "firmware-interfaces/transports/factory.hpp"
#include "shared/runtime/lane.hpp"
#include "shared/runtime/log.hpp"
#include "shared/runtime/paho_link.hpp"
#include "shared/runtime/program.hpp"
#include "shared/runtime/system.hpp"
#include "shared/runtime/turn_lane.hpp"

namespace dockline::agent {
namespace {

namespace log = runtime::log;

constexpr int kCannotStart = 1;

std::int64_t utc_offset_ms() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return static_cast<std::int64_t>(local.tm_gmtoff) * 1'000;
}

std::int64_t free_bytes(const std::string& folder) {
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  return failed ? -1 : static_cast<std::int64_t>(space.available);
}

}  // namespace

struct Agent::Impl {
  explicit Impl(Settings s)
      : settings(std::move(s)),
        turn(lane,
             {.now = [this] { return lane.now(); },
              .open = [this] { return StationApp::open(settings.station, process, lane.now()); },
              .release = [this](StationEffect e) { release(std::move(e)); },
              .reject = [this](const StationInput& in,
                               const base::Error& why) { rejected(in, why); }}),
        hub(lane,
            [this](std::string_view address) { return firmware::make_stream(lane.io(), address); },
            {.on_scan =
                 [this](firmware::ScanReport r) {
                   scanned_us = now_us();
                   post(ScanIn{std::move(r.device), std::move(r.data), std::move(r.symbology)});
                 },
             .on_scan_refused =
                 [this](firmware::ScanRefusedReport r) {
                   post(ScanRefusedIn{std::move(r.device), std::move(r.reason), std::move(r.head)});
                 },
             .on_device = [this](firmware::DeviceReport r) { post(DeviceSeen{std::move(r)}); },
             .on_print = [this](firmware::PrintReport r) { post(PrinterReport{std::move(r)}); }}),
        watch(process),
        speaker(settings.sound) {}

  [[nodiscard]] base::Status start();
  [[nodiscard]] base::Status start_panel();
  void stop();
  void post(StationInput input);
  void after_turn();
  void arm();
  void release(StationEffect effect);
  void rejected(const StationInput& input, const base::Error& why);
  void sound(std::string_view name);
  void connect(Connect what);
  void from_page(panel::FromPage said);
  [[nodiscard]] std::string view();
  [[nodiscard]] panel::RunFigures figures();
  [[nodiscard]] static std::int64_t now_us();

  Settings settings;
  StationProcess process;
  runtime::Lane lane;
  runtime::TurnLane<StationApp> turn;
  firmware::DeviceHub hub;
  StoreWatch watch;
  panel::Speaker speaker;
  std::unique_ptr<ports::Link> link;
  std::unique_ptr<panel::Panel> page;
  ports::TimerId timer = 0;
  std::int64_t timer_at_ms = INT64_MAX, started_wall_ms = 0, stop_sound_ms = 0, scanned_us = 0;
  std::uint64_t turns_seen = 0;
  runtime::Histogram answer_time;  // scan heard to answer released
  bool settling = false;
  // The coming turn holds a scan or a probe: only these end a trouble of the store, so that a scan
  // which was refused stays on the screen until the packer scans again or a probe was saved.
  bool vouches = false;
};

std::int64_t Agent::Impl::now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

base::Status Agent::Impl::start() {
  started_wall_ms = lane.now().wall_ms;
  settings.station.program = "dockline-agent " + std::string(runtime::kVersion);
  settings.station.utc_offset_ms = utc_offset_ms();
  process.nonce = runtime::entropy();
  process.seed = runtime::entropy();
  if (auto ok = runtime::make_folder(settings.data_dir); !ok) return ok;
  if (auto ok = log::start({settings.log_file, settings.log_level}); !ok) return ok;
  if (auto ok = start_panel(); !ok)
    return ok;  // a second agent is refused before it counts a start
  if (auto ok = StationApp::begin_process(settings.station, process); !ok) return ok;
  if (auto ok = turn.start(); !ok) return ok;
  for (const auto& scanner : settings.scanners) {
    if (auto ok = hub.add(scanner); !ok) return ok;
  }
  for (const auto& printer : settings.printers) {
    if (auto ok = hub.add(printer); !ok) return ok;
  }
  speaker.open(lane.now().mono_ms);
  process.silent = speaker.silent();
  if (process.silent) log::warn("sound.off", {{"why", speaker.why()}});
  link = runtime::make_paho_link(lane);
  lane.on_stop_signal([this] { stop(); });
  hub.start();
  post(Tick{});
  return {};
}

base::Status Agent::Impl::start_panel() {
  auto started = panel::Panel::start(
      lane, settings.panel_listen.host, settings.panel_listen.port,
      {.view = [this] { return view(); },
       .health = [this] { return panel::health_json(figures()); },
       .metrics = [this] { return panel::metrics_text(figures(), answer_time); },
       .on_page = [this](panel::FromPage said) { from_page(std::move(said)); }});
  if (!started) return base::pass(started.error());
  page = std::move(*started);
  return {};
}

void Agent::Impl::stop() {
  runtime::notify_stopping();
  log::info("agent.stopping");
  if (auto* app = turn.turn().app(); app != nullptr && process.link_up) {
    auto last = app->farewell(lane.now());
    link->publish({std::move(last.topic), std::move(last.payload), last.retained});
  }
  link->disconnect();
  page.reset();
  lane.stop();
}

void Agent::Impl::post(StationInput input) {
  vouches = vouches || std::holds_alternative<ScanIn>(input) ||
            std::holds_alternative<PageTyped>(input) ||
            std::holds_alternative<PageCommand>(input) || std::holds_alternative<StoreProbe>(input);
  if (!turn.post(std::move(input))) log::warn("agent.mailbox_full");
  if (settling) return;
  settling = true;
  lane.post([this] { after_turn(); });  // behind the turn that post() scheduled
}

// The turn ran: was something saved, and when is the next tick?
void Agent::Impl::after_turn() {
  settling = false;
  const auto turns = turn.turn().turns();
  if (turns != turns_seen && watch.committed(lane.now(), vouches || !watch.in_trouble())) {
    log::info("store.works_again");
    sound("back");
    page->changed();
  }
  turns_seen = turns;
  vouches = false;
  arm();
}

void Agent::Impl::arm() {
  const auto* app = turn.turn().app();
  std::int64_t at =
      app == nullptr ? lane.now().mono_ms + base::limits::kStoreRetryMs : app->wake_ms();
  if (const auto probe = watch.wake_ms()) at = std::min(at, *probe);
  if (timer != 0 && at == timer_at_ms) return;
  if (timer != 0) lane.cancel(timer);
  timer_at_ms = at;
  const std::int64_t delay_ms = std::max<std::int64_t>(1, at - lane.now().mono_ms);
  timer = lane.after(delay_ms, [this] {
    timer = 0;
    if (watch.probe_due(lane.now())) post(StoreProbe{});
    post(Tick{});
  });
}

void Agent::Impl::release(StationEffect effect) {
  std::visit(
      [&](auto& e) {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, Connect>) {
          connect(std::move(e));
        } else if constexpr (std::is_same_v<T, Publish>) {
          link->publish({std::move(e.topic), std::move(e.payload), e.retained});
        } else if constexpr (std::is_same_v<T, Sound>) {
          if (scanned_us != 0) answer_time.add_us(now_us() - scanned_us);
          scanned_us = 0;
          sound(e.name);
        } else if constexpr (std::is_same_v<T, Print>) {
          hub.print(e.device, std::move(e.job), std::move(e.bytes));
        } else if constexpr (std::is_same_v<T, SendPrint>) {
          hub.send(e.device, e.job);
        } else if constexpr (std::is_same_v<T, RecoverPrint>) {
          hub.recover(e.device, std::move(e.job), std::move(e.mark));
        } else if constexpr (std::is_same_v<T, ForgetPrint>) {
          hub.forget(e.device, e.job);
        } else {
          static_assert(std::is_same_v<T, ViewChanged>);
          page->changed();
        }
      },
      effect);
}

void Agent::Impl::rejected(const StationInput& input, const base::Error& why) {
  vouches = false;
  const bool first = !watch.in_trouble();
  const bool loud = watch.rejected(lane.now(), input, why, free_bytes(settings.data_dir));
  if (first) {
    log::error("store.refused", {{"fault", base::name(why.fault)}, {"why", why.detail}});
  }
  if (loud) sound("stop");
  if (auto busy = StationApp::busy(settings.station, process, lane.now(), input, why)) {
    release(std::move(*busy));
  }
  page->changed();
}

void Agent::Impl::sound(std::string_view name) {
  speaker.play(name, lane.now().mono_ms);
  if (process.silent == speaker.silent()) return;
  process.silent = speaker.silent();
  log::warn("sound.changed", {{"why", speaker.why()}});
}

void Agent::Impl::connect(Connect what) {
  process.connecting = true;
  ports::LinkOptions options;
  options.url = settings.broker_url;
  options.client_id = std::move(what.client_id);
  options.user = settings.broker_user;
  options.ca_file = settings.broker_ca_file;
  options.subscriptions = std::move(what.subscriptions);
  options.will = std::move(what.will);
  if (!settings.broker_password_file.empty()) {
    auto secret = runtime::read_secret(settings.broker_password_file, "broker.password_file");
    if (!secret) {
      log::warn("broker.password", {{"why", secret.error().detail}});
      return post(LinkDown{secret.error().detail});
    }
    options.password = std::move(*secret);
  }
  link->connect(std::move(options),
                {.on_up =
                     [this] {
                       log::info("broker.up", {{"url", settings.broker_url}});
                       post(LinkUp{});
                     },
                 .on_down =
                     [this](base::Error why) {
                       log::info("broker.down", {{"why", why.detail}});
                       post(LinkDown{why.detail});
                     },
                 .on_message =
                     [this](ports::LinkMessage m) {
                       post(MqttIn{std::move(m.topic), std::move(m.payload), m.retained});
                     }});
}

void Agent::Impl::from_page(panel::FromPage said) {
  switch (said.what) {
    case panel::FromPage::Do::command:
      return post(PageCommand{std::move(said.text)});
    case panel::FromPage::Do::type:
      return post(PageTyped{std::move(said.text)});
    case panel::FromPage::Do::undo:
      return post(PageUndo{std::move(said.text)});
    case panel::FromPage::Do::unknown_keys:
      return post(PageUnknownKeys{});
  }
}

std::string Agent::Impl::view() {
  const auto* app = turn.turn().app();
  if (app != nullptr) return app->view_json(lane.now());
  if (!process.trouble)
    process.trouble = StoreTrouble{lane.now().wall_ms, 0, 0, 0, -1, "DL-E-DISK"};
  return StationApp::view_without_store(settings.station, process, lane.now());
}

panel::RunFigures Agent::Impl::figures() {
  panel::RunFigures out;
  if (const auto* app = turn.turn().app()) out.app = app->figures();
  out.site = settings.station.site;
  out.station = settings.station.station;
  out.uptime_ms = lane.now().wall_ms - started_wall_ms;
  out.turns = turn.turn().turns();
  out.failures = turn.turn().failures();
  out.overflowed = turn.turn().overflowed();
  out.pages = page == nullptr ? 0 : page->pages();
  out.store_full = process.trouble.has_value();
  out.sound_off = process.silent || settings.sound.off;
  return out;
}

Agent::Agent(Settings settings) : impl_(std::make_unique<Impl>(std::move(settings))) {}
Agent::~Agent() = default;

int Agent::run() {
  if (auto ok = impl_->start(); !ok) {
    const std::string text = "dockline-agent cannot start: " + ok.error().detail + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
    return kCannotStart;
  }
  log::info("agent.ready", {{"site", impl_->settings.station.site},
                            {"station", impl_->settings.station.station},
                            {"page", std::string("http://") + impl_->settings.panel_listen.host +
                                         ":" + std::to_string(impl_->page->port()) + "/"}});
  runtime::notify_ready();
  impl_->lane.run();
  log::flush();
  return 0;
}

}  // namespace dockline::agent
