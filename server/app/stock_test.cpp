// Places, deliveries, transfers and counts through the whole hub: what people ask for, what the
// books say then, and that replay and audit say the same.
#include <algorithm>

#include <gtest/gtest.h>

#include "server/app/projector.hpp"
#include "server/audit/audit.hpp"
#include "server/stock/counts.hpp"
#include "server/store/reader_receiving.hpp"
#include "server/store/store.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using testing::World;

struct StockDeskTest : ::testing::Test {
  void SetUp() override {
    world.start();
    (void)world.bench("leipzig", "bench-1");
    (void)world.bench("ulm", "bench-2");
  }
  void TearDown() override {
    const auto replay = world.verify();
    EXPECT_TRUE(replay.equal);
    for (const auto& table : replay.tables) EXPECT_TRUE(table.equal) << table.table;
    const auto report = audit::check_files(world.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  Reply ask(StockCommand command) {
    auto reply = world.ask(std::move(command));
    world.settle();
    return reply;
  }
  Reply done(StockCommand command) {
    auto reply = ask(std::move(command));
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    return reply;
  }
  void refused(StockCommand command, const std::string& why) {
    const auto reply = ask(std::move(command));
    ASSERT_TRUE(reply.error.has_value()) << why;
    EXPECT_NE(reply.error->detail.find(why), std::string::npos) << reply.error->detail;
  }
  store::SiteFigure at(const std::string& sku, const std::string& site) {
    const auto detail = world.reader->stock_of(sku).value().value();
    for (const auto& figure : detail.stock.sites) {
      if (figure.site == site) return figure;
    }
    return {};
  }
  std::vector<std::string> open_tasks() {
    std::vector<std::string> out;
    const auto page = store::count_tasks(*world.reader, {.state = "open"}).value();
    for (const auto& row : page.items) out.push_back(row.task);
    return out;
  }
  std::string state(const std::string& order) { return world.look(order).order.state; }
  World world;
};

// ---------------------------------------------------------------- places
TEST_F(StockDeskTest, OnlyTheShelfIsSoldAndWhatIsReleasedFromQuarantineFreesBackorders) {
  world.stock("MUG", "leipzig", 5);
  done(MoveStock{"MUG", "leipzig", "shelf", "quarantine", 4, "glaze looks odd", {}});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 1);
  EXPECT_EQ(at("MUG", "leipzig").quarantine, 4);
  const auto order = world.order("1", {{"MUG", 3}});
  EXPECT_EQ(state(order), "backordered");
  done(MoveStock{"mug", "leipzig", "quarantine", "shelf", 4, "looked at, fine", {}});
  EXPECT_NE(state(order), "backordered");
  done(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "dropped", {}});
  done(MoveStock{"MUG", "leipzig", "damaged", "adjustment", 1, "thrown away", {}});
  EXPECT_EQ(at("MUG", "leipzig").damaged, 0);
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 4);
}

TEST_F(StockDeskTest, MovesThatAreNoneAreRefusedWithTheRemedy) {
  world.stock("MUG", "leipzig", 5);
  refused(MoveStock{"CUP", "leipzig", "shelf", "damaged", 1, "x", {}}, "register it first");
  refused(MoveStock{"MUG", "rome", "shelf", "damaged", 1, "x", {}}, "site: \"rome\"");
  refused(MoveStock{"MUG", "leipzig", "shelf", "packed", 1, "x", {}}, "to: \"packed\"");
  refused(MoveStock{"MUG", "leipzig", "transit", "shelf", 1, "x", {}}, "from: \"transit\"");
  refused(MoveStock{"MUG", "leipzig", "shelf", "shelf", 1, "x", {}}, "moves nothing");
  refused(MoveStock{"MUG", "leipzig", "shelf", "damaged", 0, "x", {}}, "quantity: 0");
  refused(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "", {}}, "reason");
  const domain::Lot serial{
      .lot = {}, .serial = "S1", .expires_ms = {}, .ownership = {}, .owner = {}};
  refused(MoveStock{"MUG", "leipzig", "shelf", "damaged", 2, "x", serial}, "lot.serial");
}

