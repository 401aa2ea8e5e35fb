// Bins of a shelf through the whole hub: what is put into them, what empties them, counts of one of
// them; and that replay and audit say the same.
#include <map>

#include <gtest/gtest.h>

#include "server/app/projector.hpp"
#include "server/audit/audit.hpp"
#include "server/store/reader_receiving.hpp"
#include "server/store/store.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using testing::World;
using Bins = std::map<std::string, std::int64_t>;

struct BinsTest : ::testing::Test {
  void SetUp() override {
    world.start();
    (void)world.bench("leipzig", "bench-1");
    world.stock("MUG", "leipzig", 10);
    assign("A-1");
  }
  void TearDown() override {
    const auto replay = world.verify();
    EXPECT_TRUE(replay.equal);
    for (const auto& table : replay.tables) EXPECT_TRUE(table.equal) << table.table;
    const auto report = audit::check_files(world.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
    EXPECT_GT(report.moves, 0);
  }
  Reply ask(Command command) {
    auto reply = world.ask(std::move(command));
    world.settle();
    return reply;
  }
  void done(Command command) {
    const auto reply = ask(std::move(command));
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
  }
  base::Fault refused(Command command, const std::string& why) {
    const auto reply = ask(std::move(command));
    EXPECT_TRUE(reply.error.has_value()) << why;
    if (!reply.error) return base::Fault::bug;
    EXPECT_NE(reply.error->detail.find(why), std::string::npos) << reply.error->detail;
    return reply.error->fault;
  }
  void assign(const std::string& bin) {
    done(RegisterItem{{"MUG", "A mug", std::nullopt, {}, 100}, {{"leipzig", bin}}});
  }
  void put(std::int64_t pieces, const std::string& from, const std::string& to) {
    done(MoveStock{"MUG", "leipzig", "shelf", "shelf", pieces, "tidied", {}, from, to});
  }
  void pack(std::int64_t pieces) {
    auto& bench = world.bench("leipzig", "bench-1");
    const auto before = bench.leases.size();
    (void)world.order("O" + std::to_string(++orders), {{"MUG", pieces}});
    ASSERT_GT(bench.leases.size(), before);
    world.pack(bench, bench.leases.back());
  }
  store::SiteFigure site() {
    const auto detail = world.reader->stock_of("MUG").value().value();
    for (const auto& figure : detail.stock.sites) {
      if (figure.site == "leipzig") return figure;
    }
    return {};
  }
  Bins bins() {
    Bins out;
    const auto figure = site();
    std::int64_t all = 0;
    for (const auto& bin : figure.bins) {
      out[bin.bin] = bin.quantity;
      all += bin.quantity;
      EXPECT_EQ(bin.home, &bin == &figure.bins.front());
    }
    EXPECT_EQ(all, figure.on_hand);
    return out;
  }
  std::vector<store::MoveRow> inside() {
    std::vector<store::MoveRow> out;
    const auto detail = world.reader->stock_of("MUG").value().value();
    for (const auto& move : detail.moves) {
      if (move.from == move.to) out.push_back(move);
    }
    return out;
  }
  World world;
  int orders = 0;
};

TEST_F(BinsTest, WhatIsPutIntoAnotherBinLiesThereAndTheShelfIsAsItWas) {
  const auto before = site();
  put(4, "", "B-2");
  put(3, "A-1", "C-3");
  EXPECT_EQ(bins(), (Bins{{"A-1", 3}, {"B-2", 4}, {"C-3", 3}}));
  put(1, "B-2", "C-3");
  put(2, "C-3", "A-1");
  EXPECT_EQ(bins(), (Bins{{"A-1", 5}, {"B-2", 3}, {"C-3", 2}}));
  const auto after = site();
  EXPECT_EQ(after.on_hand, before.on_hand);
  EXPECT_EQ(after.as_of_ms, before.as_of_ms);  // no figure is newer for it
  ASSERT_EQ(inside().size(), 4U);
  EXPECT_EQ(inside().front().from_bin, "C-3");
  EXPECT_EQ(inside().front().to_bin, "");
  EXPECT_EQ(inside().front().from, "leipzig/shelf");
}

TEST_F(BinsTest, ABoxTakesFromTheHomeBinAndThenFromTheOthersByName) {
  put(3, "", "C-3");
  put(4, "", "B-2");
  pack(2);
  EXPECT_EQ(bins(), (Bins{{"A-1", 1}, {"B-2", 4}, {"C-3", 3}}));
  EXPECT_EQ(inside().size(), 2U);
  pack(3);
  EXPECT_EQ(bins(), (Bins{{"A-1", 0}, {"B-2", 2}, {"C-3", 3}}));
  ASSERT_EQ(inside().size(), 3U);  // what came out of the bin is booked
  EXPECT_EQ(inside().front().from_bin, "B-2");
  EXPECT_EQ(inside().front().quantity, 2);
  EXPECT_EQ(inside().front().reason, "bin");
  pack(5);
  EXPECT_EQ(bins(), (Bins{{"A-1", 0}}));
}

TEST_F(BinsTest, ABenchIsSentToTheBinsThatHoldWhatItNeeds) {
  auto& bench = world.bench("leipzig", "bench-1");
  const auto sent_to = [&](std::int64_t pieces) {
    (void)world.order("O" + std::to_string(++orders), {{"MUG", pieces}});
    world.pack(bench, bench.leases.back());
    return bench.leases.back().lines.front().bin.value_or("");
  };
  EXPECT_EQ(sent_to(2), "A-1");
  put(3, "", "B-2");
  put(3, "", "C-3");
  EXPECT_EQ(bench.items["MUG"].bin, "A-1, B-2, C-3");
  EXPECT_EQ(sent_to(1), "A-1");
  EXPECT_EQ(sent_to(2), "A-1, B-2");  // one and one
  EXPECT_EQ(sent_to(1), "B-2");       // the home bin is empty
  (void)ask(AskCount{"MUG", "leipzig", "bench-1", "silence"});
  EXPECT_EQ(bench.all<wire::CountAsked>().back().bin, "A-1, B-2, C-3");
  put(1, "C-3", "D-4");
  EXPECT_EQ(bench.items["MUG"].bin, "A-1, B-2, C-3 +1");
}

TEST_F(BinsTest, MoreThanABinHoldsIsRefusedWithTheFigure) {
  put(4, "", "B-2");
  const auto move = [](std::int64_t n, const char* from, const char* to) {
    return MoveStock{"MUG", "leipzig", "shelf", "shelf", n, "x", {}, from, to};
  };
  EXPECT_EQ(refused(move(5, "B-2", "C-3"), "bin \"B-2\" holds 4 of MUG at leipzig, not 5"),
            base::Fault::conflict);
  EXPECT_EQ(refused(move(7, "A-1", "C-3"), "bin \"A-1\" holds 6"), base::Fault::conflict);
  EXPECT_EQ(refused(move(7, "", "C-3"), "its home bin holds 6"), base::Fault::conflict);
  EXPECT_EQ(
      refused(MoveStock{"MUG", "leipzig", "shelf", "damaged", 5, "x", {}, "B-2", ""}, "holds 4"),
      base::Fault::conflict);
  EXPECT_EQ(refused(move(1, "", ""), "moves nothing"), base::Fault::reject);
  EXPECT_EQ(refused(move(1, "A-1", ""), "two bins"), base::Fault::reject);  // the same bin
  EXPECT_EQ(refused(MoveStock{"MUG", "leipzig", "shelf", "damaged", 1, "x", {}, "", "D-1"},
                    "to_bin: only a shelf has bins"),
            base::Fault::reject);
  EXPECT_EQ(bins(), (Bins{{"A-1", 6}, {"B-2", 4}}));
  done(MoveStock{"MUG", "leipzig", "shelf", "damaged", 3, "fell", {}, "B-2", ""});
  done(MoveStock{"MUG", "leipzig", "damaged", "shelf", 2, "fine", {}, "", "C-3"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 6}, {"B-2", 1}, {"C-3", 2}}));
}

