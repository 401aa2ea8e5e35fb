// The down stream with trimming and snapshots under seeded faults: PROTOCOL.md section 16,
// invariants 8 and 13. The state is a map that facts "key=value" set; whatever is lost, repeated,
// trimmed, restored or replaced, the station's map is always the server's as of its cursor.
// DOCKLINE_SEED=<n> replays one seed; DOCKLINE_SEEDS=<n> runs more.
#include <cstdlib>
#include <map>
#include <optional>
#include <queue>
#include <string>

#include <gtest/gtest.h>

#include "shared/base/check.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::property {
namespace {

using Map = std::map<std::string, std::string>;

std::string text(const Map& map) {
  std::string out;
  for (const auto& [key, value] : map) out += key + "=" + value + "\n";
  return out;
}

void set(Map& map, std::string_view fact) {
  const auto equals = fact.find('=');
  map[std::string(fact.substr(0, equals))] = fact.substr(equals + 1);
}

struct Hub final : sync::SnapshotSource {  // durable but for the cut
  sync::testing::MemorySenderStore store;
  Map state;
  struct Cut {
    sync::Cursor at;
    std::string text;
  };
  std::optional<Cut> cut;
  Map committed;  // a read transaction sees no more than this
  sync::SenderHead committed_head;

  std::optional<sync::Cursor> begin() override {
    cut = Cut{committed_head.last, text(committed)};
    return cut->at;
  }
  std::optional<sync::SnapshotPiece> piece(std::uint32_t n) override {
    if (!cut) return std::nullopt;
    constexpr std::size_t kSize = 40;
    const std::size_t from = (n - 1) * kSize;
    if (from >= cut->text.size() && n > 1) return std::nullopt;
    std::string bytes = cut->text.substr(from, kSize);
    if (bytes.empty()) bytes = "\n";
    return sync::SnapshotPiece{std::move(bytes), from + kSize >= cut->text.size()};
  }
  void end() override { cut.reset(); }
};

struct Bench final : sync::FactSink, sync::SnapshotSink {  // durable
  sync::testing::MemoryReceiverStore store;
  Map state;
  sync::Stage staged;
  std::string bytes;

  base::Result<sync::Applied> apply(base::Instant, const sync::FactView& fact) override {
    set(state, fact.bytes);
    return sync::Applied::applied;
  }
  base::Result<sync::Stage> load() override { return staged; }
  base::Status stage(const sync::Stage& stage, std::string_view piece) override {
    if (stage.parts == 1) bytes.clear();
    bytes += piece;
    staged = stage;
    return {};
  }
  base::Result<bool> swap(base::Instant) override {
    state.clear();
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      if (end > 0) set(state, rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    return clear().has_value();
  }
  base::Status clear() override {
    bytes.clear();
    staged = {};
    return {};
  }
};

class SnapshotWorld {
 public:
  SnapshotWorld(std::uint64_t seed, std::uint64_t rows_max) : prng_(seed), rows_max_(rows_max) {
    start_hub();
    start_bench();
  }
  std::string problem;
  int snapshots = 0, forks = 0;

