#include "agent/app/station_app.hpp"

#include <algorithm>
#include <type_traits>

#include "agent/app/impl.hpp"
#include "agent/labels/label.hpp"
#include "agent/station/command.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"
#include "shared/sync/pressure.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent {
namespace {

namespace limits = base::limits;
using base::Fault;
using base::Instant;
using base::Status;

constexpr std::int64_t kTrimEveryMs = 3'600'000;
constexpr std::int64_t kUpTrimEveryMs = 30'000, kUpTrimSoonMs = 200;

// No packer was answered with it, and the next one of its kind says as much.
bool can_go_unsaid(const wire::EventData& data) {
  return std::holds_alternative<wire::DeviceChanged>(data) ||
         std::holds_alternative<wire::LabelChanged>(data) ||
         std::holds_alternative<wire::StationTrouble>(data) ||
         std::holds_alternative<wire::ServerRestoredSeen>(data) ||
         std::holds_alternative<wire::SyncDigest>(data);
}

}  // namespace

StationApp::StationApp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StationApp::~StationApp() = default;

Status StationApp::begin_process(const StationSettings& settings, StationProcess& process) {
  auto opened = store::Store::open(settings.database, settings.vfs);
  if (!opened) return base::pass(opened.error());
  auto boot = (*opened)->raise_boot();
  if (!boot) return base::pass(boot.error());
  process.boot = PLANT("boot-not-durable") ? 1 : *boot;
  process.opened = true;
  return {};
}

base::Result<std::unique_ptr<StationApp>> StationApp::open(const StationSettings& settings,
                                                           StationProcess& process, Instant now) {
  auto impl = std::make_unique<Impl>(settings, process);
  auto opened = process.opened ? store::Store::reopen(settings.database, settings.vfs)
                               : store::Store::open(settings.database, settings.vfs);
  if (!opened) return base::pass(opened.error());
  impl->store = std::move(*opened);
  if (auto ok = impl->load(now); !ok) return base::pass(ok.error());
  return std::unique_ptr<StationApp>(new StationApp(std::move(impl)));
}

