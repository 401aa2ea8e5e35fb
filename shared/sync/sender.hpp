// The sending end of one stream (PROTOCOL.md section 5): numbers, chains and keeps facts, sends
// them within the window, resends after doubt, forks when the receiver knows another history.
//
// Use, all inside one turn's transaction:
//   record(...)                      for each fact, in any state
//   link_up / link_down / on_ack / tick    inputs
//   flush(now, out)                  once at the end of the turn, before COMMIT
//   out.payloads are published (QoS 1, not retained) after COMMIT; out.notices are acted on
//   before it: an exception, dropped leases, belong in the same transaction.
// A failed call fails the turn: throw the Sender away and open() a new one from the store.
// Thread rule: one lane. No I/O but the store, no clock, no system randomness.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/sync/clock.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/sender_store.hpp"
#include "shared/sync/snapshot.hpp"

namespace dockline::sync {

enum class ForkReason { older, content, fenced };
[[nodiscard]] std::string_view name(ForkReason reason);

// A new incarnation was begun: raise `store restored`, drop the right to all leases.
struct Forked {
  std::string old_inc, new_inc;
  ForkReason reason = ForkReason::older;
  Seq old_base = 0, old_last = 0;  // what we had of the old one: rows base+1..last were renumbered
  Seq receiver_through = 0;        // what the receiver has of it
  bool gone_list_full = false;     // the oldest entry was dropped: raise an exception for that too
};
// The receiver speaks no version of ours: facts are kept, sending waits.
struct VersionRefused {};
// The receiver's boot counter went back: its store was restored behind our back.
struct PeerRestored {
  std::uint64_t known_boot = 0, boot = 0;
};
// The receiver's state is that of the snapshot. What was said once and is no state (a question to
// the station) may have been among the facts it stands for: say it again.
struct SnapshotTaken {
  Seq at = 0;
  std::uint32_t parts = 0;
};
// More than kPartsMax pieces: this station cannot be given its state.
struct SnapshotTooLarge {};
using SenderNotice =
    std::variant<Forked, VersionRefused, PeerRestored, SnapshotTaken, SnapshotTooLarge>;

struct SenderOut {
  std::vector<std::string> payloads;
  std::vector<SenderNotice> notices;
};

struct SenderOptions {
  Direction direction = Direction::up;
  Process process;
  std::uint64_t rows_max = base::limits::kUpOutboxRowsMax;
  // Down: where snapshots come from; must outlive the Sender. Without one, rows are kept for ever.
  SnapshotSource* snapshots = nullptr;
};

// How full the outbox is (PROTOCOL.md section 7).
enum class Room { plenty, warn, no_new_work, none };

class Sender {
 public:
  enum class State { closed, opening, streaming, snapshot, refused };

  // Loads the stream, or begins one. `prng` gives incarnations and jitter; seed it from the system
  // (never from anything an image or a clone would repeat). Both must outlive the Sender.
  [[nodiscard]] static base::Result<Sender> open(SenderStore& store, base::Prng& prng,
                                                 const SenderOptions& options);

  // Appends one fact. Build its bytes with inc() and next_seq() as birth place (dlinc, dlseq).
  // Fault::reject: too large or has a line break. Fault::full: outbox and its reserve are full.
  [[nodiscard]] base::Result<Seq> record(base::Instant now, std::string_view id,
                                         std::string_view bytes);

  [[nodiscard]] base::Status link_up(base::Instant now, SenderOut& out);
  void link_down();
  [[nodiscard]] base::Status on_ack(base::Instant now, const Ack& ack, SenderOut& out);
  // Timers. Call at or after deadline(); calling more often is harmless.
  [[nodiscard]] base::Status tick(base::Instant now, SenderOut& out);
  // Ask again now: the peer was seen to restart (its `state` has a new nonce).
  void probe(base::Instant now, SenderOut& out);
  // End of the turn: sends what the window allows, at once when nothing is under way, else after
  // T_batch or when a batch is full.
  [[nodiscard]] base::Status flush(base::Instant now, SenderOut& out);
  // Makes what record() changed whole in the store and sends nothing: for what is recorded after
  // flush() in the same transaction.
  [[nodiscard]] base::Status save();
  // Deletes at most kTrimRowsMax rows that are acked and safe; returns how many. Down, with
  // snapshots: also what is beyond rows_max, acked or not.
  [[nodiscard]] base::Result<std::uint64_t> trim();
  // Rows trim() would delete now.
  [[nodiscard]] std::uint64_t trimmable() const;
  // Down: the receiver gets the state anew, whatever it has (a new station, a restored disk).
  [[nodiscard]] base::Status require_snapshot();

