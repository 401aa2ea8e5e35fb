// The station's side of the wire: link decisions, birth and heartbeat, messages, facts of the
// server.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "agent/app/impl.hpp"
#include "shared/base/limits.hpp"
#include "shared/sync/message.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent {
namespace {

namespace limits = base::limits;
using base::Status;
using sync::Leaf;

// What this program could not work with although it is well-formed JSON.
std::string unusable(const station::Order& order) {
  if (order.order.empty() || order.lines.empty()) return "an order without id or lines";
  if (order.lines.size() > limits::kOrderLinesMax) return "an order of too many lines";
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const auto& line = order.lines[i];
    if (line.quantity <= 0 || line.quantity > limits::kLineQuantityMax) {
      return "line " + std::to_string(line.line) + " wants " + std::to_string(line.quantity);
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (order.lines[k].line == line.line) return "line " + std::to_string(line.line) + " twice";
    }
  }
  return {};
}

std::string unusable(const wire::CountAsked& asked) {
  return asked.task.empty() || asked.sku.empty() ? "a question for a count without id or SKU" : "";
}

}  // namespace

std::string StationApp::Impl::topic(Leaf leaf) const {
  return sync::topic(settings.site, settings.station, leaf);
}

void StationApp::Impl::publish(std::string to, std::string payload, bool retained) {
  if (!process.link_up) return;
  effects->emplace_back(Publish{std::move(to), std::move(payload), retained});
}

std::string StationApp::Impl::state_payload(bool up) const {
  sync::State out;
  out.up = up;
  out.inc = sender->inc();
  out.process = {process.boot, process.nonce};
  out.program = settings.program;
  out.can.emplace_back(sync::kCanCount);
  out.last = sender->last();
  out.acked = sender->acked();
  if (const auto* row = receiver->newest()) out.down_through = row->cursor.through;
  if (up) {
    if (const auto oldest = store->oldest_waiting_ms(sender->acked()); oldest && *oldest) {
      out.oldest_ms = std::max<std::int64_t>(0, now.wall_ms - **oldest);
    }
  }
  out.t1 = now.wall_ms;
  if (const auto offset = sender->clock()) {
    out.dloffms = offset->offset_ms;
    out.dlerrms = offset->error_ms;
  }
  return sync::encode(out);
}

// The link is as the shell says, also when the turn that would have heard of it failed.
void StationApp::Impl::follow_link() {
  if (process.link_up == link_known) return;
  link_known = process.link_up;
  if (link_known) return link_is_up();
  server_up = false;
  sender->link_down();
}

void StationApp::Impl::link_is_up() {
  beat_at_ms = now.mono_ms + limits::kProbeMs;
  publish(topic(Leaf::state), state_payload(true), true);
  // A failing store shows itself again at flush(); the sender has only to ask.
  static_cast<void>(sender->link_up(now, up_out));
}

// Random in [d/2, d], d doubling (PROTOCOL.md section 15, T_reconnect).
void StationApp::Impl::plan_reconnect() {
  const std::int64_t most = std::min(limits::kReconnectMostMs,
                                     limits::kReconnectFirstMs << std::min(reconnect_level, 10U));
  ++reconnect_level;
  connect_at_ms = now.mono_ms + prng.between(most / 2, most);
}

Status StationApp::Impl::on_mqtt(const MqttIn& in) {
  view_changed = true;
  if (in.topic == topic(Leaf::down)) {
    return in.retained ? Status{} : receiver->on_message(now, in.payload, *this, down_out);
  }
  auto message = sync::read(in.payload);
  if (!message) return {};  // dropped: the sender asks again
  if (in.topic == topic(Leaf::up_ack)) {
    const auto* ack = std::get_if<sync::Ack>(&*message);
    if (ack == nullptr || in.retained) return {};
    if (auto ok = sender->on_ack(now, *ack, up_out); !ok) return ok;
    // A clock that is off by a second more than the server was told: it need not wait for a beat.
    const auto offset = sender->clock();
    if (offset && std::abs(offset->offset_ms - told_offset_ms) > 1'000) {
      told_offset_ms = offset->offset_ms;
      beat_at_ms = now.mono_ms;
    }
    return {};
  }
  const auto* state = std::get_if<sync::State>(&*message);
  if (state == nullptr) return {};
  if (in.topic == sync::kServerStateTopic) {
    server_up = state->up;
    const bool restarted = state->up && server_nonce != 0 && server_nonce != state->process.nonce;
    server_nonce = state->process.nonce;
    if (restarted) sender->probe(now, up_out);
    return {};
  }
  if (in.topic != topic(Leaf::state) || state->process.nonce == process.nonce) return {};
  // A former life's will, or another computer with our name: ours is what counts. Two computers
  // that live would answer each other for ever, so that is said once a beat.
  if (!state->up || now.mono_ms >= foreign_answer_ms) {
    if (state->up) foreign_answer_ms = now.mono_ms + limits::kProbeMs;
    publish(topic(Leaf::state), state_payload(true), true);
  }
  if (state->up && !in.retained && foreign_nonce != state->process.nonce) {
    foreign_nonce = state->process.nonce;
    trouble("two computers", "another computer reports as " + settings.site + "/" +
                                 settings.station + ", run " + sync::to_text(state->process));
  }
  return {};
}

