#include "server/app/stations.hpp"

#include <algorithm>
#include <cstdlib>

#include "server/app/station.hpp"
#include "server/app/station_notices.hpp"
#include "server/fleet/fleet.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"
#include "shared/sync/message.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kNoteMs = 1'000;      // "last heard" is written this often at most
constexpr std::uint64_t kTrimAtRows = 256;   // down rows are deleted by so many
constexpr std::int64_t kClockSetMs = 5'000;  // less is drift, and its correction

}  // namespace

Stations::Stations(HubCore& core) : core_(core) {}
Stations::~Stations() = default;

base::Status Stations::open(const sync::Process& process) {
  process_ = process;
  follow_clock();
  std::int64_t newest_ms = 0;
  for (const auto& note : core_.store->own.stations()) {
    auto made = station(note.site, note.station);
    if (!made) return base::pass(made.error());
    (*made)->note = note;
    (*made)->note.configured = false;
    newest_ms = std::max(newest_ms, note.heard_ms);
  }
  // The clock was set back while the server was off: who was heard in the time to come is silent
  // until it is heard, and who was silent stays so.
  if (newest_ms > core_.now.wall_ms) {
    const auto by_ms = newest_ms - core_.now.wall_ms + fleet::kSilentMs + 1;
    for (auto& [key, s] : stations_) {
      if (s->note.status != "never") s->note.heard_ms -= by_ms;
    }
  }
  for (const auto& configured : core_.config.stations) {
    auto made = station(configured.site, configured.name);
    if (!made) return base::pass(made.error());
    (*made)->note.configured = true;
  }
  for (auto& [key, s] : stations_) core_.store->own.put(s->note);
  return core_.store->trouble();
}

base::Result<Stations::Station*> Stations::station(const std::string& site,
                                                   const std::string& name) {
  const auto found = stations_.find({site, name});
  if (found != stations_.end()) return found->second.get();
  auto made = std::make_unique<Station>(core_, site, name, snapshots_);
  auto receiver = sync::Receiver::open(
      *made->in,
      {.direction = sync::Direction::up,
       .process = process_,
       .safe = core_.config.backups ? sync::SafePolicy::backup : sync::SafePolicy::through});
  if (!receiver) return base::pass(receiver.error());
  made->receiver.emplace(std::move(*receiver));
  made->incarnations = made->receiver->incarnations().size();
  auto sender = sync::Sender::open(*made->out, core_.prng,
                                   {.direction = sync::Direction::down,
                                    .process = process_,
                                    .rows_max = base::limits::kDownOutboxRowsMax,
                                    .snapshots = &made->snapshot});
  if (!sender) return base::pass(sender.error());
  made->sender.emplace(std::move(*sender));
  made->note.site = site;
  made->note.station = name;
  made->works_ms = core_.now.mono_ms;
  made->off = !core_.store->own.text("off:" + site + "/" + name).empty();
  Station* raw = made.get();
  stations_.emplace(Key{site, name}, std::move(made));
  if (link_) {
    sync::SenderOut out;
    if (auto ok = raw->sender->link_up(core_.now, out); !ok) return base::pass(ok.error());
    raw->down = std::move(out.payloads);
  }
  touch(*raw);
  return raw;
}

base::Status Stations::mark_safe(const std::string& site, const std::string& name,
                                 const std::string& inc, sync::Seq through) {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return {};
  found->second->receiver->mark_safe(inc, through);
  touch(*found->second);
  return {};
}

base::Status Stations::link_up() {
  link_ = true;
  link_since_ms_ = core_.now.wall_ms;
  for (auto& [key, s] : stations_) {
    sync::SenderOut out;
    if (auto ok = s->sender->link_up(core_.now, out); !ok) return ok;
    if (auto ok = act_on(*s, out.notices); !ok) return ok;
    std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s->down));
    touch(*s);
  }
  return {};
}

void Stations::link_down() {
  link_ = false;
  for (auto& [key, s] : stations_) {
    s->sender->link_down();
    note_due(*s);
  }
}

// Of thousands of stations a turn concerns a few: what has nothing to do is not looked at.
void Stations::touch(Station& s) { touched_.try_emplace(Key{s.site, s.name}, &s); }

void Stations::note_due(Station& s) {
  const auto due = s.sender->deadline();
  if (due == s.due) return;
  if (s.due) due_.erase({*s.due, {s.site, s.name}});
  s.due = due;
  if (due) due_.emplace(*due, Key{s.site, s.name});
}