  void run(int actions) {
    lose_ = static_cast<std::uint32_t>(prng_.below(250));
    for (int i = 0; i < actions && problem.empty(); ++i) {
      act();
      run_to(now_ms_ + prng_.between(1, prng_.chance(30) ? 40'000 : 500));
    }
    lose_ = 0;
    if (!link_) link();
    const auto limit = now_ms_ + 30 * 60'000;
    while (!at_rest() && now_ms_ < limit && problem.empty()) run_to(now_ms_ + 500);
    if (problem.empty() && !at_rest()) problem = "no rest within 30 minutes";
    if (problem.empty() && bench_.state != hub_.state) problem = "states differ at rest";
    const auto before = sent_;
    run_to(now_ms_ + 10 * 60'000);
    if (problem.empty() && sent_ - before > 100) problem = "no quiet at rest";
  }

 private:
  struct Message {
    std::int64_t at = 0;
    std::uint64_t order = 0;
    bool down = false;
    std::string payload;
    bool operator>(const Message& o) const { return at != o.at ? at > o.at : order > o.order; }
  };
  base::Instant now() const { return {now_ms_, 1'700'000'000'000 + now_ms_}; }

  void start_hub() {
    hub_.end();
    sender_ = *sync::Sender::open(hub_.store, prng_,
                                  {.direction = sync::Direction::down,
                                   .process = {++boot_, prng_.next()},
                                   .rows_max = rows_max_,
                                   .snapshots = &hub_});
    commit_hub();
    link();
  }
  void link() {
    link_ = true;
    hub_turn([&](sync::SenderOut& out) { CHECK(sender_->link_up(now(), out)); });
  }
  void start_bench() {
    receiver_ = *sync::Receiver::open(bench_.store, {.direction = sync::Direction::down,
                                                     .process = {++boot_, prng_.next()},
                                                     .snapshots = &bench_});
  }
  void commit_hub() {
    hub_.committed = hub_.state;
    hub_.committed_head = **hub_.store.head();
    history_[hub_.committed_head.last.chain] = text(hub_.state);
  }

  template <class F>
  void hub_turn(F&& body) {
    sync::SenderOut out;
    body(out);
    CHECK(sender_->flush(now(), out));
    commit_hub();
    for (const auto& notice : out.notices) {
      forks += std::holds_alternative<sync::Forked>(notice);
      snapshots += std::holds_alternative<sync::SnapshotTaken>(notice);
    }
    for (auto& payload : out.payloads) send(true, std::move(payload));
  }
  void tell(int count) {
    for (int i = 0; i < count; ++i) {  // a turn each: every number has its state in the history
      hub_turn([&](sync::SenderOut&) {
        const std::string fact =
            "k" + std::to_string(prng_.below(40)) + "=" + std::to_string(++fact_);
        CHECK(sender_->record(now(), std::to_string(fact_), fact));
        set(hub_.state, fact);
      });
    }
  }
  void bench_turn(const std::string& payload) {
    const Bench before = bench_;
    sync::ReceiverOut out;
    CHECK(receiver_->on_message(now(), payload, bench_, out));
    CHECK(receiver_->flush(now(), out));
    if (lose_ > 0 && prng_.chance(10)) {  // power cut before the commit
      bench_ = before;
      start_bench();
      return;
    }
    check();
    for (auto& answer : out.payloads) send(false, std::move(answer));
  }
  void check() {
    const auto* row = receiver_->newest();
    if (row == nullptr || row->cursor.through == 0) return;
    const auto known = history_.find(row->cursor.chain);
    if (known == history_.end()) {
      problem = "a cursor that never was: " + std::to_string(row->cursor.through);
    } else if (known->second != text(bench_.state)) {
      problem = "the state is not that of cursor " + std::to_string(row->cursor.through);
    }
  }

  void send(bool down, std::string payload) {
    ++sent_;
    if (lose_ > 0 && prng_.chance(lose_)) return;
    for (int copies = lose_ > 0 && prng_.chance(100) ? 2 : 1; copies > 0; --copies) {
      const auto delay = lose_ > 0 && prng_.chance(100) ? prng_.between(1, 4'000) : 5;
      net_.push({now_ms_ + delay, ++order_, down, payload});
    }
  }
  void run_to(std::int64_t until) {
    for (std::uint64_t steps = 0; problem.empty(); ++steps) {
      std::int64_t next = until + 1;
      if (!net_.empty()) next = net_.top().at;
      if (link_) next = std::min(next, sender_->deadline().value_or(next));
      if (next > until) break;
      now_ms_ = std::max(now_ms_, next);
      if (!net_.empty() && net_.top().at <= now_ms_) {
        const Message message = net_.top();
        net_.pop();
        deliver(message);
      } else {
        hub_turn([&](sync::SenderOut& out) { CHECK(sender_->tick(now(), out)); });
      }
      if (steps > 50'000) problem = "a storm of messages";
    }
    now_ms_ = std::max(now_ms_, until);
  }
  void deliver(const Message& message) {
    if (message.down) return bench_turn(message.payload);
    const auto read = sync::read(message.payload);
    hub_turn([&](sync::SenderOut& out) {
      CHECK(sender_->on_ack(now(), std::get<sync::Ack>(*read), out));
    });
  }

  void act() {
    switch (prng_.below(14)) {
      case 0:
        image_ = bench_;
        break;
      case 1:
        if (image_ && prng_.chance(300)) bench_ = *image_, start_bench();
        break;
      case 2:
        if (prng_.chance(200)) bench_ = Bench{}, start_bench();  // a new disk
        break;
      case 3:
        backup_ = hub_;
        break;
      case 4:
        if (backup_ && prng_.chance(200)) hub_ = *backup_, start_hub();
        break;
      case 5:
        if (prng_.chance(300)) start_hub();
        break;
      case 6:
        if (prng_.chance(300)) start_bench();
        break;
      case 7:
        if (prng_.chance(200)) hub_turn([&](auto&) { CHECK(sender_->require_snapshot()); });
        break;
      case 8:
        if (link_) sender_->link_down();
        link_ = !link_;
        if (link_) link();
        break;
      case 9:
      case 10:
        hub_turn([&](auto&) { CHECK(sender_->trim()); });
        break;
      default:
        tell(static_cast<int>(prng_.between(1, prng_.chance(100) ? 60 : 4)));
    }
    if (sender_->last() - sender_->base().through > rows_max_ + rows_max_ / 20 + 1) {
      problem = "more rows than the limit";
    }
  }
  bool at_rest() const {
    return net_.empty() && sender_->caught_up() && receiver_->newest() != nullptr &&
           receiver_->newest()->inc == sender_->inc() &&
           receiver_->newest()->cursor.through == sender_->last();
  }

  base::Prng prng_;
  std::uint64_t rows_max_;
  std::uint32_t lose_ = 0;
  std::int64_t now_ms_ = 1'000;
  std::uint64_t boot_ = 0, order_ = 0, sent_ = 0, fact_ = 0;
  bool link_ = false;
  Hub hub_;
  Bench bench_;
  std::optional<Hub> backup_;
  std::optional<Bench> image_;
  std::optional<sync::Sender> sender_;
  std::optional<sync::Receiver> receiver_;
  std::map<sync::Chain, std::string> history_;  // by the chain, which names a whole history
  std::priority_queue<Message, std::vector<Message>, std::greater<>> net_;
};

std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
  const char* value = std::getenv(variable);
  return value == nullptr ? fallback : std::strtoull(value, nullptr, 10);
}

TEST(SnapshotWorld, StationStateIsAlwaysTheServersAsOfItsCursor) {
  const std::uint64_t only = number_from("DOCKLINE_SEED", 0);
  const std::uint64_t runs = number_from("DOCKLINE_SEEDS", 150);
  int snapshots = 0, forks = 0;
  for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? runs : only); ++seed) {
    SnapshotWorld world(seed, seed % 3 == 0 ? 20 : 1'000);
    world.run(300);
    EXPECT_TRUE(world.problem.empty()) << "seed " << seed << ": " << world.problem;
    if (HasFailure()) return;
    snapshots += world.snapshots;
    forks += world.forks;
  }
  std::printf("  %d snapshots, %d forks\n", snapshots, forks);
  if (only == 0) {
    EXPECT_GT(snapshots, static_cast<int>(runs));
    EXPECT_GT(forks, static_cast<int>(runs / 4));
  }
}

}  // namespace
}  // namespace dockline::property
