// One test per row of the sender's table, PROTOCOL.md section 5.
#include "shared/sync/sender.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/sync/frame.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using State = Sender::State;

constexpr Process kSelf{4, 0xabcdULL};

class SenderTest : public ::testing::Test {
 protected:
  SenderTest() : prng_(7), sender_(*Sender::open(store_, prng_, {.process = kSelf})) {}

  base::Instant now() const { return {now_ms_, 1'700'000'000'000 + now_ms_}; }
  void record(int count = 1, std::size_t bytes = 20) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(sender_.record(now(), "id", std::string(bytes, 'x')));
    }
  }
  // What one turn sends.
  std::vector<Message> turn() {
    EXPECT_TRUE(sender_.flush(now(), out_));
    sent_ = std::move(out_.payloads);
    out_.payloads.clear();
    kept_.clear();
    for (const auto& payload : sent_) kept_.emplace_back(*unpack(payload));
    std::vector<Message> messages;
    for (const auto& payload : kept_) messages.push_back(*parse(payload));
    return messages;
  }
  std::vector<Message> connect() {
    EXPECT_TRUE(sender_.link_up(now(), out_));
    return turn();
  }
  Chain chain_at(Seq n) {
    if (n == sender_.base().through) return sender_.base().chain;
    return *store_.chain_at(n);
  }
  Ack make_ack(const Open& open, Seq through) {
    return {.inc = open.inc,
            .session = open.session,
            .cursor = {through, through >= sender_.base().through && through <= sender_.last()
                                    ? chain_at(through)
                                    : Chain{}},
            .safe = through,
            .window = 512,
            .bytes = limits::kWindowBytes,
            .peer = {1, 1}};
  }
  std::vector<Message> hear(const Ack& ack) {
    EXPECT_TRUE(sender_.on_ack(now(), ack, out_));
    return turn();
  }
  std::vector<Message> wait(std::int64_t ms) {
    now_ms_ += ms;
    EXPECT_TRUE(sender_.tick(now(), out_));
    return turn();
  }
  // Connected, and the receiver has everything through `acked`.
  Open stream(Seq acked = 0) {
    const auto messages = connect();
    Open open = std::get<Open>(messages.at(0));
    hear(make_ack(open, acked));
    EXPECT_EQ(sender_.state(), State::streaming);
    return open;
  }
  template <class Notice>
  bool noticed() const {
    return std::ranges::any_of(out_.notices,
                               [](const auto& n) { return std::holds_alternative<Notice>(n); });
  }

  testing::MemorySenderStore store_;
  base::Prng prng_;
  Sender sender_;
  SenderOut out_;
  std::vector<std::string> sent_, kept_;  // on the wire, and in plain
  std::int64_t now_ms_ = 1'000;
};

TEST_F(SenderTest, RecordsInEveryStateAndSendsNothingWhileClosed) {
  record(3);
  EXPECT_EQ(sender_.last(), 3U);
  EXPECT_TRUE(turn().empty());
  EXPECT_FALSE(sender_.deadline());
  EXPECT_EQ(store_.rows().size(), 3U);
}

// A row without its head would meet the next one under the same number after a restart.
TEST_F(SenderTest, WhatIsRecordedAfterTheFlushIsSavedWithItsHead) {
  record(2);
  EXPECT_TRUE(turn().empty());
  record(1);
  ASSERT_TRUE(sender_.save());
  auto again = Sender::open(store_, prng_, {.process = kSelf});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->last(), 3U);
  EXPECT_TRUE(again->record(now(), "id", "next"));
}

TEST_F(SenderTest, RefusesAFactThatCannotTravel) {
  EXPECT_FALSE(sender_.record(now(), "id", ""));
  EXPECT_FALSE(sender_.record(now(), "id", "two\nlines"));
  EXPECT_FALSE(sender_.record(now(), "id", std::string(limits::kFactBytesMax + 1, 'x')));
  EXPECT_TRUE(sender_.record(now(), "id", std::string(limits::kFactBytesMax, 'x')));
}

