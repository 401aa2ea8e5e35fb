// What comes from the stations: their facts, their acknowledgements, their births and last wills.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "server/app/read_ahead.hpp"
#include "server/app/station.hpp"
#include "server/fleet/fleet.hpp"
#include "shared/base/limits.hpp"
#include "shared/sync/message.hpp"

namespace dockline::server {
namespace {

constexpr std::size_t kEndedMax = 8;  // ended processes remembered per station

}  // namespace

base::Status Stations::on_message(const MqttIn& message) {
  const auto topic = sync::parse_topic(message.topic);
  if (!topic || (message.retained && topic->leaf != sync::Leaf::state)) return {};
  if (!link_ && !message.retained) {
    // An App rebuilt after a failed turn was not told that the link is up.
    if (auto ok = link_up(); !ok) return ok;
  }
  const bool ours = topic->leaf == sync::Leaf::up || topic->leaf == sync::Leaf::down_ack ||
                    topic->leaf == sync::Leaf::state;
  if (!ours || topic->site == "server") return {};
  auto found = station(topic->site, topic->station);
  if (!found) return base::pass(found.error());
  Station& s = **found;
  touch(s);
  if (topic->leaf == sync::Leaf::state) {
    // Retained state may be years old: it says who the station is, not that it lives.
    if (!message.retained) heard(s);
    return on_state(s, message.payload, !message.retained);
  }
  heard(s);
  if (topic->leaf == sync::Leaf::up) return on_up(s, message);
  auto parsed = sync::read(message.payload);
  if (!parsed || !std::holds_alternative<sync::Ack>(*parsed)) return {};
  sync::SenderOut out;
  if (auto ok = s.sender->on_ack(core_.now, std::get<sync::Ack>(*parsed), out); !ok) return ok;
  std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s.down));
  // Sooner than the next heartbeat says it: whoever looks sees what really waits.
  s.note.down_through = static_cast<std::int64_t>(s.sender->acked());
  s.renote = s.renote || s.sender->caught_up();
  return act_on(s, out.notices);
}

base::Status Stations::on_up(Station& s, const MqttIn& message) {
  auto ahead = message.ahead ? message.ahead : std::make_shared<ReadAhead>(message.payload);
  ahead->read();
  if (auto cut = in_doubt(s, ahead->message())) {
    ahead = std::make_shared<ReadAhead>(std::move(*cut));
    ahead->read();
  }
  sync::ReceiverOut out;
  s.sink.take_from(ahead.get());
  auto done = s.receiver->on_read(core_.now, ahead->message(), ahead->links(), s.sink, out);
  s.sink.take_from(nullptr);
  if (!done) return done;
  std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s.acks));
  return act_on(s, out.notices);
}

// One of its facts made a turn fail: the batch is cut to as many new ones as may be taken at once.
// The rest comes again.
std::optional<std::string> Stations::in_doubt(const Station& s,
                                              const base::Result<sync::Message>& message) const {
  const auto limit = core_.config.doubts->limit(s.site + "/" + s.name);
  if (!limit || !message || !std::holds_alternative<sync::Data>(*message)) return std::nullopt;
  auto data = std::get<sync::Data>(*message);
  sync::Seq through = 0;
  for (const auto& row : s.receiver->incarnations()) {
    if (row.inc == data.inc) through = row.cursor.through;
  }
  if (data.first > through + 1) return std::nullopt;
  const auto known = through + 1 - data.first;
  if (data.facts.size() <= known + *limit) return std::nullopt;
  data.facts.resize(known + *limit);
  return sync::encode(data);
}

void Stations::heard(Station& s) {
  s.note.heard_ms = core_.now.wall_ms;
  if (s.note.status == "never") {
    s.note.status = "up";
    s.renote = true;
    risen_.push_back(s.site);
    core_.changed.insert("stations");
  }
  if (s.off) {
    s.off = false;
    core_.store->own.set_text("off:" + s.site + "/" + s.name, "");
    risen_.push_back(s.site);
  }
}

