#include "server/app/hub_app.hpp"

#include <algorithm>

#include "server/app/answers.hpp"
#include "server/app/books.hpp"
#include "server/app/commands.hpp"
#include "server/app/daily_look.hpp"
#include "server/app/import_run.hpp"
#include "server/app/keeping.hpp"
#include "server/app/purchase_posts.hpp"
#include "server/app/reactions.hpp"
#include "server/app/reserved_check.hpp"
#include "server/app/stations.hpp"
#include "server/fleet/fleet.hpp"
#include "shared/base/plant.hpp"
#include "shared/sync/frame.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/pressure.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kTickMostMs = 1'000;
constexpr std::int64_t kKeepingMs = 50;  // between two pieces of work that nobody waits for
constexpr int kFlushRoundsMax = 4;       // facts of the engine may touch figures again

// Answers to the asker; everything else says that the turn cannot be kept.
bool is_answer(base::Fault fault) {
  switch (fault) {
    case base::Fault::reject:
    case base::Fault::conflict:
      return true;
    case base::Fault::retry_later:
    case base::Fault::corrupt:
    case base::Fault::full:
    case base::Fault::bug:
      return false;
  }
  return false;
}

// Only in the simulator's build, with that bug planted.
bool commits_later(std::int64_t written) {
  return PLANT("ack-before-commit") && written % 32 != 0 && written % 32 < 24;
}

}  // namespace

struct HubApp::Impl {
  Impl(const HubConfig& config, std::unique_ptr<store::Store> store, std::uint64_t seed)
      : core(config, std::move(store), seed),
        stations(core),
        books(core, stations),
        posts(core),
        reactions(core, stations),
        desk(core, stations),
        imports(core, desk),
        keeping(core, stations),
        look(core, stations, desk),
        reserved(core),
        commands(core, reactions, books, imports, keeping, desk),
        answers(core) {}

  base::Status on(const LinkUp&, std::vector<Effect>& effects);
  base::Status on(const LinkDown&, std::vector<Effect>&) {
    stations.link_down();
    return {};
  }
  base::Status on(const MqttIn& input, std::vector<Effect>&) { return stations.on_message(input); }
  base::Status on(const ApiCommand& input, std::vector<Effect>& effects);
  base::Status on(const ChannelResult& input, std::vector<Effect>&);
  base::Status on(const Tick&, std::vector<Effect>&);
  base::Status flush_engine(std::vector<Effect>& effects);
  base::Status finish(std::vector<Effect>& effects);

  HubCore core;
  Stations stations;
  HubBooks books;
  PurchasePosts posts;
  Reactions reactions;
  StockDesk desk;
  ImportRun imports;
  Keeping keeping;
  DailyLook look;
  ReservedCheck reserved;
  Commands commands;
  Answers answers;
  std::size_t inputs = 0;  // of the turn under way

  base::Status judged(base::Status done) {
    if (done || inputs != 1) return done;
    core.config.doubts->failed(core.taken, done.error());
    core.config.doubts->retries_failed(done.error());
    return done;
  }
};

HubApp::HubApp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HubApp::~HubApp() = default;

base::Result<std::unique_ptr<HubApp>> HubApp::open(const HubConfig& config, HubProcess& process,
                                                   base::Instant now, std::uint64_t seed) {
  auto store = process.opened ? store::Store::reopen(config.db_path, config.vfs)
                              : store::Store::open(config.db_path, config.vfs);
  if (!store) return base::pass(store.error());
  auto impl = std::make_unique<Impl>(config, std::move(*store), seed);
  auto& core = impl->core;
  core.begin_turn(now);
  auto channels = config.make_channels ? config.make_channels()
                                       : std::vector<std::unique_ptr<channels::Channel>>{};
  core.engine = std::make_unique<publish::ChannelEngine>(std::move(channels), core.prng.next());
  if (auto ok = core.store->begin(); !ok) return base::pass(ok.error());
  // `boot` is committed before anything is published, or a restart would look like a clone.
  const auto boot = static_cast<std::uint64_t>(
      fleet::boot(core.store->own.value("generation"), core.store->own.next("boot")));
  if (auto ok = impl->stations.open({boot, core.prng.next()}); !ok) return base::pass(ok.error());
  if (auto ok = core.engine->load(now, core.store->outbox); !ok) return base::pass(ok.error());
  if (auto ok = impl->posts.open(); !ok) return base::pass(ok.error());
  if (auto ok = impl->keeping.open(); !ok) return base::pass(ok.error());
  if (auto ok = impl->reactions.open(); !ok) return base::pass(ok.error());
  if (auto ok = core.store->commit(); !ok) return base::pass(ok.error());
  process.opened = true;
  process.sync = impl->stations.process();
  return std::unique_ptr<HubApp>(new HubApp(std::move(impl)));
}

