// A hub and stations on real files, in one thread and on a clock of its own. Stations of one name
// may live on two computers at once (a clone).
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "agent/app/station_app.hpp"
#include "server/app/hub_app.hpp"
#include "server/app/verify.hpp"
#include "server/store/reader.hpp"
#include "shared/base/limits.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/message.hpp"
#include "shared/turn/turn.hpp"

namespace dockline::restore {

namespace fs = std::filesystem;

// Copies an SQLite file with what its log holds; nobody writes meanwhile.
inline void copy_database(const fs::path& from, const fs::path& to) {
  for (const char* tail : {"", "-wal"}) {
    const fs::path target = to.string() + tail;
    fs::remove(target);
    if (fs::exists(from.string() + tail)) fs::copy_file(from.string() + tail, target);
  }
  fs::remove(to.string() + "-shm");
}

// One computer at a bench.
struct Computer {
  agent::StationSettings settings;
  agent::StationProcess process;
  std::unique_ptr<turn::Turn<agent::StationApp>> turn;
  bool online = true;
  std::vector<agent::Print> prints;  // labels asked for, over all starts
  std::vector<std::string> rejected;
};

class FleetWorld {
 public:
  FleetWorld() {
    static int n = 0;
    const fs::path memory = "/dev/shm";
    const fs::path parent = fs::is_directory(memory) ? memory : fs::temp_directory_path();
    folder = parent / ("dl-fleet-" + std::to_string(::getpid()) + "-" + std::to_string(++n));
    fs::create_directories(folder);
    config.db_path = (folder / "server.db").string();
    config.sites = {{"leipzig", "Leipzig", 1}};
    config.stations = {{"leipzig", "bench-1", ""}};
    start_hub();
  }
  ~FleetWorld() {
    reader.reset();
    computers.clear();
    hub.reset();
    fs::remove_all(folder);
  }
  FleetWorld(const FleetWorld&) = delete;
  FleetWorld& operator=(const FleetWorld&) = delete;