// The server's clock and ours are apart by more than anybody follows. Said once, until it is heard
// in bounds again; order never depends on it.
void StationApp::Impl::hear_clock(const wire::Event& event) {
  if (event.dlhlc == 0) return;
  sync::HybridClock clock(hlc);
  if (clock.hear(event.dlhlc, now.wall_ms)) {
    hlc = clock.last();
    clock_doubted = false;
    return;
  }
  if (std::exchange(clock_doubted, true)) return;
  const auto ahead_ms = static_cast<std::int64_t>(event.dlhlc >> 16) - now.wall_ms;
  trouble("clock", "the server's clock is " + std::to_string(ahead_ms / 1'000) +
                       " seconds ahead of this computer's: set the one that is wrong");
}

// To another computer under this name, or to this one before it lost its memory. What is given
// there later than here is not ours any more: a person decided which computer works.
base::Result<sync::Applied> StationApp::Impl::granted_elsewhere(base::Instant at,
                                                                const wire::LeaseGranted& fact) {
  const domain::LeaseRef before{fact.work.lease, fact.work.epoch - 1};
  const wire::LeaseRevoked moved{fact.order, before, "moved", {}, {}};
  if (auto ok = station->revoked(at, moved, *store, pending); !ok) return base::pass(ok.error());
  if (auto ok = carry_out(); !ok) return base::pass(ok.error());
  return sync::Applied::applied;
}

base::Result<sync::Applied> StationApp::Impl::apply(base::Instant at, const sync::FactView& fact) {
  const auto park = [&](const std::string& why) -> base::Result<sync::Applied> {
    if (auto ok = store->park(fact.bytes, why, at.wall_ms); !ok) return base::pass(ok.error());
    trouble("poison", "fact " + std::to_string(fact.seq) + " of the server: " + why);
    return sync::Applied::parked;
  };
  auto event = wire::decode(fact.bytes);
  if (!event) return park(event.error().detail);
  hear_clock(*event);
  auto own = take_own(event->data, fact);
  if (!own) return base::pass(own.error());
  if (*own) {
    if (auto ok = carry_out(); !ok) return base::pass(ok.error());
    return sync::Applied::applied;
  }
  if (const auto* granted = std::get_if<wire::LeaseGranted>(&event->data)) {
    if (granted->holder && *granted->holder != sender->inc())
      return granted_elsewhere(at, *granted);
    if (const auto why = unusable(*granted); !why.empty()) return park(why);
    auto taken = store->grant(*granted, fact.bytes, at.wall_ms);
    if (!taken) return base::pass(taken.error());
    if (!*taken) return sync::Applied::duplicate;
    if (auto ok = station->granted(at, *granted, *store, pending); !ok)
      return base::pass(ok.error());
  } else if (const auto* revoked = std::get_if<wire::LeaseRevoked>(&event->data)) {
    if (auto ok = station->revoked(at, *revoked, *store, pending); !ok) {
      return base::pass(ok.error());
    }
  } else if (const auto* item = std::get_if<wire::CatalogueItem>(&event->data)) {
    if (auto ok = store->put_item(*item); !ok) return base::pass(ok.error());
  } else if (const auto* asked = std::get_if<wire::CountAsked>(&event->data)) {
    if (const auto why = unusable(*asked); !why.empty()) return park(why);
    auto taken = store->counts().take(asked->task, fact.bytes);
    if (!taken) return base::pass(taken.error());
    if (!*taken) return sync::Applied::duplicate;
  } else if (const auto* dropped = std::get_if<wire::CountDropped>(&event->data)) {
    if (auto ok = store->counts().drop(dropped->task); !ok) return base::pass(ok.error());
    station->count_dropped(at, *dropped, pending);
  } else {
    return park("type " + std::string(event->type()) + " is not for a station");
  }
  // Rows the station asked for must be there before the next fact of the same message.
  if (auto ok = carry_out(); !ok) return base::pass(ok.error());
  return sync::Applied::applied;
}

Status StationApp::Impl::act_on(const sync::SenderNotice& notice) {
  if (const auto* forked = std::get_if<sync::Forked>(&notice)) {
    auto dropped = store->drop_untouched(station->state().lease);
    if (!dropped) return base::pass(dropped.error());
    trouble("store restored", "stream " + forked->old_inc + " ended as " +
                                  std::string(sync::name(forked->reason)) + " with rows " +
                                  std::to_string(forked->old_base + 1) + " to " +
                                  std::to_string(forked->old_last) + "; the server had " +
                                  std::to_string(forked->receiver_through) + "; " +
                                  std::to_string(dropped->size()) + " orders given up");
    return begin_stream("fork");
  } else if (std::holds_alternative<sync::VersionRefused>(notice)) {
    trouble("version", "the server speaks no version of this program's protocol: update one");
  } else if (const auto* restored = std::get_if<sync::PeerRestored>(&notice)) {
    pending.emplace_back(station::RecordFact{
        wire::ServerRestoredSeen{static_cast<std::int64_t>(restored->known_boot),
                                 static_cast<std::int64_t>(restored->boot)},
        ""});
  }
  return {};
}

Status StationApp::Impl::act_on(const sync::ReceiverNotice& notice) {
  if (const auto* gap = std::get_if<sync::Gap>(&notice)) {
    trouble("gap", "facts " + std::to_string(gap->from) + " to " + std::to_string(gap->to) +
                       " of the server will never come");
  }
  return {};
}

std::optional<std::int64_t> StationApp::Impl::server_heard_mono_ms() const {
  const auto up = sender->heard_mono_ms();
  const auto down = receiver->heard_mono_ms();
  if (up && down) return std::max(*up, *down);
  return up ? up : down;
}

}  // namespace dockline::agent
