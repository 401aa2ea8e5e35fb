// One test per row of the receiver's table, PROTOCOL.md section 6.
#include "shared/sync/receiver.hpp"

#include <gtest/gtest.h>

#include "shared/sync/frame.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;

const std::string kA = "a0000000-0000-4000-8000-000000000000";
const std::string kB = "b0000000-0000-4000-8000-000000000000";

class Facts final : public FactSink {
 public:
  [[nodiscard]] base::Result<Applied> apply(base::Instant /*now*/, const FactView& fact) override {
    if (fail_after == 0) return base::fail(base::Fault::full, "disk full");
    --fail_after;
    if (fact.bytes == "poison") return Applied::parked;
    for (const auto& seen : all) {
      if (seen == fact.bytes) return Applied::duplicate;
    }
    all.emplace_back(fact.bytes);
    return Applied::applied;
  }
  std::vector<std::string> all;
  int fail_after = 1'000;
};

class ReceiverTest : public ::testing::Test {
 protected:
  ReceiverTest() : receiver_(make()) {}

  Receiver make(Direction direction = Direction::up, SafePolicy safe = SafePolicy::through) {
    return *Receiver::open(store_,
                           {.direction = direction, .process = {77, 0x77ULL}, .safe = safe});
  }
  base::Instant now() const { return {now_ms_, 1'700'000'000'000 + now_ms_}; }

  static Session session(std::uint64_t open, std::uint64_t boot = 1, std::uint64_t nonce = 1) {
    return {{boot, nonce}, open};
  }
  static Open open(const std::string& inc, const Session& s) {
    return {.inc = inc, .session = s, .why = "start", .t1 = 500};
  }
  // Facts "f<first>".. of an incarnation whose n-th fact is always "f<n>".
  static std::string fact(Seq n) { return "f" + std::to_string(n); }
  static Chain chain(const std::string& inc, Seq n) {
    Chain c = chain_start(inc);
    for (Seq i = 1; i <= n; ++i) c = chain_next(c, fact(i));
    return c;
  }
  static std::string data(const std::string& inc, const Session& s, Seq first, Seq last) {
    std::vector<std::string> facts;
    for (Seq n = first; n <= last; ++n) facts.push_back(fact(n));
    return encode(Data{inc, s, first, chain(inc, first - 1), {facts.begin(), facts.end()}});
  }

  void hear(const std::string& payload) {
    EXPECT_TRUE(receiver_.on_message(now(), payload, facts_, out_));
  }
  void hear(const Open& message) { hear(encode(message)); }
  std::vector<Ack> answers() {
    EXPECT_TRUE(receiver_.flush(now(), out_));
    std::vector<Ack> acks;
    for (const auto& payload : out_.payloads) acks.push_back(std::get<Ack>(*parse(payload)));
    out_.payloads.clear();
    return acks;
  }
  Ack answer() {
    const auto acks = answers();
    EXPECT_EQ(acks.size(), 1U);
    return acks.empty() ? Ack{} : acks.front();
  }
  // Opened, with facts 1..n applied.
  void stream(const std::string& inc, Seq n, const Session& s = session(1)) {
    hear(open(inc, s));
    if (n > 0) hear(data(inc, s, 1, n));
    EXPECT_EQ(answer().cursor.through, n);
  }
  void restart(Direction direction = Direction::up) { receiver_ = make(direction); }
  template <class Notice>
  std::vector<Notice> noticed() {
    std::vector<Notice> found;
    for (const auto& n : out_.notices) {
      if (const auto* one = std::get_if<Notice>(&n)) found.push_back(*one);
    }
    out_.notices.clear();
    return found;
  }

  testing::MemoryReceiverStore store_;
  Facts facts_;
  ReceiverOut out_;
  std::int64_t now_ms_ = 1'000;
  Receiver receiver_;
};

TEST_F(ReceiverTest, BeginsANewIncarnationAtItsStart) {
  hear(open(kA, session(1)));
  const Ack ack = answer();
  EXPECT_EQ(ack.code, AckCode::ok);
  EXPECT_EQ(ack.inc, kA);
  EXPECT_EQ(ack.session, session(1));
  EXPECT_EQ(ack.cursor, (Cursor{0, chain_start(kA)}));
  EXPECT_EQ(ack.window, limits::kWindowFacts);
  EXPECT_EQ(ack.peer, (Process{77, 0x77}));
  EXPECT_EQ(ack.t1, 500);
  EXPECT_EQ(ack.t2, now().wall_ms);
  EXPECT_TRUE(noticed<ForkSeen>().empty());
  EXPECT_EQ((*store_.load()).at(0).process, (Process{1, 1}));
}

