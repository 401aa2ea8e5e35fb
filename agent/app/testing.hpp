// For tests: a StationApp on a real file under a Turn, with a server in memory that speaks the
// stream protocol, and virtual time.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include "agent/app/station_app.hpp"
#include "agent/app/store_watch.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"
#include "shared/turn/turn.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent::testing {

// Facts heard, and facts to tell.
class MemoryServer : public sync::FactSink {
 public:
  MemoryServer()
      : sender(sync::Sender::open(down_store, prng_,
                                  {.direction = sync::Direction::down, .process = {1, 77}})
                   .value()),
        receiver(sync::Receiver::open(up_store, {.direction = sync::Direction::up,
                                                 .process = {1, 77},
                                                 .safe = sync::SafePolicy::through})
                     .value()) {}

  void tell(base::Instant now, wire::EventData data) {
    wire::Event event;
    event.id = base::uuid7(prng_, now.wall_ms);
    event.source = "/server";
    event.time_ms = now.wall_ms;
    event.data = std::move(data);
    tell_raw(now, event.id, wire::encode(event).value());
  }
  void tell_raw(base::Instant now, std::string_view id, std::string_view bytes) {
    sender.record(now, id, bytes).value();
  }
  base::Result<sync::Applied> apply(base::Instant, const sync::FactView& fact) override {
    facts.push_back(wire::decode(fact.bytes).value());
    return sync::Applied::applied;
  }
  template <class T>
  std::size_t count() const {
    std::size_t n = 0;
    for (const auto& fact : facts) n += std::holds_alternative<T>(fact.data) ? 1U : 0U;
    return n;
  }

  std::vector<wire::Event> facts;
  sync::testing::MemorySenderStore down_store;
  sync::testing::MemoryReceiverStore up_store;

 private:
  base::Prng prng_{99};

 public:
  sync::Sender sender;
  sync::Receiver receiver;
};

