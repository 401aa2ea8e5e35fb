#include "shared/sync/receiver.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/plant.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using base::Instant;
using base::Result;
using base::Status;

}  // namespace

Result<Receiver> Receiver::open(ReceiverStore& store, const ReceiverOptions& options) {
  Receiver receiver(store, options);
  auto rows = store.load();
  if (!rows) return base::pass(rows.error());
  receiver.rows_ = std::move(*rows);
  receiver.live_.resize(receiver.rows_.size());
  for (std::size_t i = 0; i < receiver.rows_.size(); ++i) {
    const InRow& row = receiver.rows_[i];
    if (row.process.boot != 0 && !row.closed) receiver.newest_ = i;
  }
  if (options.snapshots != nullptr) {
    auto stage = options.snapshots->load();
    if (!stage) return base::pass(stage.error());
    receiver.stage_ = std::move(*stage);
  }
  return receiver;
}

Status Receiver::on_message(Instant now, std::string_view payload, FactSink& sink,
                            ReceiverOut& out) {
  return on_read(now, read(payload), {}, sink, out);
}

Status Receiver::on_read(Instant now, const Result<Message>& message, std::span<const Chain> links,
                         FactSink& sink, ReceiverOut& out) {
  if (!message) {
    on_malformed(now);
    return {};
  }
  heard_mono_ms_ = now.mono_ms;
  if (const auto* data = std::get_if<Data>(&*message)) return on_data(now, *data, links, sink);
  if (const auto* part = std::get_if<Part>(&*message); part && options_.snapshots != nullptr) {
    return on_part(now, *part, out);
  }
  if (const auto* open = std::get_if<Open>(&*message)) {
    on_open(now, *open, out);
  } else if (const auto* jump = std::get_if<Jump>(&*message);
             jump != nullptr && options_.direction == Direction::up) {
    on_jump(now, *jump, out);
  } else if (const auto* other = std::get_if<OtherVersion>(&*message);
             other != nullptr && !other->inc.empty()) {
    answer(other->inc, other->session, AckCode::version);
  } else {
    ++counters_.unknown_kind;
  }
  return {};
}

// Nobody can say whose it was; the session last opened is asked to begin again at the cursor, and
// after some rounds sends its facts one by one.
void Receiver::on_malformed(Instant now) {
  ++counters_.malformed;
  if (newest_ && live_[*newest_].current) nack(now, *newest_, *live_[*newest_].current);
}

// --------------------------------------------------------------------------------- incarnations
std::optional<std::size_t> Receiver::find(std::string_view inc) const {
  // The newest is nearly always the one asked for.
  for (std::size_t i = rows_.size(); i-- > 0;) {
    if (rows_[i].inc == inc) return i;
  }
  return std::nullopt;
}

std::size_t Receiver::add(std::string_view inc) {
  InRow row;
  row.inc = inc;
  row.cursor.chain = chain_start(inc);
  rows_.push_back(std::move(row));
  live_.emplace_back().dirty = true;
  return rows_.size() - 1;
}

const InRow* Receiver::newest() const { return newest_ ? &rows_[*newest_] : nullptr; }

// Only a station can be cloned or restored while its older self still runs: the server's boot may
// go back with its backup, and is followed.
bool Receiver::fenced(const InRow& row, const Session& session) const {
  if (options_.direction == Direction::down || row.process.boot == 0) return false;
  const Process& known = row.process;
  return session.process.boot < known.boot ||
         (session.process.boot == known.boot && session.process.nonce != known.nonce);
}

Receiver::Standing Receiver::standing(std::size_t at, const Session& session) const {
  const auto& current = live_[at].current;
  if (!current || current->process != session.process) return Standing::unknown;
  if (session.open == current->open) return Standing::current;
  return session.open > current->open ? Standing::unknown : Standing::older;
}

// ------------------------------------------------------------------------------------------ open
void Receiver::on_open(Instant now, const Open& message, ReceiverOut& out) {
  if (std::ranges::find(message.versions, kVersion) == message.versions.end()) {
    answer(message.inc, message.session, AckCode::version);
    return;
  }
  auto at = find(message.inc);
  if (at && (rows_[*at].closed || fenced(rows_[*at], message.session))) {
    answer(message.inc, message.session, AckCode::fenced);
    return;
  }
  if ((!at || rows_[*at].process.boot == 0) && !begin(message, out)) return;
  at = find(message.inc);
  report_gone(message, out);
  if (standing(*at, message.session) == Standing::older) {
    ++counters_.old_messages;
    return;
  }
  InRow& row = rows_[*at];
  Live& live = live_[*at];
  if (row.process != message.session.process) {
    row.process = message.session.process;
    live.dirty = true;
  }
  newest_ = at;
  live.current = message.session;
  live.t1 = message.t1;
  live.t2 = now.wall_ms;
  answer(message.inc, message.session, AckCode::ok);
}