// The topic up to its last word: dockline/v1/<site>/<station>.
std::string_view HubApp::queue_of(const Input& input) {
  const auto* message = std::get_if<MqttIn>(&input);
  if (message == nullptr) return {};
  const std::string_view topic = message->topic;
  return topic.substr(0, topic.rfind('/'));
}

std::size_t HubApp::weight(const Input& input) {
  const auto* message = std::get_if<MqttIn>(&input);
  return message == nullptr ? 0 : plain_bytes(*message);
}

std::size_t HubApp::plain_bytes(const MqttIn& message) { return sync::plain_size(message.payload); }

base::Status HubApp::begin() {
  impl_->inputs = 0;
  impl_->core.taken = {};
  impl_->core.config.doubts->turn_begins();
  if (commits_later(impl_->core.written)) return {};
  return impl_->core.store->begin();
}
base::Status HubApp::commit() {
  if (commits_later(impl_->core.written)) return {};
  auto done = impl_->core.store->commit();
  if (done) {
    impl_->core.config.doubts->kept(impl_->core.taken);
    impl_->core.config.doubts->retries_kept();
  }
  return done;
}
void HubApp::abandon() { impl_->core.store->rollback(); }
std::uint64_t HubApp::tried() const { return impl_->core.store->tried(); }
base::Result<bool> HubApp::kept(std::uint64_t turn) { return impl_->core.store->kept(turn); }
bool HubApp::only_tells(const Effect& effect) {
  return std::holds_alternative<Reply>(effect) || std::holds_alternative<Changed>(effect);
}
void HubApp::crowded(std::size_t waiting) { impl_->stations.crowded(waiting); }

std::optional<Publish> HubApp::busy(const HubProcess& process, base::Instant now,
                                    const Input& input, const base::Error& why) {
  // Only what another try may mend; a fact that fails each time is narrowed down (doubts.hpp).
  if (why.fault != base::Fault::full && why.fault != base::Fault::retry_later) return std::nullopt;
  const auto* message = std::get_if<MqttIn>(&input);
  if (message == nullptr || message->retained) return std::nullopt;
  const auto from = sync::parse_topic(message->topic);
  if (!from || from->leaf != sync::Leaf::up) return std::nullopt;
  auto answer = sync::busy_answer(now, message->payload, process.sync);
  if (!answer) return std::nullopt;
  return Publish{sync::topic(from->site, from->station, sync::Leaf::up_ack), std::move(*answer),
                 false};
}

base::Status HubApp::step(base::Instant now, const Input& input, std::vector<Effect>& effects) {
  if (impl_->inputs++ == 0) {
    impl_->core.begin_turn(now);
    impl_->stations.follow_clock();
  }
  auto ok = std::visit([&](const auto& i) { return impl_->on(i, effects); }, input);
  return impl_->judged(ok ? impl_->reactions.run() : ok);
}

base::Status HubApp::Impl::on(const LinkUp&, std::vector<Effect>& effects) {
  sync::State state;
  state.up = true;
  state.process = stations.process();
  state.program = core.config.program;
  state.t1 = core.now.wall_ms;
  effects.emplace_back(Publish{std::string(sync::kServerStateTopic), sync::encode(state), true});
  return stations.link_up();
}

base::Status HubApp::Impl::on(const ApiCommand& input, std::vector<Effect>& effects) {
  Reply out;
  if (auto known = answers.before(input)) {
    out = std::move(*known);
  } else {
    auto reply = commands.run(input.command);
    if (auto ok = core.store->trouble(); !ok) return ok;
    if (!reply && !is_answer(reply.error().fault)) return base::pass(reply.error());
    if (reply)
      out = std::move(*reply);
    else
      out.error = reply.error();
    answers.after(input, out);
  }
  if (auto ok = core.store->trouble(); !ok) return ok;
  out.reply = input.reply;
  if (input.reply != 0) effects.emplace_back(std::move(out));
  return {};
}

