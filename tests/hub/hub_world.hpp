// For tests of the HubApp: a hub on a fresh file, benches that speak the real protocol, and a
// channel-less world around them. Everything runs in one thread on a clock of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/app/hub_app.hpp"
#include "server/app/verify.hpp"
#include "server/store/reader.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_snapshots.hpp"
#include "shared/sync/testing/memory_stores.hpp"
#include "shared/turn/turn.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server::testing {

// A station as the hub sees it: a Sender for what happened, a Receiver for what was promised.
class Bench final : public sync::FactSink {
 public:
  Bench(std::string site_in, std::string name_in, std::uint64_t seed)
      : site(std::move(site_in)), name(std::move(name_in)), prng(seed) {
    process = {1, prng.next()};
    sender.emplace(sync::Sender::open(out, prng, {.process = process}).value());
    receiver.emplace(
        sync::Receiver::open(
            in, {.direction = sync::Direction::down, .process = process, .snapshots = &snapshots})
            .value());
  }

  base::Result<sync::Applied> apply(base::Instant, const sync::FactView& fact) override {
    auto event = wire::decode(fact.bytes).value();
    if (auto* lease = std::get_if<wire::LeaseGranted>(&event.data)) leases.push_back(*lease);
    if (auto* gone = std::get_if<wire::LeaseRevoked>(&event.data)) revoked.push_back(*gone);
    if (auto* item = std::get_if<wire::CatalogueItem>(&event.data)) items[item->item.sku] = *item;
    told.push_back(std::move(event));
    by_snapshot.push_back(fact.inc.empty() ? snapshots.swapped : 0);
    return sync::Applied::applied;
  }

  // Records a fact; it leaves with the next exchange.
  std::string say(base::Instant now, wire::EventData data, const std::string& subject = "") {
    wire::Event event;
    event.id = base::uuid7(prng, now.wall_ms);
    event.source = "/" + site + "/" + name;
    event.subject = subject;
    event.correlation = subject;
    event.time_ms = now.wall_ms;
    if (offset_ms != 0) event.dloffms = offset_ms;
    event.dlinc = sender->inc();
    event.dlseq = sender->next_seq();
    event.data = std::move(data);
    const std::string bytes = wire::encode(event).value();
    EXPECT_TRUE(sender->record(now, event.id, bytes).has_value());
    return event.id;
  }
  void say_raw(base::Instant now, const std::string& id, const std::string& bytes) {
    EXPECT_TRUE(sender->record(now, id, bytes).has_value());
  }

  std::string site, name;
  base::Prng prng;
  sync::Process process;
  sync::testing::MemorySenderStore out;
  sync::testing::MemoryReceiverStore in;
  sync::testing::MemorySnapshots snapshots{*this};
  std::optional<sync::Sender> sender;
  std::optional<sync::Receiver> receiver;
  std::vector<wire::LeaseGranted> leases;
  std::vector<wire::LeaseRevoked> revoked;
  std::vector<wire::Event> told;  // all facts of the server, in order
  std::vector<int> by_snapshot;   // of each: the snapshot that it is a line of, or 0
  template <class T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& e : told) {
      if (const auto* one = std::get_if<T>(&e.data)) found.push_back(*one);
    }
    return found;
  }
  std::map<std::string, wire::CatalogueItem> items;
  std::vector<sync::Ack> acks;  // of the server, in order
  bool connected = true;
  std::vector<std::string> can{std::string(sync::kCanCount)};  // what its program understands
  std::int64_t offset_ms = 0;  // its clock is behind by so much, and it knows
};