TEST_F(BinsTest, AnItemLiesInSoManyBinsAndNoMore) {
  world.stock("MUG", "leipzig", 300);
  for (int i = 0; i < 200; ++i) {
    const auto bin = "X-" + std::to_string(i);
    const auto reply =
        world.ask(StockCommand(MoveStock{"MUG", "leipzig", "shelf", "shelf", 1, "x", {}, "", bin}));
    ASSERT_FALSE(reply.error.has_value()) << reply.error->detail;
  }
  EXPECT_EQ(refused(MoveStock{"MUG", "leipzig", "shelf", "shelf", 1, "x", {}, "", "Y-1"},
                    "lies in 200 bins"),
            base::Fault::reject);
  put(1, "", "X-7");
  done(CountStock{"MUG", "leipzig", 0, "", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 0}}));
}

TEST_F(BinsTest, ANewHomeBinHasWhatLayInTheOldOneAndWhatWasThereBefore) {
  put(4, "", "B-2");
  put(1, "", "C-3");
  assign("B-2");
  EXPECT_EQ(site().bin, "B-2");
  EXPECT_EQ(bins(), (Bins{{"B-2", 9}, {"C-3", 1}}));
  assign("D-9");
  EXPECT_EQ(bins(), (Bins{{"D-9", 9}, {"C-3", 1}}));
  EXPECT_EQ(world.bench("leipzig", "bench-1").items["MUG"].bin, "D-9, C-3");
}