TEST_F(ReceiverTest, AppliesWhatIsNextInOrderAndAnswersOncePerTurn) {
  hear(open(kA, session(1)));
  answer();
  hear(data(kA, session(1), 1, 2));
  hear(data(kA, session(1), 3, 3));
  const Ack ack = answer();
  EXPECT_EQ(ack.cursor, (Cursor{3, chain(kA, 3)}));
  EXPECT_EQ(ack.safe, 3U);
  EXPECT_EQ(facts_.all, (std::vector<std::string>{"f1", "f2", "f3"}));
  EXPECT_EQ((*store_.load()).at(0).cursor, ack.cursor);
}

TEST_F(ReceiverTest, AnswersADuplicateWithoutApplyingIt) {
  stream(kA, 3);
  hear(data(kA, session(1), 2, 3));
  EXPECT_EQ(answer().cursor.through, 3U);
  EXPECT_EQ(facts_.all.size(), 3U);
}

TEST_F(ReceiverTest, AppliesOnlyTheRestOfABatchThatBeginsBeforeTheCursor) {
  stream(kA, 2);
  hear(data(kA, session(1), 1, 4));
  EXPECT_EQ(answer().cursor, (Cursor{4, chain(kA, 4)}));
  EXPECT_EQ(facts_.all.size(), 4U);
}

TEST_F(ReceiverTest, AsksToReopenAtAHoleOncePerTimeAndCursor) {
  stream(kA, 1);
  hear(data(kA, session(1), 3, 4));
  const Ack ack = answer();
  EXPECT_EQ(ack.code, AckCode::reopen);
  EXPECT_EQ(ack.cursor.through, 1U);
  hear(data(kA, session(1), 5, 6));
  EXPECT_TRUE(answers().empty());
  now_ms_ += limits::kNackMs;
  hear(data(kA, session(1), 7, 7));
  EXPECT_EQ(answer().code, AckCode::reopen);
  EXPECT_EQ(facts_.all.size(), 1U);
}

TEST_F(ReceiverTest, AppliesNothingOfAnotherHistoryAndAnswersItsOwnCursor) {
  stream(kA, 2);
  hear(encode(Data{kA, session(1), 3, chain_start("other"), {"x"}}));
  Ack ack = answer();
  EXPECT_EQ(ack.code, AckCode::ok);
  EXPECT_EQ(ack.cursor, (Cursor{2, chain(kA, 2)}));
  hear(encode(Data{kA, session(1), 2, chain(kA, 1), {"other f2", "x"}}));
  ack = answer();
  EXPECT_EQ(ack.cursor, (Cursor{2, chain(kA, 2)}));
  EXPECT_EQ(facts_.all.size(), 2U);
}

TEST_F(ReceiverTest, AppliesAndAsksToReopenAfterItsOwnRestart) {
  stream(kA, 1);
  restart();
  hear(data(kA, session(1), 2, 2));
  const Ack ack = answer();
  EXPECT_EQ(ack.code, AckCode::reopen);
  EXPECT_EQ(ack.cursor.through, 2U);
  EXPECT_EQ(facts_.all.size(), 2U);
}

TEST_F(ReceiverTest, AppliesButDoesNotAnswerAnOlderSession) {
  stream(kA, 1);
  hear(open(kA, session(2)));
  answer();
  hear(data(kA, session(1), 2, 2));
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(facts_.all.size(), 2U);
}

TEST_F(ReceiverTest, IgnoresAnOlderOpen) {
  stream(kA, 1, session(5));
  hear(open(kA, session(4)));
  EXPECT_TRUE(answers().empty());
  hear(data(kA, session(5), 2, 2));
  EXPECT_EQ(answer().code, AckCode::ok);
}

TEST_F(ReceiverTest, AsksToReopenForAnIncarnationItNeverSaw) {
  hear(data(kA, session(1), 1, 1));
  EXPECT_EQ(answer().code, AckCode::reopen);
  hear(encode(Jump{kB, session(1), {4, {}}}));
  EXPECT_EQ(answer().code, AckCode::reopen);
  EXPECT_TRUE(facts_.all.empty());
  EXPECT_TRUE((*store_.load()).empty());
}

