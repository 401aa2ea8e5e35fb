#include "tests/sim/nodes/station_node.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "shared/base/limits.hpp"
#include "tests/sim/nodes/later_version.hpp"
#include "tests/sim/nodes/say.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kBootMs = 25'000;

std::string scanner_name(std::size_t i) { return i == 0 ? "left" : "right"; }
std::string printer_name(std::size_t i) { return i == 0 ? "zebra" : "spare"; }

}  // namespace

struct StationNode::Run final : AppProcess<agent::StationApp> {
  Run(StationNode& node, World& world)
      : AppProcess(
            world, node.clock(),
            {.now = [this] { return lane.now(); },
             .open = [this] { return agent::StationApp::open(settings, process, lane.now()); },
             .release = [&node](agent::StationEffect e) { node.release(std::move(e)); },
             .reject = [this, &node](const agent::StationInput& in,
                                     const base::Error& why) { rejected(node, in, why); }},
            {.committed = [&node] { node.committed(); },
             .turned = [] {},
             .died = [&node] { node.die("in the middle of a turn"); },
             .dies_elsewhere = [&node] { return node.disk_dead(); }}),
        watch(process) {}

  void rejected(StationNode& node, const agent::StationInput& input, const base::Error& why) {
    vouches = false;
    node.trace("refused: " + why.detail);
    if (watch.rejected(lane.now(), input, why, 0)) node.sound("stop");
    if (auto busy = agent::StationApp::busy(settings, process, lane.now(), input, why)) {
      node.release(std::move(*busy));
    }
    if (node.on_view) node.on_view();
  }

  agent::StationSettings settings;
  agent::StationProcess process;
  agent::StoreWatch watch;
  std::unique_ptr<firmware::DeviceHub> hub;
  std::unique_ptr<ports::Link> link;
  ports::TimerId timer = 0;
  std::int64_t timer_at_ms = INT64_MAX;
  std::uint64_t turns_seen = 0;
  bool settling = false, vouches = false;
  // Scans of the coming turn: with one only, its first sound is its answer.
  std::vector<std::string> scans;
  std::size_t speakers = 0;  // inputs that may sound
  std::string told_inc;
  std::uint64_t told_last = 0;
};

StationNode::StationNode(World& world, Broker& broker, StationPlace place, Report report)
    : Computer(
          world, broker,
          {.name = place.computer, .program = "agent", .boot_ms = kBootMs, .disk = place.disk}),
      place_(std::move(place)),
      id_(place_.site + "/" + place_.name),
      report_(std::move(report)) {
  const auto devices = place_.computer.empty() ? id_ : place_.computer;
  for (std::size_t i = 0; i < place_.scanners; ++i) {
    scanners_.push_back(std::make_unique<Scanner>(world, devices, scanner_name(i)));
  }
  for (std::size_t i = 0; i < place_.printers; ++i) {
    printers_.push_back(std::make_unique<Printer>(world, id_, printer_name(i), report_));
  }
}

StationNode::~StationNode() { end_process(); }

StationNode::Run* StationNode::live() const { return static_cast<Run*>(process_.get()); }

std::unique_ptr<Computer::Process> StationNode::make_process() {
  return std::make_unique<Run>(*this, world_);
}

