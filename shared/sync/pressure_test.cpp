#include "shared/sync/pressure.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
constexpr Process kStation{4, 0xabcdULL}, kServer{9, 0x1234ULL};

TEST(Pressure, TheWindowShrinksWithTheMailboxAndNeverCloses) {
  const Allowance whole{limits::kWindowFacts, limits::kWindowBytes};
  EXPECT_EQ(allowance(0), whole);
  EXPECT_EQ(allowance(limits::kMailboxCalmInputs), whole);
  auto before = whole;
  for (auto n = limits::kMailboxCalmInputs + 1; n <= limits::kMailboxInputsMax; ++n) {
    const auto now = allowance(n);
    ASSERT_LE(now.facts, before.facts);
    ASSERT_LE(now.bytes, before.bytes);
    before = now;
  }
  const auto half = (limits::kMailboxCalmInputs + limits::kMailboxInputsMax) / 2;
  EXPECT_EQ(allowance(half).facts, limits::kWindowFacts / 2);
  EXPECT_EQ(before.facts, 1U);
  EXPECT_GT(before.bytes, limits::kFactBytesMax) << "the largest fact still passes";
  EXPECT_EQ(allowance(limits::kMailboxInputsMax * 2), before);
}

class BusyTest : public ::testing::Test {
 protected:
  BusyTest() : prng_(7), sender_(*Sender::open(store_, prng_, {.process = kStation})) {}

  base::Instant now() const { return {now_ms_, 1'700'000'000'000 + now_ms_}; }
  std::vector<std::string> flush() {
    EXPECT_TRUE(sender_.flush(now(), out_));
    return std::exchange(out_.payloads, {});
  }
  std::vector<std::string> hear(const std::string& payload) {
    EXPECT_TRUE(sender_.on_ack(now(), std::get<Ack>(*read(payload)), out_));
    return flush();
  }
  std::string ok(const std::string& open_payload, Seq through) {
    const auto open = std::get<Open>(*read(open_payload));
    return encode(
        Ack{.inc = open.inc,
            .session = open.session,
            .cursor = {through, through == 0 ? chain_start(open.inc) : *store_.chain_at(through)},
            .window = 512,
            .bytes = limits::kWindowBytes,
            .peer = kServer});
  }
  void record(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(sender_.record(now(), "id", "{}"));
  }
  std::string busy(const std::string& payload) { return *busy_answer(now(), payload, kServer); }

  testing::MemorySenderStore store_;
  base::Prng prng_;
  Sender sender_;
  SenderOut out_;
  std::int64_t now_ms_ = 1'000;
};

TEST_F(BusyTest, StopsASenderThatHadFactsAcknowledgedAndVouchesForNone) {
  record(3);
  ASSERT_TRUE(sender_.link_up(now(), out_));
  const auto open = flush();
  ASSERT_EQ(hear(ok(open.at(0), 3)).size(), 0U);
  record(2);
  const auto data = flush();
  ASSERT_EQ(data.size(), 1U);
  // Nothing of it was kept: asked again once, and from then on with back-off alone.
  const auto again = hear(busy(data.at(0)));
  ASSERT_EQ(again.size(), 1U);
  ASSERT_TRUE(std::holds_alternative<Open>(*read(again.at(0))));
  EXPECT_TRUE(hear(busy(again.at(0))).empty());
  EXPECT_EQ(sender_.state(), Sender::State::opening);
  EXPECT_EQ(sender_.last(), 5U);
  EXPECT_EQ(sender_.inc(), std::get<Open>(*read(open.at(0))).inc) << "no fork";
  EXPECT_TRUE(out_.notices.empty());
  EXPECT_GE(*sender_.deadline(), now_ms_ + limits::kOpenFirstMs / 2);
  // Room again: it goes on where the receiver stands.
  const auto rest = hear(ok(again.at(0), 3));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(std::get<Data>(*read(rest.at(0))).first, 4U);
}

TEST_F(BusyTest, ClosesTheWindowOfASenderWithNothingAcknowledged) {
  ASSERT_TRUE(sender_.link_up(now(), out_));
  const auto open = flush();
  ASSERT_TRUE(hear(ok(open.at(0), 0)).empty());
  record(2);
  const auto data = flush();
  ASSERT_EQ(data.size(), 1U);
  EXPECT_TRUE(hear(busy(data.at(0))).empty());
  record(2);
  EXPECT_TRUE(flush().empty());
  EXPECT_EQ(sender_.acked(), 0U);
}

TEST_F(BusyTest, WhatAsksForNoAnswerGetsNone) {
  EXPECT_FALSE(busy_answer(now(), "rubbish", kServer));
  EXPECT_FALSE(
      busy_answer(now(), encode(State{.inc = sender_.inc(), .process = kStation}), kServer));
  ASSERT_TRUE(sender_.link_up(now(), out_));
  const auto open = flush();
  EXPECT_FALSE(busy_answer(now(), open.at(0), Process{})) << "never opened: no name to answer as";
  EXPECT_FALSE(busy_answer(now(), ok(open.at(0), 0), kServer));
}

}  // namespace
}  // namespace dockline::sync
