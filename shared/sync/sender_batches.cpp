// What goes out: batches within the window, and rows deleted when they are acked and safe.
#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/plant.hpp"
#include "shared/sync/frame.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using base::Instant;
using base::Result;
using base::Status;

constexpr std::size_t kHeaderRoom = 512;     // of a data message
constexpr std::size_t kPackBytesMin = 1024;  // less is sent plain: a live fact or two

}  // namespace

struct Sender::Batch {
  struct Row {
    std::size_t end = 0;  // of its line
    Chain chain{};
  };
  std::string lines;
  std::vector<Row> rows;
};

Status Sender::save() {
  if (!head_dirty_) return {};
  if (auto ok = store_->put_head(head_); !ok) return ok;
  head_dirty_ = false;
  return {};
}

Status Sender::flush(Instant now, SenderOut& out) {
  if (auto ok = save(); !ok) return ok;
  if (std::exchange(ask_again_, false) && state_ != State::closed && state_ != State::refused) {
    send_open(now, "timer", out);
    return {};
  }
  if (state_ == State::snapshot) {
    send_parts(now, out);
    return {};
  }
  if (state_ != State::streaming || next_ > last()) {
    batch_due_.reset();
    return {};
  }
  const bool full = last() - next_ + 1 >= limits::kBatchFactsMax;
  if (!sizes_.empty() && !full && !batch_due_) {
    batch_due_ = now.mono_ms + limits::kBatchMs;
    return {};
  }
  if (!sizes_.empty() && !full && now.mono_ms < *batch_due_) return {};
  batch_due_.reset();  // what the window does not allow now goes with the next ack
  for (bool more = true; more;) {
    const auto sent = send_batch(out);
    if (!sent) return base::pass(sent.error());
    more = *sent;
  }
  arm(now);
  return {};
}

// The rows next_..most that the window and the limits allow; `rows` and their lines in one text.
Status Sender::gather(Seq most, Batch& batch) {
  const auto each = [&](const OutRow& row) {
    const std::size_t size = row.bytes.size() + 1;
    const bool first = batch.rows.empty();
    if ((!sizes_.empty() || !first) && bytes_out_ + batch.lines.size() + size > window_bytes_) {
      return false;
    }
    if (!first && kHeaderRoom + batch.lines.size() + size > limits::kMessageUnpackedBytesMax) {
      return false;
    }
    batch.lines.append(row.bytes).push_back('\n');
    batch.rows.push_back({batch.lines.size(), row.chain});
    return true;
  };
  return store_->read(next_, most, each);
}

// As many of the gathered rows as one message takes: packed when that is worth it, else plain.
std::string Sender::make_message(Batch& batch) const {
  const Data data{.inc = head_.inc, .session = session(), .first = next_, .prev = sent_chain_};
  const auto lines_of = [&](std::size_t count) {
    return std::string_view(batch.lines).substr(0, batch.rows[count - 1].end);
  };
  for (std::size_t count = batch.rows.size(); count > 1; count /= 2) {
    const std::string_view lines = lines_of(count);
    if (lines.size() < kPackBytesMin) break;
    auto packed = pack(encode(data, count, lines));
    if (!packed && kHeaderRoom + lines.size() <= limits::kMessageBytesMax) break;
    if (!packed) continue;
    batch.rows.resize(count);
    return std::move(*packed);
  }
  std::size_t count = batch.rows.size();
  while (count > 1 && kHeaderRoom + batch.rows[count - 1].end > limits::kMessageBytesMax) --count;
  batch.rows.resize(count);
  return encode(data, count, lines_of(count));
}

Result<bool> Sender::send_batch(SenderOut& out) {
  const std::size_t facts = next_ <= single_through_ ? 1 : limits::kBatchFactsMax;
  const Seq allowed = acked_ + window_ + (PLANT("window-off-by-one") ? 1 : 0);
  const Seq most = std::min({last(), allowed, next_ + facts - 1});
  if (next_ > most || window_bytes_ == 0) return false;
  thread_local Batch batch;  // its memory serves all senders of the lane
  batch.lines.clear();
  batch.rows.clear();
  if (auto ok = gather(most, batch); !ok) return base::pass(ok.error());
  if (batch.rows.empty()) return false;
  if (PLANT("batch-cut-inside-a-fact") && most == allowed && allowed < last()) {
    batch.lines.erase(batch.lines.size() - 2, 1);  // as if the last one's bytes did not all fit
    --batch.rows.back().end;
  }
  out.payloads.push_back(make_message(batch));
  std::size_t begin = 0;
  for (const auto& row : batch.rows) {
    sizes_.push_back(static_cast<std::uint32_t>(row.end - begin));
    begin = row.end;
  }
  bytes_out_ += begin;
  next_ += batch.rows.size();
  ASSUME(next_ - 1 <= allowed);
  sent_chain_ = batch.rows.back().chain;
  return true;
}

std::uint64_t Sender::trimmable() const {
  const bool down = options_.direction == Direction::down;
  if (down && options_.snapshots == nullptr) return 0;
  Seq done = PLANT("trim-before-ack") ? next_ - 1 : std::min(acked_, safe_);
  if (down && last() > options_.rows_max) done = std::max(done, last() - options_.rows_max);
  if (!snapshot_.id.empty() && last() - snapshot_.at.through <= options_.rows_max) {
    done = std::min(done, snapshot_.at.through);  // what follows the snapshot goes after it
  }
  return done > head_.base.through ? done - head_.base.through : 0;
}

Result<std::uint64_t> Sender::trim() {
  const std::uint64_t rows = std::min<std::uint64_t>(trimmable(), limits::kTrimRowsMax);
  if (rows == 0) return 0;
  const Seq to = head_.base.through + rows;
  Chain chain = head_.last.chain;
  if (to < last()) {
    const auto own = store_->chain_at(to);
    if (!own) return base::pass(own.error());
    chain = *own;
  }
  if (auto ok = store_->erase(to); !ok) return base::pass(ok.error());
  head_.base = {to, chain};
  head_dirty_ = true;
  // A receiver below the new base gets a snapshot at its next `open`.
  if (state_ == State::streaming && acked_ < to) ask_again_ = true;
  return rows;
}

}  // namespace dockline::sync
