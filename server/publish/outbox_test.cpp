#include "server/publish/outbox.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"

namespace dockline::server::publish {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() : outbox(1, {{"shop", {.in_flight_max = 2, .express_extra = 1}}, {"other", {}}}) {}

  void figure(const std::string& sku, const std::string& payload, bool express = false) {
    ASSERT_TRUE(outbox.put(now,
                           {.channel = "shop",
                            .kind = RowKind::stock,
                            .key = sku + "|1",
                            .subject = sku,
                            .payload = payload,
                            .express = express,
                            .caused_ms = now.wall_ms},
                           changes));
  }
  void parcel(const std::string& order, const std::string& tracking) {
    ASSERT_TRUE(outbox.put(now,
                           {.channel = "shop",
                            .kind = RowKind::fulfilment,
                            .key = order + "|" + tracking,
                            .subject = order,
                            .payload = tracking},
                           changes));
  }
  std::vector<std::string> start() {
    std::vector<std::string> payloads;
    for (const auto& row : outbox.start(now, changes)) {
      payloads.push_back(row.payload);
      ids[row.payload] = row.id;
    }
    return payloads;
  }
  void finish(const std::string& payload, const Outcome& outcome) {
    outbox.finish(now, ids.at(payload), outcome, changes);
  }
  void pass(std::int64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
  }
  using Sent = std::vector<std::string>;

