#include "tests/sim/nodes/hub_node.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "server/channels/contract/channel.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "tests/sim/nodes/say.hpp"

namespace dockline::sim {
namespace {

namespace limits = base::limits;

// As in server/main/core.cpp, with the broker that the server manages itself.
constexpr std::int64_t kManagedRetryMs = 20, kManagedRetryMostMs = 200, kTickMostMs = 1'000;
constexpr std::int64_t kRestartMs = 2'000, kBootMs = 40'000, kDarkMs = 5'000;
constexpr const char* kComputer = "server";

}  // namespace

struct HubNode::Run {
  Run(HubNode& node, World& world, const Clock& clock)
      : lane(world, clock),
        turn(lane,
             {.now = [this] { return lane.now(); },
              .open =
                  [this, &node, &world] {
                    return server::HubApp::open(node.config_, process, lane.now(),
                                                world.random("computer server").next());
                  },
              .release = [&node](server::Effect e) { node.release(std::move(e)); },
              .reject = [&node](const server::Input& in,
                                const base::Error& why) { node.rejected(in, why); }},
             {.committed = [&node] { node.committed(); },
              .turned = [] {},
              .died = [&node] { node.die("in the middle of a turn"); },
              .dies_elsewhere = [&node] { return node.disk_ != nullptr && node.disk_->dead(); }}) {}

