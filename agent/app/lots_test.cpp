// Lots and serials on a real file: what a code said outlives every restart, goes up with the box,
// and a serial is known as long as its order is kept.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "agent/app/snapshot_swap.hpp"
#include "agent/app/testing.hpp"
#include "agent/station/command.hpp"
#include "agent/station/testing.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;
using testing::Bench;

const std::string kMug = "]d20104006381333931";
constexpr const char* kPot = "96385074";

class LotsAppTest : public ::testing::Test {
 protected:
  LotsAppTest() {
    const auto shop = station::testing::small_shop();
    auto first = shop.works.at("web:A100").order;
    auto second = shop.works.at("web:A200").order;
    first.lines[0].tracked = "serial";
    second.lines[0] = first.lines[0];
    bench.server.tell(bench.now, first);
    bench.server.tell(bench.now, second);
    bench.go_online();
  }
  json::object view() { return json::parse(bench.view()).as_object(); }
  std::string banner() { return std::string(view().at("banner").at("id").as_string()); }
  std::int64_t packed() { return view().at("order").at("pieces_done").as_int64(); }
  template <class T>
  std::vector<T> facts() {
    bench.run_for(2'000);
    std::vector<T> out;
    for (const auto& event : bench.server.facts) {
      if (const auto* one = std::get_if<T>(&event.data)) out.push_back(*one);
    }
    return out;
  }
  void close() {
    bench.scan(kPot);
    bench.run_for(500);
    bench.print_well();
    bench.scan("DL0000000017");
  }
  Bench bench;
};

TEST_F(LotsAppTest, WhatWasScannedOutlivesEveryRestart) {
  bench.scan("A100");
  bench.scan(kMug +
             "10L1\x1d"
             "21S1");
  bench.start();  // as after kill -9
  EXPECT_EQ(packed(), 1);
  bench.scan(kMug + "21S1");
  EXPECT_EQ(banner(), "serial-again");
  bench.scan(kMug + "21S2");
  EXPECT_EQ(packed(), 2);
  close();
  bench.start();
  bench.go_online();
  const auto closed = facts<wire::PackClosed>();
  ASSERT_EQ(closed.size(), 1U);
  ASSERT_TRUE(closed[0].lines[0].lots);
  const auto& lots = *closed[0].lines[0].lots;
  ASSERT_EQ(lots.size(), 2U);
  EXPECT_EQ(lots[0].lot.lot, "L1");
  EXPECT_EQ(lots[0].lot.serial, "S1");
  EXPECT_EQ(lots[1].lot.serial, "S2");
  EXPECT_FALSE(closed[0].lines[1].lots);
}

TEST_F(LotsAppTest, ASerialInAClosedBoxIsKnownToTheNextOrder) {
  bench.scan("A100");
  bench.scan(kMug + "21S1");
  bench.scan(kMug + "21S2");
  close();
  EXPECT_EQ(banner(), "order-closed");
  bench.start();
  bench.scan("A200");
  bench.scan(kMug + "21S2");
  EXPECT_EQ(banner(), "serial-again");
  EXPECT_EQ(view().at("banner").at("p").at("number"), "A100");
  bench.scan(kMug + "21S3");
  EXPECT_EQ(packed(), 1);
}

TEST_F(LotsAppTest, ABoxThatIsEmptiedGivesItsSerialsFree) {
  bench.scan("A100");
  bench.scan(kMug + "21S1");
  bench.server.tell(bench.now, wire::LeaseRevoked{"web:A100", {"lease-1", 1}, "cancelled"});
  bench.run_for(500);
  bench.scan(kMug + "21S1");
  EXPECT_EQ(banner(), "all-out");
  bench.scan("A200");
  bench.scan(kMug + "21S1");
  EXPECT_EQ(packed(), 1);
}

TEST(OwnFactsOfLots, AreWhatTheBoxHolds) {
  OwnFacts own;
  int n = 0;
  const auto tell = [&](wire::EventData data) {
    wire::Event event;
    event.id = "id" + std::to_string(++n);
    event.data = std::move(data);
    own.fold(event);
  };
  const domain::LeaseRef work{"l", 1};
  domain::Lot a, b;
  a.lot = "A";
  b.lot = "B";
  tell(wire::ItemCounted{"o", work, 1, "MUG", 2, "", a});
  tell(wire::ItemCounted{"o", work, 1, "MUG", 1, "", b});
  tell(wire::ItemUncounted{"o", work, 1, "MUG", 1, a});
  const auto counts = own.of("l", 1).list();
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].packed, 2);
  EXPECT_EQ(counts[0].lots, (std::vector<domain::LotPieces>{{a, 1}, {b, 1}}));
}

}  // namespace
}  // namespace dockline::agent