TEST_F(BinsTest, GoodsAreReceivedStraightIntoABin) {
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 5, 1, {}, "ada", "B-2"});
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 2, 0, {}, "ada", "A-1"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 12}, {"B-2", 4}}));
  EXPECT_EQ(site().damaged, 1);
  const domain::Lot old{.lot = "OLD", .serial = {}, .expires_ms = 1, .ownership = {}, .owner = {}};
  done(ReceiveGoods{{}, "leipzig", "MUG", "", 3, 0, old, "ada", "B-2"});  // may not be sold
  EXPECT_EQ(site().quarantine, 3);
  world.stock("MUG", "ulm", 4);
  const auto id = ask(OrderTransfer{"MUG", "ulm", "leipzig", 4, {}, "nearer", "bob"}).id;
  done(SendTransfer{id, 4, {}, "bob"});
  done(ReceiveTransfer{id, 3, 1, {}, "ada", "C-3"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 12}, {"B-2", 4}, {"C-3", 3}}));
}

TEST_F(BinsTest, ACountOfOneBinIsOfItAlone) {
  (void)ask(AskCount{"MUG", "leipzig", "bench-1", "silence"});
  put(4, "", "B-2");
  put(1, "", "C-3");
  done(CountStock{"MUG", "leipzig", 2, "B-2", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 5}, {"B-2", 2}, {"C-3", 1}}));
  done(CountStock{"MUG", "leipzig", 7, "A-1", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 7}, {"B-2", 2}, {"C-3", 1}}));
  done(CountStock{"MUG", "leipzig", 0, "C-3", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 7}, {"B-2", 2}}));
  // It is no answer to a question about the shelf.
  EXPECT_EQ(store::count_tasks(*world.reader, {.state = "open"}).value().items.size(), 1U);
  EXPECT_EQ(refused(CountStock{"MUG", "leipzig", 1, "C-3", "ada"}, "holds none of MUG"),
            base::Fault::reject);
  const auto rows = store::counts(*world.reader, {}).value().items;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].difference, -2);
  EXPECT_EQ(rows[2].bin, "B-2");
  EXPECT_TRUE(rows[2].counts);
}

TEST_F(BinsTest, WhoIsAskedToCountTheShelfIsToldItsBins) {
  const auto asked = [&] {
    const auto id = ask(AskCount{"MUG", "leipzig", "bench-1", "silence"}).id;
    const auto told = world.bench("leipzig", "bench-1").all<wire::CountAsked>();
    EXPECT_FALSE(told.empty());
    (void)ask(DropCount{id, "not today"});
    return told.empty() ? std::string{} : told.back().bin.value_or("");
  };
  EXPECT_EQ(asked(), "A-1");
  put(4, "", "B-2");
  EXPECT_EQ(asked(), "A-1, B-2");
  for (const char* bin : {"C-3", "D-4", "E-5"}) put(1, "", bin);
  EXPECT_EQ(asked(), "A-1, B-2, C-3 +2");
}