// Silence is told by the wall clock, which a restart outlives. When that is set, how long ago each
// was heard stays as it was: a silent one is not taken for heard, nor all others for silent.
void Stations::follow_clock() {
  const auto ahead_ms = core_.now.wall_ms - core_.now.mono_ms;
  const auto set_by_ms = ahead_ms - wall_ahead_ms_.value_or(ahead_ms);
  if (!wall_ahead_ms_) wall_ahead_ms_ = ahead_ms;
  if (std::abs(set_by_ms) < kClockSetMs || PLANT("silent-heard-by-the-clock")) return;
  wall_ahead_ms_ = ahead_ms;
  link_since_ms_ += set_by_ms;
  for (auto& [key, s] : stations_) {
    if (s->note.status == "never") continue;
    s->note.heard_ms += set_by_ms;
    s->renote = true;
    touch(*s);
  }
}

base::Status Stations::tick() {
  if (!link_) return {};
  auto todo = touched_;  // theirs may have changed in this turn
  for (const auto& [due, key] : due_) {
    if (due > core_.now.mono_ms) break;
    todo.try_emplace(key, stations_.at(key).get());
  }
  for (auto& [key, s] : todo) {
    const auto due = s->sender->deadline();
    if (!due || *due > core_.now.mono_ms) continue;
    sync::SenderOut out;
    if (auto ok = s->sender->tick(core_.now, out); !ok) return ok;
    if (auto ok = act_on(*s, out.notices); !ok) return ok;
    std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s->down));
    touch(*s);
  }
  return {};
}

void Stations::publish(Station& s, std::vector<Effect>& effects) {
  const std::string down = sync::topic(s.site, s.name, sync::Leaf::down);
  for (auto& p : s.down) effects.emplace_back(Publish{down, std::move(p), false});
  s.down.clear();
  const std::string acks = sync::topic(s.site, s.name, sync::Leaf::up_ack);
  for (auto& p : s.acks) effects.emplace_back(Publish{acks, std::move(p), false});
  s.acks.clear();
}

// A snapshot has ended: the station that waits longest asks again now.
void Stations::call_waiting() {
  auto& waiting = snapshots_.waiting;
  for (auto free = base::limits::kSnapshotsMax; free > snapshots_.under_way && !waiting.empty();
       --free) {
    const auto found = stations_.find(waiting.front());
    waiting.pop_front();
    if (found == stations_.end()) continue;
    Station& s = *found->second;
    if (s.sender->state() != sync::Sender::State::opening) continue;
    sync::SenderOut out;
    s.sender->probe(core_.now, out);
    std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s.down));
    touch(s);
  }
}

// A station whose every fact is indigestible would fill the disk: its window closes until a person
// has looked. Nothing is lost, the facts wait at the station.
void Stations::watch_parked(Station& s) {
  const auto parked = s.receiver->counters().parked;
  if (s.parked_seen == parked && !s.stopped) return;
  s.parked_seen = parked;
  const auto kept = core_.store->log.parked_of(s.site, s.name);
  const bool full = kept >= static_cast<std::int64_t>(base::limits::kParkedFactsMax);
  if (full == s.stopped) return;
  s.stopped = full;
  if (!full) return;
  core_.raise("poison", s.site + "/" + s.name + "#parked",
              std::to_string(kept) + " facts of " + s.site + "/" + s.name +
                  " cannot be digested. No more are taken until some of them are tried again.",
              "Its facts wait at the station meanwhile");
}

// Less while the mailbox fills; nothing while too much is parked.
void Stations::set_window(Station& s) const {
  s.receiver->set_window(s.stopped ? 0 : allowance_.facts, s.stopped ? 0 : allowance_.bytes);
}

base::Status Stations::finish(std::vector<Effect>& effects) {
  if (!snapshots_.waiting.empty()) call_waiting();
  // In order of their names; one touched on the way has its turn yet, or the next.
  for (auto it = touched_.begin(); it != touched_.end();) {
    const auto [key, s] = *it;
    touched_.erase(it);
    if (auto ok = finish(*s, effects); !ok) return ok;
    note_due(*s);
    it = touched_.upper_bound(key);
  }
  return core_.store->trouble();
}

base::Status Stations::save() {
  for (auto& [key, s] : touched_) {
    if (auto ok = s->sender->save(); !ok) return ok;
  }
  return {};
}

base::Status Stations::finish(Station& s, std::vector<Effect>& effects) {
  watch_parked(s);
  set_window(s);
  sync::ReceiverOut answers;
  if (auto ok = s.receiver->flush(core_.now, answers); !ok) return ok;
  if (auto ok = act_on(s, answers.notices); !ok) return ok;
  if (s.sender->trimmable() >= kTrimAtRows) {
    if (auto done = s.sender->trim(); !done) return base::pass(done.error());
  }
  sync::SenderOut out;  // last: what the calls above changed is in it
  if (auto ok = s.sender->flush(core_.now, out); !ok) return ok;
  if (auto ok = act_on(s, out.notices); !ok) return ok;
  std::move(out.payloads.begin(), out.payloads.end(), std::back_inserter(s.down));
  std::move(answers.payloads.begin(), answers.payloads.end(), std::back_inserter(s.acks));
  publish(s, effects);
  if (s.renote || s.note.heard_ms - s.noted_ms >= kNoteMs) {
    core_.store->own.put(s.note);
    s.noted_ms = s.note.heard_ms;
    s.renote = false;
  }
  return {};
}