TEST_F(SenderTest, KeepsAReserveForWorkUnderWay) {
  sender_ = *Sender::open(store_, prng_, {.process = kSelf, .rows_max = 20});
  record(15);
  EXPECT_EQ(sender_.room(), Room::plenty);
  record(1);
  EXPECT_EQ(sender_.room(), Room::warn);
  record(4);
  EXPECT_EQ(sender_.room(), Room::no_new_work);
  record(1);
  EXPECT_EQ(sender_.room(), Room::none);
  const auto refused = sender_.record(now(), "id", "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, base::Fault::full);
}

TEST_F(SenderTest, AsksWhenTheLinkComesUp) {
  record(2);
  const auto messages = connect();
  ASSERT_EQ(messages.size(), 1U);
  const auto& open = std::get<Open>(messages[0]);
  EXPECT_EQ(open.inc, sender_.inc());
  EXPECT_EQ(open.session.process, kSelf);
  EXPECT_EQ(open.last, 2U);
  EXPECT_EQ(open.why, "start");
  EXPECT_EQ(open.t1, now().wall_ms);
  EXPECT_EQ(sender_.state(), State::opening);
}

TEST_F(SenderTest, ForgetsTheSessionWhenTheLinkIsLost) {
  record(2);
  const Open open = stream();
  sender_.link_down();
  EXPECT_EQ(sender_.state(), State::closed);
  EXPECT_FALSE(sender_.deadline());
  EXPECT_TRUE(hear(make_ack(open, 2)).empty());
  EXPECT_EQ(sender_.acked(), 0U);
  const auto again = connect();
  EXPECT_GT(std::get<Open>(again.at(0)).session.open, open.session.open);
}

TEST_F(SenderTest, IgnoresAnAckOfAnotherIncarnationOrSession) {
  record(2);
  const auto messages = connect();
  const auto& open = std::get<Open>(messages.at(0));
  Ack other = make_ack(open, 2);
  other.session.open += 1;
  EXPECT_TRUE(hear(other).empty());
  other = make_ack(open, 2);
  other.session.process.nonce += 1;
  EXPECT_TRUE(hear(other).empty());
  other = make_ack(open, 2);
  other.inc[0] = other.inc[0] == '0' ? '1' : '0';
  other.code = AckCode::fenced;
  EXPECT_TRUE(hear(other).empty());
  EXPECT_EQ(sender_.state(), State::opening);
}

TEST_F(SenderTest, SendsWhatIsMissingOnceItIsAnswered) {
  record(5);
  const auto messages = connect();
  const auto sent = hear(make_ack(std::get<Open>(messages.at(0)), 2));
  ASSERT_EQ(sent.size(), 1U);
  const auto& data = std::get<Data>(sent[0]);
  EXPECT_EQ(data.first, 3U);
  EXPECT_EQ(data.facts.size(), 3U);
  EXPECT_EQ(data.prev, chain_at(2));
  EXPECT_EQ(sender_.acked(), 2U);
}

TEST_F(SenderTest, SendsNoMoreThanTheWindowUntilAcked) {
  record(40);
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.window = 10;
  auto sent = hear(ack);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), 10U);
  EXPECT_TRUE(wait(limits::kBatchMs).empty());
  ack.cursor = {4, chain_at(4)};
  sent = hear(ack);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Data>(sent[0]).first, 11U);
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), 4U);
}

TEST_F(SenderTest, SendsNoMoreBytesThanAllowedButAlwaysOneFact) {
  record(4, 1'000);
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.bytes = 2'500;
  auto sent = hear(ack);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), 2U);
  ack.cursor = {2, chain_at(2)};
  ack.bytes = 10;
  sent = hear(ack);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), 1U);
}

TEST_F(SenderTest, ObeysAWindowOfZeroAndGoesOnProbing) {
  record(1);
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.window = 0;
  EXPECT_TRUE(hear(ack).empty());
  const auto probe = wait(limits::kProbeMs + limits::kProbeJitterMs);
  ASSERT_EQ(probe.size(), 1U);
  EXPECT_EQ(std::get<Open>(probe[0]).why, "probe");
  EXPECT_EQ(hear(make_ack(std::get<Open>(probe[0]), 0)).size(), 1U);
}

TEST_F(SenderTest, CutsBatchesByCountAndByWindow) {
  record(300);
  auto messages = connect();
  auto sent = hear(make_ack(std::get<Open>(messages.at(0)), 0));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), limits::kBatchFactsMax);
  EXPECT_EQ(std::get<Data>(sent[1]).first, limits::kBatchFactsMax + 1);
  EXPECT_EQ(std::get<Data>(sent[1]).prev, chain_at(limits::kBatchFactsMax));
  sender_.link_down();
  record(9, limits::kFactBytesMax);
  messages = connect();
  sent = hear(make_ack(std::get<Open>(messages.at(0)), 300));
  ASSERT_EQ(sent.size(), 1U);  // seven lines of 64 KiB and a byte each fill the window's bytes
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), 7U);
  EXPECT_LE(sent_[0].size(), limits::kMessageBytesMax);
}