TEST_F(BinsTest, ACountOfTheShelfEmptiesBinsOnlyWhereLessIsLeft) {
  put(4, "", "B-2");
  put(3, "", "C-3");
  done(CountStock{"MUG", "leipzig", 12, "", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 5}, {"B-2", 4}, {"C-3", 3}}));
  done(CountStock{"MUG", "leipzig", 5, "", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 0}, {"B-2", 2}, {"C-3", 3}}));
  done(CountStock{"MUG", "leipzig", 0, "", "ada"});
  EXPECT_EQ(bins(), (Bins{{"A-1", 0}}));
  done(CountStock{"MUG", "leipzig", 6, "Z-9", "ada"});  // one bin: its name is a remark
  EXPECT_EQ(bins(), (Bins{{"A-1", 6}}));
}

TEST_F(BinsTest, ABoxHeardOfAfterACountOfABinIsBookedAsItIs) {
  put(4, "", "B-2");
  auto& bench = world.bench("leipzig", "bench-1");
  (void)world.order("1", {{"MUG", 3}});
  ASSERT_EQ(bench.leases.size(), 1U);
  bench.connected = false;
  world.say_pack(bench, bench.leases.front());
  world.pass(5'000);
  done(CountStock{"MUG", "leipzig", 3, "B-2", "ada"});
  bench.connected = true;
  world.connect(bench);
  world.settle();
  EXPECT_EQ(bins(), (Bins{{"A-1", 3}, {"B-2", 3}}));
}

TEST_F(BinsTest, AMovementBetweenBinsIsNoneForACountThatIsAskedFor) {
  auto& bench = world.bench("leipzig", "bench-1");
  const auto task = ask(AskCount{"MUG", "leipzig", "bench-1", "silence"}).id;
  bench.connected = false;
  bench.say(world.now, wire::StockCounted{"leipzig", "MUG", 8, {}, task, "A-1", "bench-1"}, "MUG");
  world.pass(2'000);
  put(5, "", "B-2");
  bench.connected = true;
  world.connect(bench);
  world.settle();
  EXPECT_EQ(bins(), (Bins{{"A-1", 3}, {"B-2", 5}}));
}

// What no desk would take: the fold does the same each time, and loses nothing.
TEST(BinsOfFacts, ABinGivesWhatItHasAndTheHomeBinTheRest) {
  World world;
  auto store = store::Store::open(world.config.db_path, "").value();
  ASSERT_TRUE(store->begin().has_value());
  Projector projector(*store);
  std::int64_t position = 0;
  const auto fold = [&](wire::EventData data) {
    wire::Event event;
    event.data = std::move(data);
    projector.fold({.position = ++position,
                    .time_ms = 1,
                    .heard_ms = 1,
                    .source = "/server",
                    .subject = "MUG"},
                   event);
  };
  const auto moved = [](std::int64_t n, const char* from, const char* to, const char* from_bin,
                        const char* to_bin) {
    wire::StockMoved out{"MUG", n, from, to, "x"};
    if (*from_bin != 0) out.from_bin = from_bin;
    if (*to_bin != 0) out.to_bin = to_bin;
    return out;
  };
  const auto in = [&](const char* bin) { return store->bins.held("MUG", "a", bin); };
  EXPECT_FALSE(store->bins.any("MUG", "a"));
  fold(moved(10, "supplier", "a/shelf", "", "B"));
  fold(moved(4, "supplier", "a/shelf", "", ""));
  fold(moved(12, "a/shelf", "a/shelf", "B", "C"));  // ten from B, two from the home bin
  EXPECT_EQ(in("B"), 0);
  EXPECT_EQ(in("C"), 12);
  fold(moved(13, "a/shelf", "a/damaged", "C", ""));  // twelve from C, one from the home bin
  EXPECT_EQ(in("C"), 0);
  EXPECT_EQ(store->stock.balance("MUG", "a/shelf"), 1);
  fold(moved(1, "a/shelf", "a/damaged", "", "D"));  // no place has such a bin
  fold(moved(1, "a/shelf", "a/shelf", "", ""));
  EXPECT_EQ(store->stock.balance("MUG", "a/shelf"), 1);
  fold(moved(4, "a/shelf", "customer", "", ""));  // below zero
  fold(moved(5, "supplier", "a/shelf", "", "C"));
  EXPECT_EQ(in("C"), 2);  // three of them were gone already
  EXPECT_EQ(store->stock.balance("MUG", "a/shelf"), 2);
  ASSERT_TRUE(store->trouble().has_value());
  ASSERT_TRUE(store->commit().has_value());
}

}  // namespace
}  // namespace dockline::server