// An incarnation never opened before. False: no room for it.
bool Receiver::begin(const Open& message, ReceiverOut& out) {
  if (!find(message.inc)) {
    if (rows_.size() >= limits::kIncarnationsMax) {
      if (too_many_told_ != message.inc) out.notices.emplace_back(TooManyIncarnations{message.inc});
      too_many_told_ = message.inc;
      answer(message.inc, message.session, AckCode::busy);
      return false;
    }
    add(message.inc);
  }
  // A fork whose first `open` was lost with its process still shows in the gone list.
  const bool forked = message.why.starts_with("fork:");
  if (forked || !message.gone.empty()) {
    out.notices.emplace_back(ForkSeen{.inc = message.inc,
                                      .why = forked ? message.why : "fork",
                                      .before = newest_ ? rows_[*newest_].process : Process{},
                                      .now = message.session.process});
  }
  if (options_.direction == Direction::down) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].inc == message.inc || rows_[i].closed) continue;
      rows_[i].closed = true;
      live_[i].dirty = true;
    }
  }
  return true;
}

void Receiver::report_gone(const Open& message, ReceiverOut& out) {
  for (const Gone& gone : message.gone) {
    if (gone.through == 0 || gone.inc == message.inc) continue;
    auto at = find(gone.inc);
    if (!at) {
      if (rows_.size() >= limits::kIncarnationsMax) continue;
      at = add(gone.inc);
      rows_[*at].closed = options_.direction == Direction::down;
    }
    report_gap(*at, gone.through, out);
  }
}

void Receiver::report_gap(std::size_t at, Seq to, ReceiverOut& out) {
  InRow& row = rows_[at];
  const Seq known = std::max(row.cursor.through, row.gap_through);
  if (known >= to) return;
  out.notices.emplace_back(Gap{row.inc, known + 1, to});
  row.gap_through = to;
  live_[at].dirty = true;
}

// ------------------------------------------------------------------------------------ data, jump
Status Receiver::on_data(Instant now, const Data& message, std::span<const Chain> links,
                         FactSink& sink) {
  const auto at = find(message.inc);
  if (!at) {
    ++counters_.reopens;
    answer(message.inc, message.session, AckCode::reopen);
    return {};
  }
  InRow& row = rows_[*at];
  if (row.closed) {
    ++counters_.old_messages;
    return {};
  }
  const Seq through = row.cursor.through;
  const Seq last = message.first + message.facts.size() - 1;
  if (PLANT("cursor-beyond-hole") && message.first > through + 1) {
    row.cursor = {message.first - 1, message.prev};
    return on_data(now, message, links, sink);
  }
  if (message.first > through + 1) {
    if (fenced(row, message.session)) {
      answer(row.inc, message.session, AckCode::fenced);
    } else {
      nack(now, *at, message.session);
    }
    return {};
  }
  if (PLANT("apply-twice-on-resend") && last <= through && options_.direction == Direction::up) {
    for (std::size_t i = 0; i < message.facts.size(); ++i) {
      static_cast<void>(sink.apply(now, {message.facts[i], message.inc, message.first + i}));
    }
  }
  if (last <= through) {
    counters_.duplicates += message.facts.size();
    answer_by_standing(now, *at, message.session);
    return {};
  }
  const std::size_t known = through + 1 - message.first;
  counters_.duplicates += known;
  Chain chain = message.prev;
  const auto link = [&](std::size_t i) {
    return links.empty() ? chain_next(chain, message.facts[i]) : links[i];
  };
  for (std::size_t i = 0; i < known; ++i) chain = link(i);
  if (chain == row.cursor.chain) {
    for (std::size_t i = known; i < message.facts.size(); ++i) {
      const Seq seq = message.first + i;
      const auto done = sink.apply(now, {message.facts[i], message.inc, seq});
      if (!done) return base::pass(done.error());
      counters_.applied += *done == Applied::applied;
      counters_.duplicates += *done == Applied::duplicate;
      counters_.parked += *done == Applied::parked;
      chain = link(i);
      row.cursor = {seq, chain};
    }
    live_[*at].dirty = true;
  }  // else: own cursor is answered, and the sender sees the difference and forks
  answer_by_standing(now, *at, message.session);
  return {};
}