TEST_F(SenderTest, SendsAtOnceWhenIdleAndGathersWhileSomethingIsUnderWay) {
  const Open open = stream();
  record(1);
  EXPECT_EQ(turn().size(), 1U);
  record(2);
  EXPECT_TRUE(turn().empty());
  EXPECT_LE(*sender_.deadline(), now_ms_ + limits::kBatchMs);
  const auto sent = wait(limits::kBatchMs);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Data>(sent[0]).facts.size(), 2U);
  record(static_cast<int>(limits::kBatchFactsMax));
  EXPECT_EQ(turn().size(), 1U) << "a full batch does not wait";
}

TEST_F(SenderTest, TakesProgressAndLaterIdles) {
  const Open open = stream();
  record(3);
  turn();
  EXPECT_TRUE(hear(make_ack(open, 3)).empty());
  EXPECT_EQ(sender_.acked(), 3U);
  EXPECT_TRUE(sender_.caught_up());
  EXPECT_EQ(sender_.waiting(), 0U);
  EXPECT_GE(*sender_.deadline(), now_ms_ + limits::kProbeMs - limits::kProbeJitterMs);
}

TEST_F(SenderTest, TakesProgressThatAnEarlierSessionsDataMade) {
  record(4);
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.window = 1;
  hear(ack);
  const auto sent = hear(make_ack(std::get<Open>(messages.at(0)), 3));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Data>(sent[0]).first, 4U);
  EXPECT_EQ(std::get<Data>(sent[0]).prev, chain_at(3));
}

TEST_F(SenderTest, TakesSafeAndWindowOfAnAckWithoutProgress) {
  record(2);
  const Open open = stream(2);
  Ack ack = make_ack(open, 2);
  ack.window = 0;
  hear(ack);
  record(1);
  EXPECT_TRUE(turn().empty());
  EXPECT_EQ(*sender_.trim(), 2U);
}

TEST_F(SenderTest, AsksAgainWhenTheReceiverWentBack) {
  record(3);
  const Open open = stream(3);
  const auto sent = hear(make_ack(open, 1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_GT(std::get<Open>(sent[0]).session.open, open.session.open);
  EXPECT_EQ(std::get<Data>(hear(make_ack(std::get<Open>(sent[0]), 1)).at(0)).first, 2U);
}

TEST_F(SenderTest, AsksAgainWhenWorkIsOutAndNothingMoves) {
  const Open open = stream();
  record(1);
  turn();
  EXPECT_TRUE(wait(900).empty());
  const auto sent = wait(limits::kAckFirstMs);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Open>(sent[0]).why, "timer");
  EXPECT_EQ(sender_.state(), State::opening);
}

TEST_F(SenderTest, BacksOffWhileNobodyAnswersAndForgetsThatOnProgress) {
  connect();
  std::int64_t last = 0;
  for (int i = 0; i < 12; ++i) {
    last = *sender_.deadline() - now_ms_;
    EXPECT_LE(last, limits::kOpenMostMs);
    ASSERT_EQ(wait(last).size(), 1U);
  }
  EXPECT_GE(last, limits::kOpenMostMs / 2);
  const auto messages = wait(*sender_.deadline() - now_ms_);
  hear(make_ack(std::get<Open>(messages.at(0)), 0));
  sender_.probe(now(), out_);
  turn();
  EXPECT_LE(*sender_.deadline() - now_ms_, limits::kOpenFirstMs);
}

TEST_F(SenderTest, ProbesWhenIdle) {
  stream();
  const auto sent = wait(limits::kProbeMs + limits::kProbeJitterMs);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Open>(sent[0]).why, "probe");
}

TEST_F(SenderTest, AsksAgainOnReopenAndOnlyOncePerSession) {
  record(2);
  const Open open = stream();
  Ack ack = make_ack(open, 0);
  ack.code = AckCode::reopen;
  EXPECT_EQ(hear(ack).size(), 1U);
  EXPECT_TRUE(hear(ack).empty());
}

TEST_F(SenderTest, StaysOpeningWhileTheReceiverIsBusy) {
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.code = AckCode::busy;
  EXPECT_TRUE(hear(ack).empty());
  EXPECT_EQ(sender_.state(), State::opening);
  EXPECT_EQ(wait(limits::kOpenFirstMs).size(), 1U);
}