  base::Instant now{.mono_ms = 5'000, .wall_ms = 1'795'000'000'000};
  Outbox outbox;
  std::vector<RowChange> changes;
  std::map<std::string, std::int64_t> ids;
};

TEST_F(OutboxTest, SendsAFirstFigureAtOnce) {
  figure("A", "5");
  EXPECT_EQ(outbox.next_due_ms(now), now.mono_ms);
  EXPECT_EQ(start(), Sent{"5"});
}

TEST_F(OutboxTest, ReplacesAFigureThatWasNotSentYet) {
  figure("A", "5");
  figure("A", "4");
  figure("A", "3");
  EXPECT_EQ(start(), Sent{"3"});
  EXPECT_EQ(outbox.size(), 1U);
}

TEST_F(OutboxTest, KeepsOneRequestInFlightPerFigure) {
  figure("A", "5");
  EXPECT_EQ(start(), Sent{"5"});
  figure("A", "4");
  figure("A", "3");
  EXPECT_EQ(start(), Sent{});
  finish("5", Done{});
  EXPECT_EQ(start(), Sent{"3"});
}

TEST_F(OutboxTest, DropsAFailedFigureWhenANewerOneWaits) {
  figure("A", "5");
  start();
  figure("A", "4");
  finish("5", Again{"timed out", 0, true});
  pass(60'000);
  EXPECT_EQ(start(), Sent{"4"});
  finish("4", Done{});
  EXPECT_EQ(outbox.size(), 0U);
}

TEST_F(OutboxTest, GivesNewContentsANewIdAfterAnAttempt) {
  figure("A", "5");
  start();
  finish("5", Again{"timed out", 0, true});
  figure("A", "4");
  pass(60'000);
  EXPECT_EQ(start(), Sent{"4"});
  EXPECT_NE(ids["4"], ids["5"]);
}

TEST_F(OutboxTest, LetsZeroCrossingsPassEverything) {
  figure("A", "9");
  figure("B", "8");
  parcel("o1", "T1");
  figure("Z", "0", true);
  const auto sent = start();
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(sent[0], "0");
  EXPECT_EQ(sent.size(), 2U);
  figure("Y", "0 again", true);
  EXPECT_EQ(start(), Sent{"0 again"});  // the slot that only the express lane may use
}

TEST_F(OutboxTest, SendsParcelsOfOneOrderOneAfterTheOther) {
  parcel("o1", "T1");
  parcel("o1", "T2");
  parcel("o2", "T3");
  EXPECT_EQ(start(), (Sent{"T1", "T3"}));
  finish("T1", Again{"busy", 0, true});
  finish("T3", Done{});
  EXPECT_EQ(start(), Sent{});
  pass(60'000);
  EXPECT_EQ(start(), Sent{"T1"});
  finish("T1", Done{});
  EXPECT_EQ(start(), Sent{"T2"});
}

TEST_F(OutboxTest, QueuesTheSameParcelOnce) {
  parcel("o1", "T1");
  parcel("o1", "T1");
  EXPECT_EQ(outbox.size(), 1U);
}

TEST_F(OutboxTest, BoundsWhatIsInFlight) {
  for (int i = 0; i < 10; ++i) figure("S" + std::to_string(i), std::to_string(i));
  EXPECT_EQ(start().size(), 2U);
  EXPECT_FALSE(outbox.next_due_ms(now).has_value());
}

TEST_F(OutboxTest, HoldsTheWholeChannelWhileItThrottles) {
  figure("A", "5");
  parcel("o1", "T1");
  figure("C", "7");
  start();
  finish("5", Slower{"429", 30'000});
  finish("T1", Done{});
  pass(29'000);
  EXPECT_EQ(start(), Sent{});
  EXPECT_FALSE(outbox.may_ask(now, "shop"));
  EXPECT_TRUE(outbox.may_ask(now, "other"));
  pass(1'000);
  EXPECT_EQ(start().size(), 2U);  // nothing was forgotten
}

TEST_F(OutboxTest, BacksOffWithJitterAndLongerEachTime) {
  figure("A", "5");
  std::int64_t last = 0;
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(start(), Sent{"5"});
    finish("5", Again{"busy", 0, true});
    const auto due = outbox.next_due_ms(now);
    ASSERT_TRUE(due.has_value());
    const auto delay = *due - now.mono_ms;
    EXPECT_GE(delay, base::limits::kRetryFirstMs << i >> 1);
    EXPECT_LE(delay, base::limits::kRetryFirstMs << i);
    last = delay;
    pass(delay);
  }
  EXPECT_GT(last, base::limits::kRetryFirstMs);
}

TEST_F(OutboxTest, ProbesWithOneRequestWhileTheChannelIsAway) {
  for (int i = 0; i < 6; ++i) figure("S" + std::to_string(i), std::to_string(i));
  for (int i = 0; i < 10; ++i) {
    for (const auto& sent : start()) finish(sent, Again{"connection refused", 0, false});
    pass(600);
  }
  EXPECT_EQ(outbox.view(now)[1].circuit, Circuit::open);
  pass(base::limits::kBreakerMostMs);
  const auto probe = start();
  ASSERT_EQ(probe.size(), 1U);
  EXPECT_EQ(outbox.view(now)[1].circuit, Circuit::half_open);
  finish(probe[0], Done{});
  EXPECT_EQ(outbox.view(now)[1].circuit, Circuit::closed);
  EXPECT_EQ(start().size(), 2U);
}

TEST_F(OutboxTest, NeverGivesUpOnAChannelThatIsAway) {
  parcel("o1", "T1");
  for (int i = 0; i < 200; ++i) {
    for (const auto& sent : start()) finish(sent, Again{"connection refused", 0, false});
    pass(base::limits::kBreakerMostMs);
  }
  EXPECT_EQ(outbox.view(now)[1].dead, 0);
  EXPECT_EQ(start(), Sent{"T1"});
}

TEST_F(OutboxTest, HandsWhatAnswersButNeverSucceedsToAPerson) {
  parcel("o1", "T1");
  std::int64_t attempts = 0;
  for (; attempts < 100 && outbox.view(now)[1].dead == 0; ++attempts) {
    for (const auto& sent : start()) finish(sent, Again{"too little stock", 0, true});
    pass(base::limits::kRetryMostMs);
  }
  EXPECT_EQ(attempts, base::limits::kPushAttemptsMax);
}

TEST_F(OutboxTest, KeepsADeadLetterUntilAPersonDecides) {
  parcel("o1", "T1");
  parcel("o1", "T2");
  start();
  finish("T1", Dead{"cancelled there"});
  EXPECT_EQ(start(), Sent{"T2"});  // what follows it goes on
  EXPECT_EQ(outbox.dead("o1"), std::vector<std::int64_t>{ids["T1"]});
  ASSERT_TRUE(outbox.revive(now, ids["T1"], changes));
  finish("T2", Done{});
  EXPECT_EQ(start(), Sent{"T1"});
  finish("T1", Dead{"still"});
  ASSERT_TRUE(outbox.discard(ids["T1"], changes));
  EXPECT_EQ(outbox.size(), 0U);
  EXPECT_EQ(outbox.discard(ids["T1"], changes).error().fault, base::Fault::reject);
}

TEST_F(OutboxTest, GivesANewerFigureItsOwnChanceAfterADeadOne) {
  figure("A", "5");
  start();
  finish("5", Dead{"no such location"});
  figure("A", "4");
  EXPECT_EQ(start(), Sent{"4"});
}

TEST_F(OutboxTest, TreatsWhatWasInFlightAtACrashAsDoubtful) {
  figure("A", "5");
  start();
  figure("A", "4");
  std::map<std::int64_t, Row> stored;
  for (const auto& change : changes) {
    if (change.removed)
      stored.erase(change.row.id);
    else
      stored[change.row.id] = change.row;
  }
  std::vector<Row> rows;
  for (const auto& [id, row] : stored) rows.push_back(row);
  Outbox after(2, {{"shop", {}}});
  const auto fixes = after.load(now, rows);
  ASSERT_EQ(fixes.size(), 3U);  // the stale figure goes, the newer one waits
  // Found by dockline-sim, seed 132: rows of lives before this one counted as under way for ever.
  for (const auto& fix : fixes) EXPECT_NE(fix.row.state, RowState::sent);
  std::vector<RowChange> more;
  // Found by dockline-sim, seed 8000464: the request of the life before took effect after ours, at
  // a partner that cannot be read.
  pass(base::limits::kHttpTimeoutMs + base::limits::kDoubtSettleMs - 1);
  EXPECT_TRUE(after.start(now, more).empty());
  pass(1);
  const auto sent = after.start(now, more);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].payload, "4");
}

// Found by process_clock: a server whose clock stood five years ahead left rows for then.
TEST_F(OutboxTest, WaitsForNoHourOfAClockThatWasSetBack) {
  start();
  for (const std::int64_t ahead : {std::int64_t{157'680'000'000}, std::int64_t{7'200'000}}) {
    Row row{.id = 7, .channel = "shop", .kind = RowKind::stock, .key = "A", .payload = "4"};
    row.attempts = 1;
    row.next_ms = now.wall_ms + ahead;
    Outbox after(2, {{"shop", {}}});
    EXPECT_TRUE(after.load(now, {row}).empty());
    pass(base::limits::kHttpTimeoutMs + base::limits::kDoubtSettleMs);
    std::vector<RowChange> more;
    EXPECT_EQ(after.start(now, more).size(), 1U) << ahead;
  }
}

TEST_F(OutboxTest, RefusesAChannelThatIsNotConfigured) {
  EXPECT_EQ(outbox.put(now, {.channel = "nobody"}, changes).error().fault, base::Fault::reject);
}

// The rows written out are always the rows held: what a crash would find.
TEST_F(OutboxTest, KeepsTheStoreEqualToItsMemory) {
  base::Prng prng(7);
  std::map<std::int64_t, Row> stored;
  std::map<std::string, std::int64_t> newest;  // last figure queued, per SKU
  std::map<std::string, std::int64_t> shown;   // last figure delivered
  std::vector<Row> in_flight;
  std::int64_t serial = 0;
  for (int step = 0; step < 20'000; ++step) {
    changes.clear();
    const auto dice = prng.below(10);
    const bool calm = step > 19'000;
    if (dice < 4 && !calm) {
      const auto sku = std::string(1, static_cast<char>('A' + prng.below(6)));
      newest[sku] = ++serial;
      figure(sku, std::to_string(serial), prng.chance(100));
    } else if (dice < 6 || in_flight.empty()) {
      for (auto& row : outbox.start(now, changes)) in_flight.push_back(row);
    } else {
      const auto at = prng.below(in_flight.size());
      const Row row = in_flight[at];
      in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(at));
      const auto luck = calm ? 9 : prng.below(10);
      // What fails may have been applied all the same.
      if (luck >= 5 || prng.chance(500)) shown[row.subject] = std::stoll(row.payload);
      const Outcome outcome = luck < 2   ? Outcome(Again{"cut", 0, false})
                              : luck < 4 ? Outcome(Again{"odd", 0, true})
                              : luck < 5 ? Outcome(Slower{"429", 500})
                                         : Outcome(Done{});
      outbox.finish(now, row.id, outcome, changes);
    }
    pass(static_cast<std::int64_t>(prng.below(calm ? 60'000 : 400)));
    for (const auto& change : changes) {
      if (change.removed)
        stored.erase(change.row.id);
      else
        stored[change.row.id] = change.row;
    }
    if (step % 100 != 0) continue;
    const auto held = outbox.rows(0, 1'000);
    ASSERT_EQ(held.size(), stored.size());
    std::set<std::string> keys;
    for (const auto& row : held) {
      ASSERT_EQ(stored.at(row.id).payload, row.payload);
      ASSERT_EQ(stored.at(row.id).state, row.state);
      if (row.state != RowState::sent) continue;
      ASSERT_TRUE(keys.insert(row.key).second);
    }
  }
  const auto left = outbox.rows(0, 1'000);
  for (const auto& row : left) EXPECT_EQ(row.state, RowState::dead) << row.payload;
  for (const auto& [sku, figure_] : newest) {
    if (!outbox.dead(sku).empty()) continue;
    EXPECT_EQ(shown[sku], figure_) << sku;
  }
}

}  // namespace
}  // namespace dockline::server::publish