TEST_F(StockDeskTest, APlaceBelowZeroIsAnException) {
  world.stock("MUG", "leipzig", 5);
  done(MoveStock{"MUG", "leipzig", "quarantine", "damaged", 2, "found there", {}});
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"negative_stock"});
  EXPECT_EQ(at("MUG", "leipzig").quarantine, -2);
}

// ---------------------------------------------------------------- deliveries
TEST_F(StockDeskTest, ADeliveryThatComesAsAnnouncedFreesBackordersAndIsClosedByItself) {
  world.stock("MUG", "leipzig", 1);
  const auto order = world.order("1", {{"MUG", 3}});
  EXPECT_EQ(state(order), "backordered");
  const AnnounceDelivery announce{"ASN-7", "POTTERS", "leipzig", {}, {{"MUG", 10}}, "api"};
  EXPECT_TRUE(done(announce).created);
  EXPECT_FALSE(done(announce).created);  // the same again
  refused(AnnounceDelivery{"ASN-7", "POTTERS", "leipzig", {}, {{"MUG", 11}}, "api"},
          "with other goods");
  done(ReceiveGoods{"ASN-7", "", "MUG", "", 4, 0, {}, "ada"});
  EXPECT_NE(state(order), "backordered");
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 5);
  done(ReceiveGoods{"ASN-7", "", "", "MUG-BC", 6, 0, {}, "ada"});  // by its bar code
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 11);
  EXPECT_TRUE(world.open_exceptions().empty());
  EXPECT_FALSE(done(CloseDelivery{"ASN-7", "that is all", "ada"}).created);  // it is closed
}

TEST_F(StockDeskTest, OverWrongUnknownAndDamagedGoodsAreBookedAndAskedAboutOnce) {
  world.stock("MUG", "leipzig", 1);
  world.stock("CUP", "leipzig", 1);
  done(AnnounceDelivery{"ASN-8", "POTTERS", "leipzig", {}, {{"MUG", 2}}, "api"});
  done(ReceiveGoods{"ASN-8", "", "MUG", "", 3, 1, {}, "ada"});
  done(ReceiveGoods{"ASN-8", "", "CUP", "", 2, 0, {}, "ada"});
  done(ReceiveGoods{"ASN-8", "", "", "999", 1, 0, {}, "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 3);
  EXPECT_EQ(at("MUG", "leipzig").damaged, 1);
  EXPECT_EQ(at("CUP", "leipzig").on_hand, 3);
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"delivery_differs"});
}

TEST_F(StockDeskTest, ADeliveryClosedTooEarlyIsUnderAndABlindReceiptNeedsNone) {
  world.stock("MUG", "leipzig", 1);
  done(AnnounceDelivery{"ASN-9", "POTTERS", "leipzig", {}, {{"MUG", 5}}, "api"});
  done(ReceiveGoods{"ASN-9", "", "MUG", "", 3, 0, {}, "ada"});
  EXPECT_TRUE(world.open_exceptions().empty());
  done(CloseDelivery{"ASN-9", "the rest is lost", "ada"});
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"delivery_differs"});
  done(ReceiveGoods{{}, "ulm", "MUG", "", 7, 0, {}, "ada"});
  EXPECT_EQ(at("MUG", "ulm").on_hand, 7);
  refused(ReceiveGoods{"ASN-10", "", "MUG", "", 1, 0, {}, "ada"}, "not announced");
  refused(ReceiveGoods{{}, "", "MUG", "", 1, 0, {}, "ada"}, "site");
  refused(ReceiveGoods{{}, "ulm", "MUG", "MUG-BC", 1, 0, {}, "ada"}, "either the SKU or the code");
  refused(ReceiveGoods{{}, "ulm", "MUG", "", 1, 2, {}, "ada"}, "damaged");
}

