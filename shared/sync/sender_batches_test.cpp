// What the sender makes of a backlog: packed batches, plain live facts, one by one when not
// understood (PROTOCOL.md sections 4 and 6).
#include <gtest/gtest.h>

#include "shared/sync/frame.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;

class SenderBatchesTest : public ::testing::Test {
 protected:
  SenderBatchesTest() : prng_(7), sender_(*Sender::open(store_, prng_, {.process = {4, 9}})) {}

  base::Instant now() const { return {now_ms_, 1'700'000'000'000 + now_ms_}; }
  void record(const std::string& bytes) { ASSERT_TRUE(sender_.record(now(), "id", bytes)); }
  // Like the facts of a bench: alike, but never the same.
  void record_like_a_bench(int count, std::size_t noise = 16) {
    for (int i = 0; i < count; ++i) {
      record(R"({"specversion":"1.0","type":"app.dockline.pack.item_counted.v1","source":"/le/b4",)"
             R"("datacontenttype":"application/json","data":{"order":"A-1","note":")" +
             random_text(noise) + "\"}}");
    }
  }
  std::string random_text(std::size_t size) {
    std::string text;
    while (text.size() < size) text += static_cast<char>(prng_.between(35, 91));
    return text;
  }
  std::vector<std::string> turn() {
    EXPECT_TRUE(sender_.flush(now(), out_));
    return std::exchange(out_.payloads, {});
  }
  Open connect() {
    EXPECT_TRUE(sender_.link_up(now(), out_));
    return newest_open(turn());
  }
  static Open newest_open(const std::vector<std::string>& payloads) {
    return std::get<Open>(*read(payloads.at(0)));
  }
  std::vector<std::string> answer(const Open& open, Seq through, AckCode code = AckCode::ok) {
    const Chain chain = through == 0 ? chain_start(open.inc) : *store_.chain_at(through);
    const Ack ack{.inc = open.inc,
                  .session = open.session,
                  .cursor = {through, chain},
                  .safe = through,
                  .window = limits::kWindowFacts,
                  .bytes = limits::kWindowBytesMax,
                  .code = code,
                  .peer = {1, 1}};
    EXPECT_TRUE(sender_.on_ack(now(), ack, out_));
    return turn();
  }
  static std::size_t facts(const std::string& payload) {
    return std::get<Data>(*read(payload)).facts.size();
  }

  testing::MemorySenderStore store_;
  base::Prng prng_;
  Sender sender_;
  SenderOut out_;
  std::int64_t now_ms_ = 1'000;
};

TEST_F(SenderBatchesTest, SendsALiveFactPlainAndAtOnce) {
  answer(connect(), 0);
  record_like_a_bench(1);
  const auto sent = turn();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_FALSE(is_packed(sent[0]));
}

TEST_F(SenderBatchesTest, PacksABacklogIntoFullBatches) {
  record_like_a_bench(600);
  const auto sent = answer(connect(), 0);
  ASSERT_EQ(sent.size(), 2U);  // the window is 512
  for (const auto& payload : sent) {
    EXPECT_TRUE(is_packed(payload));
    EXPECT_EQ(facts(payload), limits::kBatchFactsMax);
    EXPECT_LT(payload.size(), unpack(payload)->size() / 3);
  }
}

TEST_F(SenderBatchesTest, PacksLargeFactsUpToTheUnpackedLimit) {
  for (int i = 0; i < 40; ++i) record(random_text(20) + std::string(60'000, 'x'));
  const auto sent = answer(connect(), 0);
  ASSERT_FALSE(sent.empty());
  EXPECT_TRUE(is_packed(sent[0]));
  EXPECT_GT(unpack(sent[0])->size(), 900'000U);
}

TEST_F(SenderBatchesTest, StaysWithinTheWireLimitWhateverTheFactsAre) {
  for (int i = 0; i < 30; ++i) {
    record(random_text(static_cast<std::size_t>(prng_.between(1, 64'000))));
    record_like_a_bench(static_cast<int>(prng_.below(40)), 400);
  }
  Open open = connect();
  Seq through = 0;
  for (auto sent = answer(open, 0); through < sender_.last(); sent = answer(open, through)) {
    ASSERT_FALSE(sent.empty());
    for (const auto& payload : sent) {
      EXPECT_LE(payload.size(), limits::kMessageBytesMax);
      EXPECT_LE(unpack(payload)->size(), limits::kMessageUnpackedBytesMax);
      through += facts(payload);
    }
  }
}

TEST_F(SenderBatchesTest, SendsOneByOneAfterThreeReopensAtOneCursorAndThenPacksAgain) {
  record_like_a_bench(1'000);
  Open open = connect();
  for (unsigned i = 0; i < limits::kReopensMax; ++i) {
    EXPECT_TRUE(is_packed(answer(open, 0).at(0))) << i;
    open = newest_open(answer(open, 0, AckCode::reopen));
  }
  auto sent = answer(open, 0);
  EXPECT_EQ(facts(sent.at(0)), 1U);
  EXPECT_FALSE(is_packed(sent.at(0)));
  EXPECT_EQ(facts(sent.at(limits::kBatchFactsMax - 1)), 1U);
  EXPECT_EQ(facts(sent.at(limits::kBatchFactsMax)), limits::kBatchFactsMax);
}

TEST_F(SenderBatchesTest, CountsReopensAtOneCursorOnly) {
  record_like_a_bench(1'000);
  Open open = connect();
  for (Seq at = 0; at < 6; ++at) {
    EXPECT_TRUE(is_packed(answer(open, at).at(0))) << at;
    open = newest_open(answer(open, at, AckCode::reopen));
  }
  EXPECT_TRUE(is_packed(answer(open, 6).at(0)));
}

}  // namespace
}  // namespace dockline::sync
