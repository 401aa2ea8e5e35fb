#include "tests/sim/broker/broker.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "tests/sim/broker/wire.hpp"

namespace dockline::sim {
namespace {

using Conn = std::shared_ptr<Connection>;

constexpr std::int64_t kConnectTimeoutMs = 10'000;  // as shared/runtime/paho_link.cpp
constexpr std::int64_t kRefusedMs = 2;
constexpr std::int64_t kDoubleMostMs = 2'000;
constexpr std::size_t kQueuedMax = 20'000;  // max_queued_messages, as server/broker writes it

}  // namespace

struct Broker::Impl : std::enable_shared_from_this<Broker::Impl> {
  Impl(World& w, NetFaults f) : world(w), net(w.random("net")), faults(f) {}

  World& world;
  base::Prng& net;
  NetFaults faults;
  Counters counters;
  bool running = true;
  std::uint64_t life = 1;  // of the broker's process
  std::size_t in_flight = 0;
  Tap tap;
  std::vector<Conn> connections;  // in order of connecting
  std::map<std::string, Reach, std::less<>> reach;
  std::map<std::string, std::string> retained;

  base::Prng& draw() { return net; }
  Reach reach_of(const std::string& computer) const {
    const auto found = reach.find(computer);
    return found == reach.end() ? Reach::open : found->second;
  }

  // Carries `arrive` over one direction after a delay, in order.
  void carry(const Conn& c, Way& way, std::function<void()> arrive, bool may_overtake = false) {
    if (way.cut) {
      way.held.push_back(std::move(arrive));
      return;
    }
    std::int64_t at = world.now_ms() + draw().between(faults.delay_min_ms, faults.delay_max_ms);
    if (!may_overtake) {
      at = std::max(at, way.last_arrival_ms);
      way.last_arrival_ms = at;
    }
    ++in_flight;
    ++way.carried;
    world.at(at, [self = shared_from_this(), c, &way, arrive = std::move(arrive)]() mutable {
      --self->in_flight;
      --way.carried;
      // The cable was pulled while it was on the way.
      if (way.cut) return way.held.push_back(std::move(arrive));
      arrive();
    });
  }

  // One message with what may befall it; false: this message also ends the connection.
  bool carry_message(const Conn& c, Way& way, const std::function<void()>& arrive) {
    auto& prng = draw();
    if (prng.chance(faults.lose_per_mille)) {
      ++counters.lost;
    } else {
      const bool overtakes = prng.chance(faults.reorder_per_mille);
      if (overtakes) ++counters.reordered;
      carry(c, way, arrive, overtakes);
      if (prng.chance(faults.double_per_mille)) {
        ++counters.doubled;
        world.after(prng.between(1, kDoubleMostMs),
                    [self = shared_from_this(), c, &way, arrive] { self->carry(c, way, arrive); });
      }
    }
    return !prng.chance(faults.break_per_mille);
  }

  // ---- connecting
  void connect(const Conn& c) {
    const auto apply = reach_of(c->computer);
    cut(*c, apply);
    world.after(kConnectTimeoutMs, [self = shared_from_this(), c] {
      if (!c->subscribed) self->client_gives_up(c, "no answer from the broker");
    });
    if (!running && apply == Reach::open) {
      world.after(kRefusedMs, [self = shared_from_this(), c] {
        self->client_gives_up(c, "connection refused");
      });
      return;
    }
    carry(c, c->up, [self = shared_from_this(), c, at_life = life] {
      if (self->running && self->life == at_life) self->accept(c);
    });
  }

  void accept(const Conn& c) {
    if (!c->client_open) return;
    for (const auto& other : std::vector(connections)) {  // the same client id throws the older off
      if (other->options.client_id == c->options.client_id) broker_drops(other, true);
    }
    ++counters.connects;
    c->broker_open = true;
    connections.push_back(c);
    carry(c, c->down, [self = shared_from_this(), c] {
      if (!c->client_open || !c->broker_open) return;
      c->subscribed = true;
      if (c->events.on_up) c->events.on_up();
      if (!c->broker_open) return;
      for (const auto& [topic, payload] : self->retained) self->deliver(c, {topic, payload, true});
    });
  }