TEST_F(SenderTest, TrimsOnlyWhatIsAckedAndSafe) {
  record(9);
  const Open open = stream();
  Ack ack = make_ack(open, 6);
  ack.safe = 4;
  hear(ack);
  EXPECT_EQ(*sender_.trim(), 4U);
  EXPECT_EQ(*sender_.trim(), 0U);
  turn();
  EXPECT_EQ(sender_.base().through, 4U);
  EXPECT_EQ(store_.rows().begin()->first, 5U);
  EXPECT_EQ((*store_.head())->base, sender_.base());
}

TEST_F(SenderTest, TrimsInSmallSteps) {
  record(static_cast<int>(limits::kTrimRowsMax) + 5);
  const Seq all = sender_.last();
  stream(all);
  EXPECT_EQ(*sender_.trim(), limits::kTrimRowsMax);
  EXPECT_EQ(*sender_.trim(), 5U);
  EXPECT_EQ(sender_.base(), (Cursor{all, (*store_.head())->last.chain}));
}

TEST_F(SenderTest, NeverTrimsADownStream) {
  sender_ = *Sender::open(store_, prng_, {.direction = Direction::down, .process = kSelf});
  record(3);
  stream(3);
  EXPECT_EQ(*sender_.trim(), 0U);
}

TEST_F(SenderTest, JumpsAReceiverThatFellBelowTheBase) {
  record(5);
  stream(5);
  sender_.trim().value();
  record(1);
  turn();
  sender_.probe(now(), out_);
  const auto messages = turn();
  const auto& open = std::get<Open>(messages.at(0));
  EXPECT_EQ(open.base.through, 5U);
  const auto sent = hear(make_ack(open, 2));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<Jump>(sent[0]).to, sender_.base());
  EXPECT_EQ(sender_.state(), State::opening);
  EXPECT_EQ(std::get<Data>(hear(make_ack(open, 5)).at(0)).first, 6U);
}

TEST_F(SenderTest, AnswersReopenBeforeJump) {
  record(5);
  stream(5);
  sender_.trim().value();
  sender_.probe(now(), out_);
  const auto messages = turn();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.code = AckCode::reopen;
  const auto sent = hear(ack);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Open>(sent[0]));
}

TEST_F(SenderTest, ForksWhenTheReceiverHasMore) {
  record(2);
  const std::string old_inc = sender_.inc();
  const auto messages = connect();
  const auto sent = hear(make_ack(std::get<Open>(messages.at(0)), 7));
  ASSERT_EQ(sent.size(), 1U);
  const auto& open = std::get<Open>(sent[0]);
  EXPECT_EQ(open.why, "fork:older");
  EXPECT_NE(open.inc, old_inc);
  EXPECT_EQ(open.gone, (std::vector<Gone>{{old_inc, 7}}));
  EXPECT_EQ(open.last, 2U);
  ASSERT_TRUE(noticed<Forked>());
  const auto& forked = std::get<Forked>(out_.notices.at(0));
  EXPECT_EQ(forked.reason, ForkReason::older);
  EXPECT_EQ(forked.receiver_through, 7U);
  EXPECT_EQ(forked.old_last, 2U);
}

TEST_F(SenderTest, ForksWhenTheReceiverHasSomethingElseAndRenumbersAllRetainedRows) {
  record(6);
  stream(4);
  EXPECT_EQ(*sender_.trim(), 4U);
  record(1);
  turn();
  sender_.probe(now(), out_);
  const auto messages = turn();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 5);
  ack.cursor.chain[0] ^= 1;
  const auto sent = hear(ack);
  const auto& open = std::get<Open>(sent.at(0));
  EXPECT_EQ(open.why, "fork:content");
  EXPECT_EQ(open.base.through, 0U);
  EXPECT_EQ(open.last, 3U);
  EXPECT_EQ(store_.rows().begin()->first, 1U);
  EXPECT_EQ(store_.rows().size(), 3U);
  Chain chain = chain_start(open.inc);
  for (const auto& [seq, row] : store_.rows()) {
    chain = chain_next(chain, row.bytes);
    EXPECT_EQ(row.chain, chain) << seq;
  }
  const auto data = hear(make_ack(open, 0));
  EXPECT_EQ(std::get<Data>(data.at(0)).prev, chain_start(open.inc));
  EXPECT_EQ((*store_.head())->inc, open.inc);
}