Status StationApp::Impl::load(Instant at) {
  now = at;
  started_wall_ms = at.wall_ms;
  connect_at_ms = at.mono_ms;
  trim_at_ms = at.mono_ms + kTrimEveryMs;
  up_trim_at_ms = at.mono_ms + kUpTrimEveryMs;
  process.seed = prng.next();  // a rebuilt App must not repeat ids
  auto row = store->load_machine();
  if (!row) return base::pass(row.error());
  station::State state;
  if (!row->state.empty()) {
    auto read = station::state_from_json(row->state);
    if (!read) return base::pass(read.error());
    state = std::move(*read);
  }
  saved = state;
  saved_state = std::move(row->state);
  saved_hlc = hlc = row->hlc;
  auto sheets = store->live_sheets(state.last_label, "");
  if (!sheets) return base::pass(sheets.error());
  station.emplace(bench(), std::move(state), std::move(*sheets));
  if (auto ok = station->restart(at, *store, process.fresh_start, pending); !ok) return ok;
  if (!process.fresh_start) station->know_devices(at, process.devices);
  process.fresh_start = false;
  const sync::Process run{process.boot, process.nonce};
  sync::SenderOptions up;
  up.direction = sync::Direction::up;
  up.process = run;
  up.rows_max = settings.outbox_rows;
  auto opened = sync::Sender::open(store->up(), prng, up);
  if (!opened) return base::pass(opened.error());
  sender.emplace(std::move(*opened));
  room = outbox_room(kept(), settings.outbox_rows);
  told_level = room.level;  // told in the commit that reached it
  station->set_outbox(room.bench);
  sync::ReceiverOptions down;
  down.direction = sync::Direction::down;
  down.process = run;
  down.snapshots = &swap;
  auto received = sync::Receiver::open(store->down(), down);
  if (!received) return base::pass(received.error());
  receiver.emplace(std::move(*received));
  auto mirrored = store->mirror().inc();
  if (!mirrored) return base::pass(mirrored.error());
  mirror_inc = std::move(*mirrored);
  digest_at_ms = at.mono_ms + prng.between(1, 300'000);  // stations do not speak at once
  return {};
}

Status StationApp::begin() {
  impl_->up_out = {};
  impl_->down_out = {};
  impl_->view_changed = false;
  impl_->asked_to_connect = false;
  return impl_->store->begin();
}

Status StationApp::step(Instant now, const Input& input, std::vector<Effect>& effects) {
  impl_->now = now;
  impl_->effects = &effects;
  // Without any room nothing can be recorded, and only what the server says makes room again.
  if (impl_->sender->room() != sync::Room::none) {
    if (auto ok = impl_->begin_stream("start"); !ok) return ok;
    if (auto ok = impl_->carry_out(); !ok) return ok;  // what the restart asked for
  }
  if (auto ok = impl_->dispatch(input); !ok) return ok;
  return impl_->carry_out();
}

Status StationApp::commit() {
  if (auto ok = impl_->finish(); !ok) return ok;
  return impl_->store->commit();
}

void StationApp::abandon() { impl_->store->rollback(); }
std::uint64_t StationApp::tried() const { return impl_->store->tried(); }
base::Result<bool> StationApp::kept(std::uint64_t turn) { return impl_->store->kept(turn); }

bool StationApp::only_tells(const Effect& effect) {
  return std::holds_alternative<Sound>(effect) || std::holds_alternative<ViewChanged>(effect);
}

void StationApp::counted_unheard(Instant now) { impl_->station->counted_unheard(now); }

void StationApp::crowded(std::size_t waiting) {
  const auto allowed = sync::allowance(waiting);
  impl_->receiver->set_window(allowed.facts, allowed.bytes);
}

std::optional<Publish> StationApp::busy(const StationSettings& settings,
                                        const StationProcess& process, Instant now,
                                        const Input& input, const base::Error& why) {
  if (why.fault != Fault::full && why.fault != Fault::retry_later) return std::nullopt;
  const auto* message = std::get_if<MqttIn>(&input);
  const auto named = [&](sync::Leaf leaf) {
    return sync::topic(settings.site, settings.station, leaf);
  };
  if (message == nullptr || message->retained || !process.link_up ||
      message->topic != named(sync::Leaf::down)) {
    return std::nullopt;
  }
  auto answer = sync::busy_answer(now, message->payload, {process.boot, process.nonce});
  if (!answer) return std::nullopt;
  return Publish{named(sync::Leaf::down_ack), std::move(*answer), false};
}

Status StationApp::Impl::dispatch(const Input& input) {
  view_changed = view_changed || !(std::holds_alternative<Tick>(input) ||
                                   std::holds_alternative<StoreProbe>(input));
  return std::visit(
      [&](const auto& in) -> Status {
        using T = std::decay_t<decltype(in)>;
        if constexpr (std::is_same_v<T, ScanIn>) {
          return on_scan(in, false);
        } else if constexpr (std::is_same_v<T, PageTyped>) {
          return on_scan({"", in.text, ""}, true);
        } else if constexpr (std::is_same_v<T, ScanRefusedIn>) {
          station->scan_refused(now, in.device, pending);
          return store->add_raw_scan({now.wall_ms, in.device, in.head, "", in.reason, ""});
        } else if constexpr (std::is_same_v<T, MqttIn>) {
          return on_mqtt(in);
        } else if constexpr (std::is_same_v<T, LinkUp>) {
          process.connecting = false;
          process.link_up = true;
          reconnect_level = 0;
          link_known = false;
          follow_link();
          return {};
        } else if constexpr (std::is_same_v<T, LinkDown>) {
          process.connecting = false;
          process.link_up = false;
          follow_link();
          plan_reconnect();
          return {};
        } else if constexpr (std::is_same_v<T, DeviceSeen>) {
          std::erase_if(process.devices,
                        [&](const auto& d) { return d.device == in.report.device; });
          process.devices.push_back(in.report);
          station->device(now, in.report, pending);
          return {};
        } else if constexpr (std::is_same_v<T, PrinterReport>) {
          station->print(now, in.report, pending);
          return {};
        } else if constexpr (std::is_same_v<T, PageCommand>) {
          return on_command(in);
        } else if constexpr (std::is_same_v<T, PageUndo>) {
          std::int64_t action = 0;
          for (const char c : in.action) {
            if (c < '0' || c > '9' || action > INT64_MAX / 100) return {};
            action = action * 10 + (c - '0');
          }
          return station->undo_action(now, action, *store, pending);
        } else if constexpr (std::is_same_v<T, PageUnknownKeys>) {
          station->unknown_keys(now, pending);
          return {};
        } else if constexpr (std::is_same_v<T, StoreProbe>) {
          return store->probe(now.wall_ms);
        } else {
          static_assert(std::is_same_v<T, Tick>);
          return on_tick();
        }
      },
      input);
}

Status StationApp::Impl::on_scan(const ScanIn& in, bool typed) {
  if (in.bytes.size() > limits::kScanBytesMax) {
    return base::fail(Fault::reject, "scan of " + std::to_string(in.bytes.size()) + " bytes");
  }
  const std::string device = typed ? std::string() : in.device.empty() ? "scanner" : in.device;
  const auto offset = sender->clock();
  station->set_clock_ahead(offset ? offset->offset_ms : 0);
  const auto verdict = station->scan(now, {device, in.bytes, in.symbology}, *store, pending);
  if (!verdict) return base::pass(verdict.error());
  return store->add_raw_scan(
      {now.wall_ms, device, in.bytes, in.symbology, *verdict, station->state().order});
}

Status StationApp::Impl::on_command(const PageCommand& in) {
  const auto command = station::command_named(in.command);
  if (!command) return {};  // not of our page: answered by nothing
  return station->command(now, *command, *store, pending);
}

Status StationApp::Impl::on_tick() {
  if (PLANT("snapshot-in-two-transactions") && receiver->staged() == 0 &&
      station->state().phase == station::Phase::idle) {
    auto stage = store->snapshot().load();
    if (!stage) return base::pass(stage.error());
    if (stage->parts > 0) {
      if (auto done = take_snapshot(now); !done) return base::pass(done.error());
      if (auto ok = store->snapshot().clear(); !ok) return ok;
    }
  }
  follow_link();
  station->tick(now, pending);
  if (auto ok = sender->tick(now, up_out); !ok) return ok;
  if (process.link_up && now.mono_ms >= beat_at_ms) {
    beat_at_ms = now.mono_ms + limits::kProbeMs +
                 prng.between(-limits::kProbeJitterMs, limits::kProbeJitterMs);
    publish(topic(sync::Leaf::state), state_payload(true), true);
  }
  if (settings.has_broker && !process.link_up && !process.connecting && !asked_to_connect &&
      now.mono_ms >= connect_at_ms) {
    asked_to_connect = true;
    effects->emplace_back(Connect{sync::client_id(settings.site, settings.station, process.nonce),
                                  {topic(sync::Leaf::up_ack), topic(sync::Leaf::down),
                                   topic(sync::Leaf::state), std::string(sync::kServerStateTopic)},
                                  {topic(sync::Leaf::state), state_payload(false)}});
  }
  // Facts the server has for good. A snapshot under way counts on those that followed its cut.
  if (now.mono_ms >= up_trim_at_ms && sender->trimmable() > 0 && receiver->staged() == 0) {
    if (auto done = sender->trim(); !done) return base::pass(done.error());
    const bool more = sender->trimmable() >= limits::kTrimRowsMax;
    up_trim_at_ms = now.mono_ms + (more ? kUpTrimSoonMs : kUpTrimEveryMs);
  }
  if (auto ok = say_digest(); !ok) return ok;
  if (now.mono_ms >= trim_at_ms) {
    trim_at_ms = now.mono_ms + kTrimEveryMs;
    if (auto ok = store->trim_journals(); !ok) return ok;
  }
  return {};
}

// ------------------------------------------------------------------- what the machine asked for
Status StationApp::Impl::carry_out() {
  station::Effects todo;
  todo.swap(pending);
  for (auto& effect : todo) {
    auto done = std::visit(
        [&](auto& e) -> Status {
          using T = std::decay_t<decltype(e)>;
          if constexpr (std::is_same_v<T, station::RecordFact>) {
            return record(e);
          } else if constexpr (std::is_same_v<T, station::PlaySound>) {
            effects->emplace_back(Sound{std::move(e.name)});
            return {};
          } else if constexpr (std::is_same_v<T, station::SaveWork>) {
            return store->save_work(e, now.wall_ms);
          } else if constexpr (std::is_same_v<T, station::DropWork>) {
            return store->drop_work(e.lease);
          } else if constexpr (std::is_same_v<T, station::CountAnswered>) {
            return store->counts().answered(e.task);
          } else if constexpr (std::is_same_v<T, station::PrintSheet>) {
            return print(e);
          } else if constexpr (std::is_same_v<T, station::SendSheet>) {
            effects->emplace_back(SendPrint{std::move(e.device), std::move(e.id)});
            return {};
          } else if constexpr (std::is_same_v<T, station::RecoverSheet>) {
            effects->emplace_back(
                RecoverPrint{std::move(e.device), std::move(e.id), std::move(e.mark)});
            return {};
          } else {
            static_assert(std::is_same_v<T, station::ForgetSheet>);
            effects->emplace_back(ForgetPrint{std::move(e.device), std::move(e.id)});
            return {};
          }
        },
        effect);
    if (!done) return done;
  }
  return {};
}

Status StationApp::Impl::print(const station::PrintSheet& sheet) {
  const auto& jobs = station->journal().jobs();
  const auto job =
      std::find_if(jobs.begin(), jobs.end(), [&](const auto& j) { return j.id() == sheet.id; });
  if (job == jobs.end()) return {};
  auto work = store->work(job->job);
  if (!work) return base::pass(work.error());
  labels::LabelDocument document;
  document.order_number = job->number;
  document.sender = settings.site_title;
  document.label = job->label;
  const auto sheets = store->sheets(job->job);
  if (!sheets) return base::pass(sheets.error());
  document.attempt =
      1 + std::ranges::count_if(*sheets, [&](const auto& before) {
        return before.attempt < job->attempt && before.label.tracking == job->label.tracking;
      });
  if (*work) {
    document.ship_to = (*work)->order.ship_to;
    for (const auto& line : (*work)->order.lines) {
      const bool in_work = station->order() && station->order()->work.lease == job->job;
      const auto packed = in_work ? station->count_of(line.line).packed : line.quantity;
      if (packed > 0) document.pieces.push_back({line.sku, line.title, packed});
    }
  }
  auto zpl = labels::to_zpl(document);
  if (!zpl) {
    trouble("label", "order " + job->number + ": " + zpl.error().detail);
    return {};
  }
  effects->emplace_back(Print{sheet.device, sheet.id, std::move(*zpl)});
  return {};
}

Status StationApp::Impl::record(const station::RecordFact& fact) {
  if (sender->room() == sync::Room::none && can_go_unsaid(fact.data)) return {};
  wire::Event event;
  event.id = base::uuid7(prng, now.wall_ms);
  event.source = "/" + settings.site + "/" + settings.station;
  event.subject = fact.order;
  event.correlation = fact.order;
  event.time_ms = now.wall_ms;
  event.dlinc = sender->inc();
  event.dlseq = sender->next_seq();
  sync::HybridClock clock(hlc);
  event.dlhlc = hlc = clock.tick(now.wall_ms);
  if (const auto offset = sender->clock()) {
    event.dloffms = offset->offset_ms;
    event.dlerrms = offset->error_ms;
  }
  event.data = fact.data;
  auto bytes = wire::encode(event);
  if (!bytes) return base::pass(bytes.error());
  auto seq = sender->record(now, event.id, *bytes);
  if (!seq) return base::pass(seq.error());
  return mirror_fact(fact.data);
}

void StationApp::Impl::trouble(std::string kind, std::string detail) {
  pending.emplace_back(
      station::RecordFact{wire::StationTrouble{std::move(kind), std::move(detail)}, ""});
}

// End of the turn: cursors, window and machine state go into the same commit; messages after it.
Status StationApp::Impl::finish() {
  if (effects == nullptr) return {};
  if (auto ok = receiver->flush(now, down_out); !ok) return ok;
  if (auto ok = sender->flush(now, up_out); !ok) return ok;
  for (const auto& notice : down_out.notices) {
    if (auto ok = act_on(notice); !ok) return ok;
  }
  for (const auto& notice : up_out.notices) {
    if (auto ok = act_on(notice); !ok) return ok;
  }
  look_at_room();
  if (!pending.empty()) {
    if (auto ok = carry_out(); !ok) return ok;
    if (auto ok = sender->flush(now, up_out); !ok) return ok;
  }
  if (auto ok = sender->save(); !ok) return ok;
  for (const auto& sheet : station->take_changed_sheets()) {
    if (auto ok = store->put_sheet(sheet); !ok) return ok;
  }
  if (auto ok = save_state(); !ok) return ok;
  for (auto& payload : up_out.payloads) publish(topic(sync::Leaf::up), std::move(payload));
  for (auto& payload : down_out.payloads) publish(topic(sync::Leaf::down_ack), std::move(payload));
  if (view_changed) effects->emplace_back(ViewChanged{});
  effects = nullptr;
  return {};
}

Status StationApp::Impl::save_state() {
  const bool later = PLANT("state-in-another-transaction") && hlc != saved_hlc && hlc % 3 != 0;
  if (later) return {};
  bool changed = station->state() != saved;
  if (changed) {
    std::string text = station::to_json(station->state());
    saved = station->state();
    changed = text != saved_state;
    saved_state = std::move(text);
  }
  if (!changed && hlc == saved_hlc) return {};
  view_changed = view_changed || changed;
  saved_hlc = hlc;
  return store->save_machine(saved_state, hlc);
}

void StationApp::Impl::look_at_room() {
  const auto before = room;
  room = outbox_room(kept(), settings.outbox_rows);
  station->set_outbox(room.bench);
  view_changed = view_changed || room.level != before.level || room.bench != before.bench;
  if (room.level > told_level) {
    trouble("outbox",
            std::to_string(kept()) +
                " facts of this station are not kept for good by the server (" +
                std::to_string(sender->waiting()) + " of them it does not have); the outbox " +
                (room.level == OutboxRoom::Level::warn ? "is four fifths full"
                                                       : "is full and no new order is begun"));
  }
  // A level left for a moment is not told again: a new warning needs plenty of room in between.
  if (room.level > told_level || room.level == OutboxRoom::Level::plenty) told_level = room.level;
}

std::int64_t StationApp::wake_ms() const {
  const auto& s = *impl_;
  std::int64_t at = s.trim_at_ms;
  const auto take = [&](std::optional<std::int64_t> ms) {
    if (ms) at = std::min(at, *ms);
  };
  take(s.station->wake_ms());
  take(s.sender->deadline());
  if (s.sender->trimmable() > 0 && s.receiver->staged() == 0) take(s.up_trim_at_ms);
  if (s.process.link_up) take(s.digest_at_ms);
  if (s.process.link_up)
    take(s.beat_at_ms);
  else if (s.settings.has_broker && !s.process.connecting)
    take(s.connect_at_ms);
  if (s.process.link_up != s.link_known || !s.pending.empty()) at = 0;
  return at;
}

Publish StationApp::farewell(Instant now) const {
  impl_->now = now;
  return {impl_->topic(sync::Leaf::state), impl_->state_payload(false), true};
}

StationApp::Figures StationApp::figures() const {
  Figures out = stream_figures();
  if (const auto kept = impl_->store->inventory()) {
    out.orders = kept->orders;
    out.items = kept->items;
    out.scans = kept->raw_scans;
  }
  return out;
}

StationApp::Figures StationApp::stream_figures() const {
  Figures out;
  out.closed_today = impl_->station->state().closed_today;
  out.up_inc = impl_->sender->inc();
  out.up_last = impl_->sender->last();
  out.waiting = impl_->sender->waiting();
  out.under_way = impl_->sender->under_way();
  out.received = impl_->sender->acked();
  out.link_up = impl_->process.link_up;
  out.streaming = impl_->sender->state() == sync::Sender::State::streaming;
  return out;
}

}  // namespace dockline::agent