// ---------------------------------------------------------------- transfers
TEST_F(StockDeskTest, GoodsBetweenTwoSitesAreInTransitAndSoldAtNeither) {
  world.stock("MUG", "leipzig", 10);
  const auto id = done(OrderTransfer{"MUG", "leipzig", "ulm", 6, {}, "regional demand", "ada"}).id;
  done(SendTransfer{id, 6, {}, "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 4);
  EXPECT_EQ(at("MUG", "ulm").in_transit, 6);
  EXPECT_EQ(at("MUG", "ulm").on_hand, 0);
  const auto order = world.order("1", {{"MUG", 5}});
  EXPECT_EQ(state(order), "backordered");
  done(ReceiveTransfer{id, 5, 1, {}, "bob"});
  EXPECT_EQ(at("MUG", "ulm").in_transit, 0);
  EXPECT_EQ(at("MUG", "ulm").damaged, 1);
  EXPECT_NE(state(order), "backordered");
  EXPECT_TRUE(world.open_exceptions().empty());
}

TEST_F(StockDeskTest, EachTransferHasANumberOfItsOwn) {
  world.stock("MUG", "leipzig", 10);
  std::vector<std::string> ids;
  for (int n = 0; n < 3; ++n) {
    ids.push_back(done(OrderTransfer{"MUG", "leipzig", "ulm", 1, {}, "demand", "ada"}).id);
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"T1001", "T1002", "T1003"}));
}

TEST_F(StockDeskTest, TransferLegsHeardInAnyOrderAndALossIsAnException) {
  world.stock("MUG", "leipzig", 10);
  const auto id = done(OrderTransfer{"MUG", "leipzig", "ulm", 6, {}, "regional demand", "ada"}).id;
  done(ReceiveTransfer{id, 4, 0, {}, "bob"});  // the sender was silent
  EXPECT_EQ(at("MUG", "ulm").in_transit, -4);
  done(SendTransfer{id, 6, {}, "ada"});
  EXPECT_EQ(at("MUG", "ulm").in_transit, 2);
  EXPECT_TRUE(world.open_exceptions().empty());
  done(CloseTransfer{id, "two are broken", "bob"});
  EXPECT_EQ(at("MUG", "ulm").in_transit, 0);
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"transfer_lost"});
  EXPECT_FALSE(done(CloseTransfer{id, "again", "bob"}).created);
  refused(SendTransfer{"T1", 1, {}, "ada"}, "not known");
  refused(OrderTransfer{"MUG", "ulm", "ulm", 1, {}, "x", "ada"}, "another site");
}

// ---------------------------------------------------------------- counts
TEST_F(StockDeskTest, ACountAtTheDeskIsTheDifferenceAndClosesWhatAskedForIt) {
  world.stock("MUG", "leipzig", 2);
  auto& bench = world.bench("leipzig", "bench-1");
  const auto order = world.order("1", {{"MUG", 2}});
  ASSERT_EQ(bench.leases.size(), 1U);
  world.pack(bench, bench.leases.front(), 1);
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"short_pick"});
  done(CountStock{"MUG", "leipzig", 7, "", "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 7);
  EXPECT_TRUE(world.open_exceptions().empty());
  EXPECT_EQ(world.look(order).order.pieces, 2);
  done(CountStock{"MUG", "leipzig", 7, "", "ada"});  // the same again changes nothing
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 7);
}

TEST_F(StockDeskTest, ABoxClosedBeforeTheCountAndHeardAfterItChangesItNotTwice) {
  world.stock("MUG", "leipzig", 10);
  auto& bench = world.bench("leipzig", "bench-1");
  (void)world.order("1", {{"MUG", 3}});
  ASSERT_EQ(bench.leases.size(), 1U);
  bench.connected = false;
  world.say_pack(bench, bench.leases.front());  // three are in a box, nobody hears of it
  world.pass(5'000);
  done(CountStock{"MUG", "leipzig", 7, "", "ada"});
  bench.connected = true;
  world.connect(bench);
  world.settle();
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 7);
  EXPECT_EQ(at("MUG", "leipzig").packed, 3);
}