class Bench {
 public:
  // With a database and a VFS of its own (a simulated disk), else on a fresh folder.
  explicit Bench(bool broker = true, const std::string& database = {},
                 const std::string& vfs = {}) {
    // Memory-backed where there is such a folder: these tests are about behaviour, not about disks.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "dl-app-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    settings.site = "leipzig";
    settings.station = "bench-4";
    settings.title = "Bench 4";
    settings.site_title = "Leipzig";
    settings.database = database.empty() ? folder + "/agent.db" : database;
    settings.vfs = vfs;
    settings.program = "dockline-agent test";
    settings.printers = {"zebra"};
    settings.scanners = {"left", "right"};
    settings.has_broker = broker;
    start();
  }
  ~Bench() {
    turn.reset();
    std::filesystem::remove_all(folder);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // A process start; the one before ended as by kill -9.
  void start() {
    turn.reset();
    process = StationProcess{};
    process.nonce = ++starts_ * 1'000'003;
    process.seed = starts_;
    StationApp::begin_process(settings, process).value();
    turn = std::make_unique<turn::Turn<StationApp>>(turn::Turn<StationApp>::Shell{
        .now = [this] { return now; },
        .open = [this] { return StationApp::open(settings, process, now); },
        .release = [this](StationEffect e) { release(std::move(e)); },
        .reject =
            [this](const StationInput& in, const base::Error& why) {
              rejected.push_back(why);
              watch.rejected(now, in, why, 0);
            }});
    turn->start().value();
    tick();
  }
  void input(StationInput in) {
    static_cast<void>(turn->post(std::move(in)));
    turn->run();
  }
  void tick() { input(Tick{}); }
  void scan(std::string text, std::string device = "left") {
    pass(1'000);
    input(ScanIn{std::move(device), std::move(text), ""});
  }
  void pass(std::int64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
  }
  // Lets time pass in steps, with ticks when they are due, and carries messages.
  void run_for(std::int64_t ms) {
    const auto end = now.mono_ms + ms;
    while (now.mono_ms < end) {
      pass(10);
      if (turn->app() != nullptr && turn->app()->wake_ms() <= now.mono_ms) tick();
      carry();
    }
  }
  void go_online() {
    online = true;
    run_for(3'000);
  }
  void go_offline() {
    online = false;
    wire_.clear();
    if (process.link_up) input(LinkDown{"test"});
  }
  void carry() {
    while (!turn->idle()) turn->run();
    sync::SenderOut out;
    if (online && process.link_up) {
      server.sender.tick(now, out).value();
      server.sender.flush(now, out).value();
    }
    to_station(out);
    while (!wire_.empty()) {
      const Publish message = std::move(wire_.front());
      wire_.pop_front();
      serve(message);
    }
  }
  std::string sound() const { return sounds.empty() ? "" : sounds.back(); }
  std::string view() { return turn->app()->view_json(now); }
  void print_well() {
    for (const auto step : {firmware::PrintStep::prepared, firmware::PrintStep::sent,
                            firmware::PrintStep::confirmed}) {
      firmware::PrintReport report;
      report.device = "zebra";
      report.job = prints.back().job;
      report.step = step;
      report.state = firmware::DeviceState::ready;
      input(PrinterReport{report});
    }
  }

  std::string folder;
  StationSettings settings;
  StationProcess process;
  base::Instant now{1'000'000, 1'790'000'000'000};
  MemoryServer server;
  std::unique_ptr<turn::Turn<StationApp>> turn;
  StoreWatch watch{process};
  bool online = false;
  std::vector<std::string> sounds;
  std::vector<Print> prints;
  std::vector<SendPrint> sends;
  std::vector<RecoverPrint> recovers;
  std::vector<Publish> published;
  std::vector<Connect> connects;
  std::vector<base::Error> rejected;

 private:
  void release(StationEffect effect) {
    if (const auto* s = std::get_if<Sound>(&effect)) sounds.push_back(s->name);
    if (const auto* p = std::get_if<Print>(&effect)) prints.push_back(*p);
    if (const auto* p = std::get_if<SendPrint>(&effect)) sends.push_back(*p);
    if (const auto* p = std::get_if<RecoverPrint>(&effect)) recovers.push_back(*p);
    if (const auto* c = std::get_if<Connect>(&effect)) {
      connects.push_back(*c);
      process.connecting = true;
      static_cast<void>(turn->post(online ? StationInput{LinkUp{}} : LinkDown{"no broker"}));
      linked_ = false;
    }
    if (const auto* p = std::get_if<Publish>(&effect)) {
      published.push_back(*p);
      if (online) wire_.push_back(*p);
    }
  }
  void serve(const Publish& message) {
    const auto topic = sync::parse_topic(message.topic);
    if (!topic) return;
    if (topic->leaf == sync::Leaf::state && !linked_) {  // birth: the server asks too
      linked_ = true;
      sync::SenderOut out;
      server.sender.link_up(now, out).value();
      to_station(out);
    } else if (topic->leaf == sync::Leaf::up) {
      sync::ReceiverOut out;
      server.receiver.on_message(now, message.payload, server, out).value();
      server.receiver.flush(now, out).value();
      for (auto& payload : out.payloads) {
        input(MqttIn{sync::topic("leipzig", "bench-4", sync::Leaf::up_ack), payload, false});
      }
    } else if (topic->leaf == sync::Leaf::down_ack) {
      const auto parsed = sync::read(message.payload);
      if (!parsed) return;
      if (const auto* ack = std::get_if<sync::Ack>(&*parsed)) {
        sync::SenderOut out;
        server.sender.on_ack(now, *ack, out).value();
        server.sender.flush(now, out).value();
        to_station(out);
      }
    }
  }
  void to_station(sync::SenderOut& out) {
    if (!online) return;
    for (auto& payload : out.payloads) {
      input(MqttIn{sync::topic("leipzig", "bench-4", sync::Leaf::down), payload, false});
    }
  }

  std::uint64_t starts_ = 0;
  bool linked_ = false;
  std::deque<Publish> wire_;
};

}  // namespace dockline::agent::testing
