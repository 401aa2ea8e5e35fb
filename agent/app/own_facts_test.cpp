// What a snapshot's own facts come to when one lease was granted more than once.
#include <gtest/gtest.h>

#include "agent/app/snapshot_swap.hpp"

namespace dockline::agent {
namespace {

using station::WorkState;

class OwnFactsTest : public ::testing::Test {
 protected:
  void tell(wire::EventData data) {
    wire::Event event;
    event.id = "id" + std::to_string(++told_);
    event.data = std::move(data);
    own_.fold(event);
  }
  static domain::LeaseRef work(std::int64_t epoch) { return {"web:A100/1", epoch}; }
  void counted(std::int64_t epoch, domain::Quantity pieces) {
    tell(wire::ItemCounted{"web:A100", work(epoch), 1, "MUG", pieces, ""});
  }
  void closed(std::int64_t epoch, domain::Quantity pieces) {
    wire::PackClosed fact;
    fact.work = work(epoch);
    fact.lines = {{1, "MUG", pieces, 0}};
    tell(std::move(fact));
  }
  void returned(std::int64_t epoch) {
    wire::LeaseReturned fact;
    fact.work = work(epoch);
    tell(std::move(fact));
  }
  const Progress& of(std::int64_t epoch) { return own_.of("web:A100/1", epoch); }
  domain::Quantity packed(std::int64_t epoch) {
    domain::Quantity sum = 0;
    for (const auto& count : of(epoch).list()) sum += count.packed;
    return sum;
  }
  OwnFacts own_;
  int told_ = 0;
};

// Packed while it was being taken away, given to this bench again, and the first box accepted.
TEST_F(OwnFactsTest, ABoxThatWasAcceptedStaysClosedWhenALaterGrantWasGivenBack) {
  counted(5, 2);
  closed(5, 2);
  returned(7);
  EXPECT_EQ(of(5).state, WorkState::done);
  EXPECT_EQ(packed(5), 2);
  EXPECT_EQ(of(7).state, WorkState::open);
  EXPECT_EQ(packed(7), 0);
}
TEST_F(OwnFactsTest, AnotherGrantAfterAClosedBoxBeginsAnEmptyOne) {
  counted(5, 2);
  closed(5, 2);
  EXPECT_EQ(of(7).state, WorkState::open);
  EXPECT_EQ(packed(7), 0);
  counted(7, 1);
  EXPECT_EQ(packed(7), 1);
  EXPECT_EQ(packed(5), 2);
}
TEST_F(OwnFactsTest, WhatLiesInAnOpenBoxGoesOnWithTheNextGrant) {
  counted(5, 2);
  EXPECT_EQ(packed(7), 2);
  counted(7, 1);
  EXPECT_EQ(packed(7), 3);
}
TEST_F(OwnFactsTest, NothingIsKnownOfAGrantBeforeTheFirst) {
  counted(5, 2);
  EXPECT_EQ(packed(4), 0);
}

// A new disk knows what lies in the box of an order that has lost that line.
TEST_F(OwnFactsTest, CountsKnowTheirSku) {
  counted(5, 2);
  EXPECT_EQ(of(7).list().front().sku, "MUG");
  closed(7, 2);
  EXPECT_EQ(of(7).list().front().sku, "MUG");
}

}  // namespace
}  // namespace dockline::agent
