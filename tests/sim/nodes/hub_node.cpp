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
constexpr std::int64_t kBootMs = 40'000;
constexpr const char* kComputer = "server";

}  // namespace

struct HubNode::Run final : AppProcess<server::HubApp> {
  Run(HubNode& node, World& world)
      : AppProcess(world, node.clock(),
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
                    .turned =
                        [this, &node] {
                          tick_waits = false;
                          if (std::exchange(tick_overdue, false)) node.schedule_tick();
                        },
                    .died = [&node] { node.die("in the middle of a turn"); },
                    .dies_elsewhere = [&node] { return node.disk_dead(); }}) {}

  server::HubProcess process;
  std::unique_ptr<ports::Link> link;
  ports::LinkOptions options;
  std::optional<server::store::Reader> reader;
  std::int64_t connect_delay_ms = 0, told_position = -1;
  bool link_up = false, tick_due = false;
  bool tick_waits = false, tick_overdue = false;  // posted for the next turn; another would be due
};

HubNode::HubNode(World& world, Broker& broker, server::HubConfig config, Disk* disk,
                 std::vector<Shop*> shops, Report report)
    : Computer(world, broker,
               {.name = kComputer, .program = "server", .boot_ms = kBootMs, .disk = disk}),
      config_(std::move(config)),
      shops_(std::move(shops)),
      report_(std::move(report)) {
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

HubNode::~HubNode() { end_process(); }

HubNode::Run* HubNode::live() const { return static_cast<Run*>(process_.get()); }

std::unique_ptr<Computer::Process> HubNode::make_process() {
  return std::make_unique<Run>(*this, world_);
}

// ---------------------------------------------------------------- the program
base::Status HubNode::begin() {
  auto& run = *live();
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

void HubNode::farewell() {
  if (auto* app = live()->turn.turn().app(); app != nullptr && live()->link_up) {
    live()->link->publish({"dockline/v1/server/state", app->state_payload(false), true});
  }
  live()->link->disconnect();
}

void HubNode::report(Mishap what, const std::string& why) { report_(HubMishap{what, why}); }

// Whoever waits for an answer sees the connection end.
void HubNode::process_gone() {
  for (auto& [id, done] : std::exchange(waiting_, {})) {
    world_.after(1, [id, done] {
      server::Reply reply;
      reply.reply = id;
      reply.error = base::Error{base::Fault::retry_later, "connection lost"};
      done(std::move(reply));
    });
  }
}

// ---------------------------------------------------------------- as server/main/core.cpp
void HubNode::put(server::Input input) {
  if (world_.tracing()) {
    if (auto line = say(input); !line.empty()) trace("<- " + line);
  }
  if (!live()->turn.post(std::move(input))) trace("mailbox full");
}

void HubNode::connect() {
  auto& run = *live();
  auto* app = run.turn.turn().app();
  if (app == nullptr || !broker_.running()) return schedule_connect();
  run.options.will = {"dockline/v1/server/state", app->state_payload(false)};
  ports::LinkEvents events;
  events.on_up = run.lane.guard([this] {
    live()->link_up = true;
    live()->connect_delay_ms = 0;
    put(server::LinkUp{});
  });
  events.on_down = run.lane.guard([this](const base::Error& why) {
    live()->link_up = false;
    put(server::LinkDown{why.detail});
    schedule_connect();
  });
  events.on_message = run.lane.guard([this](ports::LinkMessage m) {
    put(server::MqttIn{std::move(m.topic), std::move(m.payload), m.retained});
  });
  run.link->connect(run.options, std::move(events));
}

void HubNode::schedule_connect() {
  auto& run = *live();
  run.connect_delay_ms = std::clamp(run.connect_delay_ms * 2, kManagedRetryMs, kManagedRetryMostMs);
  run.lane.after(
      world_.random("hub connect").between(run.connect_delay_ms / 2, run.connect_delay_ms),
      [this] { connect(); });
}

void HubNode::schedule_tick() {
  auto& run = *live();
  if (std::exchange(run.tick_due, true)) return;
  auto* app = run.turn.turn().app();
  const auto wish = app == nullptr ? kTickMostMs : app->tick_in_ms(run.lane.now());
  run.lane.after(std::clamp<std::int64_t>(wish, 1, kTickMostMs), [this] {
    auto& process = *live();
    process.tick_due = false;
    // On the real lane no timer fires while a turn takes its time: one tick waits at most.
    if (std::exchange(process.tick_waits, true)) {
      process.tick_overdue = true;
      return;
    }
    put(server::Tick{});
    schedule_tick();
  });
}

void HubNode::committed() {
  if (!running()) return;
  // The position comes with the Changed effect; nothing else needs telling.
}

void HubNode::release(server::Effect effect) {
  auto& run = *live();
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
                live()->lane.guard([this, number](base::Result<base::HttpResponse> answer) {
                  put(server::ChannelResult{number, std::move(answer)});
                }));
}

void HubNode::rejected(const server::Input& input, const base::Error& why) {
  trace("refused: " + why.detail);
  if (why.fault == base::Fault::corrupt) return kill("after " + why.detail);
  if (auto busy = server::HubApp::busy(live()->process, live()->lane.now(), input, why)) {
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
  if (!running()) {
    world_.after(1, [done = std::move(done)] {
      server::Reply away;
      away.error = base::Error{base::Fault::retry_later, "connection refused"};
      done(std::move(away));
    });
    return;
  }
  const auto id = ++last_reply_;
  waiting_.emplace(id, std::move(done));
  live()->lane.post([this, id, command = std::move(command)]() mutable {
    if (live()->turn.post(server::ApiCommand{id, std::move(command)})) return;
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
  if (!running() || disk_dead()) return nullptr;
  if (!live()->reader) {
    auto opened = server::store::Reader::open(config_.db_path, config_.vfs);
    if (!opened) return nullptr;
    live()->reader.emplace(std::move(*opened));
  }
  return &*live()->reader;
}

std::size_t HubNode::mailbox() { return !running() ? 0 : live()->turn.turn().waiting(); }

std::vector<server::publish::ChannelView> HubNode::channels() {
  if (!running()) return {};
  auto* app = live()->turn.turn().app();
  return app == nullptr ? std::vector<server::publish::ChannelView>{}
                        : app->channels(live()->lane.now());
}

}  // namespace dockline::sim