base::Status Stations::tell(const std::string& site, const std::string& name, wire::EventData data,
                            const std::string& subject) {
  auto found = station(site, name);
  if (!found) return base::pass(found.error());
  Station& s = **found;
  wire::Event event;
  event.id = core_.new_id();
  event.source = "/server";
  event.subject = subject;
  event.correlation = subject;
  event.time_ms = core_.now.wall_ms;
  event.dlinc = s.sender->inc();
  event.dlseq = s.sender->next_seq();
  event.dlhlc = core_.next_hlc();
  event.data = std::move(data);
  auto bytes = wire::encode(event);
  if (!bytes) return base::pass(bytes.error());
  touch(s);
  const auto kept = s.sender->record(core_.now, event.id, *bytes);
  if (!kept) return base::pass(kept.error());
  core_.divergence.on_told({site, name}, event.data, event.dlinc, static_cast<std::int64_t>(*kept));
  return {};
}

void Stations::tell_site(const std::string& site, const wire::EventData& data,
                         const std::string& subject) {
  for (auto& [key, s] : stations_) {
    if (key.first != site) continue;
    if (auto ok = tell(site, key.second, data, subject); !ok) {
      core_.raise("other", site + "/" + key.second,
                  "The catalogue of " + site + "/" + key.second + " lacks " + subject + ".",
                  ok.error().detail);
    }
  }
}

std::optional<routing::Alive> Stations::alive(const std::string& site) {
  routing::Alive out;
  const auto printing = core_.store->routing.printing(site);
  for (const auto& [key, s] : stations_) {
    if (key.first != site || s->note.status == "never") continue;
    out.heard_ms = std::max(out.heard_ms, s->note.heard_ms);
    if (s->note.status != "up" || fleet::silent(s->note.heard_ms, core_.now.wall_ms)) continue;
    ++out.stations;
    if (std::ranges::find(printing, key.second) != printing.end()) ++out.printers;
  }
  return out.heard_ms == 0 ? std::nullopt : std::optional(out);
}

// While the broker is away nobody can be heard: that is not the sites' silence.
std::optional<std::int64_t> Stations::silent_since(const std::string& site) const {
  if (!link_) return std::nullopt;
  std::int64_t heard_ms = link_since_ms_;
  for (const auto& [key, s] : stations_) {
    if (key.first != site) continue;
    if (s->note.status == "up" && !fleet::silent(s->note.heard_ms, core_.now.wall_ms)) {
      return std::nullopt;
    }
    heard_ms = std::max(heard_ms, s->note.heard_ms);
  }
  return heard_ms;
}

std::optional<std::string> Stations::choose(const std::string& site,
                                            const std::set<std::string>& rather_not) {
  std::vector<fleet::StationFacts> facts, others;
  for (auto& [key, s] : stations_) {
    if (key.first != site) continue;
    (rather_not.contains(key.second) ? others : facts)
        .push_back(
            {.station = key.second,
             .up = s->note.status == "up" && !fleet::silent(s->note.heard_ms, core_.now.wall_ms),
             .heard = s->note.status != "never",
             .leases = core_.store->orders.leases_held(site, key.second),
             .works = !works(site, key.second).empty() && !s->off && !s->contested});
  }
  const auto chosen = fleet::choose(facts);
  return chosen ? chosen : fleet::choose(others);
}

bool Stations::can_take(const std::string& site, const std::string& station) {
  const auto at = stations_.find({site, station});
  return at != stations_.end() && at->second->note.status == "up" &&
         !fleet::silent(at->second->note.heard_ms, core_.now.wall_ms) &&
         !works(site, station).empty() && !at->second->off && !at->second->contested;
}

std::int64_t Stations::benches(const std::string& site) const {
  return std::count_if(stations_.begin(), stations_.end(), [&](const auto& one) {
    return one.first.first == site && one.second->note.status == "up";
  });
}

std::vector<Stations::Life> Stations::life_of(const std::string& site) const {
  std::vector<Life> out;
  for (auto at = stations_.lower_bound({site, ""}); at != stations_.end(); ++at) {
    if (at->first.first != site) break;
    const auto& note = at->second->note;
    if (note.status == "never" || at->second->off) continue;
    out.push_back(
        {at->first.second, note.heard_ms, fleet::silent(note.heard_ms, core_.now.wall_ms)});
  }
  return out;
}