TEST_F(ReceiverTest, FencesAnEarlierStartOfTheSameDiskButKeepsItsFacts) {
  stream(kA, 1, session(1, 5, 50));
  hear(open(kA, session(9, 4, 40)));
  EXPECT_EQ(answer().code, AckCode::fenced);
  hear(open(kA, session(9, 5, 51)));
  EXPECT_EQ(answer().code, AckCode::fenced);
  hear(data(kA, session(9, 4, 40), 2, 2));
  const Ack ack = answer();
  EXPECT_EQ(ack.code, AckCode::fenced);
  EXPECT_EQ(ack.session, session(9, 4, 40));
  EXPECT_EQ(facts_.all.size(), 2U);
  hear(data(kA, session(9, 4, 40), 9, 9));
  EXPECT_EQ(answer().code, AckCode::fenced);
}

TEST_F(ReceiverTest, FollowsALaterStart) {
  stream(kA, 1, session(8, 5, 50));
  hear(open(kA, session(1, 6, 60)));
  EXPECT_EQ(answer().code, AckCode::ok);
  EXPECT_EQ((*store_.load()).at(0).process, (Process{6, 60}));
}

TEST_F(ReceiverTest, KeepsIncarnationsOfTheUpStreamSideBySide) {
  stream(kA, 2);
  Open forked = open(kB, session(2));
  forked.why = "fork:older";
  forked.gone = {{kA, 2}};
  hear(forked);
  EXPECT_EQ(answer().code, AckCode::ok);
  hear(data(kA, session(1), 3, 3));
  EXPECT_EQ(answer().cursor.through, 3U);
  EXPECT_TRUE(noticed<Gap>().empty());
}

TEST_F(ReceiverTest, TellsOfAForkOnceWithBothProcesses) {
  stream(kA, 1, session(1, 5, 50));
  Open forked = open(kB, session(1, 3, 30));
  forked.why = "fork:fenced";
  hear(forked);
  hear(forked);
  const auto forks = noticed<ForkSeen>();
  ASSERT_EQ(forks.size(), 1U);
  EXPECT_EQ(forks[0].why, "fork:fenced");
  EXPECT_EQ(forks[0].before, (Process{5, 50}));
  EXPECT_EQ(forks[0].now, (Process{3, 30}));
}

TEST_F(ReceiverTest, TellsOfAForkWhoseFirstOpenWasLost) {
  Open forked = open(kB, session(1));
  forked.gone = {{kA, 0}};
  hear(forked);
  EXPECT_EQ(noticed<ForkSeen>().size(), 1U);
}

TEST_F(ReceiverTest, TellsAGoneRangeItNeverGotOncePerRange) {
  stream(kA, 2);
  Open forked = open(kB, session(2));
  forked.gone = {{kA, 5}};
  hear(forked);
  auto gaps = noticed<Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].inc, kA);
  EXPECT_EQ(gaps[0].from, 3U);
  EXPECT_EQ(gaps[0].to, 5U);
  answers();
  restart();
  forked.session.open = 9;
  hear(forked);
  EXPECT_TRUE(noticed<Gap>().empty());
  forked.gone = {{kA, 6}};
  forked.session.open = 10;
  hear(forked);
  gaps = noticed<Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].from, 6U);
}

TEST_F(ReceiverTest, TellsAGoneRangeOfAnIncarnationItNeverSaw) {
  Open forked = open(kB, session(1));
  forked.gone = {{kA, 5}};
  hear(forked);
  const auto gaps = noticed<Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].from, 1U);
  answers();
  hear(data(kA, session(1, 9, 9), 1, 2));  // late messages of a lost disk are still good
  EXPECT_EQ(facts_.all.size(), 2U);
}

TEST_F(ReceiverTest, JumpsOverAGapInTheCurrentSessionOnly) {
  stream(kA, 2);
  hear(encode(Jump{kA, session(7), {9, chain(kA, 9)}}));
  EXPECT_EQ(answer().code, AckCode::reopen);
  hear(encode(Jump{kA, session(1), {9, chain(kA, 9)}}));
  EXPECT_EQ(answer().cursor, (Cursor{9, chain(kA, 9)}));
  const auto gaps = noticed<Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].from, 3U);
  EXPECT_EQ(gaps[0].to, 9U);
  hear(encode(Jump{kA, session(1), {4, chain(kA, 4)}}));
  EXPECT_EQ(answer().cursor.through, 9U);
  hear(data(kA, session(1), 10, 10));
  EXPECT_EQ(answer().cursor.through, 10U);
}

TEST_F(ReceiverTest, OnTheDownStreamTakesTheNewestIncarnationOnly) {
  restart(Direction::down);
  stream(kA, 2);
  stream(kB, 1, session(2));
  hear(data(kA, session(1), 3, 3));
  hear(encode(Jump{kA, session(1), {9, {}}}));
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(facts_.all.size(), 2U) << "f1 of kB is the same text as f1 of kA";
  hear(open(kA, session(3)));
  EXPECT_EQ(answer().code, AckCode::fenced);
  EXPECT_EQ(receiver_.newest()->inc, kB);
  restart(Direction::down);
  EXPECT_EQ(receiver_.newest()->inc, kB);
}