TEST_F(StockDeskTest, ABenchIsAskedToCountAndAnswersLateOfWhatMovedSince) {
  world.stock("MUG", "leipzig", 10);
  auto& bench = world.bench("leipzig", "bench-1");
  const auto task = done(AskCount{"MUG", "leipzig", "bench-1", "3 short picks"}).id;
  EXPECT_EQ(done(AskCount{"MUG", "leipzig", "", "again"}).id, task);  // one at a time
  EXPECT_EQ(open_tasks(), std::vector<std::string>{task});
  bench.connected = false;
  bench.say(world.now, wire::StockCounted{"leipzig", "MUG", 8, {}, task, {}, "bench-1"}, "MUG");
  world.pass(2'000);
  done(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "dropped", {}});  // after the count
  bench.connected = true;
  world.connect(bench);
  world.settle();
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 7);
  EXPECT_TRUE(world.open_exceptions().empty());
}

TEST_F(StockDeskTest, ACountThatNobodyWaitsForChangesNothingAndIsShown) {
  world.stock("MUG", "leipzig", 10);
  auto& bench = world.bench("leipzig", "bench-1");
  const auto task = done(AskCount{"MUG", "leipzig", "bench-1", "silence"}).id;
  done(DropCount{task, "not today"});
  EXPECT_TRUE(open_tasks().empty());
  bench.say(world.now, wire::StockCounted{"leipzig", "MUG", 3, {}, task, {}, "bench-1"}, "MUG");
  world.settle();
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 10);
  EXPECT_EQ(world.open_exceptions(), std::vector<std::string>{"count_late"});
}

TEST_F(StockDeskTest, ACountAtTheDeskAnswersTheTaskOfABench) {
  world.stock("MUG", "leipzig", 10);
  done(AskCount{"MUG", "leipzig", "bench-1", "silence"});
  done(CountStock{"MUG", "leipzig", 9, "A-03", "ada"});
  EXPECT_TRUE(open_tasks().empty());
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 9);
}

// Seven hours: more than any clock is followed.
constexpr std::int64_t kAheadMs = 7 * 3'600'000;

TEST_F(StockDeskTest, ACountAtTheDeskKnowsWhatWasHeardBeforeItWhateverAClockSays) {
  world.stock("MUG", "leipzig", 10);
  auto& bench = world.bench("leipzig", "bench-1");
  (void)done(AskCount{"MUG", "leipzig", "bench-1", "silence"});
  (void)world.order("1", {{"MUG", 3}});
  ASSERT_EQ(bench.leases.size(), 1U);
  world.now.wall_ms += kAheadMs;
  world.say_pack(bench, bench.leases.front());
  world.now.wall_ms -= kAheadMs;
  world.settle();
  ASSERT_EQ(at("MUG", "leipzig").on_hand, 7);
  done(CountStock{"MUG", "leipzig", 7, "", "ada"});  // the books are right
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 7);
  done(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "dropped", {}});
  done(CountStock{"MUG", "leipzig", 5, "", "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 5);
}

TEST_F(StockDeskTest, ACountByABenchWhoseClockIsAheadDoesNotSwallowWhatMovesAfterIt) {
  world.stock("MUG", "leipzig", 10);
  auto& bench = world.bench("leipzig", "bench-1");
  const auto task = done(AskCount{"MUG", "leipzig", "bench-1", "silence"}).id;
  world.now.wall_ms += kAheadMs;
  bench.say(world.now, wire::StockCounted{"leipzig", "MUG", 8, {}, task, {}, "bench-1"}, "MUG");
  world.now.wall_ms -= kAheadMs;
  world.settle();
  ASSERT_EQ(at("MUG", "leipzig").on_hand, 8);
  done(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "dropped", {}});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 7);
  (void)world.order("1", {{"MUG", 3}});
  ASSERT_EQ(bench.leases.size(), 1U);
  world.pack(bench, bench.leases.front());  // by a clock that was set right
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 4);
  done(CountStock{"MUG", "leipzig", 5, "", "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 5);
}

// ---------------------------------------------------------------- lots
struct LotsTest : StockDeskTest {
  domain::Lot lot(const char* name, std::int64_t days) {
    domain::Lot out;
    out.lot = name;
    out.expires_ms = world.now.wall_ms + days * 86'400'000;
    return out;
  }
  // "place lot pieces", in the order they go out.
  std::vector<std::string> held() {
    std::vector<std::string> out;
    const auto rows = store::lots(*world.reader, "MUG").value();
    for (const auto& row : rows) {
      out.push_back(row.place + " " + row.lot + " " + std::to_string(row.quantity));
    }
    return out;
  }
  using All = std::vector<std::string>;
};

TEST_F(LotsTest, WhatExpiresFirstGoesIntoTheBoxFirst) {
  world.stock("MUG", "leipzig", 1);
  done(MoveStock{"MUG", "leipzig", "shelf", "adjustment", 1, "none so far", {}});
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 5, 0, lot("LATE", 90), "ada"});
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 3, 0, lot("SOON", 30), "ada"});
  EXPECT_EQ(held(), (All{"leipzig/shelf SOON 3", "leipzig/shelf LATE 5"}));
  auto& bench = world.bench("leipzig", "bench-1");
  (void)world.order("1", {{"MUG", 4}});
  ASSERT_EQ(bench.leases.size(), 1U);
  world.pack(bench, bench.leases.front());
  EXPECT_EQ(held(),
            (All{"leipzig/packed SOON 3", "leipzig/packed LATE 1", "leipzig/shelf LATE 4"}));
  done(CountStock{"MUG", "leipzig", 2, "", "ada"});
  EXPECT_EQ(held().back(), "leipzig/shelf LATE 2");
}

