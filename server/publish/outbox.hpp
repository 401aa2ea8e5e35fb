// The outbox: what is still to be told to the channels, in which order, and when to try again.
// A pure machine; every change of a row is handed out for the store in the same transaction.
//
// Lanes per channel: express (a figure reaches or leaves zero) ahead of all; fulfilments, first in
// first out per order; stock figures, coalesced per key: a newer figure replaces one not yet sent,
// one request in flight per key, and a figure that failed while a newer one waits is dropped, so a
// stale figure never overwrites a newer. In flight is bounded; failures back off with jitter; when
// the channel throttles, everything for it waits; when it is away, a breaker lets single probes
// out. A permanent refusal is a dead letter for a person. Nothing is forgotten on a throttle.
//
// Thread rule: one lane.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/prng.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::publish {

enum class RowKind { fulfilment, stock, status };
enum class RowState { waiting, sent, dead };
[[nodiscard]] std::string_view name(RowKind kind);
[[nodiscard]] std::string_view name(RowState state);
[[nodiscard]] std::optional<RowKind> row_kind(std::string_view name);
[[nodiscard]] std::optional<RowState> row_state(std::string_view name);

// As stored (server/store, table outbox). Delivered rows are deleted; dead ones stay for a person.
struct Row {
  std::int64_t id = 0;
  std::string channel;
  RowKind kind = RowKind::stock;
  std::string key;      // stock: "sku|location"; fulfilment: "order|tracking"; status: "order"
  std::string subject;  // what it is about: a SKU or an order id
  std::string payload;  // JSON of the Push
  RowState state = RowState::waiting;
  std::int64_t attempts = 0;
  std::int64_t next_ms = 0;     // wall clock, an annotation: not before
  std::int64_t created_ms = 0;  // wall clock
  bool express = false;
  std::int64_t caused_ms = 0;  // wall clock of the oldest fact this row still has to tell
  std::string last_error;
};

struct RowChange {
  Row row;
  bool removed = false;
};

// How one attempt ended; the channel's verdict without its contents.
struct Done {};
struct Again {
  std::string why;
  std::int64_t delay_ms = 0;
  bool reached = true;
};
struct Slower {
  std::string why;
  std::int64_t delay_ms = 0;
};
struct Dead {
  std::string why;
};
using Outcome = std::variant<Done, Again, Slower, Dead>;

enum class Circuit { closed, open, half_open };
[[nodiscard]] std::string_view name(Circuit circuit);

// What the console shows of one channel's outbox.
struct LaneView {
  std::string channel;
  std::int64_t waiting = 0, in_flight = 0, dead = 0;
  std::optional<std::int64_t> oldest_ms;  // wall clock, created
  Circuit circuit = Circuit::closed;
  std::int64_t failures = 0;       // in a row
  std::int64_t paused_for_ms = 0;  // throttled or circuit open: time left
  std::string last_error;
};

class Outbox {
 public:
  struct Limits {
    std::int64_t in_flight_max = 4;
    std::int64_t express_extra = 2;  // slots that only the express lane may use
  };
  Outbox(std::uint64_t seed, std::map<std::string, Limits> channels);

  // Rows as the store has them. A row that was in flight counts as doubtful: it is tried again
  // after a settling time, in which a request still under way can end. A figure with a newer one
  // behind it is dropped: that is the change handed out.
  [[nodiscard]] std::vector<RowChange> load(base::Instant now, std::vector<Row> rows);

  // Queues one push; `row.id` is given here. Fault::full beyond kOutboxRowsMax (not for
  // fulfilments), Fault::reject for a channel that is not configured. A fulfilment or status key
  // that is there already is nothing new.
  [[nodiscard]] base::Status put(base::Instant now, Row row, std::vector<RowChange>& changes);