// ---------------------------------------------------------------- the program
base::Status StationNode::begin() {
  auto& run = *live();
  auto& draw = world_.random("computer " + place_.computer);
  auto& s = run.settings;
  s.site = place_.site;
  s.station = place_.name;
  s.title = place_.name;
  s.site_title = place_.site;
  s.database = place_.database;
  s.vfs = place_.vfs;
  s.program = "dockline-agent sim";
  for (std::size_t i = 0; i < printers_.size(); ++i) s.printers.push_back(printer_name(i));
  for (std::size_t i = 0; i < scanners_.size(); ++i) s.scanners.push_back(scanner_name(i));
  run.process.nonce = draw.next();
  run.process.seed = draw.next();
  if (auto ok = agent::StationApp::begin_process(s, run.process); !ok) return ok;
  if (auto ok = run.turn.start(); !ok) return ok;
  const auto stream =
      [this](std::string_view address) -> base::Result<std::unique_ptr<ports::ByteStream>> {
    const auto n = static_cast<std::size_t>(address.back() - '0');
    if (address.starts_with("scanner")) return scanners_.at(n)->stream();
    return printers_.at(n)->stream();
  };
  run.hub = std::make_unique<firmware::DeviceHub>(
      run.lane, stream,
      firmware::HubEvents{
          .on_scan =
              [this](firmware::ScanReport r) {
                trace("scan " + said(r.data));
                if (running()) live()->scans.push_back(r.data);
                post(agent::ScanIn{std::move(r.device), std::move(r.data), std::move(r.symbology)});
              },
          .on_scan_refused =
              [this](firmware::ScanRefusedReport r) {
                post(agent::ScanRefusedIn{std::move(r.device), std::move(r.reason),
                                          std::move(r.head)});
              },
          .on_device = [this](firmware::DeviceReport r) { post(agent::DeviceSeen{std::move(r)}); },
          .on_print =
              [this](firmware::PrintReport r) { post(agent::PrinterReport{std::move(r)}); }});
  for (std::size_t i = 0; i < scanners_.size(); ++i) {
    auto ok = run.hub->add(
        firmware::ScannerConfig{scanner_name(i), "scanner" + std::to_string(i), "framed", {}});
    if (!ok) return ok;
  }
  for (std::size_t i = 0; i < printers_.size(); ++i) {
    auto ok = run.hub->add(
        firmware::PrinterConfig{printer_name(i), "printer" + std::to_string(i), "zpl"});
    if (!ok) return ok;
  }
  run.link = broker_.link(place_.computer);
  run.hub->start();
  post(agent::Tick{});
  return {};
}

void StationNode::farewell() {
  if (auto* app = live()->turn.turn().app(); app != nullptr && live()->process.link_up) {
    auto last = app->farewell(live()->lane.now());
    live()->link->publish({std::move(last.topic), std::move(last.payload), last.retained});
  }
  live()->link->disconnect();
}

void StationNode::report(Mishap what, const std::string& why) {
  report_(StationMishap{id_, what, why});
}

void StationNode::process_gone() {
  world_.after(0, [this] {
    if (on_view) on_view();
  });
}

void StationNode::try_later_version(base::Prng& draw) {
  if (!running() || place_.disk == nullptr) return;
  kill("for another version");
  world_.after(2, [this, &draw] {
    if (running() || !powered() || disk_dead()) return;
    const auto fact = record_strange_fact(place_, clock().now(), draw);
    if (disk_dead()) return die("");
    if (!fact) return trace("the later version cannot run: " + fact.error().detail);
    trace("a later version recorded " + said(fact->bytes));
    world_.mix(fact->bytes);
    report_(StationRecorded{id_, fact->inc, fact->seq, fact->seq});
  });
}

// ---------------------------------------------------------------- as agent/main/agent.cpp
void StationNode::post(agent::StationInput input) {
  if (!running()) return;  // died at this instant: its devices go with the next event
  auto& run = *live();
  run.vouches = run.vouches || std::holds_alternative<agent::ScanIn>(input) ||
                std::holds_alternative<agent::PageTyped>(input) ||
                std::holds_alternative<agent::PageCommand>(input) ||
                std::holds_alternative<agent::StoreProbe>(input);
  if (!std::holds_alternative<agent::Tick>(input)) ++run.speakers;
  if (world_.tracing()) {
    if (auto line = say(input); !line.empty()) trace("<- " + line);
  }
  if (!run.turn.post(std::move(input))) trace("mailbox full");
  if (std::exchange(run.settling, true)) return;
  run.lane.post([this] { after_turn(); });
}

void StationNode::after_turn() {
  auto& run = *live();
  run.settling = false;
  run.scans.clear();
  run.speakers = 0;
  const auto turns = run.turn.turn().turns();
  if (turns != run.turns_seen &&
      run.watch.committed(run.lane.now(), run.vouches || !run.watch.in_trouble())) {
    trace("store works again");
    sound("back");
    if (on_view) on_view();
  }
  run.turns_seen = turns;
  run.vouches = false;
  arm();
}

void StationNode::arm() {
  auto& run = *live();
  const auto* app = run.turn.turn().app();
  std::int64_t at =
      app == nullptr ? run.lane.now().mono_ms + base::limits::kStoreRetryMs : app->wake_ms();
  if (const auto probe = run.watch.wake_ms()) at = std::min(at, *probe);
  if (run.timer != 0 && at == run.timer_at_ms) return;
  if (run.timer != 0) run.lane.cancel(run.timer);
  run.timer_at_ms = at;
  run.timer = run.lane.after(std::max<std::int64_t>(1, at - run.lane.now().mono_ms), [this] {
    live()->timer = 0;
    if (live()->watch.probe_due(live()->lane.now())) post(agent::StoreProbe{});
    post(agent::Tick{});
  });
}