  // When tick() is due, monotonic milliseconds; nothing while closed.
  [[nodiscard]] std::optional<std::int64_t> deadline() const;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& inc() const { return head_.inc; }
  [[nodiscard]] Seq last() const { return head_.last.through; }
  [[nodiscard]] Seq next_seq() const { return head_.last.through + 1; }
  [[nodiscard]] const Cursor& base() const { return head_.base; }
  [[nodiscard]] const std::vector<Gone>& gone() const { return head_.gone; }
  // What the receiver is known to have committed; not known since the last start: base.
  [[nodiscard]] Seq acked() const {
    return acked_ > head_.base.through ? acked_ : head_.base.through;
  }
  [[nodiscard]] std::uint64_t waiting() const { return last() - acked(); }
  [[nodiscard]] std::size_t under_way() const { return sizes_.size(); }  // sent, not confirmed
  [[nodiscard]] bool caught_up() const { return state_ == State::streaming && acked_ == last(); }
  // Monotonic time of the newest valid ack of this run.
  [[nodiscard]] std::optional<std::int64_t> heard_mono_ms() const { return heard_mono_ms_; }
  [[nodiscard]] std::optional<ClockOffset> clock() const { return clock_.best(); }
  [[nodiscard]] Room room() const;

 private:
  Sender(SenderStore& store, base::Prng& prng, const SenderOptions& options)
      : store_(&store), prng_(&prng), options_(options) {}

  [[nodiscard]] Session session() const { return {options_.process, open_count_}; }
  void send_open(base::Instant now, std::string_view why, SenderOut& out);
  void refuse(base::Instant now, SenderOut& out);
  [[nodiscard]] base::Status fork(base::Instant now, ForkReason reason, const Ack& ack,
                                  SenderOut& out);
  [[nodiscard]] base::Status begin_anew(const std::string& inc);
  [[nodiscard]] base::Status renumber_all(const std::string& inc);
  [[nodiscard]] base::Result<std::optional<ForkReason>> check(const Cursor& cursor);
  void hear_peer(const Ack& ack, SenderOut& out);
  void opened(base::Instant now, const Ack& ack);
  void advance(base::Instant now, const Ack& ack);
  void take_flow(const Ack& ack);
  void sample_clock(base::Instant now, const Ack& ack);
  void forget_sent();
  struct Batch;
  [[nodiscard]] base::Status gather(Seq most, Batch& batch);
  [[nodiscard]] std::string make_message(Batch& batch) const;
  [[nodiscard]] base::Result<bool> send_batch(SenderOut& out);
  void count_reopen(const Ack& ack);
  void continue_snapshot(base::Instant now, const Ack& ack);
  void on_snapshot_ack(base::Instant now, const Ack& ack, SenderOut& out);
  void send_parts(base::Instant now, SenderOut& out);
  void note_snapshot(const Ack& ack, SenderOut& out);
  void end_snapshot();
  void arm(base::Instant now);
  [[nodiscard]] std::int64_t back_off(std::int64_t first_ms, std::int64_t most_ms, unsigned level);

  SenderStore* store_;
  base::Prng* prng_;
  SenderOptions options_;
  SenderHead head_;
  bool head_dirty_ = false;

  State state_ = State::closed;
  std::uint64_t open_count_ = 0;
  std::string fork_why_;  // told in every `open` until the new incarnation is answered
  Seq acked_ = 0, next_ = 1, safe_ = 0;
  Chain sent_chain_{};  // chain before next_
  std::uint64_t window_ = 0, window_bytes_ = 0;
  std::deque<std::uint32_t> sizes_;  // of acked_+1 .. next_-1
  std::uint64_t bytes_out_ = 0;
  Seq reopened_at_ = 0;     // cursor of the newest `reopen`
  unsigned reopens_ = 0;    // in a row at that cursor
  Seq single_through_ = 0;  // rows up to here go plain, one a message: batches were not understood
  struct Snapshot {
    std::string id;  // empty: none under way
    Cursor at;
    std::uint32_t had = 0, sent = 0, parts = 0;  // parts 0: not known yet
    std::vector<base::Digest> sums;              // through piece 1, 2, 3...
    std::int64_t moved_mono_ms = 0;
  };
  Snapshot snapshot_;
  bool ask_again_ = false;  // the session's premise changed: open at the end of the turn
  unsigned open_level_ = 0, ack_level_ = 0, refused_level_ = 0;  // of back-off
  std::optional<std::int64_t> timer_;      // T_open, T_ack, T_probe or T_refused, by state
  bool timing_ack_ = false;                // streaming: the timer is T_ack, else T_probe
  std::optional<std::int64_t> batch_due_;  // T_batch
  std::int64_t opened_wall_ms_ = 0, opened_mono_ms_ = 0, rtt_ms_ = 0;
  std::optional<std::int64_t> heard_mono_ms_;
  ClockSamples clock_;
};

}  // namespace dockline::sync
