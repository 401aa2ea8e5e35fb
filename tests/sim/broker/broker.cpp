#include "tests/sim/broker/broker.hpp"

#include <map>
#include <utility>

namespace dockline::sim {
namespace {

bool fits(std::string_view filter, std::string_view topic) {
  while (true) {
    const auto f = filter.find('/'), t = topic.find('/');
    const auto head = filter.substr(0, f);
    if (head == "#") return true;
    if (head != "+" && head != topic.substr(0, t)) return false;
    if (f == std::string_view::npos || t == std::string_view::npos) {
      return f == t;
    }
    filter.remove_prefix(f + 1);
    topic.remove_prefix(t + 1);
  }
}

struct Session {
  std::string computer;
  ports::LinkOptions options;
  ports::LinkEvents events;
  bool up = false, dead = false;
};

}  // namespace

struct Broker::Impl {
  Impl(World& w, NetFaults f) : world(w), faults(f) {}
  std::int64_t delay() {
    return world.random("net").between(faults.delay_min_ms, faults.delay_max_ms);
  }
  void spread(const ports::LinkMessage& m) {
    if (m.retained) {
      if (m.payload.empty())
        retained.erase(m.topic);
      else
        retained[m.topic] = m.payload;
    }
    for (auto& s : sessions) {
      if (s->up && !s->dead) send(s, {m.topic, m.payload, false});
    }
  }
  void send(const std::shared_ptr<Session>& s, ports::LinkMessage m) {
    for (const auto& f : s->options.subscriptions) {
      if (!fits(f, m.topic)) continue;
      ++counters.delivered;
      world.after(delay(), [s, m] {
        if (!s->dead && s->events.on_message) s->events.on_message(m);
      });
      return;
    }
  }
  void end(const std::shared_ptr<Session>& s, bool will) {
    if (s->dead) return;
    s->dead = true;
    std::erase(sessions, s);
    if (will && s->up) spread({s->options.will.topic, s->options.will.payload, true});
  }
  World& world;
  NetFaults faults;
  Counters counters;
  bool running = true;
  std::vector<std::shared_ptr<Session>> sessions;
  std::map<std::string, std::string> retained;
};

namespace {
class StandInLink final : public ports::Link {
 public:
  StandInLink(Broker::Counters& c, std::function<void(const std::shared_ptr<Session>&)> connect,
              std::function<void(const std::shared_ptr<Session>&, ports::LinkMessage)> publish,
              std::function<void(const std::shared_ptr<Session>&, bool)> end, std::string computer)
      : counters_(c),
        connect_(std::move(connect)),
        publish_(std::move(publish)),
        end_(std::move(end)),
        computer_(std::move(computer)) {}
  ~StandInLink() override {
    if (s_) end_(s_, true);
  }
  void connect(ports::LinkOptions options, ports::LinkEvents events) override {
    if (s_) end_(s_, true);
    s_ = std::make_shared<Session>(Session{computer_, std::move(options), std::move(events)});
    connect_(s_);
  }
  void publish(ports::LinkMessage m) override {
    if (s_ && s_->up && !s_->dead) publish_(s_, std::move(m));
  }
  void disconnect() override {
    if (s_) end_(s_, false);
    s_.reset();
  }

 private:
  Broker::Counters& counters_;
  std::function<void(const std::shared_ptr<Session>&)> connect_;
  std::function<void(const std::shared_ptr<Session>&, ports::LinkMessage)> publish_;
  std::function<void(const std::shared_ptr<Session>&, bool)> end_;
  std::string computer_;
  std::shared_ptr<Session> s_;
};
}  // namespace

Broker::Broker(World& world, NetFaults faults) : impl_(std::make_unique<Impl>(world, faults)) {}
Broker::~Broker() = default;

std::unique_ptr<ports::Link> Broker::link(std::string computer) {
  auto* i = impl_.get();
  return std::make_unique<StandInLink>(
      i->counters,
      [i](const std::shared_ptr<Session>& s) {
        i->world.after(i->delay(), [i, s] {
          if (s->dead) return;
          if (!i->running) {
            s->dead = true;
            if (s->events.on_down) s->events.on_down({base::Fault::retry_later, "no broker"});
            return;
          }
          ++i->counters.connects;
          s->up = true;
          i->sessions.push_back(s);
          s->events.on_up();
          for (const auto& [topic, payload] : i->retained) i->send(s, {topic, payload, true});
        });
      },
      [i](const std::shared_ptr<Session>&, ports::LinkMessage m) {
        ++i->counters.published;
        i->world.after(i->delay(), [i, m = std::move(m)] {
          if (i->running) i->spread(m);
        });
      },
      [i](const std::shared_ptr<Session>& s, bool will) { i->end(s, will); }, std::move(computer));
}
void Broker::set_faults(const NetFaults& faults) { impl_->faults = faults; }
void Broker::set_reach(std::string_view, Reach) {}
void Broker::computer_lost(std::string_view) {}
void Broker::stop(bool keep_retained) {
  impl_->running = false;
  if (!keep_retained) impl_->retained.clear();
  for (auto& s : std::exchange(impl_->sessions, {})) {
    s->dead = true;
    impl_->world.after(1, [s] {
      if (s->events.on_down) s->events.on_down({base::Fault::retry_later, "broker gone"});
    });
  }
}
void Broker::start() { impl_->running = true; }
bool Broker::running() const { return impl_->running; }
const Broker::Counters& Broker::counters() const { return impl_->counters; }
std::size_t Broker::in_flight() const { return 0; }

}  // namespace dockline::sim