  // ---- messages
  void publish(const Conn& c, ports::LinkMessage message) {
    if (!c->subscribed || !c->client_open) return;
    ++counters.published;
    if (tap) tap(true, c->computer, message);
    const bool stays = carry_message(c, c->up, [self = shared_from_this(), c, message] {
      if (c->broker_open) self->take(c, message);
    });
    if (!stays) tear(c);
  }

  void take(const Conn& c, const ports::LinkMessage& message) {
    if (!may_write(c->options.user, message.topic)) {
      ++counters.refused;
      return;
    }
    spread(message);
  }

  void spread(const ports::LinkMessage& message) {
    if (message.retained) {
      if (message.payload.empty()) {
        retained.erase(message.topic);
      } else {
        retained[message.topic] = message.payload;
      }
    }
    const ports::LinkMessage now{message.topic, message.payload, false};
    for (const auto& c : std::vector(connections)) deliver(c, now);
  }

  void deliver(const Conn& c, const ports::LinkMessage& message) {
    const auto& filters = c->options.subscriptions;
    const bool wanted = std::any_of(filters.begin(), filters.end(), [&](const auto& filter) {
      return topic_fits(filter, message.topic);
    });
    if (!c->broker_open || !wanted || !may_read(c->options.user, message.topic)) return;
    if (c->queued >= kQueuedMax) {
      ++counters.lost;
      return;
    }
    ++c->queued;
    const bool stays = carry_message(c, c->down, [self = shared_from_this(), c, message] {
      if (c->queued > 0) --c->queued;
      if (!c->client_open || !c->events.on_message) return;
      ++self->counters.delivered;
      if (self->tap) self->tap(false, c->computer, message);
      c->events.on_message(message);
    });
    if (!stays) tear(c);
  }

  // ---- ends
  // Both sides see the connection break, now.
  void tear(const Conn& c) {
    world.after(0, [self = shared_from_this(), c] {
      self->broker_drops(c, true);
      self->client_gives_up(c, "connection to the broker lost");
    });
  }

  // What is held refers to the connection itself: nobody is left to wait for it.
  static void release(Connection& c) {
    if (c.client_open || c.broker_open) return;
    c.up.held.clear();
    c.down.held.clear();
  }

  // The broker closes; the computer sees it unless its way is cut.
  void broker_drops(const Conn& c, bool with_will) {
    if (!c->broker_open) return;
    c->broker_open = false;
    std::erase(connections, c);
    carry(c, c->down, [self = shared_from_this(), c] {
      self->client_gives_up(c, "the broker closed the connection");
    });
    release(*c);
    if (with_will && !c->options.will.topic.empty()) {
      ++counters.wills;
      spread({c->options.will.topic, c->options.will.payload, true});
    }
  }

  void client_gives_up(const Conn& c, const char* why) {
    if (!c->client_open) return;
    close_client(c, true);
    auto events = std::exchange(c->events, {});
    if (events.on_down) events.on_down({base::Fault::retry_later, why});
  }

  // The process's socket closes; the broker sees it unless the way is cut.
  void close_client(const Conn& c, bool with_will) {
    if (!c->client_open) return;
    c->client_open = false;
    carry(c, c->up,
          [self = shared_from_this(), c, with_will] { self->broker_drops(c, with_will); });
    release(*c);
  }

  // ---- reach
  void cut(Connection& c, Reach how) {
    set_way(c.up, how == Reach::cut || how == Reach::mute);
    set_way(c.down, how == Reach::cut || how == Reach::deaf);
  }

  void set_way(Way& way, bool cut_now) {
    if (way.cut == cut_now) return;
    way.cut = cut_now;
    way.cut_since_ms = world.now_ms();
    if (!cut_now) way.last_arrival_ms = std::max(way.last_arrival_ms, world.now_ms());
  }