TEST_F(LotsTest, WhatHasExpiredIsTakenOffTheShelfAndNotSold) {
  world.stock("MUG", "leipzig", 2);
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 3, 0, lot("SOON", 1), "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 5);
  world.now.wall_ms += 2 * 86'400'000;
  world.pass(2'000);
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 2);
  EXPECT_EQ(at("MUG", "leipzig").quarantine, 3);
  const auto open = world.open_exceptions();
  EXPECT_EQ(std::count(open.begin(), open.end(), "expired"), 1);
  EXPECT_EQ(state(world.order("1", {{"MUG", 3}})), "backordered");
  refused(MoveStock{"MUG", "leipzig", "quarantine", "shelf", 1, "who cares", lot("SOON", -1)},
          "not sold");
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 4, 0, lot("OLD", -1), "ada"});  // old when it came
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 2);
}

// A lot that is not there, named by mistake, is no way past whose goods they are.
TEST_F(LotsTest, ACustomersOwnDoesNotComeToTheShelfUnderALotThatIsNotThere) {
  world.stock("MUG", "leipzig", 1);
  done(MoveStock{"MUG", "leipzig", "shelf", "quarantine", 1, "looks odd", {}});
  domain::Lot theirs, absent;
  theirs.lot = "A";
  theirs.ownership = "customer";
  theirs.owner = "ANNA";
  absent.lot = "B";
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 3, 0, theirs, "ada"});
  refused(MoveStock{"MUG", "leipzig", "quarantine", "shelf", 2, "is fine", absent}, "at most 1");
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 0);
  done(MoveStock{"MUG", "leipzig", "quarantine", "shelf", 1, "is fine", absent});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 1);
}

// Neither by leaving the lot out nor by saying less of it than the books know.
TEST_F(LotsTest, WhatHasExpiredDoesNotComeBackToTheShelf) {
  world.stock("MUG", "leipzig", 1);
  done(MoveStock{"MUG", "leipzig", "shelf", "adjustment", 1, "none so far", {}});
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 3, 0, lot("OLD", 10), "ada"});
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 2, 0, lot("NEW", 90), "ada"});
  domain::Lot old, fresh;
  old.lot = "OLD";
  fresh.lot = "NEW";
  done(MoveStock{"MUG", "leipzig", "shelf", "quarantine", 3, "recalled", old});
  done(MoveStock{"MUG", "leipzig", "shelf", "quarantine", 2, "recalled", fresh});
  EXPECT_EQ(held(), (All{"leipzig/quarantine OLD 3", "leipzig/quarantine NEW 2"}));
  world.now.wall_ms += std::int64_t{11} * 86'400'000;
  world.pass(2'000);
  refused(MoveStock{"MUG", "leipzig", "quarantine", "shelf", 5, "all fine", {}}, "at most 2");
  refused(MoveStock{"MUG", "leipzig", "quarantine", "shelf", 1, "fine", old}, "not sold");
  done(MoveStock{"MUG", "leipzig", "quarantine", "shelf", 2, "fine", fresh});
  EXPECT_EQ(held(), (All{"leipzig/quarantine OLD 3", "leipzig/shelf NEW 2"}));
  world.now.wall_ms += std::int64_t{90} * 86'400'000;
  world.pass(2'000);  // it kept its last day, though the person named the lot alone
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 0);
}

