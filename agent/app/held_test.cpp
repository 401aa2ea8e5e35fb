// What a bench tells the server about what it holds and has moved.
#include <gtest/gtest.h>

#include "agent/app/testing.hpp"
#include "shared/ledger/mirror.hpp"

namespace dockline::agent {
namespace {

using testing::Bench;

wire::LeaseGranted grant(const std::string& number, std::int64_t epoch) {
  wire::LeaseGranted out;
  out.order = "web:" + number;
  out.work = {"web:" + number + "/1", epoch};
  out.number = number;
  out.channel = "web";
  out.ship_to.name = "Ada";
  out.lines = {{.line = 1, .sku = "MUG", .title = "Mug", .quantity = 2, .barcodes = {{"123", 1}}}};
  out.label = {"DL" + number, "003401231234567890", "House", "standard"};
  return out;
}

template <class T>
std::vector<T> heard(const Bench& bench) {
  std::vector<T> out;
  for (const auto& fact : bench.server.facts) {
    if (const auto* one = std::get_if<T>(&fact.data)) out.push_back(*one);
  }
  return out;
}

TEST(Held, TheFirstFactOfAStreamSaysWhatIsAtTheBench) {
  Bench bench;
  bench.go_online();
  ASSERT_FALSE(bench.server.facts.empty());
  const auto* held = std::get_if<wire::LeaseHeld>(&bench.server.facts.front().data);
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->reason, "start");
  EXPECT_TRUE(held->held.empty());
  bench.go_offline();
  bench.start();
  bench.go_online();
  EXPECT_EQ(bench.server.count<wire::LeaseHeld>(), 1U) << "once in a stream";
}

TEST(Held, AGrantForAnotherIncarnationIsNotTaken) {
  Bench bench;
  bench.go_online();
  auto other = grant("1", 5);
  other.holder = "00000000-0000-4000-8000-000000000000";
  bench.server.tell(bench.now, other);
  bench.run_for(1'000);
  EXPECT_EQ(bench.turn->app()->figures().orders, 0);
  auto own = grant("2", 6);
  own.holder = bench.turn->app()->stream_figures().up_inc;
  bench.server.tell(bench.now, own);
  bench.run_for(1'000);
  EXPECT_EQ(bench.turn->app()->figures().orders, 1);
}

// Found by server/app/lease_property_test.cpp: after a person had said that the new computer works,
// the old one kept the order open when it was plugged in again.
TEST(Held, WhatIsGivenLaterToAnotherComputerUnderThisNameIsLetGoOf) {
  Bench bench;
  bench.go_online();
  auto own = grant("1", 5);
  own.holder = bench.turn->app()->stream_figures().up_inc;
  bench.server.tell(bench.now, own);
  auto other = own;  // as this computer had it before its stream began anew
  other.holder = "00000000-0000-4000-8000-000000000000";
  bench.server.tell(bench.now, other);
  bench.run_for(1'000);
  EXPECT_EQ(bench.turn->app()->figures().orders, 1);
  other.work.epoch = 6;
  bench.server.tell(bench.now, other);
  bench.run_for(1'000);
  EXPECT_EQ(bench.turn->app()->figures().orders, 0);
  ASSERT_EQ(heard<wire::LeaseReturned>(bench).size(), 1U);
  EXPECT_EQ(heard<wire::LeaseReturned>(bench).front().work.epoch, 5);
}

TEST(Held, ACensusIsAnsweredWithTheGrantsTheServerHasForgotten) {
  Bench bench;
  bench.go_online();
  bench.server.tell(bench.now, grant("1", 5));
  bench.server.tell(bench.now, grant("2", 9));
  bench.server.tell(bench.now, wire::LeaseCensus{"census-1", 2, 5});
  bench.run_for(2'000);
  const auto answers = heard<wire::LeaseHeld>(bench);
  ASSERT_EQ(answers.size(), 2U);
  const auto& answer = answers.back();
  EXPECT_EQ(answer.census, "census-1");
  ASSERT_EQ(answer.held.size(), 2U);
  EXPECT_EQ(answer.held[0].work.epoch, 5);
  EXPECT_FALSE(answer.held[0].grant.has_value()) << "the server knows this one";
  ASSERT_TRUE(answer.held[1].grant.has_value());
  EXPECT_EQ(answer.held[1].grant->label.tracking, "DL2");
  EXPECT_EQ(answer.held[1].state, "open");
}

TEST(Held, WhatIsLeasedIsInTheDigestAndListedOnRequest) {
  Bench bench;
  bench.go_online();
  bench.server.tell(bench.now, grant("1", 5));
  bench.run_for(310'000);
  const auto digests = heard<wire::SyncDigest>(bench);
  ASSERT_FALSE(digests.empty());
  EXPECT_EQ(digests.back().entries, 1);
  ledger::MirrorSums want{};
  const ledger::MirrorKey key{"MUG", ledger::kLeased};
  want[ledger::mirror_bucket(key)] = ledger::mirror_weight(key, 2);
  EXPECT_EQ(digests.back().sums, ledger::to_text(want));
  bench.server.tell(bench.now, wire::SyncQuery{"q", ledger::mirror_bucket(key)});
  bench.run_for(2'000);
  const auto listings = heard<wire::SyncListing>(bench);
  ASSERT_EQ(listings.size(), 1U);
  ASSERT_EQ(listings[0].lines.size(), 1U);
  EXPECT_EQ(listings[0].lines[0].quantity, 2);
  EXPECT_EQ(listings[0].lines[0].place, "leased");
}

TEST(Held, AServerThatStartedFewerTimesThanBeforeIsReported) {
  Bench bench;
  bench.go_online();
  bench.server.receiver =
      sync::Receiver::open(
          bench.server.up_store,
          {.direction = sync::Direction::up, .process = {0, 78}, .safe = sync::SafePolicy::through})
          .value();
  bench.run_for(90'000);
  const auto seen = heard<wire::ServerRestoredSeen>(bench);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].known_boot, 1);
  EXPECT_EQ(seen[0].boot, 0);
}

}  // namespace
}  // namespace dockline::agent
