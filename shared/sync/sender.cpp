#include "shared/sync/sender.hpp"

#include <algorithm>
#include <utility>

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using base::Fault;
using base::Instant;
using base::Result;
using base::Status;

constexpr unsigned kLevelMax = 30;

}  // namespace

std::string_view name(ForkReason reason) {
  switch (reason) {
    case ForkReason::older:
      return "fork:older";
    case ForkReason::content:
      return "fork:content";
    case ForkReason::fenced:
      return "fork:fenced";
  }
  return {};
}

Result<Sender> Sender::open(SenderStore& store, base::Prng& prng, const SenderOptions& options) {
  Sender sender(store, prng, options);
  auto head = store.head();
  if (!head) return base::pass(head.error());
  if (*head) {
    sender.head_ = std::move(**head);
    return sender;
  }
  sender.head_.inc = base::uuid4(prng);
  sender.head_.base = sender.head_.last = {0, chain_start(sender.head_.inc)};
  if (auto ok = sender.require_snapshot(); !ok) return base::pass(ok.error());
  if (auto ok = store.put_head(sender.head_); !ok) return base::pass(ok.error());
  return sender;
}

Result<Seq> Sender::record(Instant now, std::string_view id, std::string_view bytes) {
  if (bytes.empty() || bytes.size() > limits::kFactBytesMax) {
    return base::fail(Fault::reject, "a fact has 1 to " + std::to_string(limits::kFactBytesMax) +
                                         " bytes, this one " + std::to_string(bytes.size()));
  }
  if (bytes.find('\n') != std::string_view::npos) {
    return base::fail(Fault::reject, "a fact is one line; this one has a line feed");
  }
  if (room() == Room::none && options_.snapshots != nullptr) {
    if (auto done = trim(); !done) return base::pass(done.error());
  }
  if (room() == Room::none) {
    return base::fail(Fault::full, "outbox is full: " + std::to_string(options_.rows_max) +
                                       " facts wait for the other side to commit them");
  }
  const Cursor next{next_seq(), chain_next(head_.last.chain, bytes)};
  if (auto ok = store_->append({next.through, id, bytes, next.chain, now.wall_ms}); !ok) {
    return base::pass(ok.error());
  }
  head_.last = next;
  head_dirty_ = true;
  return next.through;
}

Room Sender::room() const {
  const std::uint64_t rows = head_.last.through - head_.base.through;
  const std::uint64_t max = options_.rows_max;
  if (rows >= max + max / 20) return Room::none;
  if (rows >= max) return Room::no_new_work;
  return rows >= max / 5 * 4 ? Room::warn : Room::plenty;
}

// ------------------------------------------------------------------------------------- link,
// timers
Status Sender::link_up(Instant now, SenderOut& out) {
  link_down();
  send_open(now, "start", out);
  return {};
}

void Sender::link_down() {
  state_ = State::closed;
  end_snapshot();
  acked_ = safe_ = 0;
  forget_sent();
  timer_.reset();
  open_level_ = ack_level_ = refused_level_ = 0;
}

void Sender::probe(Instant now, SenderOut& out) {
  if (state_ != State::closed && state_ != State::refused) send_open(now, "probe", out);
}

Status Sender::tick(Instant now, SenderOut& out) {
  if (!timer_ || now.mono_ms < *timer_) return {};
  switch (state_) {
    case State::closed:
      break;
    case State::opening:
      ++open_level_;
      send_open(now, "timer", out);
      break;
    case State::streaming:
    case State::snapshot:
      if (timing_ack_) ++ack_level_;
      send_open(now, timing_ack_ ? "timer" : "probe", out);
      break;
    case State::refused:
      send_open(now, "timer", out);
      break;
  }
  return {};
}

std::optional<std::int64_t> Sender::deadline() const {
  if (!batch_due_) return timer_;
  return timer_ ? std::min(*timer_, *batch_due_) : *batch_due_;
}

std::int64_t Sender::back_off(std::int64_t first_ms, std::int64_t most_ms, unsigned level) {
  const std::int64_t d = std::min(most_ms, first_ms << std::min(level, kLevelMax));
  return prng_->between(d / 2, d);
}

// Streaming or snapshot: T_ack while something is under way, else T_probe.
void Sender::arm(Instant now) {
  const bool under_way = !sizes_.empty();
  if (timer_ && under_way == timing_ack_) return;
  timing_ack_ = under_way;
  const std::int64_t wait_ms =
      under_way
          ? std::max(back_off(limits::kAckFirstMs, limits::kAckMostMs, ack_level_), 4 * rtt_ms_)
          : prng_->between(limits::kProbeMs - limits::kProbeJitterMs,
                           limits::kProbeMs + limits::kProbeJitterMs);
  timer_ = now.mono_ms + wait_ms;
}

// -----------------------------------------------------------------------------------------
// sessions
void Sender::forget_sent() {
  next_ = acked_ + 1;
  sizes_.clear();
  bytes_out_ = 0;
  batch_due_.reset();
  timing_ack_ = false;
}

void Sender::send_open(Instant now, std::string_view why, SenderOut& out) {
  state_ = State::opening;
  // A Sender rebuilt within one process (after a failed turn) must open above its predecessor, or
  // its opens look old: the count never lies behind the monotonic clock, in tenths of a second.
  open_count_ = std::max(open_count_ + 1, static_cast<std::uint64_t>(now.mono_ms / 100));
  forget_sent();
  opened_wall_ms_ = now.wall_ms;
  opened_mono_ms_ = now.mono_ms;
  timer_ = now.mono_ms + back_off(limits::kOpenFirstMs, limits::kOpenMostMs, open_level_);
  out.payloads.push_back(encode(Open{.inc = head_.inc,
                                     .session = session(),
                                     .base = head_.base,
                                     .last = head_.last.through,
                                     .gone = head_.gone,
                                     .why = std::string(fork_why_.empty() ? why : fork_why_),
                                     .t1 = std::max<std::int64_t>(now.wall_ms, 0)}));
}