TEST_F(SenderTest, ForksWhenFencedAndSaysWhyUntilAnswered) {
  record(1);
  const Open first = stream(1);
  Ack ack = make_ack(first, 1);
  ack.code = AckCode::fenced;
  auto sent = hear(ack);
  EXPECT_EQ(std::get<Open>(sent.at(0)).why, "fork:fenced");
  sent = wait(limits::kOpenFirstMs);
  EXPECT_EQ(std::get<Open>(sent.at(0)).why, "fork:fenced");
  hear(make_ack(std::get<Open>(sent.at(0)), 0));
  sender_.probe(now(), out_);
  EXPECT_EQ(std::get<Open>(turn().at(0)).why, "probe");
}

TEST_F(SenderTest, ForksAcrossManyPagesOfRows) {
  record(1'500);
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 700);
  ack.cursor.chain[3] ^= 1;
  hear(ack);
  EXPECT_EQ(sender_.last(), 1'500U);
  EXPECT_EQ(store_.rows().size(), 1'500U);
  EXPECT_EQ(store_.rows().rbegin()->second.chain, (*store_.head())->last.chain);
}

TEST_F(SenderTest, KeepsEightGoneIncarnationsAndSaysWhenItDropsOne) {
  auto messages = connect();
  for (std::size_t i = 0; i <= limits::kGoneMax; ++i) {
    out_.notices.clear();
    messages = hear(make_ack(std::get<Open>(messages.at(0)), i + 1));
    EXPECT_EQ(std::get<Forked>(out_.notices.at(0)).gone_list_full, i == limits::kGoneMax) << i;
  }
  EXPECT_EQ(sender_.gone().size(), limits::kGoneMax);
}

TEST_F(SenderTest, ComparesTheChainBeforeItUsesAnEqualNumber) {
  record(3);
  const Open open = stream();
  Ack ack = make_ack(open, 3);
  ack.cursor.chain[0] ^= 1;
  hear(ack);
  EXPECT_TRUE(noticed<Forked>());
  EXPECT_EQ(sender_.acked(), 0U);
}

TEST_F(SenderTest, WaitsWhenTheReceiverSpeaksNoVersionOfOurs) {
  record(1);
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.code = AckCode::version;
  EXPECT_TRUE(hear(ack).empty());
  EXPECT_EQ(sender_.state(), State::refused);
  EXPECT_TRUE(noticed<VersionRefused>());
  record(1);
  EXPECT_TRUE(turn().empty());
  EXPECT_TRUE(wait(limits::kRefusedFirstMs / 2 - 1).empty());
  EXPECT_EQ(wait(limits::kRefusedFirstMs).size(), 1U);
  EXPECT_EQ(sender_.state(), State::opening);
}

TEST_F(SenderTest, SaysOnceThatTheReceiversProgramWentBack) {
  const Open open = stream();
  Ack ack = make_ack(open, 0);
  ack.peer = {9, 1};
  hear(ack);
  EXPECT_FALSE(noticed<PeerRestored>());
  EXPECT_EQ((*store_.head())->peer_boot, 9U);
  ack.peer = {3, 2};
  hear(ack);
  EXPECT_TRUE(noticed<PeerRestored>());
  out_.notices.clear();
  hear(ack);
  EXPECT_FALSE(noticed<PeerRestored>());
}

TEST_F(SenderTest, MeasuresTheReceiversClockAcrossAStepOfItsOwn) {
  const auto messages = connect();
  Ack ack = make_ack(std::get<Open>(messages.at(0)), 0);
  ack.t1 = now().wall_ms;
  now_ms_ += 40;
  ack.t2 = ack.t3 = ack.t1 + 5'020;
  EXPECT_TRUE(sender_.on_ack({now_ms_, 99}, ack, out_));
  EXPECT_EQ(sender_.clock(), (ClockOffset{5'000, 20}));
}

TEST_F(SenderTest, OpensAboveItsPredecessorInTheSameProcess) {
  std::uint64_t before = 0;
  for (int i = 0; i < 20; ++i) {
    before = std::get<Open>(connect().at(0)).session.open;
    now_ms_ += 500;
  }
  sender_ = *Sender::open(store_, prng_, {.process = kSelf});
  EXPECT_GT(std::get<Open>(connect().at(0)).session.open, before);
}

TEST_F(SenderTest, GoesOnWhereItsStoreLeftOff) {
  record(3);
  turn();
  auto again = *Sender::open(store_, prng_, {.process = {5, 1}});
  EXPECT_EQ(again.inc(), sender_.inc());
  EXPECT_EQ(again.last(), 3U);
  EXPECT_EQ(*again.record(now(), "id", "x"), 4U);
}

}  // namespace
}  // namespace dockline::sync
