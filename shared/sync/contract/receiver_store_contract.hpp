// What every ReceiverStore must do. Instantiate as sender_store_contract.hpp shows, with
// ReceiverStoreContract and a fixture whose store() gives a ReceiverStore.
#pragma once

#include <gtest/gtest.h>

#include "shared/sync/receiver_store.hpp"

namespace dockline::sync {

template <class Fixture>
class ReceiverStoreContract : public ::testing::Test {
 protected:
  static InRow row(char last_digit, Seq through) {
    InRow r;
    r.inc = std::string("0f0e0d0c-0b0a-4908-8706-05040302010") + last_digit;
    r.cursor = {through, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255}};
    r.process = {.boot = 3, .nonce = 0xfedcba9876543210ULL};
    r.gap_through = 2;
    r.safe = 1;
    return r;
  }
  Fixture fixture_;
};
TYPED_TEST_SUITE_P(ReceiverStoreContract);

TYPED_TEST_P(ReceiverStoreContract, StartsEmpty) {
  const auto rows = this->fixture_.store().load();
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
}

TYPED_TEST_P(ReceiverStoreContract, KeepsEveryFieldOfARow) {
  const InRow kept = this->row('1', kSeqMax);
  InRow closed = this->row('2', 0);
  closed.closed = true;
  ASSERT_TRUE(this->fixture_.store().put(kept));
  ASSERT_TRUE(this->fixture_.store().put(closed));
  this->fixture_.reopen();
  const auto rows = this->fixture_.store().load();
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0], kept);
  EXPECT_EQ((*rows)[1], closed);
}

TYPED_TEST_P(ReceiverStoreContract, ReplacesTheRowOfTheSameIncarnationInItsPlace) {
  for (const char c : {'9', '1', '5'}) {
    ASSERT_TRUE(this->fixture_.store().put(this->row(c, 1)));
  }
  ASSERT_TRUE(this->fixture_.store().put(this->row('9', 8)));
  this->fixture_.reopen();
  const auto rows = this->fixture_.store().load();
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ((*rows)[0], this->row('9', 8));
  EXPECT_EQ((*rows)[1], this->row('1', 1));
  EXPECT_EQ((*rows)[2], this->row('5', 1));
}

REGISTER_TYPED_TEST_SUITE_P(ReceiverStoreContract, StartsEmpty, KeepsEveryFieldOfARow,
                            ReplacesTheRowOfTheSameIncarnationInItsPlace);

}  // namespace dockline::sync