  void flush_held(const Conn& c, Way& way) {
    for (auto& arrive : std::exchange(way.held, {})) carry(c, way, std::move(arrive));
  }

  void set_reach(const std::string& computer, Reach how) {
    reach[computer] = how;
    for (const auto& c : all_of(computer)) {
      cut(*c, how);
      if (!c->up.cut) flush_held(c, c->up);
      if (!c->down.cut) flush_held(c, c->down);
      if (how != Reach::open) watch(c);
    }
  }

  // Nobody hears a ping for the keep-alive: each side gives up for itself.
  void watch(const Conn& c) {
    world.after(faults.keep_alive_ms, [self = shared_from_this(), c] {
      const auto since = self->world.now_ms() - self->faults.keep_alive_ms;
      const bool mute = c->up.cut && c->up.cut_since_ms <= since;
      const bool deaf = c->down.cut && c->down.cut_since_ms <= since;
      if (mute) self->broker_drops(c, true);
      if (mute || deaf) self->client_gives_up(c, "no answer from the broker");
    });
  }

  std::vector<Conn> all_of(std::string_view computer) {
    std::vector<Conn> out;
    std::erase_if(opened, [](const auto& weak) { return weak.expired(); });
    for (const auto& weak : opened) {
      auto c = weak.lock();
      if (c != nullptr && c->computer == computer) out.push_back(std::move(c));
    }
    return out;
  }
  std::vector<std::weak_ptr<Connection>> opened;  // everything that either side may believe in
};

namespace {

class ModelLink final : public ports::Link {
 public:
  ModelLink(std::shared_ptr<Broker::Impl> broker, std::string computer)
      : broker_(std::move(broker)), computer_(std::move(computer)) {}
  // The process is dead: its socket closes without a word.
  ~ModelLink() override { drop(true); }

  void connect(ports::LinkOptions options, ports::LinkEvents events) override {
    drop(true);
    now_ = std::make_shared<Connection>();
    now_->computer = computer_;
    now_->options = std::move(options);
    now_->events = std::move(events);
    broker_->opened.push_back(now_);
    broker_->connect(now_);
  }
  void publish(ports::LinkMessage message) override {
    if (now_ != nullptr) broker_->publish(now_, std::move(message));
  }
  void disconnect() override { drop(false); }

 private:
  void drop(bool with_will) {
    auto old = std::exchange(now_, nullptr);
    if (old == nullptr) return;
    old->events = {};
    broker_->close_client(old, with_will);
  }

  std::shared_ptr<Broker::Impl> broker_;
  std::string computer_;
  Conn now_;
};

}  // namespace

Broker::Broker(World& world, NetFaults faults) : impl_(std::make_shared<Impl>(world, faults)) {}
Broker::~Broker() = default;

std::unique_ptr<ports::Link> Broker::link(std::string computer) {
  return std::make_unique<ModelLink>(impl_, std::move(computer));
}

void Broker::set_faults(const NetFaults& faults) { impl_->faults = faults; }

void Broker::set_reach(std::string_view computer, Reach reach) {
  impl_->set_reach(std::string(computer), reach);
}

void Broker::computer_lost(std::string_view computer) {
  for (const auto& c : impl_->all_of(computer)) {
    c->events = {};
    c->client_open = false;
    impl_->cut(*c, Reach::cut);
    c->up.held.clear();
    impl_->watch(c);
  }
}

void Broker::listen(Tap tap) { impl_->tap = std::move(tap); }

void Broker::stop(bool keep_retained) {
  impl_->running = false;
  ++impl_->life;
  if (!keep_retained) impl_->retained.clear();
  // A dead process sends no wills.
  for (const auto& c : std::vector(impl_->connections)) impl_->broker_drops(c, false);
}

void Broker::start() { impl_->running = true; }
bool Broker::running() const { return impl_->running; }
const Broker::Counters& Broker::counters() const { return impl_->counters; }
std::size_t Broker::in_flight() const { return impl_->in_flight; }

}  // namespace dockline::sim