void Sender::refuse(Instant now, SenderOut& out) {
  state_ = State::refused;
  forget_sent();
  timer_ =
      now.mono_ms + back_off(limits::kRefusedFirstMs, limits::kRefusedMostMs, refused_level_++);
  out.notices.emplace_back(VersionRefused{});
}

// The order of the tests is that of PROTOCOL.md section 5, and matters.
Status Sender::on_ack(Instant now, const Ack& ack, SenderOut& out) {
  if (state_ == State::closed || state_ == State::refused) return {};
  if (ack.inc != head_.inc || ack.session != session()) return {};
  heard_mono_ms_ = now.mono_ms;
  hear_peer(ack, out);
  if (ack.code == AckCode::version) {
    refuse(now, out);
    return {};
  }
  if (ack.code == AckCode::fenced) return fork(now, ForkReason::fenced, ack, out);
  const auto differs = check(ack.cursor);
  if (!differs) return base::pass(differs.error());
  if (*differs) return fork(now, **differs, ack, out);
  if (ack.code == AckCode::reopen) {
    count_reopen(ack);
    send_open(now, "timer", out);
    return {};
  }
  if (state_ == State::streaming) {
    if (ack.cursor.through < acked_) {
      send_open(now, "timer", out);  // the receiver went back
    } else {
      advance(now, ack);
    }
    return {};
  }
  if (ack.code != AckCode::ok) return {};  // busy: ask again after T_open or T_ack
  if (state_ == State::snapshot) {
    on_snapshot_ack(now, ack, out);
  } else if (ack.cursor.through < head_.base.through && options_.snapshots != nullptr) {
    continue_snapshot(now, ack);
  } else if (ack.cursor.through < head_.base.through) {
    out.payloads.push_back(encode(Jump{.inc = head_.inc, .session = session(), .to = head_.base}));
  } else {
    note_snapshot(ack, out);
    opened(now, ack);
  }
  return {};
}

// A receiver that cannot read our batches asks again and again at one cursor. The fact it stumbles
// over must not hold up the next: those of one batch go alone and plain.
void Sender::count_reopen(const Ack& ack) {
  if (ack.cursor.through != reopened_at_) reopens_ = 0;
  reopened_at_ = ack.cursor.through;
  if (++reopens_ < limits::kReopensMax) return;
  reopens_ = 0;
  single_through_ = ack.cursor.through + limits::kBatchFactsMax;
}

Result<std::optional<ForkReason>> Sender::check(const Cursor& cursor) {
  const auto verdict = [&](const Chain& own) {
    return own == cursor.chain ? std::nullopt : std::optional(ForkReason::content);
  };
  if (cursor.through > head_.last.through) return ForkReason::older;
  if (cursor.through < head_.base.through) return std::nullopt;
  if (cursor.through == head_.last.through) return verdict(head_.last.chain);
  if (cursor.through == head_.base.through) return verdict(head_.base.chain);
  const auto own = store_->chain_at(cursor.through);
  if (!own) return base::pass(own.error());
  return verdict(*own);
}

void Sender::hear_peer(const Ack& ack, SenderOut& out) {
  if (ack.peer.boot == head_.peer_boot) return;
  if (ack.peer.boot < head_.peer_boot) {
    out.notices.emplace_back(PeerRestored{head_.peer_boot, ack.peer.boot});
  }
  head_.peer_boot = ack.peer.boot;
  head_dirty_ = true;
}

void Sender::opened(Instant now, const Ack& ack) {
  if (ack.cursor.through > acked_) ack_level_ = 0;
  state_ = State::streaming;
  fork_why_.clear();
  open_level_ = refused_level_ = 0;
  acked_ = ack.cursor.through;
  forget_sent();
  sent_chain_ = ack.cursor.chain;
  take_flow(ack);
  sample_clock(now, ack);
  timer_.reset();
  arm(now);
}

void Sender::advance(Instant now, const Ack& ack) {
  take_flow(ack);
  if (ack.cursor.through == acked_) return;
  for (; acked_ < ack.cursor.through && !sizes_.empty(); ++acked_) {
    bytes_out_ -= sizes_.front();
    sizes_.pop_front();
  }
  acked_ = ack.cursor.through;
  if (next_ <= acked_) {  // it has more than this session sent: an earlier one's came late
    next_ = acked_ + 1;
    sent_chain_ = ack.cursor.chain;
  }
  ack_level_ = 0;
  timer_.reset();
  arm(now);
  batch_due_ = now.mono_ms;  // what the window held back goes now
}

void Sender::take_flow(const Ack& ack) {
  safe_ = std::max(safe_, ack.safe);
  window_ = ack.window;
  window_bytes_ = ack.bytes;
}

// The wall clock may have been stepped since the question: t4 is t1 and the monotonic time between.
void Sender::sample_clock(Instant now, const Ack& ack) {
  if (ack.t1 != opened_wall_ms_) return;
  const std::int64_t taken_ms = now.mono_ms - opened_mono_ms_;
  rtt_ms_ = std::max<std::int64_t>(0, taken_ms - (ack.t3 - ack.t2));
  clock_.add(ack.t1, ack.t2, ack.t3, ack.t1 + taken_ms);
}

}  // namespace dockline::sync