  // Rows to send now, in order; they are marked sent.
  [[nodiscard]] std::vector<Row> start(base::Instant now, std::vector<RowChange>& changes);
  void finish(base::Instant now, std::int64_t id, const Outcome& outcome,
              std::vector<RowChange>& changes);
  // Outcome of a request that is no row (a poll): feeds breaker and throttle.
  void heard(base::Instant now, const std::string& channel, const Outcome& outcome);
  // A person says: again. Fault::reject when there is no such dead row.
  [[nodiscard]] base::Status revive(base::Instant now, std::int64_t id,
                                    std::vector<RowChange>& changes);
  // A person says: leave it. Fault::reject when there is no such dead row.
  [[nodiscard]] base::Status discard(std::int64_t id, std::vector<RowChange>& changes);

  // May a poll be sent to this channel now (breaker, throttle)? True counts as asked: its outcome
  // must come to heard().
  [[nodiscard]] bool may_ask(base::Instant now, const std::string& channel);
  // From when on may_ask() could say yes, monotonic; nothing while a probe is out.
  [[nodiscard]] std::optional<std::int64_t> may_ask_ms(const std::string& channel) const;
  // When start() could have something to do without further input, on the monotonic clock.
  [[nodiscard]] std::optional<std::int64_t> next_due_ms(base::Instant now) const;

  // The newest row of a key, waiting, in flight or dead; null when there is none.
  [[nodiscard]] const Row* newest(const std::string& channel, RowKind kind,
                                  const std::string& key) const;
  // Dead letters about a subject.
  [[nodiscard]] std::vector<std::int64_t> dead(const std::string& subject) const;
  [[nodiscard]] const Row* find(std::int64_t id) const;
  [[nodiscard]] std::vector<LaneView> view(base::Instant now) const;
  // A page of rows by id, for the API.
  [[nodiscard]] std::vector<Row> rows(std::int64_t after_id, std::size_t limit) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  struct Item {
    Row row;
    std::int64_t due_ms = 0;  // monotonic
    std::int64_t undone = 0;  // answered, but not done: these are counted against the limit
  };
  // Rows that may be sent, by when they are due, then by age. Rows behind another one of their
  // group are not in it.
  using Queue = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;
  struct Lane {
    Limits limits;
    std::int64_t in_flight = 0;
    std::int64_t dead = 0;
    Circuit circuit = Circuit::closed;
    bool probing = false;        // half open: the one probe is out
    std::int64_t failures = 0;   // nothing or server trouble came back, in a row
    std::int64_t throttles = 0;  // in a row
    std::int64_t paused_ms = 0;  // monotonic: not before
    bool stock_turn = false;     // fulfilments and figures take turns
    std::string last_error;
    Queue express, fulfilment, stock;
    std::set<std::int64_t> live;  // not dead, by id: the first is the oldest
  };

  Lane& lane_of(const Row& row);
  Queue& queue_of(Lane& lane, const Row& row);
  void enqueue(const Item& item);
  void dequeue(const Item& item);
  void insert(Item item);
  void add(base::Instant now, Row row, std::vector<RowChange>& changes);
  bool merge(const Row& row, std::vector<RowChange>& changes);
  void replace(std::int64_t id, Item fresh, std::vector<RowChange>& changes);
  void next_of_group(const std::string& group);
  std::int64_t choose(base::Instant now, Lane& lane);
  void remove(std::int64_t id, std::vector<RowChange>& changes);
  void bury(Item& item, const std::string& why, std::vector<RowChange>& changes);
  void again(base::Instant now, Item& item, const Again& outcome, std::vector<RowChange>& changes);
  void wait(Item& item, base::Instant now, std::int64_t delay_ms, std::vector<RowChange>& changes);
  void hear(base::Instant now, Lane& lane, const Outcome& outcome);
  std::int64_t jittered(std::int64_t delay_ms);
  std::int64_t back_off(std::int64_t attempts, std::int64_t first_ms, std::int64_t most_ms);

  base::Prng prng_;
  std::map<std::string, Lane> lanes_;
  std::map<std::int64_t, Item> rows_;
  std::int64_t last_id_ = 0;
  // Rows that must go one after the other: of one figure, or of one order's fulfilments.
  std::map<std::string, std::deque<std::int64_t>> groups_;
  std::map<std::string, std::int64_t> by_key_;  // newest row of channel, kind and key
};

}  // namespace dockline::server::publish