// The turn's commit is done: what is durable now?
void StationNode::committed() {
  if (!running()) return;
  auto& run = *live();
  const auto* app = run.turn.turn().app();
  if (app == nullptr) return;
  const auto figures = app->stream_figures();
  if (figures.up_inc == run.told_inc && figures.up_last == run.told_last) return;
  run.told_inc = figures.up_inc;
  run.told_last = figures.up_last;
  world_.mix(figures.up_last);
  report_(StationRecorded{id_, figures.up_inc, figures.up_last, figures.waiting});
}

void StationNode::release(agent::StationEffect effect) {
  auto& run = *live();
  if (world_.tracing()) {
    if (auto line = say(effect); !line.empty()) trace("-> " + line);
  }
  std::visit(
      [&](auto& e) {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, agent::Connect>) {
          connect(std::move(e));
        } else if constexpr (std::is_same_v<T, agent::Publish>) {
          run.link->publish({std::move(e.topic), std::move(e.payload), e.retained});
        } else if constexpr (std::is_same_v<T, agent::Sound>) {
          sound(e.name);
        } else if constexpr (std::is_same_v<T, agent::Print>) {
          run.hub->print(e.device, std::move(e.job), std::move(e.bytes));
        } else if constexpr (std::is_same_v<T, agent::SendPrint>) {
          run.hub->send(e.device, e.job);
        } else if constexpr (std::is_same_v<T, agent::RecoverPrint>) {
          run.hub->recover(e.device, std::move(e.job), std::move(e.mark));
        } else if constexpr (std::is_same_v<T, agent::ForgetPrint>) {
          run.hub->forget(e.device, e.job);
        } else {
          static_assert(std::is_same_v<T, agent::ViewChanged>);
          if (on_view) on_view();
        }
      },
      effect);
}

void StationNode::sound(const std::string& name) {
  auto& run = *live();
  world_.mix(name);
  if (run.scans.size() == 1 && run.speakers == 1) {
    const bool shelf = (name == "tick" || name == "done") &&
                       view().find(R"("banner":{"id":"count-)") != std::string::npos;
    report_(ScanAnswered{id_, packer, run.scans.front(), name, shelf});
    run.scans.clear();
  }
  if (on_sound) on_sound(name);
}

void StationNode::connect(agent::Connect what) {
  live()->process.connecting = true;
  ports::LinkOptions options;
  options.url = "tcp://broker:1883";
  options.client_id = std::move(what.client_id);
  options.user = place_.site + "." + place_.name;
  options.subscriptions = std::move(what.subscriptions);
  options.will = std::move(what.will);
  auto& lane = live()->lane;
  live()->link->connect(
      std::move(options),
      {.on_up = lane.guard([this] { post(agent::LinkUp{}); }),
       .on_down = lane.guard([this](base::Error why) { post(agent::LinkDown{why.detail}); }),
       .on_message = lane.guard([this](ports::LinkMessage m) {
         post(agent::MqttIn{std::move(m.topic), std::move(m.payload), m.retained});
       })});
}

// ---------------------------------------------------------------- the bench
std::string StationNode::view() {
  if (!running() || live()->lane.paused()) return {};
  auto& run = *live();
  const auto* app = run.turn.turn().app();
  if (app != nullptr) return app->view_json(run.lane.now());
  if (!run.process.trouble) {
    run.process.trouble = agent::StoreTrouble{run.lane.now().wall_ms, 0, 0, 0, -1, "DL-E-DISK"};
  }
  return agent::StationApp::view_without_store(run.settings, run.process, run.lane.now());
}

void StationNode::type(const std::string& text) {
  if (!running()) return;
  live()->lane.post([this, text] { post(agent::PageTyped{text}); });
}

void StationNode::command(const std::string& word) {
  if (!running()) return;
  live()->lane.post([this, word] { post(agent::PageCommand{word}); });
}

StationNode::Standing StationNode::standing() {
  Standing out;
  out.running = running();
  if (!running()) return out;
  out.mailbox = live()->turn.turn().waiting();
  if (const auto* app = live()->turn.turn().app()) {
    const auto figures = app->stream_figures();
    out.waiting = figures.waiting;
    out.under_way = figures.under_way;
    out.up_inc = figures.up_inc;
    out.up_last = figures.up_last;
    out.connected = figures.link_up;
  }
  return out;
}

}  // namespace dockline::sim