  // ---------------------------------------------------------------- server
  void start_hub() {
    reader.reset();
    hub.reset();
    hub = std::make_unique<turn::Turn<server::HubApp>>(turn::Turn<server::HubApp>::Shell{
        .now = [this] { return now; },
        .open =
            [this, process = server::HubProcess{}]() mutable {
              return server::HubApp::open(config, process, now, ++seed);
            },
        .release = [this](server::Effect e) { take(std::move(e)); },
        .reject = [this](const server::Input&,
                         const base::Error& e) { hub_rejected.push_back(e.detail); },
    });
    ASSERT_TRUE(hub->start().has_value());
    reader = std::make_unique<server::store::Reader>(
        server::store::Reader::open(config.db_path).value());
    to_hub(server::LinkUp{});
  }
  void stop_hub() {
    reader.reset();
    hub.reset();
  }
  void to_hub(server::Input input) {
    if (!hub) return;
    ASSERT_TRUE(hub->post(std::move(input)));
    hub->run();
  }
  server::Reply ask(server::Command command) {
    const std::uint64_t id = ++asked;
    to_hub(server::ApiCommand{id, std::move(command)});
    return replies[id];
  }
  void stock(const std::string& sku, domain::Quantity pieces) {
    (void)ask(
        server::RegisterItem{{sku, sku + " title", std::nullopt, {{sku + "-BC", 1}}, 100}, {}});
    EXPECT_FALSE(ask(server::AdjustStock{sku, "leipzig", pieces, "receipt"}).error.has_value());
  }
  std::string order(const std::string& number, const std::string& sku, domain::Quantity pieces) {
    server::ReceiveOrder command;
    command.number = number;
    command.ship_to.name = "Ada";
    command.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = pieces});
    const auto reply = ask(std::move(command));
    EXPECT_FALSE(reply.error.has_value());
    return reply.id;
  }
  server::store::OrderDetail look(const std::string& id) {
    return reader->order(id).value().value();
  }
  std::set<std::string> exceptions() {
    std::set<std::string> kinds;
    const auto page = reader->exceptions("open", "", 200).value();
    for (const auto& row : page.items) kinds.insert(row.kind);
    return kinds;
  }
  // A person takes the first action of the first open case of a kind.
  bool resolve(const std::string& kind, const std::string& action) {
    const auto page = reader->exceptions("open", "", 200).value();
    for (const auto& row : page.items) {
      if (row.kind != kind) continue;
      return !ask(server::ResolveException{row.id, action, "boss"}).error.has_value();
    }
    return false;
  }
  // Facts of one type in the server's log.
  std::int64_t count(const std::string& type) {
    auto db = sqlite::Db::open(config.db_path, {.read_only = true}).value();
    auto query = db.prepare("SELECT count(*) FROM events WHERE type = ?1");
    EXPECT_TRUE(*query.bind(type).step());
    return query.integer(0);
  }
  std::int64_t number(const std::string& sql) {
    auto db = sqlite::Db::open(config.db_path, {.read_only = true}).value();
    auto query = db.prepare(sql);
    EXPECT_TRUE(*query.bind().step());
    return query.integer(0);
  }

  // ---------------------------------------------------------------- stations
  fs::path disk(const std::string& computer) const { return folder / (computer + ".db"); }
  // Starts a computer of bench-1 on its own disk; again: as after kill -9.
  Computer& start(const std::string& name) {
    auto& slot = computers[name];
    if (!slot) slot = std::make_unique<Computer>();
    Computer& c = *slot;
    c.turn.reset();
    c.settings.site = "leipzig";
    c.settings.station = "bench-1";
    c.settings.title = "Bench 1";
    c.settings.site_title = "Leipzig";
    c.settings.database = disk(name).string();
    c.settings.program = "dockline-agent test";
    c.settings.printers = {"zebra"};
    c.settings.scanners = {"left"};
    c.process = {};
    c.process.nonce = ++seed * 1'000'003;
    c.process.seed = seed * 7919;
    EXPECT_TRUE(agent::StationApp::begin_process(c.settings, c.process).has_value());
    c.turn = std::make_unique<turn::Turn<agent::StationApp>>(turn::Turn<agent::StationApp>::Shell{
        .now = [this] { return now; },
        .open = [this, &c] { return agent::StationApp::open(c.settings, c.process, now); },
        .release = [this, &c](agent::StationEffect e) { take(c, std::move(e)); },
        .reject = [&c](const agent::StationInput&,
                       const base::Error& e) { c.rejected.push_back(e.detail); }});
    EXPECT_TRUE(c.turn->start().has_value());
    input(c, agent::Tick{});
    return c;
  }
  void stop(const std::string& name) {
    if (computers.contains(name)) computers[name]->turn.reset();
  }
  void input(Computer& c, agent::StationInput in) {
    static_cast<void>(c.turn->post(std::move(in)));
    c.turn->run();
  }
  void scan(Computer& c, const std::string& text) {
    pass(1'000);
    input(c, agent::ScanIn{"left", text, ""});
  }
  static boost::json::object view(Computer& c, base::Instant now) {
    return boost::json::parse(c.turn->app()->view_json(now)).as_object();
  }
  std::string banner(Computer& c) {
    return std::string(view(c, now).at("banner").at("id").as_string());
  }
  void print_well(Computer& c) {
    for (const auto step : {firmware::PrintStep::prepared, firmware::PrintStep::sent,
                            firmware::PrintStep::confirmed}) {
      firmware::PrintReport report;
      report.device = "zebra";
      report.job = c.prints.back().job;
      report.step = step;
      report.state = firmware::DeviceState::ready;
      input(c, agent::PrinterReport{report});
    }
  }
  void count_pieces(Computer& c, const std::string& number, const std::string& barcode,
                    int pieces) {
    scan(c, number);
    for (int i = 0; i < pieces; ++i) scan(c, barcode);
  }
  // Everything, with its label.
  void pack(Computer& c, const std::string& number, const std::string& barcode, int pieces,
            const std::string& tracking) {
    count_pieces(c, number, barcode, pieces);
    print_well(c);
    scan(c, tracking);
  }

  // ---------------------------------------------------------------- time and wire
  void pass(std::int64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
  }
  void run_for(std::int64_t ms, std::int64_t step = 20) {
    const auto end = now.mono_ms + ms;
    while (now.mono_ms < end) {
      pass(step);
      if (hub && hub->app() != nullptr && hub->app()->tick_in_ms(now) == 0) {
        to_hub(server::Tick{});
      } else if (hub && now.mono_ms % 500 < step) {
        to_hub(server::Tick{});
      }
      for (auto& [name, c] : computers) {
        if (!c->turn || c->turn->app() == nullptr) continue;
        if (c->turn->app()->wake_ms() <= now.mono_ms) input(*c, agent::Tick{});
      }
      carry();
    }
  }
  void offline(Computer& c) {
    c.online = false;
    if (c.process.link_up) input(c, agent::LinkDown{"test"});
  }

  fs::path folder;
  server::HubConfig config;
  base::Instant now{1'000'000, 1'790'000'000'000};
  std::uint64_t seed = 1, asked = 0;
  std::unique_ptr<turn::Turn<server::HubApp>> hub;
  std::unique_ptr<server::store::Reader> reader;
  std::map<std::string, std::unique_ptr<Computer>> computers;
  std::map<std::uint64_t, server::Reply> replies;
  std::vector<std::string> hub_rejected;
  std::map<std::string, std::size_t> wire_kinds;  // messages down by kind, for tests that count
  bool lose_acks = false;

 private:
  struct OnWire {
    std::string topic, payload;
    bool retained = false;
    Computer* from = nullptr;  // null: the hub
  };
  void take(server::Effect effect) {
    if (auto* p = std::get_if<server::Publish>(&effect)) {
      wire_.push_back({p->topic, p->payload, p->retained, nullptr});
    } else if (auto* r = std::get_if<server::Reply>(&effect)) {
      replies[r->reply] = std::move(*r);
    }
  }
  void take(Computer& c, agent::StationEffect effect) {
    if (auto* p = std::get_if<agent::Print>(&effect)) c.prints.push_back(*p);
    if (std::holds_alternative<agent::Connect>(effect)) {
      static_cast<void>(c.turn->post(c.online ? agent::StationInput{agent::LinkUp{}}
                                              : agent::LinkDown{"no broker"}));
    }
    if (auto* p = std::get_if<agent::Publish>(&effect)) {
      if (c.online) wire_.push_back({p->topic, p->payload, p->retained, &c});
    }
  }
  void carry() {
    for (auto& [name, c] : computers) {
      while (c->turn && !c->turn->idle()) c->turn->run();
    }
    while (!wire_.empty()) {
      const OnWire message = std::move(wire_.front());
      wire_.pop_front();
      const auto topic = sync::parse_topic(message.topic);
      if (message.from != nullptr && (!lose_acks || topic->leaf != sync::Leaf::down_ack)) {
        to_hub(server::MqttIn{message.topic, message.payload, false});
      }
      if (topic && topic->leaf == sync::Leaf::down) note_kind(message.payload);
      const bool for_stations = message.from == nullptr || topic->leaf == sync::Leaf::state;
      if (!for_stations) continue;
      for (auto& [name, c] : computers) {
        if (!c->turn || !c->online || !c->process.link_up) continue;
        if (topic && topic->station != c->settings.station) continue;
        input(*c, agent::MqttIn{message.topic, message.payload, false});
      }
    }
  }
  void note_kind(const std::string& payload) {
    const auto message = sync::read(payload);
    if (!message) return;
    ++wire_kinds[std::holds_alternative<sync::Part>(*message)   ? "part"
                 : std::holds_alternative<sync::Data>(*message) ? "data"
                                                                : "other"];
  }
  std::deque<OnWire> wire_;
};

}  // namespace dockline::restore