TEST_F(ReceiverTest, OnTheDownStreamFollowsAServerWhoseBootWentBack) {
  restart(Direction::down);
  stream(kA, 1, session(1, 9, 9));
  hear(open(kA, session(1, 3, 3)));
  EXPECT_EQ(answer().code, AckCode::ok);
}

TEST_F(ReceiverTest, CountsParkedAndRepeatedFactsAndMovesOn) {
  hear(open(kA, session(1)));
  hear(encode(Data{kA, session(1), 1, chain_start(kA), {"x", "poison", "x"}}));
  EXPECT_EQ(answer().cursor.through, 3U);
  EXPECT_EQ(receiver_.counters().applied, 1U);
  EXPECT_EQ(receiver_.counters().parked, 1U);
  EXPECT_EQ(receiver_.counters().duplicates, 1U);
}

TEST_F(ReceiverTest, FailsTheTurnWhenTheSinkCannotKeepAFact) {
  stream(kA, 1);
  facts_.fail_after = 1;
  const auto failed = receiver_.on_message(now(), data(kA, session(1), 2, 3), facts_, out_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault, base::Fault::full);
}

TEST_F(ReceiverTest, AnswersVersionWhenNoneIsShared) {
  Open later = open(kA, session(1));
  later.versions = {2, 3};
  hear(later);
  EXPECT_EQ(answer().code, AckCode::version);
  hear("{\"v\":2,\"k\":\"open\",\"inc\":\"" + kA + "\",\"ses\":\"1.0000000000000001.1\"}\n");
  EXPECT_EQ(answer().code, AckCode::version);
  EXPECT_TRUE((*store_.load()).empty());
}

TEST_F(ReceiverTest, DropsAndCountsWhatItCannotRead) {
  hear(std::string("garbage"));
  hear(std::string("{\"v\":1,\"k\":\"later\"}\n"));
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(receiver_.counters().malformed, 1U);
  EXPECT_EQ(receiver_.counters().unknown_kind, 1U);
}

TEST_F(ReceiverTest, ReadsAPackedBatch) {
  stream(kA, 2);
  hear(*pack(data(kA, session(1), 1, 200)));
  EXPECT_EQ(answer().cursor.through, 200U);
  EXPECT_EQ(facts_.all.size(), 200U);
}

TEST_F(ReceiverTest, AsksAgainWhenAMessageCannotBeUnpackedOnceAMoment) {
  stream(kA, 2);
  std::string broken = *pack(data(kA, session(1), 3, 200));
  broken.resize(broken.size() / 2);
  hear(broken);
  hear(broken);
  const Ack ack = answer();
  EXPECT_EQ(ack.code, AckCode::reopen);
  EXPECT_EQ(ack.session, session(1));
  EXPECT_EQ(ack.cursor.through, 2U);
  hear(broken);
  EXPECT_TRUE(answers().empty());
  EXPECT_EQ(receiver_.counters().malformed, 3U);
}

TEST_F(ReceiverTest, TellsOnlyWhatABackupHoldsToBeSafe) {
  receiver_ = make(Direction::up, SafePolicy::backup);
  hear(open(kA, session(1)));
  hear(data(kA, session(1), 1, 5));
  EXPECT_EQ(answer().safe, 0U);
  receiver_.mark_safe(kA, 4);
  EXPECT_EQ(answer().safe, 4U);
  receiver_.mark_safe(kA, 3);
  EXPECT_TRUE(answers().empty());
}

TEST_F(ReceiverTest, LowersTheWindowWhenTold) {
  receiver_.set_window(3, 4'000);
  hear(open(kA, session(1)));
  const Ack ack = answer();
  EXPECT_EQ(ack.window, 3U);
  EXPECT_EQ(ack.bytes, 4'000U);
}

TEST_F(ReceiverTest, OpensNoMoreIncarnationsThanItsLimitAndSaysSoOnce) {
  std::string inc = kA;
  for (std::size_t i = 0; i < limits::kIncarnationsMax; ++i) {
    inc[6] = "0123456789abcdef"[i / 16];
    inc[7] = "0123456789abcdef"[i % 16];
    hear(open(inc, session(1)));
  }
  answers();
  hear(open(kB, session(1)));
  EXPECT_EQ(answer().code, AckCode::busy);
  hear(open(kB, session(2)));
  EXPECT_EQ(noticed<TooManyIncarnations>().size(), 1U);
}

}  // namespace
}  // namespace dockline::sync
