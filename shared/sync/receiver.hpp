// The receiving end of one stream (PROTOCOL.md section 6): applies what is next and fits the chain,
// moves the cursor in the same transaction, and answers after COMMIT.
//
// Use, all inside one turn's transaction:
//   on_message(...)       for each message of the stream; facts go to the sink in order
//   flush(now, out)       once at the end of the turn, before COMMIT: writes cursors, makes answers
//   out.payloads are published (QoS 1, not retained) after COMMIT; out.notices are acted on before.
// A failed call fails the turn: throw the Receiver away and open() a new one from the store.
// Thread rule: one lane. No I/O but store and sink, no clock, no system randomness, no timers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/limits.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/receiver_store.hpp"
#include "shared/sync/snapshot.hpp"

namespace dockline::sync {

// Facts from..to of `inc` will never come: raise exception `gap`. Told once per range.
struct Gap {
  std::string inc;
  Seq from = 0, to = 0;
};
// The sender began a new incarnation: raise `store restored`, or `two computers` when it was
// fenced.
struct ForkSeen {
  std::string inc;  // the new one
  std::string why;  // fork:older, fork:content, fork:fenced
  Process before;   // the process that last opened an older incarnation
  Process now;
};
// kIncarnationsMax reached: a new one is not opened (its facts stay with the sender) until a person
// has merged.
struct TooManyIncarnations {
  std::string inc;
};
// A snapshot took the place of the old state.
struct SnapshotApplied {
  Seq at = 0;
  std::uint32_t parts = 0;
};
using ReceiverNotice = std::variant<Gap, ForkSeen, TooManyIncarnations, SnapshotApplied>;

struct ReceiverOut {
  std::vector<std::string> payloads;
  std::vector<ReceiverNotice> notices;
};

enum class SafePolicy {
  through,  // no backups, or the down stream: what is committed is safe
  backup,   // only what mark_safe() has confirmed
};

struct ReceiverOptions {
  Direction direction = Direction::up;
  Process process;
  SafePolicy safe = SafePolicy::through;
  SnapshotSink* snapshots = nullptr;  // down; must outlive the Receiver
};

struct ReceiverCounters {
  std::uint64_t applied = 0, duplicates = 0, parked = 0, malformed = 0, unknown_kind = 0,
                reopens = 0, old_messages = 0, pieces = 0, bad_pieces = 0;
};

class Receiver {
 public:
  [[nodiscard]] static base::Result<Receiver> open(ReceiverStore& store,
                                                   const ReceiverOptions& options);

  // One payload of the stream's topic, plain or packed. What cannot be read is dropped, counted and
  // answered `reopen`; an unknown kind is dropped and counted. An error: store or sink failed.
  [[nodiscard]] base::Status on_message(base::Instant now, std::string_view payload, FactSink& sink,
                                        ReceiverOut& out);
  // The same of a message that was read before, with the chain after each fact of a `data` (or
  // none: they are computed here).
  [[nodiscard]] base::Status on_read(base::Instant now, const base::Result<Message>& message,
                                     std::span<const Chain> links, FactSink& sink,
                                     ReceiverOut& out);
  [[nodiscard]] base::Status flush(base::Instant now, ReceiverOut& out);

  // How much may be under way: lower it when the mailbox fills, 0 only when storage is full.
  void set_window(std::uint64_t facts, std::uint64_t bytes);
  // The backup job verified a copy that holds rows 1..through of `inc`. Durable with flush().
  void mark_safe(std::string_view inc, Seq through);

  // The incarnation opened last (the only open one of a down stream), if any.
  [[nodiscard]] const InRow* newest() const;
  [[nodiscard]] const std::vector<InRow>& incarnations() const { return rows_; }
  // Pieces of a snapshot that are staged; 0: none is under way.
  [[nodiscard]] std::uint32_t staged() const { return stage_.parts; }
  [[nodiscard]] const ReceiverCounters& counters() const { return counters_; }
  // Monotonic time of the newest well-formed message of this run.
  [[nodiscard]] std::optional<std::int64_t> heard_mono_ms() const { return heard_mono_ms_; }

 private:
  struct Live {  // volatile, per incarnation; index as rows_
    std::optional<Session> current;
    std::int64_t t1 = 0, t2 = 0;  // of its `open`
    std::optional<std::int64_t> nacked_mono_ms;
    Session nacked_session;
    Seq nacked_through = 0;
    bool dirty = false;
  };
  struct Answer {
    std::string inc;
    Session session;
    AckCode code = AckCode::ok;
  };
  enum class Standing { current, unknown, older };

  Receiver(ReceiverStore& store, const ReceiverOptions& options)
      : store_(&store), options_(options) {}

  void on_malformed(base::Instant now);
  void on_open(base::Instant now, const Open& message, ReceiverOut& out);
  [[nodiscard]] base::Status on_data(base::Instant now, const Data& message,
                                     std::span<const Chain> links, FactSink& sink);
  void on_jump(base::Instant now, const Jump& message, ReceiverOut& out);
  [[nodiscard]] base::Status on_part(base::Instant now, const Part& message, ReceiverOut& out);
  [[nodiscard]] base::Result<bool> take_piece(base::Instant now, std::size_t at,
                                              const Part& message, ReceiverOut& out);
  void report_gone(const Open& message, ReceiverOut& out);
  bool begin(const Open& message, ReceiverOut& out);
  void report_gap(std::size_t at, Seq to, ReceiverOut& out);
  [[nodiscard]] std::optional<std::size_t> find(std::string_view inc) const;
  std::size_t add(std::string_view inc);
  [[nodiscard]] bool fenced(const InRow& row, const Session& session) const;
  [[nodiscard]] Standing standing(std::size_t at, const Session& session) const;
  void answer(std::string_view inc, const Session& session, AckCode code);
  void nack(base::Instant now, std::size_t at, const Session& session);
  void answer_by_standing(base::Instant now, std::size_t at, const Session& session);
  [[nodiscard]] Ack make_ack(base::Instant now, const Answer& answer) const;

  ReceiverStore* store_;
  ReceiverOptions options_;
  std::vector<InRow> rows_;
  std::vector<Live> live_;
  std::optional<std::size_t> newest_;
  Stage stage_;
  std::string too_many_told_;
  std::vector<Answer> answers_;
  std::uint64_t window_ = base::limits::kWindowFacts;
  std::uint64_t bytes_ = base::limits::kWindowBytes;
  ReceiverCounters counters_;
  std::optional<std::int64_t> heard_mono_ms_;
};

}  // namespace dockline::sync
