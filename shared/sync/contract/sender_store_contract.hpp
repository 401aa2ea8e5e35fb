// What every SenderStore must do. In your test file:
//
//   struct Mine {                                    // default-constructible, owns a fresh store
//     sync::SenderStore& store();
//     void reopen();                                 // commit, close, open again; memory: nothing
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Mine, SenderStoreContract, Mine);
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shared/sync/sender_store.hpp"

namespace dockline::sync {

template <class Fixture>
class SenderStoreContract : public ::testing::Test {
 protected:
  using Kept = std::pair<Seq, std::string>;

  void append(Seq seq, std::string_view bytes) {
    Chain chain{};
    chain[0] = static_cast<std::uint8_t>(seq);
    chain[15] = 0xff;
    const std::string id = "id-" + std::to_string(seq);
    ASSERT_TRUE(fixture_.store().append({seq, id, bytes, chain, 1'700'000'000'000}));
  }
  std::vector<Kept> read(Seq first, Seq last, std::size_t most = 1000) {
    std::vector<Kept> rows;
    EXPECT_TRUE(fixture_.store().read(first, last, [&](const OutRow& row) {
      rows.emplace_back(row.seq, std::string(row.bytes));
      return rows.size() < most;
    }));
    return rows;
  }

  Fixture fixture_;
};
TYPED_TEST_SUITE_P(SenderStoreContract);

TYPED_TEST_P(SenderStoreContract, StartsWithoutAStream) {
  const auto head = this->fixture_.store().head();
  ASSERT_TRUE(head);
  EXPECT_FALSE(head->has_value());
}

TYPED_TEST_P(SenderStoreContract, KeepsTheHeadWhole) {
  SenderHead head{.inc = "0f0e0d0c-0b0a-4908-8706-050403020100",
                  .base = {3, {1, 2, 3}},
                  .last = {kSeqMax, {9, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}},
                  .gone = {{"0f0e0d0c-0b0a-4908-8706-050403020101", 7},
                           {"0f0e0d0c-0b0a-4908-8706-050403020102", kSeqMax}},
                  .peer_boot = 12};
  ASSERT_TRUE(this->fixture_.store().put_head(head));
  this->fixture_.reopen();
  auto read = this->fixture_.store().head();
  ASSERT_TRUE(read && read->has_value());
  EXPECT_EQ(**read, head);

  head.gone.clear();
  head.last.through = 4;
  ASSERT_TRUE(this->fixture_.store().put_head(head));
  read = this->fixture_.store().head();
  ASSERT_TRUE(read && read->has_value());
  EXPECT_EQ(**read, head);
}

TYPED_TEST_P(SenderStoreContract, KeepsRowsByteForByteAndInOrder) {
  const std::string odd("{\"a\":1.50,\"b\":\"\\u00e9 \xc3\xa9\"}\0x\xff", 26);
  this->append(1, odd);
  this->append(2, "{}");
  this->append(3, "");
  this->fixture_.reopen();
  const auto rows = this->read(1, 3);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].second, odd);
  EXPECT_EQ(rows[1].second, "{}");
  EXPECT_EQ(rows[2].second, "");
  EXPECT_EQ(rows[0].first, 1U);
  EXPECT_EQ(rows[2].first, 3U);
}

TYPED_TEST_P(SenderStoreContract, ReadsOnlyTheRangeAndStopsWhenTold) {
  for (Seq n = 1; n <= 9; ++n) this->append(n, "f" + std::to_string(n));
  EXPECT_EQ(this->read(4, 6).size(), 3U);
  EXPECT_EQ(this->read(4, 6).front().second, "f4");
  EXPECT_EQ(this->read(8, 20).size(), 2U);
  EXPECT_EQ(this->read(1, 9, 2).size(), 2U);
  EXPECT_TRUE(this->read(10, 20).empty());
}

TYPED_TEST_P(SenderStoreContract, TellsTheIdChainAndTimeOfARow) {
  this->append(5, "five");
  ASSERT_TRUE(this->fixture_.store().read(5, 5, [](const OutRow& row) {
    EXPECT_EQ(row.id, "id-5");
    EXPECT_EQ(row.chain[0], 5);
    EXPECT_EQ(row.chain[15], 0xff);
    EXPECT_EQ(row.at_ms, 1'700'000'000'000);
    return true;
  }));
  const auto chain = this->fixture_.store().chain_at(5);
  ASSERT_TRUE(chain);
  EXPECT_EQ((*chain)[0], 5);
  EXPECT_EQ((*chain)[15], 0xff);
}

TYPED_TEST_P(SenderStoreContract, RefusesTheChainOfARowThatIsNotThere) {
  const auto chain = this->fixture_.store().chain_at(1);
  ASSERT_FALSE(chain);
  EXPECT_EQ(chain.error().fault, base::Fault::corrupt);
}

TYPED_TEST_P(SenderStoreContract, RefusesASecondRowOfTheSameNumber) {
  this->append(1, "one");
  EXPECT_FALSE(this->fixture_.store().append({1, "other", "two", {}, 0}));
}

TYPED_TEST_P(SenderStoreContract, ErasesThroughANumber) {
  for (Seq n = 1; n <= 5; ++n) this->append(n, "f");
  ASSERT_TRUE(this->fixture_.store().erase(3));
  const auto rows = this->read(1, 5);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].first, 4U);
  ASSERT_TRUE(this->fixture_.store().erase(3));
}

TYPED_TEST_P(SenderStoreContract, RenumbersAscendingWithNewChains) {
  for (Seq n = 4; n <= 6; ++n) this->append(n, "f" + std::to_string(n));
  for (Seq n = 4; n <= 6; ++n) {
    Chain chain{};
    chain[0] = static_cast<std::uint8_t>(100 + n);
    ASSERT_TRUE(this->fixture_.store().renumber(n, n - 3, chain));
  }
  this->fixture_.reopen();
  const auto rows = this->read(1, 10);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], typename TestFixture::Kept(1, "f4"));
  EXPECT_EQ(rows[2], typename TestFixture::Kept(3, "f6"));
  EXPECT_EQ((*this->fixture_.store().chain_at(2))[0], 105);
}

TYPED_TEST_P(SenderStoreContract, RenumbersARowToItsOwnNumber) {
  this->append(1, "f");
  ASSERT_TRUE(this->fixture_.store().renumber(1, 1, Chain{7}));
  EXPECT_EQ((*this->fixture_.store().chain_at(1))[0], 7);
  EXPECT_EQ(this->read(1, 1).front().second, "f");
}

REGISTER_TYPED_TEST_SUITE_P(SenderStoreContract, StartsWithoutAStream, KeepsTheHeadWhole,
                            KeepsRowsByteForByteAndInOrder, ReadsOnlyTheRangeAndStopsWhenTold,
                            TellsTheIdChainAndTimeOfARow, RefusesTheChainOfARowThatIsNotThere,
                            RefusesASecondRowOfTheSameNumber, ErasesThroughANumber,
                            RenumbersAscendingWithNewChains, RenumbersARowToItsOwnNumber);

}  // namespace dockline::sync