TEST_F(LotsTest, ACustomersOwnGoodsAreNotSoldAndTransfersKeepTheirLot) {
  world.stock("MUG", "leipzig", 2);
  auto theirs = lot("THEIRS", 90);
  theirs.ownership = "customer";
  theirs.owner = "ACME";
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 4, 0, theirs, "ada"});
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 2);
  const auto l1 = lot("L1", 90);
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 6, 0, l1, "ada"});
  const auto id = done(OrderTransfer{"MUG", "leipzig", "ulm", 4, {}, "demand", "ada"}).id;
  done(SendTransfer{id, 4, l1, "ada"});
  EXPECT_EQ(held(), (All{"leipzig/quarantine THEIRS 4", "leipzig/shelf L1 2", "ulm/transit L1 4"}));
  done(ReceiveTransfer{id, 4, 0, {}, "bob"});
  EXPECT_EQ(held().back(), "ulm/shelf L1 4");
}

TEST_F(LotsTest, WhatExpiredOnTheRoadIsNotReceivedWithoutItsLot) {
  world.stock("MUG", "leipzig", 1);
  done(MoveStock{"MUG", "leipzig", "shelf", "adjustment", 1, "none so far", {}});
  const auto old = lot("OLD", 1);
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 3, 0, old, "ada"});
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 2, 0, lot("NEW", 90), "ada"});
  const auto id = done(OrderTransfer{"MUG", "leipzig", "ulm", 5, {}, "demand", "ada"}).id;
  done(SendTransfer{id, 5, {}, "ada"});
  world.now.wall_ms += std::int64_t{2} * 86'400'000;
  refused(ReceiveTransfer{id, 5, 0, {}, "bob"}, "at most 2 come without a lot");
  done(ReceiveTransfer{id, 2, 0, {}, "bob"});
  EXPECT_EQ(at("MUG", "ulm").on_hand, 2);
  done(ReceiveTransfer{id, 3, 0, old, "bob"});
  EXPECT_EQ(at("MUG", "ulm").on_hand, 2);
  EXPECT_EQ(held(), (All{"ulm/quarantine OLD 3", "ulm/shelf NEW 2"}));
}

// The sender is silent: what it sent is heard last, and nothing is on the road any more.
TEST_F(LotsTest, ATransferThatIsReceivedFirstLeavesNoLotOnTheRoad) {
  world.stock("MUG", "leipzig", 1);
  const auto l1 = lot("L1", 90);
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 4, 0, l1, "ada"});
  const auto id = done(OrderTransfer{"MUG", "leipzig", "ulm", 4, {}, "demand", "ada"}).id;
  done(ReceiveTransfer{id, 4, 0, l1, "bob"});
  done(SendTransfer{id, 4, l1, "ada"});
  EXPECT_EQ(held(), (All{"ulm/shelf L1 4"}));
}

// More had left than had come by the books: the claim on what comes now is not cut by that.
TEST_F(LotsTest, WhatComesToAPlaceBelowNothingKeepsItsOwner) {
  world.stock("MUG", "leipzig", 5);
  done(MoveStock{"MUG", "leipzig", "quarantine", "damaged", 3, "fell", {}});
  EXPECT_EQ(at("MUG", "leipzig").quarantine, -3);
  auto theirs = lot("THEIRS", 90);
  theirs.ownership = "customer";
  theirs.owner = "ACME";
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 4, 0, theirs, "ada"});
  EXPECT_EQ(held(), (All{"leipzig/quarantine THEIRS 4"}));
  EXPECT_EQ(at("MUG", "leipzig").quarantine, 1);
}