  server::HubProcess process;
  ProcessLane lane;
  TurnRunner<server::HubApp> turn;
  std::unique_ptr<ports::Link> link;
  ports::LinkOptions options;
  std::optional<server::store::Reader> reader;
  std::int64_t connect_delay_ms = 0, told_position = -1;
  bool link_up = false, tick_due = false;
};

HubNode::HubNode(World& world, Broker& broker, server::HubConfig config, Disk* disk,
                 std::vector<Shop*> shops, Report report)
    : world_(world),
      broker_(broker),
      config_(std::move(config)),
      disk_(disk),
      shops_(std::move(shops)),
      report_(std::move(report)),
      clock_(world) {
  config_.make_channels = [this] {
    std::vector<std::unique_ptr<server::channels::Channel>> out;
    for (const auto* shop : shops_) {
      auto made = server::channels::make(shop->config());
      CHECK(made.has_value());
      out.push_back(std::move(*made));
    }
    return out;
  };
  take_hooks();
}

HubNode::~HubNode() = default;

void HubNode::trace(const std::string& line) const {
  if (world_.tracing()) world_.trace(kComputer, line);
}

// ---------------------------------------------------------------- the program
base::Status HubNode::begin() {
  auto& run = *run_;
  if (auto ok = run.turn.start(); !ok) return ok;
  run.link = broker_.link(kComputer);
  run.options.url = "tcp://broker:1883";
  run.options.user = "dockline-server";
  run.options.client_id = "dl-server-" + base::uuid4(world_.random("computer server")).substr(0, 8);
  run.options.subscriptions = server::HubApp::subscriptions();
  connect();
  put(server::Tick{});
  schedule_tick();
  return {};
}

void HubNode::start() {
  if (run_ != nullptr || !powered_) return;
  wanted_ = true;
  ++generation_;
  run_ = std::make_unique<Run>(*this, world_, clock_);
  run_->turn.set_slow_ms(slow_ms_);
  const auto ok = begin();
  const bool dead = disk_ != nullptr && disk_->dead();
  if (ok && !dead) return trace("server started");
  if (dead) return die("its disk lost power while it started");
  trace("server cannot start: " + ok.error().detail);
  run_->lane.kill();
  forget_process();
  world_.after(kRestartMs, [this] { start(); });
}

void HubNode::stop() {
  wanted_ = false;
  if (run_ == nullptr) return;
  if (auto* app = run_->turn.turn().app(); app != nullptr && run_->link_up) {
    run_->link->publish({"dockline/v1/server/state", app->state_payload(false), true});
  }
  run_->link->disconnect();
  run_->lane.kill();
  forget_process();
}

void HubNode::forget_process() {
  if (run_ == nullptr) return;
  dying_ = std::move(run_);
  world_.after(0, [this, gone = dying_.get()] {
    if (dying_.get() == gone) dying_.reset();
  });
  // Whoever waits for an answer sees the connection end.
  for (auto& [id, done] : std::exchange(waiting_, {})) {
    world_.after(1, [id, done] {
      server::Reply reply;
      reply.reply = id;
      reply.error = base::Error{base::Fault::retry_later, "connection lost"};
      done(std::move(reply));
    });
  }
}

void HubNode::die(const std::string& why) {
  if (disk_ != nullptr && disk_->dead()) return power_cut(kDarkMs);
  kill(why);
}

void HubNode::kill(const std::string& why) {
  if (run_ == nullptr) return;
  trace("server killed " + why);
  world_.mix("killed");
  report_(HubMishap{Mishap::killed, why});
  run_->lane.kill();
  forget_process();
  world_.after(1, [this] {
    dying_.reset();
    if (disk_ != nullptr && powered_) disk_->process_died();
  });
  world_.after(kRestartMs, [this] {
    if (wanted_) start();
  });
}

void HubNode::power_cut(std::int64_t off_ms) {
  if (!powered_) return;
  trace("power cut");
  world_.mix("power");
  report_(HubMishap{Mishap::power_cut, ""});
  powered_ = false;
  if (run_ != nullptr) run_->lane.kill();
  broker_.computer_lost(kComputer);
  forget_process();
  world_.after(1, [this] {
    dying_.reset();
    if (disk_ != nullptr) disk_->power_cut();
  });
  world_.after(std::max<std::int64_t>(off_ms, 10), [this] { boot(); });
}

void HubNode::boot() {
  if (powered_) return;
  powered_ = true;
  clock_.reboot();
  world_.after(kBootMs, [this] {
    if (wanted_) start();
  });
}

void HubNode::restore(const DiskImage& image) {
  if (disk_ != nullptr && !powered_) disk_->restore(image);
}

void HubNode::die_after(std::uint64_t effects) {
  if (run_ != nullptr) run_->turn.die_after(effects);
}

void HubNode::die_never() {
  if (run_ != nullptr) run_->turn.die_never();
}

void HubNode::resume() {
  if (run_ != nullptr && run_->lane.paused()) run_->lane.resume();
}

void HubNode::pause(std::int64_t ms) {
  if (run_ == nullptr || run_->lane.paused()) return;
  trace("stands still for " + std::to_string(ms) + " ms");
  run_->lane.pause();
  world_.after(ms, [this, generation = generation_] {
    if (run_ != nullptr && generation == generation_) run_->lane.resume();
  });
}

void HubNode::set_slow_ms(std::int64_t ms) {
  slow_ms_ = ms;
  if (run_ != nullptr) run_->turn.set_slow_ms(ms);
}

// ---------------------------------------------------------------- as server/main/core.cpp
void HubNode::put(server::Input input) {
  if (world_.tracing()) {
    if (auto line = say(input); !line.empty()) trace("<- " + line);
  }
  if (!run_->turn.post(std::move(input))) trace("mailbox full");
}

void HubNode::connect() {
  auto& run = *run_;
  auto* app = run.turn.turn().app();
  if (app == nullptr || !broker_.running()) return schedule_connect();
  run.options.will = {"dockline/v1/server/state", app->state_payload(false)};
  ports::LinkEvents events;
  events.on_up = run.lane.guard([this] {
    run_->link_up = true;
    run_->connect_delay_ms = 0;
    put(server::LinkUp{});
  });
  events.on_down = run.lane.guard([this](const base::Error& why) {
    run_->link_up = false;
    put(server::LinkDown{why.detail});
    schedule_connect();
  });
  events.on_message = run.lane.guard([this](ports::LinkMessage m) {
    put(server::MqttIn{std::move(m.topic), std::move(m.payload), m.retained});
  });
  run.link->connect(run.options, std::move(events));
}

void HubNode::schedule_connect() {
  auto& run = *run_;
  run.connect_delay_ms = std::clamp(run.connect_delay_ms * 2, kManagedRetryMs, kManagedRetryMostMs);
  run.lane.after(
      world_.random("hub connect").between(run.connect_delay_ms / 2, run.connect_delay_ms),
      [this] { connect(); });
}

void HubNode::schedule_tick() {
  auto& run = *run_;
  if (std::exchange(run.tick_due, true)) return;
  auto* app = run.turn.turn().app();
  const auto wish = app == nullptr ? kTickMostMs : app->tick_in_ms(run.lane.now());
  run.lane.after(std::clamp<std::int64_t>(wish, 1, kTickMostMs), [this] {
    run_->tick_due = false;
    put(server::Tick{});
    schedule_tick();
  });
}

void HubNode::committed() {
  if (run_ == nullptr) return;
  // The position comes with the Changed effect; nothing else needs telling.
}

void HubNode::release(server::Effect effect) {
  auto& run = *run_;
  if (world_.tracing()) {
    if (auto line = say(effect); !line.empty()) trace("-> " + line);
  }
  std::visit(
      [&](auto&& e) {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, server::Publish>) {
          run.link->publish({std::move(e.topic), std::move(e.payload), e.retained});
        } else if constexpr (std::is_same_v<T, server::ChannelRequest>) {
          request(std::move(e));
        } else if constexpr (std::is_same_v<T, server::Reply>) {
          auto node = waiting_.extract(e.reply);
          if (!node.empty() && node.mapped()) {
            world_.after(1, [done = std::move(node.mapped()), e] { done(e); });
          }
        } else {
          if (e.position == run.told_position) return;
          run.told_position = e.position;
          world_.mix(static_cast<std::uint64_t>(e.position));
          report_(HubCommitted{e.position});
        }
      },
      std::move(effect));
}

