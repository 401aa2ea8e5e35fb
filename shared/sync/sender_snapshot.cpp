// Down, instead of rows that are gone: the whole state in pieces (PROTOCOL.md section 10). Facts
// wait meanwhile; pieces share their window.
#include <algorithm>
#include <utility>

#include "shared/base/bytes.hpp"
#include "shared/sync/frame.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using base::Instant;
using base::Status;

constexpr std::size_t kPiecesPerTurn = 4;  // reading them costs milliseconds each

}  // namespace

// A number that no row carries: whoever stands below it needs a snapshot. Durable like any base,
// and unlike that of any other life of this store.
Status Sender::require_snapshot() {
  if (options_.snapshots == nullptr) return {};
  end_snapshot();
  if (auto ok = store_->erase(head_.last.through); !ok) return ok;
  head_.last = {next_seq(), chain_next(head_.last.chain, "snapshot " + base::uuid4(*prng_))};
  head_.base = head_.last;
  head_dirty_ = true;
  ask_again_ = state_ != State::closed;
  return {};
}

void Sender::end_snapshot() {
  if (!snapshot_.id.empty()) options_.snapshots->end();
  snapshot_ = {};
}

void Sender::note_snapshot(const Ack& ack, SenderOut& out) {
  if (snapshot_.id.empty()) return;
  if (ack.cursor.through >= snapshot_.at.through) {
    out.notices.emplace_back(SnapshotTaken{snapshot_.at.through, snapshot_.parts});
  }
  end_snapshot();
}

// Opening, and the receiver stands below base: begins, or goes on where the receiver's stage ends.
void Sender::continue_snapshot(Instant now, const Ack& ack) {
  if (!snapshot_.id.empty()) {
    const bool ours = ack.snap == snapshot_.id;
    // Taken, and rows were trimmed past it meanwhile: it would be repeated for ever.
    const bool past = ack.cursor.through >= snapshot_.at.through;
    const bool lost = ours ? ack.part > snapshot_.sums.size() : snapshot_.had > 0;
    const bool still = now.mono_ms >= snapshot_.moved_mono_ms + limits::kSnapshotStillMs;
    if (past || lost || still) end_snapshot();
  }
  if (snapshot_.id.empty()) {
    const auto at = options_.snapshots->begin();
    if (!at) return;  // T_open asks again
    if (at->through < head_.base.through || at->through > last()) {
      options_.snapshots->end();  // this turn's own rows are not in it yet
      return;
    }
    snapshot_ = {.id = base::uuid4(*prng_), .at = *at, .moved_mono_ms = now.mono_ms};
  }
  snapshot_.had = snapshot_.sent = ack.snap == snapshot_.id ? ack.part : 0;
  state_ = State::snapshot;
  fork_why_.clear();
  open_level_ = refused_level_ = 0;
  forget_sent();
  take_flow(ack);
  sample_clock(now, ack);
  timer_.reset();
  arm(now);
}

void Sender::on_snapshot_ack(Instant now, const Ack& ack, SenderOut& out) {
  if (ack.cursor.through >= head_.base.through) {
    note_snapshot(ack, out);
    opened(now, ack);
    return;
  }
  const bool past = ack.cursor.through >= snapshot_.at.through;
  const std::uint32_t part = ack.snap == snapshot_.id ? ack.part : 0;
  if (past || part < snapshot_.had ||
      part > snapshot_.sent) {  // the receiver went on or back: say it afresh
    send_open(now, "timer", out);
    return;
  }
  take_flow(ack);
  if (part == snapshot_.had) return;
  for (; snapshot_.had < part && !sizes_.empty(); ++snapshot_.had) {
    bytes_out_ -= sizes_.front();
    sizes_.pop_front();
  }
  snapshot_.moved_mono_ms = now.mono_ms;
  ack_level_ = 0;
  timer_.reset();
  arm(now);
}

void Sender::send_parts(Instant now, SenderOut& out) {
  for (std::size_t i = 0; i < kPiecesPerTurn; ++i) {
    if (snapshot_.parts != 0 && snapshot_.sent >= snapshot_.parts) break;
    if (window_bytes_ == 0 || sizes_.size() >= window_) break;
    if (!sizes_.empty() && bytes_out_ + limits::kPieceBytesMax > window_bytes_) break;
    const std::uint32_t n = snapshot_.sent + 1;
    auto piece = n <= limits::kPartsMax ? options_.snapshots->piece(n) : std::nullopt;
    if (!piece) {
      if (n > limits::kPartsMax) out.notices.emplace_back(SnapshotTooLarge{});
      end_snapshot();
      send_open(now, "timer", out);
      return;
    }
    const base::Digest before = n == 1 ? base::Digest{} : snapshot_.sums[n - 2];
    const base::Digest sum =
        base::sha256({reinterpret_cast<const char*>(before.data()), before.size()}, piece->bytes);
    if (snapshot_.sums.size() < n) snapshot_.sums.push_back(sum);
    if (snapshot_.sums[n - 1] != sum) {  // the source does not repeat itself: never a loop
      end_snapshot();
      send_open(now, "timer", out);
      return;
    }
    if (piece->last) snapshot_.parts = n;
    const std::size_t size = piece->bytes.size();
    const std::string plain = encode(Part{.inc = head_.inc,
                                          .session = session(),
                                          .at = snapshot_.at,
                                          .snap = snapshot_.id,
                                          .part = n,
                                          .parts = piece->last ? n : 0,
                                          .sum = sum,
                                          .piece = std::move(piece->bytes)});
    out.payloads.push_back(pack(plain).value_or(plain));
    snapshot_.sent = n;
    sizes_.push_back(static_cast<std::uint32_t>(size));
    bytes_out_ += size;
  }
  arm(now);
}

}  // namespace dockline::sync