base::Status Stations::act_on(Station& s, const std::vector<sync::SenderNotice>& all) {
  raise_notices(core_, s.site + "/" + s.name, all);
  for (const auto& notice : all) {
    if (std::holds_alternative<sync::SnapshotTaken>(notice)) {
      if (auto ok = ask_again(s); !ok) return ok;
    }
    if (!std::holds_alternative<sync::Forked>(notice)) continue;
    forked_.push_back({s.site, s.name});
    core_.divergence.on_down_forked({s.site, s.name}, s.sender->inc(),
                                    static_cast<std::int64_t>(s.sender->last()));
  }
  return {};
}

// A snapshot stands for all that was told before it, but not for questions. A census is in it; what
// the comparison asked is asked again, and the second answer counts for nothing.
base::Status Stations::ask_again(const Station& s) {
  for (const auto& [query, bucket] : core_.store->mirror.open_queries({s.site, s.name})) {
    auto told = tell(s.site, s.name, wire::SyncQuery{query, bucket}, query);
    if (!told) return told;
  }
  return {};
}

base::Status Stations::act_on(Station& s, const std::vector<sync::ReceiverNotice>& all) {
  raise_notices(core_, s.site + "/" + s.name, all);
  const std::size_t incarnations = s.receiver->incarnations().size();
  if (incarnations != std::exchange(s.incarnations, incarnations)) risen_.push_back(s.site);
  return {};
}

base::Status Stations::refresh(const std::string& site, const std::string& name) {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return {};
  touch(*found->second);
  return found->second->sender->require_snapshot();
}

std::optional<std::int64_t> Stations::deadline() const {
  std::optional<std::int64_t> first;
  for (const auto& [due, key] : due_) {
    if (touched_.contains(key)) continue;
    first = due;
    break;
  }
  for (const auto& [key, s] : touched_) {
    const auto due = s->sender->deadline();
    if (due && (!first || *due < *first)) first = due;
  }
  return first;
}

std::string Stations::works(const std::string& site, const std::string& name) {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return {};
  Station& s = *found->second;
  if (!s.works.empty()) return s.works;
  s.works = core_.store->own.text("works:" + site + "/" + name);
  if (!s.works.empty()) return s.works;
  if (const auto* row = s.receiver->newest(); row != nullptr) set_works(site, name, row->inc);
  return s.works;
}

void Stations::set_works(const std::string& site, const std::string& name, const std::string& inc) {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return;
  found->second->works = inc;
  found->second->works_ms = core_.now.mono_ms;
  found->second->contested = false;
  core_.store->own.set_text("works:" + site + "/" + name, inc);
  risen_.push_back(site);
}

void Stations::write_off(const std::string& site, const std::string& name) {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return;
  found->second->off = true;
  core_.store->own.set_text("off:" + site + "/" + name, "1");
}

std::string Stations::process_of(const std::string& site, const std::string& name,
                                 std::string_view inc) {
  const auto found = stations_.find({site, name});
  return found == stations_.end() ? std::string() : process_of(*found->second, inc);
}

std::string Stations::process_of(const Station& s, std::string_view inc) {
  for (const auto& row : s.receiver->incarnations()) {
    if (row.inc == inc) return sync::to_text(row.process);
  }
  return {};
}

bool Stations::opening(const std::string& site) {
  for (const auto& [key, s] : stations_) {
    if (key.first != site || s->note.status == "never") continue;
    if (works(site, key.second).empty() || s->contested) return true;
  }
  return false;
}

bool Stations::ended(const std::string& site, const std::string& name,
                     const std::string& process) const {
  const auto found = stations_.find({site, name});
  return found != stations_.end() && !process.empty() &&
         std::ranges::find(found->second->ended, process) != found->second->ended.end();
}

bool Stations::knows(const std::string& site, const std::string& name) const {
  return stations_.contains({site, name});
}

bool Stations::up(const std::string& site, const std::string& name) const {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return false;
  const auto& note = found->second->note;
  return note.status == "up" && !fleet::silent(note.heard_ms, core_.now.wall_ms);
}

std::vector<wire::StationRef> Stations::all() const {
  std::vector<wire::StationRef> out;
  for (const auto& [key, s] : stations_) out.push_back({key.first, key.second});
  return out;
}

void Stations::note_other(const std::string& site, const std::string& name,
                          const std::string& inc) {
  const auto found = stations_.find({site, name});
  if (found == stations_.end()) return;
  found->second->contested = true;
  found->second->other = inc;
}

std::vector<Stations::Successor> Stations::take_successors() {
  return std::exchange(successors_, {});
}

std::vector<wire::StationRef> Stations::take_forked() { return std::exchange(forked_, {}); }

std::vector<std::string> Stations::take_risen() { return std::exchange(risen_, {}); }

}  // namespace dockline::server
