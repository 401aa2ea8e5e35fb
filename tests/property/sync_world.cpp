#include "tests/property/sync_world.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/sync/frame.hpp"

namespace dockline::property {

using sync::Direction;
using sync::SafePolicy;

SyncWorld::SyncWorld(const WorldOptions& options)
    : options_(options), prng_(options.seed), receiver_(*this) {
  computers_.emplace_back(prng_.next());
  start_receiver();
  start_sender(computers_.front());
}

void SyncWorld::trace(const std::string& what) {
  for (const char c : std::to_string(now_ms_) + what) {
    trace_hash_ = (trace_hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  if (options_.trace) std::printf("%8lld %s\n", static_cast<long long>(now_ms_), what.c_str());
}

// ------------------------------------------------------------------------------------------
// senders
void SyncWorld::start_sender(Computer& computer) {
  ++computer.disk.boot;  // committed before anything is sent
  computer.nonce = computer.prng.next();
  const sync::Process process{computer.disk.boot, computer.nonce};
  computer.sender = *sync::Sender::open(computer.disk.store, computer.prng,
                                        {.direction = options_.direction, .process = process});
  computer.linked = false;
  computer.back_at = now_ms_;
  trace("sender starts, boot " + std::to_string(process.boot));
}

void SyncWorld::sender_turn(Computer& computer, const SenderTurn& body) {
  const bool torn = chance(options_.faults.torn_turn);
  const bool kept = !torn || prng_.chance(500);
  std::optional<SenderDisk> before;
  if (!kept) before = computer.disk;
  recorded_now_.clear();
  sync::SenderOut out;
  body(*computer.sender, out);
  CHECK(computer.sender->flush(now(), out));
  if (kept) after_commit(computer, out);
  if (!torn) {
    for (const auto& payload : out.payloads) send(true, payload);
    return;
  }
  trace(kept ? "sender torn after commit" : "sender torn before commit");
  const sync::Process process{computer.disk.boot, computer.nonce};
  computer.sender.reset();
  if (before) computer.disk = *before;
  if (before && prng_.chance(500)) {  // the commit failed: a new machine in the same process
    computer.sender = *sync::Sender::open(computer.disk.store, computer.prng,
                                          {.direction = options_.direction, .process = process});
    computer.linked = false;
  }
  computer.back_at = now_ms_ + prng_.between(1, 3'000);
}

void SyncWorld::after_commit(Computer& computer, const sync::SenderOut& out) {
  const auto name_of = [&](sync::Seq seq) { return Name{computer.sender->inc(), seq}; };
  for (const auto& notice : out.notices) {
    if (!std::holds_alternative<sync::Forked>(notice)) continue;
    ++forks_;
    trace("fork " + std::get<sync::Forked>(notice).new_inc);
    for (const auto& [seq, row] : computer.disk.store.rows()) {
      ghost_.committed(fact_no(row.bytes), name_of(seq));
    }
  }
  for (std::size_t i = 0; i < recorded_now_.size(); ++i) {
    computer.disk.known.insert(recorded_now_[i]);
    ghost_.committed(recorded_now_[i],
                     name_of(computer.sender->last() - recorded_now_.size() + 1 + i));
  }
}

void SyncWorld::record(Computer& computer, int count) {
  sender_turn(computer, [&](sync::Sender& sender, sync::SenderOut&) {
    for (int i = 0; i < count; ++i) {
      const std::string id = std::to_string(++fact_no_);
      const auto padding = static_cast<std::size_t>(prng_.chance(20) ? 40'000 : prng_.below(40));
      CHECK(sender.record(now(), id, id + " " + std::string(padding, 'x')));
      recorded_now_.push_back(fact_no_);
    }
  });
}

void SyncWorld::trim(Computer& computer) {
  const auto before = computer.disk.store.rows();
  sender_turn(computer, [&](sync::Sender& sender, sync::SenderOut&) { CHECK(sender.trim()); });
  for (const auto& [seq, row] : before) {
    if (computer.disk.store.rows().contains(seq)) break;
    ghost_.on_trim(fact_no(row.bytes), options_.safe == SafePolicy::backup);
  }
}

// The disk dies; an older image of it is put in.
void SyncWorld::restore_image(Computer& computer) {
  trace("image restored");
  computer.sender.reset();
  const SenderDisk old = std::exchange(computer.disk, *image_);
  computer.back_at = now_ms_ + prng_.between(1, 5'000);
  ghost_.cause_for_gap = true;
  std::set<FactNo> held;
  for (const auto& [seq, row] : old.store.rows()) held.insert(fact_no(row.bytes));
  for (const FactNo fact : old.known) {
    const bool kept = std::ranges::any_of(
        computers_, [&](const Computer& c) { return c.disk.known.contains(fact); });
    if (!kept && held.contains(fact)) ghost_.destroyed(fact);
    if (!kept && !held.contains(fact)) ghost_.forgotten(fact);
  }
}

void SyncWorld::clone() {
  trace("cloned");
  // A fenced computer's gone list names what its twin may still hold: told as a gap if the receiver
  // has lost it meanwhile, and filled later.
  ghost_.cause_for_gap = true;
  computers_.emplace_back(prng_.next());
  Computer& copy = computers_.back();
  copy.disk = computers_.front().disk;
  copy.back_at = now_ms_ + prng_.between(1, 5'000);
}

// -----------------------------------------------------------------------------------------
// receiver
base::Result<sync::Applied> SyncWorld::ReceiverNode::apply(base::Instant /*now*/,
                                                           const sync::FactView& fact) {
  if (world->chance(world->options_.faults.disk_full)) {
    return base::fail(base::Fault::full, "disk full");
  }
  Ledger::Entry entry{
      {std::string(fact.inc), fact.seq}, fact_no(fact.bytes), std::string(fact.bytes)};
  world->ghost_.on_apply(disk.ledger, entry);
  const bool fresh = !disk.ledger.facts.contains(entry.fact);
  disk.ledger.add(entry);
  world->applied_now_.push_back(entry.fact);
  return fresh ? sync::Applied::applied : sync::Applied::duplicate;
}

void SyncWorld::start_receiver() {
  ++receiver_.disk.boot;
  receiver_.receiver =
      *sync::Receiver::open(receiver_.disk.store, {.direction = options_.direction,
                                                   .process = {receiver_.disk.boot, prng_.next()},
                                                   .safe = options_.safe});
  trace("receiver starts");
}

void SyncWorld::receiver_turn(const ReceiverTurn& body) {
  const bool torn = chance(options_.faults.torn_turn);
  bool kept = !torn || prng_.chance(500);
  ReceiverDisk before;
  if (!kept || (!calm_ && options_.faults.disk_full > 0)) before = receiver_.disk;
  applied_now_.clear();
  sync::ReceiverOut out;
  auto done = body(*receiver_.receiver, out);
  if (done) done = receiver_.receiver->flush(now(), out);
  if (!done) kept = false;
  if (kept) {
    for (const auto& notice : out.notices) {
      const auto* gap = std::get_if<sync::Gap>(&notice);
      if (gap == nullptr) continue;
      trace("gap " + std::to_string(gap->from) + ".." + std::to_string(gap->to));
      const Ledger::GapTold told{gap->inc, gap->from, gap->to};
      ghost_.on_gap(receiver_.disk.ledger, told);
      receiver_.disk.ledger.gaps.push_back(told);
    }
    for (const FactNo fact : applied_now_) ghost_.ever_applied(fact);
  } else {
    receiver_.disk = std::move(before);
  }
  if (kept && !torn) {
    for (const auto& payload : out.payloads) {
      ghost_.on_ack(receiver_.disk.ledger, payload);
      send(false, payload);
    }
    return;
  }
  trace(kept ? "receiver torn after commit" : "receiver torn before commit");
  receiver_.receiver.reset();
  receiver_.back_at = now_ms_ + prng_.between(1, 3'000);
}

void SyncWorld::back_up() {
  trace("backup");
  backups_.push_back(receiver_.disk);
  ghost_.ever_backed_up(receiver_.disk.ledger);
  receiver_turn([&](sync::Receiver& receiver, sync::ReceiverOut&) -> base::Status {
    const auto rows = *backups_.back().store.load();
    for (const auto& row : rows) {
      receiver.mark_safe(row.inc, row.cursor.through);
    }
    return {};
  });
}

void SyncWorld::restore_backup(bool old) {
  trace(old ? "older backup restored" : "newest backup restored");
  receiver_.receiver.reset();
  if (old) {
    const auto keep = static_cast<std::size_t>(prng_.below(backups_.size() + 1));
    backups_.resize(keep);
  }
  if (old || options_.safe == SafePolicy::through) {
    ghost_.cause_for_gap = ghost_.lost_safe_rows = true;
  }
  receiver_.disk = backups_.empty() ? ReceiverDisk{} : backups_.back();
  receiver_.back_at = now_ms_ + prng_.between(1, 5'000);
}

// ------------------------------------------------------------------------------------------
// network
void SyncWorld::send(bool to_receiver, const std::string& payload) {
  ++sent_;
  const std::string_view plain = sync::unpack(payload).value();
  trace((to_receiver ? "> " : "< ") + std::string(plain.substr(0, plain.find('\n'))));
  const auto& f = options_.faults;
  const std::uint64_t copies = chance(f.lose) ? 0 : chance(f.repeat) ? 2 : 1;
  for (std::uint64_t i = 0; i < copies; ++i) {
    const std::int64_t delay = chance(f.reorder) ? prng_.between(1, 4'000) : 5;
    // Only a packed message shows by itself that it was damaged.
    const bool damaged = sync::is_packed(payload) && chance(f.damage);
    net_.push({now_ms_ + delay, ++order_, to_receiver,
               damaged ? payload.substr(0, payload.size() / 2) : payload});
  }
}

void SyncWorld::deliver(const InFlight& message) {
  if (message.to_receiver) {
    if (!receiver_.receiver) return;
    receiver_turn([&](sync::Receiver& receiver, sync::ReceiverOut& out) {
      return receiver.on_message(now(), message.payload, receiver_, out);
    });
    return;
  }
  const auto ack = std::get<sync::Ack>(*sync::parse(message.payload));
  for (Computer& computer : computers_) {  // clones hear every answer to their station
    if (!computer.sender || !computer.linked) continue;
    sender_turn(computer, [&](sync::Sender& sender, sync::SenderOut& out) {
      CHECK(sender.on_ack(now(), ack, out));
    });
  }
}

// --------------------------------------------------------------------------------- faults and time
void SyncWorld::act_on_disks() {
  auto& f = options_.faults;
  Computer& computer = computers_[static_cast<std::size_t>(prng_.below(computers_.size()))];
  switch (prng_.below(6)) {
    case 0:
      if (f.images > 0) image_ = computers_.front().disk;
      break;
    case 1:
      if (f.images > 0 && image_ && --f.images >= 0) restore_image(computers_.front());
      break;
    case 2:
      if (f.clones > 0 && --f.clones >= 0) clone();
      break;
    case 3:
      if (receiver_.receiver) back_up();
      break;
    case 4:
      if (!backups_.empty() && --f.backups_lost >= 0) restore_backup(false);
      break;
    case 5:
      if (--f.old_backups >= 0) restore_backup(true);
      break;
    default:
      break;
  }
  if (computer.sender) trim(computer);
}

void SyncWorld::act() {
  const auto& f = options_.faults;
  Computer& computer = computers_[static_cast<std::size_t>(prng_.below(computers_.size()))];
  if (computer.sender && prng_.chance(600)) {
    record(computer, static_cast<int>(prng_.between(1, prng_.chance(15) ? 300 : 4)));
  }
  if (chance(f.crash_sender) && computer.sender) {
    trace("sender crashes");
    computer.sender.reset();
    computer.back_at = now_ms_ + prng_.between(1, 5'000);
  }
  if (chance(f.link_loss) && computer.sender && computer.linked) {
    trace("link lost");
    computer.sender->link_down();
    computer.linked = false;
    computer.back_at = now_ms_ + prng_.between(1, 20'000);
  }
  if (chance(f.crash_receiver) && receiver_.receiver) {
    trace("receiver crashes");
    receiver_.receiver.reset();
    receiver_.back_at = now_ms_ + prng_.between(1, 5'000);
  }
  if (prng_.chance(150)) act_on_disks();
}

std::int64_t SyncWorld::next_event() const {
  std::int64_t next = std::numeric_limits<std::int64_t>::max();
  if (!net_.empty()) next = net_.top().at;
  if (!receiver_.receiver) next = std::min(next, receiver_.back_at);
  for (const Computer& c : computers_) {
    if (!c.sender || !c.linked) {
      next = std::min(next, c.back_at);
    } else if (const auto due = c.sender->deadline()) {
      next = std::min(next, *due);
    }
  }
  return std::max(next, now_ms_);
}

void SyncWorld::run_due() {
  if (!receiver_.receiver && receiver_.back_at <= now_ms_) start_receiver();
  for (Computer& c : computers_) {
    if (!c.sender && c.back_at <= now_ms_) start_sender(c);
    if (!c.sender) continue;
    if (!c.linked && c.back_at <= now_ms_) {
      c.linked = true;
      sender_turn(c, [&](sync::Sender& s, sync::SenderOut& o) { CHECK(s.link_up(now(), o)); });
    } else if (c.sender->deadline().value_or(now_ms_ + 1) <= now_ms_) {
      sender_turn(c, [&](sync::Sender& s, sync::SenderOut& o) { CHECK(s.tick(now(), o)); });
    }
  }
  while (!net_.empty() && net_.top().at <= now_ms_) {
    const InFlight message = net_.top();
    net_.pop();
    deliver(message);
  }
}

void SyncWorld::run_to(std::int64_t until) {
  while (next_event() <= until) {
    now_ms_ = next_event();
    const std::uint64_t before = sent_;
    run_due();
    if (sent_ - before > 100'000) {
      ghost_.problems.push_back("a storm of messages");
      return;
    }
  }
  now_ms_ = until;
}

bool SyncWorld::at_rest() const {
  return receiver_.receiver && net_.empty() && std::ranges::all_of(computers_, [&](const auto& c) {
           if (!c.sender || !c.linked || !c.sender->caught_up()) return false;
           const auto& rows = receiver_.receiver->incarnations();
           return std::ranges::any_of(rows, [&](const auto& row) {
             return row.inc == c.sender->inc() && row.cursor.through == c.sender->last() &&
                    !row.closed;
           });
         });
}

void SyncWorld::judge() {
  std::vector<SenderAtRest> senders;
  for (const Computer& c : computers_) {
    SenderAtRest s{c.sender->inc(), c.sender->base().through, c.sender->last(), {}};
    for (const auto& [seq, row] : c.disk.store.rows()) s.rows[seq] = row.bytes;
    if (s.base == 0) {
      std::vector<std::string> facts;
      for (const auto& [seq, bytes] : s.rows) facts.push_back(bytes);
      for (const auto& row : receiver_.receiver->incarnations()) {
        if (row.inc == s.inc && sync::to_hex(row.cursor.chain) != chain_of(s.inc, facts)) {
          ghost_.problems.push_back("the chain is not that of the facts");
        }
      }
    }
    senders.push_back(std::move(s));
  }
  ghost_.at_rest(receiver_.disk.ledger, senders);
}

std::vector<std::string> SyncWorld::run() {
  for (int i = 0; i < options_.actions && ghost_.problems.empty(); ++i) {
    run_to(now_ms_ + prng_.between(1, prng_.chance(30) ? 40'000 : 400));
    act();
  }
  calm_ = true;
  trace("calm");
  const std::int64_t limit = now_ms_ + 30 * 60'000;
  while (!at_rest() && now_ms_ < limit && ghost_.problems.empty()) run_to(now_ms_ + 500);
  if (!at_rest()) {
    ghost_.problems.push_back("no rest within 30 minutes");
    return ghost_.problems;
  }
  judge();
  // From here on only probes: one open and one ack per computer every 25 seconds at most.
  const std::uint64_t before = sent_;
  run_to(now_ms_ + 10 * 60'000);
  if (sent_ - before > 2 * computers_.size() * 25) ghost_.problems.push_back("no quiet at rest");
  return ghost_.problems;
}

}  // namespace dockline::property