void HubNode::request(server::ChannelRequest asked) {
  const auto found = std::ranges::find_if(
      shops_, [&](const Shop* shop) { return asked.http.url.starts_with(shop->config().url); });
  CHECK(found != shops_.end());
  report_(
      ChannelAsked{(*found)->config().name, asked.http.method, asked.http.url, asked.http.body});
  const auto number = asked.request;
  (*found)->ask(std::move(asked.http),
                run_->lane.guard([this, number](base::Result<base::HttpResponse> answer) {
                  put(server::ChannelResult{number, std::move(answer)});
                }));
}

void HubNode::rejected(const server::Input& input, const base::Error& why) {
  trace("refused: " + why.detail);
  if (why.fault == base::Fault::corrupt) return kill("after " + why.detail);
  if (auto busy = server::HubApp::busy(run_->process, run_->lane.now(), input, why)) {
    release(std::move(*busy));
  }
  if (const auto* command = std::get_if<server::ApiCommand>(&input)) {
    server::Reply reply;
    reply.reply = command->reply;
    reply.error = why;
    release(std::move(reply));
  }
}

// ---------------------------------------------------------------- API and webhooks
void HubNode::call(server::Command command, std::function<void(server::Reply)> done) {
  if (run_ == nullptr) {
    world_.after(1, [done = std::move(done)] {
      server::Reply away;
      away.error = base::Error{base::Fault::retry_later, "connection refused"};
      done(std::move(away));
    });
    return;
  }
  const auto id = ++last_reply_;
  waiting_.emplace(id, std::move(done));
  run_->lane.post([this, id, command = std::move(command)]() mutable {
    if (run_->turn.post(server::ApiCommand{id, std::move(command)})) return;
    server::Reply busy;
    busy.reply = id;
    busy.error = base::Error{base::Fault::full, "the server is busy: try again in a second"};
    release(std::move(busy));
  });
}

void HubNode::take_hooks() {
  for (auto* shop : shops_) {
    shop->set_server([this](const std::string& channel, server::channels::Hook hook,
                            std::function<void(int)> done) {
      call(server::HookIn{channel, std::move(hook)}, [done = std::move(done)](server::Reply reply) {
        if (reply.error) return done(reply.error->detail.starts_with("connection") ? 0 : 503);
        done(reply.hook ? reply.hook->status : 200);
      });
    });
  }
}

server::store::Reader* HubNode::reader() {
  if (run_ == nullptr || (disk_ != nullptr && disk_->dead())) return nullptr;
  if (!run_->reader) {
    auto opened = server::store::Reader::open(config_.db_path, config_.vfs);
    if (!opened) return nullptr;
    run_->reader.emplace(std::move(*opened));
  }
  return &*run_->reader;
}

std::size_t HubNode::mailbox() { return run_ == nullptr ? 0 : run_->turn.turn().waiting(); }

std::vector<server::publish::ChannelView> HubNode::channels() {
  if (run_ == nullptr) return {};
  auto* app = run_->turn.turn().app();
  return app == nullptr ? std::vector<server::publish::ChannelView>{}
                        : app->channels(run_->lane.now());
}

}  // namespace dockline::sim