// Two computers may speak under one name, or one after the other.
void Stations::note_computer(Station& s, const std::string& inc) {
  const std::string own = works(s.site, s.name);
  if (own.empty() || inc.empty()) return;
  if (inc == own) {
    if (std::exchange(s.contested, false)) risen_.push_back(s.site);
    s.works_ms = core_.now.mono_ms;
    return;
  }
  s.contested = true;
  s.other = inc;
  if (core_.now.mono_ms - s.works_ms > fleet::kSilentMs ||
      ended(s.site, s.name, process_of(s, own))) {
    successors_.push_back({s.site, s.name, inc});
  }
}

// The broker tells the end of a computer that vanished when it notices: often after another one
// was heard under the same name. That one need not wait then; nor need the one that works, where
// the other one was switched off.
void Stations::note_end(Station& s, const std::string& computer, bool up) {
  std::erase(s.ended, computer);
  if (up) return;
  if (s.ended.size() == kEndedMax) s.ended.erase(s.ended.begin());
  s.ended.push_back(computer);
  const std::string own = works(s.site, s.name);
  if (!s.contested || s.other == own) return;
  const std::string mine = process_of(s, own), others = process_of(s, s.other);
  if (mine == computer && !ended(s.site, s.name, others)) {
    successors_.push_back({s.site, s.name, s.other});
  } else if (others == computer && !ended(s.site, s.name, mine)) {
    s.contested = false;
    risen_.push_back(s.site);
  }
}

// As measured by the station against this server; over when it is heard in bounds again.
base::Status Stations::note_clock(const Station& s, const sync::State& state) {
  if (!state.dloffms) return {};
  const std::string at = s.site + "/" + s.name;
  const std::int64_t off_ms = std::abs(*state.dloffms);
  if (off_ms > base::limits::kClockFollowMaxMs + state.dlerrms.value_or(0)) {
    core_.raise("clock", at,
                "The clock of " + at + " is " + std::to_string(off_ms / 1'000) + " seconds " +
                    (*state.dloffms < 0 ? "ahead of" : "behind") + " this server's.",
                "Measured to " + std::to_string(state.dlerrms.value_or(0)) +
                    " ms. Its facts stay in order, their times are corrected by this much");
    return {};
  }
  const auto open = core_.store->cases.open_id("clock", at);
  if (!open) return {};
  const auto kept =
      core_.record(wire::ExceptionResolved{*open, "ended", "server"}, {.subject = at});
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Stations::on_state(Station& s, const std::string& payload, bool live) {
  auto parsed = sync::read(payload);
  if (!parsed || !std::holds_alternative<sync::State>(*parsed)) return {};
  const auto& state = std::get<sync::State>(*parsed);
  const std::string computer = sync::to_text(state.process);
  if (live && state.up) note_computer(s, state.inc);
  if (live) note_end(s, computer, state.up);
  // What is shown of the station: a will counts only for the process it names.
  if (!state.up && computer != s.note.computer) return {};
  const bool rises = state.up && s.note.status != "up";
  const bool other = state.up && computer != s.note.computer;
  s.note.status = state.up ? "up" : "down";
  s.note.computer = computer;
  s.note.program = state.program;
  if (state.up) {
    s.note.last = static_cast<std::int64_t>(state.last);
    s.note.acked = static_cast<std::int64_t>(state.acked);
    s.note.oldest_ms = state.oldest_ms ? core_.now.wall_ms - *state.oldest_ms : 0;
    s.note.down_through = static_cast<std::int64_t>(state.down_through);
    s.note.clock_offset_ms = state.dloffms.value_or(0);
  }
  s.renote = true;
  core_.changed.insert("stations");
  if (state.up) {
    const bool counts = std::ranges::find(state.can, sync::kCanCount) != state.can.end();
    if (auto ok = see_counts(s, counts); !ok) return ok;
  }
  if (live && state.up) {
    if (auto ok = note_clock(s, state); !ok) return ok;
  }
  if (rises) risen_.push_back(s.site);
  if (!other || !link_) return {};
  sync::SenderOut out;
  s.sender->probe(core_.now, out);
  std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s.down));
  return act_on(s, out.notices);
}

}  // namespace dockline::server