// Two benches count while three move pieces; their facts are heard in any order. The books come out
// as those of server/stock/counts, which holds that they are the true ones.
class CountsInAnyOrder : public ::testing::TestWithParam<int> {};

TEST_P(CountsInAnyOrder, AreThoseOfTheTrueOrder) {
  World world;
  auto store = store::Store::open(world.config.db_path, "").value();
  ASSERT_TRUE(store->begin().has_value());
  Projector projector(*store);
  base::Prng prng(static_cast<std::uint64_t>(GetParam()) * 7919);
  std::int64_t position = 0;
  const auto fold = [&](const std::string& source, std::uint64_t hlc, wire::EventData data) {
    wire::Event event;
    event.id = "e" + std::to_string(++position);
    event.source = source;
    event.dlhlc = hlc;
    event.data = std::move(data);
    projector.fold({.position = position,
                    .time_ms = static_cast<std::int64_t>(hlc >> 16),
                    .heard_ms = hlc == 1 ? 0 : 1'000'000 + position,  // asked before all else
                    .source = source,
                    .subject = ""},
                   event);
  };
  for (int n = 1; n <= 2; ++n) {
    wire::CountAsked asked;
    asked.task = "t" + std::to_string(n);
    asked.site = "leipzig";
    asked.station = "bench-" + std::to_string(n);
    asked.sku = "MUG";
    fold("/server", 1, asked);
  }
  stock::CountedPlace oracle;
  struct Said {
    std::uint64_t hlc = 0;
    std::optional<domain::Quantity> counted;
    domain::Quantity change = 0;
  };
  std::vector<std::vector<Said>> said(3);
  for (std::uint64_t at = 10; at < 60; ++at) {
    const auto who = prng.below(3);
    said[who].push_back({at << 16, {}, prng.between(1, 5) * (prng.chance(500) ? 1 : -1)});
  }
  for (std::size_t who = 0; who < 2; ++who) {
    if (said[who].empty()) continue;
    said[who][prng.below(said[who].size())].counted = prng.between(0, 20);
  }
  std::array<std::size_t, 3> next{};
  while (true) {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < 3; ++i) {
      if (next[i] < said[i].size()) left.push_back(i);
    }
    if (left.empty()) break;
    const auto who = left[prng.below(left.size())];
    const auto& one = said[who][next[who]++];
    const std::string station = "/leipzig/bench-" + std::to_string(who + 1);
    const stock::Moment moment{static_cast<std::int64_t>(one.hlc), 0, station};
    const std::string id = "e" + std::to_string(position + 1);
    if (one.counted) {
      ASSERT_TRUE(oracle.apply(stock::Counted{id, moment, *one.counted, 0}).has_value());
      fold(station, one.hlc,
           wire::StockCounted{
               "leipzig", "MUG", *one.counted, {}, "t" + std::to_string(who + 1), {}, "bench"});
    } else {
      ASSERT_TRUE(oracle.apply(stock::Moved{id, moment, one.change}).has_value());
      const std::string shelf = "leipzig/shelf", box = "leipzig/packed";
      fold(station, one.hlc,
           wire::StockMoved{"MUG",
                            std::abs(one.change),
                            one.change > 0 ? box : shelf,
                            one.change > 0 ? shelf : box,
                            "packed",
                            {}});
    }
    ASSERT_EQ(store->stock.balance("MUG", "leipzig/shelf"), oracle.balance()) << id;
  }
  for (const auto& count : oracle.counts()) {
    const auto row = store->counts.row(std::stoll(count.id.substr(1)));
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->difference, count.difference) << count.id;
  }
  ASSERT_TRUE(store->commit().has_value());
}

INSTANTIATE_TEST_SUITE_P(Seeds, CountsInAnyOrder, ::testing::Range(1, 60));

}  // namespace
}  // namespace dockline::server
