// Down: pieces of a snapshot are staged, and the last one swaps the state (PROTOCOL.md section 10).
#include "shared/sync/receiver.hpp"

namespace dockline::sync {

using base::Instant;
using base::Result;
using base::Status;

Status Receiver::on_part(Instant now, const Part& message, ReceiverOut& out) {
  const auto at = find(message.inc);
  if (!at) {
    ++counters_.reopens;
    answer(message.inc, message.session, AckCode::reopen);
    return {};
  }
  // A piece of a former session could clear the stage of the present one.
  if (rows_[*at].closed || standing(*at, message.session) == Standing::older) {
    ++counters_.old_messages;
    return {};
  }
  bool fits = true;
  if (message.at.through > rows_[*at].cursor.through) {
    auto taken = take_piece(now, *at, message, out);
    if (!taken) return base::pass(taken.error());
    fits = *taken;
  }
  if (fits) {
    answer_by_standing(now, *at, message.session);
  } else {
    nack(now, *at, message.session);
  }
  return {};
}

// False: the sender has to say again where it stands.
Result<bool> Receiver::take_piece(Instant now, std::size_t at, const Part& message,
                                  ReceiverOut& out) {
  SnapshotSink& sink = *options_.snapshots;
  const Stage before = message.snap == stage_.snap ? stage_ : Stage{message.snap, 0, {}};
  if (message.part <= before.parts) return true;  // a repeat
  if (message.part != before.parts + 1) return false;
  const base::Digest sum = base::sha256(
      {reinterpret_cast<const char*>(before.sum.data()), before.sum.size()}, message.piece);
  if (sum != message.sum) {
    ++counters_.bad_pieces;
    stage_ = {};
    if (auto ok = sink.clear(); !ok) return base::pass(ok.error());
    return false;
  }
  const Stage after{message.snap, message.part, sum};
  if (auto ok = sink.stage(after, message.piece); !ok) return base::pass(ok.error());
  stage_ = after;
  ++counters_.pieces;
  if (message.parts == 0) return true;
  const auto swapped = sink.swap(now);
  if (!swapped) return base::pass(swapped.error());
  stage_ = {};
  if (!*swapped) return false;
  rows_[at].cursor = message.at;
  live_[at].dirty = true;
  out.notices.emplace_back(SnapshotApplied{message.at.through, message.parts});
  return true;
}

}  // namespace dockline::sync