base::Status HubApp::Impl::on(const ChannelResult& input, std::vector<Effect>&) {
  if (auto ok = posts.on_result(input); !ok) return ok;
  publish::EngineOut out;
  if (auto ok = core.engine->on_result(core.now, books, core.store->outbox, input, out); !ok) {
    return ok;
  }
  core.changed.insert("outbox");
  core.changed.insert("channels");
  return commands.keep(std::move(out.facts));
}

base::Status HubApp::Impl::on(const Tick&, std::vector<Effect>& effects) {
  if (auto ok = stations.tick(); !ok) return ok;
  if (auto ok = reactions.see_silence(); !ok) return ok;
  publish::EngineOut out;
  if (auto ok = core.engine->on_tick(core.now, books, core.store->outbox, out); !ok) return ok;
  for (auto& request : out.requests) effects.emplace_back(std::move(request));
  if (auto ok = commands.keep(std::move(out.facts)); !ok) return ok;
  if (auto ok = imports.step(); !ok) return ok;
  if (auto ok = keeping.tick(); !ok) return ok;
  if (auto ok = look.tick(); !ok) return ok;
  if (auto ok = reserved.tick(); !ok) return ok;
  answers.tick();
  return reactions.run();
}

// Last of the turn: figures that changed become rows, rows become requests. What the engine wants
// kept may change figures again.
base::Status HubApp::Impl::flush_engine(std::vector<Effect>& effects) {
  for (int round = 0; round < kFlushRoundsMax; ++round) {
    publish::EngineOut out;
    if (auto ok = core.engine->flush(core.now, books, core.store->outbox, out); !ok) return ok;
    for (auto& request : out.requests) effects.emplace_back(std::move(request));
    if (out.facts.empty()) return {};
    if (auto ok = commands.keep(std::move(out.facts)); !ok) return ok;
    if (auto ok = reactions.run(); !ok) return ok;
  }
  return {};
}

base::Status HubApp::finish(base::Instant now, std::vector<Effect>& effects) {
  impl_->core.now = now;
  impl_->stations.follow_clock();
  return impl_->judged(impl_->finish(effects));
}

base::Status HubApp::Impl::finish(std::vector<Effect>& effects) {
  // Stock files first: an order is routed once, when all of a file is on the shelves.
  if (!imports.busy()) {
    if (auto ok = reactions.work(); !ok) return ok;
  }
  if (auto ok = reactions.tell_closed(); !ok) return ok;
  if (auto ok = flush_engine(effects); !ok) return ok;
  posts.flush(effects);
  if (auto ok = stations.finish(effects); !ok) return ok;
  // Notices of the stream machines may have raised something.
  if (auto ok = reactions.run(); !ok) return ok;
  if (auto ok = stations.save(); !ok) return ok;
  if (!core.changed.empty()) {
    effects.emplace_back(
        Changed{{core.changed.begin(), core.changed.end()}, core.store->log.last_position()});
    core.changed.clear();
  }
  return core.store->trouble();
}

std::vector<publish::ChannelView> HubApp::channels(base::Instant now) const {
  return impl_->core.engine->view(now);
}

std::int64_t HubApp::tick_in_ms(base::Instant now) const {
  if (impl_->imports.pending() || impl_->reactions.has_work() || impl_->look.has_expired()) {
    return 0;
  }
  std::int64_t wait = impl_->keeping.has_work() || impl_->look.running() ? kKeepingMs : kTickMostMs;
  const auto sooner = [&](std::optional<std::int64_t> due) {
    if (due) wait = std::min(wait, std::max<std::int64_t>(0, *due - now.mono_ms));
  };
  sooner(impl_->stations.deadline());
  sooner(impl_->core.engine->next_due_ms(now));
  sooner(impl_->core.post->next_due_ms(now));
  return wait;
}

std::vector<std::string> HubApp::subscriptions() {
  return {"dockline/v1/+/+/up", "dockline/v1/+/+/down-ack", "dockline/v1/+/+/state"};
}

std::string HubApp::state_payload(bool up) const {
  sync::State state;
  state.up = up;
  state.process = impl_->stations.process();
  state.program = impl_->core.config.program;
  return sync::encode(state);
}

}  // namespace dockline::server
