#include "server/stock/transfers.hpp"

#include <map>

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

Transfer transfer(Quantity wanted = 10) {
  return {.id = "T1",
          .sku = "MUG",
          .from_site = "ulm",
          .to_site = "hull",
          .wanted = wanted,
          .expected_ms = 100};
}

// The books of one SKU over all places.
class Places {
 public:
  void post(const std::vector<ledger::Move>& moves) {
    for (const auto& m : moves) {
      EXPECT_GE(m.quantity, 1);
      EXPECT_LE(m.quantity, base::limits::kLineQuantityMax);
      at_[m.from] -= m.quantity;
      at_[m.to] += m.quantity;
    }
  }
  [[nodiscard]] Quantity at(const std::string& place) { return at_[place]; }
  [[nodiscard]] Quantity sum() const {
    Quantity out = 0;
    for (const auto& [place, pieces] : at_) out += pieces;
    return out;
  }

 private:
  std::map<std::string, Quantity> at_;
};

TEST(Transfers, GoodsAreInTransitBetweenTheTwoLegs) {
  auto t = transfer();
  Places books;
  EXPECT_EQ(state(t, 0), TransferState::wanted);
  books.post(send(t, 10).value());
  EXPECT_EQ(books.at("ulm/shelf"), -10);
  EXPECT_EQ(books.at("hull/transit"), 10);
  EXPECT_EQ(state(t, 0), TransferState::on_the_way);
  EXPECT_EQ(state(t, 101), TransferState::late);
  books.post(receive(t, 6, 1).value());
  EXPECT_EQ(state(t, 0), TransferState::partly);
  books.post(receive(t, 3, 0).value());
  EXPECT_EQ(state(t, 200), TransferState::received);
  EXPECT_EQ(books.at("hull/shelf"), 9);
  EXPECT_EQ(books.at("hull/damaged"), 1);
  EXPECT_EQ(books.at("hull/transit"), 0);
}

TEST(Transfers, WhatIsReceivedBeforeItsSendingIsHeardIsNoSurplus) {
  auto t = transfer();
  Places books;
  books.post(receive(t, 10, 0).value());
  EXPECT_EQ(state(t, 0), TransferState::ahead_of_its_sending);
  EXPECT_EQ(name(state(t, 0)), "ahead_of_its_sending");
  EXPECT_EQ(books.at("hull/transit"), -10);
  books.post(send(t, 10).value());
  EXPECT_EQ(state(t, 0), TransferState::received);
  EXPECT_EQ(books.at("hull/transit"), 0);
}

TEST(Transfers, ClosingSettlesWhatIsLostAndALateBoxIsStillReceived) {
  auto t = transfer();
  Places books;
  books.post(send(t, 10).value());
  books.post(receive(t, 8, 0).value());
  books.post(close(t).value());
  EXPECT_EQ(books.at("adjustment"), 2);
  EXPECT_EQ(state(t, 200), TransferState::closed);
  EXPECT_TRUE(close(t)->empty()) << "a second time there is nothing to settle";
  books.post(receive(t, 2, 0).value());
  EXPECT_EQ(state(t, 200), TransferState::ahead_of_its_sending);
  books.post(close(t).value());
  EXPECT_EQ(books.at("adjustment"), 0);
  EXPECT_EQ(books.at("hull/shelf"), 10);
}

TEST(Transfers, RefuseWhatIsNoTransfer) {
  auto t = transfer();
  EXPECT_FALSE(send(t, 0).has_value());
  EXPECT_FALSE(send(t, base::limits::kLineQuantityMax + 1).has_value());
  EXPECT_FALSE(receive(t, 0, 0).has_value());
  EXPECT_FALSE(receive(t, 5, -1).has_value());
  EXPECT_FALSE(receive(t, INT64_MAX, INT64_MAX).has_value());
  t.to_site = "ulm";
  EXPECT_FALSE(send(t, 1).has_value());
  t = transfer();
  t.sku.clear();
  EXPECT_FALSE(close(t).has_value());
  EXPECT_EQ(t.sent, 0);
}

TEST(Transfers, AllPlacesSumToZeroAndTransitIsWhatIsOnTheRoad) {
  base::Prng prng(606);
  for (int round = 0; round < 2'000; ++round) {
    auto t = transfer(prng.between(1, 30));
    Places books;
    for (int step = 0; step < 20; ++step) {
      const auto which = prng.below(5);
      if (which < 2) books.post(send(t, prng.between(1, 12)).value());
      if (which == 2 || which == 3) {
        books.post(receive(t, prng.between(1, 12), prng.between(0, 3)).value());
      }
      if (which == 4) books.post(close(t).value());
      ASSERT_EQ(books.sum(), 0);
      ASSERT_EQ(books.at("hull/transit"), in_transit(t));
      ASSERT_EQ(books.at("ulm/shelf"), -t.sent);
      ASSERT_EQ(books.at("hull/shelf"), t.received);
    }
    books.post(close(t).value());
    ASSERT_EQ(books.at("hull/transit"), 0);
    ASSERT_EQ(state(t, 0), TransferState::closed);
  }
}

TEST(Transfers, AVeryLargeLossIsSettledInSeveralMovements) {
  auto t = transfer();
  Places books;
  for (int i = 0; i < 3; ++i) books.post(send(t, base::limits::kLineQuantityMax).value());
  const auto moves = close(t).value();
  EXPECT_EQ(moves.size(), 3U);
  books.post(moves);
  EXPECT_EQ(books.at("hull/transit"), 0);
}

}  // namespace
}  // namespace dockline::server::stock