class World {
 public:
  World() {
    static int n = 0;
    folder = std::filesystem::temp_directory_path() /
             ("dockline-hub-" + std::to_string(::getpid()) + "-" + std::to_string(++n));
    std::filesystem::create_directories(folder);
    config.db_path = (folder / "server.db").string();
    config.sites = {{"leipzig", "Leipzig", 1}, {"ulm", "Ulm", 2}};
    config.stations = {{"leipzig", "bench-1", ""}, {"ulm", "bench-2", ""}};
  }
  ~World() {
    reader.reset();
    turn.reset();
    std::filesystem::remove_all(folder);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void start() {
    process = {};
    turn = std::make_unique<turn::Turn<HubApp>>(turn::Turn<HubApp>::Shell{
        .now = [this] { return now; },
        .open = [this] { return HubApp::open(config, process, now, ++seed); },
        .release = [this](Effect e) { take(std::move(e)); },
        .reject =
            [this](const Input& in, const base::Error& e) {
              rejected.push_back(e.detail);
              if (auto answer = HubApp::busy(process, now, in, e)) deliver(*answer);
              if (on_rejected) on_rejected(e);
            },
    });
    ASSERT_TRUE(turn->start().has_value());
    if (config.vfs.empty()) {
      reader = std::make_unique<store::Reader>(store::Reader::open(config.db_path).value());
    }
    put(LinkUp{});
  }

  Bench& bench(const std::string& site, const std::string& name) {
    auto& b = benches[{site, name}];
    if (b == nullptr) {
      b = std::make_unique<Bench>(site, name, ++seed * 7919);
      connect(*b);
      settle();
    }
    return *b;
  }
  void connect(Bench& b) {
    sync::SenderOut out;
    EXPECT_TRUE(b.sender->link_up(now, out).has_value());
    send(b, out.payloads, sync::Leaf::up);
    sync::State state;
    state.up = true;
    state.inc = b.sender->inc();
    state.process = b.process;
    state.program = "bench";
    state.can = b.can;
    put(MqttIn{sync::topic(b.site, b.name, sync::Leaf::state), sync::encode(state), false});
  }

  void put(Input input) {
    ASSERT_TRUE(turn->post(std::move(input)));
    turn->run();
  }
  Reply ask(Command command) {
    const std::uint64_t id = ++asked;
    put(ApiCommand{id, std::move(command)});
    return replies[id];
  }

  // Lets everybody speak until nobody has anything to say.
  void settle() {
    for (int round = 0; round < 200; ++round) {
      now.mono_ms += 50;
      now.wall_ms += 50;
      put(Tick{});
      for (auto& [key, b] : benches) {
        if (!b->connected) continue;
        sync::SenderOut out;
        EXPECT_TRUE(b->sender->tick(now, out).has_value());
        EXPECT_TRUE(b->sender->flush(now, out).has_value());
        send(*b, out.payloads, sync::Leaf::up);
      }
      const bool quiet = std::exchange(busy, false) == false;
      if (quiet && turn->app() != nullptr && turn->app()->tick_in_ms(now) > 0) return;
    }
  }

  // Time goes by, so that timeouts fire.
  void pass(std::int64_t ms) {
    for (std::int64_t left = ms; left > 0; left -= 500) {
      now.mono_ms += 450;
      now.wall_ms += 450;
      settle();
    }
  }

  void take(Effect effect) {
    if (auto* p = std::get_if<Publish>(&effect)) return deliver(*p);
    if (auto* r = std::get_if<Reply>(&effect)) replies[r->reply] = std::move(*r);
    if (auto* c = std::get_if<Changed>(&effect)) changed = std::move(*c);
    if (auto* q = std::get_if<ChannelRequest>(&effect)) requests.push_back(std::move(*q));
  }

  void deliver(const Publish& message) {
    const auto topic = sync::parse_topic(message.topic);
    if (!topic) return;
    const auto found = benches.find({topic->site, topic->station});
    if (found == benches.end() || !found->second->connected) return;
    Bench& b = *found->second;
    busy = true;
    if (topic->leaf == sync::Leaf::up_ack) {
      const auto parsed = sync::read(message.payload).value();
      sync::SenderOut out;
      b.acks.push_back(std::get<sync::Ack>(parsed));
      EXPECT_TRUE(b.sender->on_ack(now, b.acks.back(), out).has_value());
      EXPECT_TRUE(b.sender->flush(now, out).has_value());
      send(b, out.payloads, sync::Leaf::up);
    } else if (topic->leaf == sync::Leaf::down) {
      sync::ReceiverOut out;
      EXPECT_TRUE(b.receiver->on_message(now, message.payload, b, out).has_value());
      EXPECT_TRUE(b.receiver->flush(now, out).has_value());
      send(b, out.payloads, sync::Leaf::down_ack);
    }
  }

  void send(Bench& b, std::vector<std::string>& payloads, sync::Leaf leaf) {
    for (auto& payload : payloads) {
      busy = true;
      EXPECT_TRUE(turn->post(MqttIn{sync::topic(b.site, b.name, leaf), std::move(payload), false}));
    }
  }

  // The bench packs a lease: everything, less `missing` pieces of its first line.
  void pack(Bench& b, const wire::LeaseGranted& lease, domain::Quantity missing = 0) {
    say_pack(b, lease, missing);
    settle();
  }
  void say_pack(Bench& b, const wire::LeaseGranted& lease, domain::Quantity missing = 0) {
    b.say(now, wire::PackOpened{lease.order, lease.work}, lease.order);
    wire::PackClosed closed{lease.order, lease.work, {}, lease.label};
    for (const auto& line : lease.lines) {
      const auto lacking = closed.lines.empty() ? missing : 0;
      b.say(now,
            wire::ItemCounted{lease.order, lease.work, line.line, line.sku, line.quantity - lacking,
                              "4006381333931"},
            lease.order);
      if (lacking > 0) {
        b.say(now, wire::ShortNoted{lease.order, lease.work, line.line, line.sku, lacking},
              lease.order);
      }
      closed.lines.push_back({line.line, line.sku, line.quantity - lacking, lacking});
    }
    b.say(now, std::move(closed), lease.order);
  }
  // What the bench has recorded leaves in a message of its own; the server's turn comes later.
  void speak(Bench& b) {
    sync::SenderOut out;
    for (int i = 0; i < 2; ++i) {  // gathered, then sent
      now.mono_ms += 25;
      now.wall_ms += 25;
      EXPECT_TRUE(b.sender->flush(now, out).has_value());
    }
    EXPECT_EQ(out.payloads.size(), 1U);
    send(b, out.payloads, sync::Leaf::up);
  }

  void stock(const std::string& sku, const std::string& site, domain::Quantity pieces) {
    (void)ask(RegisterItem{{sku, sku + " title", std::nullopt, {{sku + "-BC", 1}}, 100}, {}});
    EXPECT_FALSE(ask(AdjustStock{sku, site, pieces, "receipt"}).error.has_value());
    settle();
  }
  std::string order(const std::string& number,
                    const std::vector<std::pair<std::string, domain::Quantity>>& lines) {
    ReceiveOrder command;
    command.number = number;
    command.ship_to.name = "Ada";
    for (const auto& [sku, quantity] : lines) {
      command.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = quantity});
    }
    const auto reply = ask(std::move(command));
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    settle();
    return reply.id;
  }
  store::OrderDetail look(const std::string& id) { return reader->order(id).value().value(); }
  std::vector<std::string> open_exceptions() {
    std::vector<std::string> kinds;
    const auto page = reader->exceptions("open", "", 200).value();
    for (const auto& row : page.items) kinds.push_back(row.kind);
    return kinds;
  }
  store::ReplayReport verify() { return verify_replay(config.db_path, folder.string()).value(); }

  std::filesystem::path folder;
  HubConfig config;
  HubProcess process;
  base::Instant now{1'000, 1'790'000'000'000};
  std::uint64_t seed = 1, asked = 0;
  std::unique_ptr<turn::Turn<HubApp>> turn;
  std::unique_ptr<store::Reader> reader;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Bench>> benches;
  std::map<std::uint64_t, Reply> replies;
  std::vector<ChannelRequest> requests;
  Changed changed;
  std::vector<std::string> rejected;
  std::function<void(const base::Error&)> on_rejected;
  bool busy = false;
};

}  // namespace dockline::server::testing