void Receiver::on_jump(Instant now, const Jump& message, ReceiverOut& out) {
  const auto at = find(message.inc);
  if (!at) {
    answer(message.inc, message.session, AckCode::reopen);
    return;
  }
  InRow& row = rows_[*at];
  if (standing(*at, message.session) == Standing::current &&
      message.to.through > row.cursor.through) {
    report_gap(*at, message.to.through, out);
    row.cursor = message.to;
    live_[*at].dirty = true;
  }
  answer_by_standing(now, *at, message.session);
}

// --------------------------------------------------------------------------------------- answers
void Receiver::answer_by_standing(Instant now, std::size_t at, const Session& session) {
  if (fenced(rows_[at], session)) {
    answer(rows_[at].inc, session, AckCode::fenced);
    return;
  }
  switch (standing(at, session)) {
    case Standing::current:
      answer(rows_[at].inc, session, AckCode::ok);
      break;
    case Standing::unknown:
      nack(now, at, session);
      break;
    case Standing::older:
      ++counters_.old_messages;
      break;
  }
}

// At most one per T_nack and cursor, for each session: or every hole starts a storm.
void Receiver::nack(Instant now, std::size_t at, const Session& session) {
  Live& live = live_[at];
  if (standing(at, session) == Standing::older) {
    ++counters_.old_messages;
    return;
  }
  const Seq through = rows_[at].cursor.through;
  if (live.nacked_mono_ms && now.mono_ms < *live.nacked_mono_ms + limits::kNackMs &&
      live.nacked_session == session && live.nacked_through == through) {
    return;
  }
  live.nacked_mono_ms = now.mono_ms;
  live.nacked_session = session;
  live.nacked_through = through;
  ++counters_.reopens;
  answer(rows_[at].inc, session, AckCode::reopen);
}

// One answer per session and turn. Anything but `ok` stands: it asks the sender to act.
void Receiver::answer(std::string_view inc, const Session& session, AckCode code) {
  for (Answer& a : answers_) {
    if (a.session == session && a.inc == inc) {
      if (a.code == AckCode::ok) a.code = code;
      return;
    }
  }
  answers_.push_back({std::string(inc), session, code});
}

Ack Receiver::make_ack(Instant now, const Answer& answer) const {
  Ack ack{.inc = answer.inc,
          .session = answer.session,
          .cursor = {0, chain_start(answer.inc)},
          .window = window_,
          .bytes = bytes_,
          .code = answer.code,
          .peer = options_.process,
          .t3 = std::max<std::int64_t>(now.wall_ms, 0)};
  if (const auto at = find(answer.inc)) {
    const InRow& row = rows_[*at];
    const Live& live = live_[*at];
    ack.cursor = row.cursor;
    ack.safe = options_.safe == SafePolicy::through ? row.cursor.through
                                                    : std::min(row.safe, row.cursor.through);
    if (!stage_.snap.empty()) {
      ack.snap = stage_.snap;
      ack.part = stage_.parts;
    }
    if (live.current == answer.session) {
      ack.t1 = live.t1;
      ack.t2 = std::max<std::int64_t>(live.t2, 0);
    }
  }
  return ack;
}

Status Receiver::flush(Instant now, ReceiverOut& out) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!live_[i].dirty) continue;
    if (auto ok = store_->put(rows_[i]); !ok) return ok;
    live_[i].dirty = false;
  }
  for (const Answer& a : answers_) out.payloads.push_back(encode(make_ack(now, a)));
  answers_.clear();
  return {};
}

void Receiver::set_window(std::uint64_t facts, std::uint64_t bytes) {
  window_ = std::min(facts, limits::kWindowFactsMax);
  bytes_ = std::min(bytes, limits::kWindowBytesMax);
}

void Receiver::mark_safe(std::string_view inc, Seq through) {
  const auto at = find(inc);
  if (!at || rows_[*at].safe >= through) return;
  rows_[*at].safe = through;
  live_[*at].dirty = true;
  if (live_[*at].current) answer(inc, *live_[*at].current, AckCode::ok);
}

}  // namespace dockline::sync
