// Lots that were scanned at a bench: into the box, out of it again, and found in a recall.
#include <gmock/gmock.h>

#include "server/audit/audit.hpp"
#include "server/store/reader_lots.hpp"
#include "server/store/reader_receiving.hpp"
#include "server/store/reader_search.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

using Pieces = std::vector<domain::LotPieces>;

domain::LotPieces pieces(domain::Quantity n, const char* lot, const char* serial = nullptr,
                         std::int64_t expires_ms = 0) {
  domain::LotPieces out{{}, n};
  if (*lot != 0) out.lot.lot = lot;
  if (serial != nullptr) out.lot.serial = serial;
  if (expires_ms != 0) out.lot.expires_ms = expires_ms;
  return out;
}

struct BoxLots : ::testing::Test {
  void SetUp() override {
    w.start();
    ASSERT_FALSE(w.ask(RegisterItem{{"MUG", "Mug", {}, {{"4006381333931", 1}}, 100}, {}}).error);
    w.settle();
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    const auto report = w.verify();
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
    const auto audited = audit::check_files(w.config.db_path, {}, "");
    ASSERT_TRUE(audited) << audited.error().detail;
    for (const auto& f : audited->findings) {
      ADD_FAILURE() << f.check << " " << f.place << ": " << f.what;
    }
  }
  void receive(const char* lot, domain::Quantity n, std::int64_t days, const char* serial = "") {
    std::optional<domain::Lot> named;
    if (*lot != 0 || *serial != 0 || days != 0) named.emplace();
    if (*lot != 0) named->lot = lot;
    if (*serial != 0) named->serial = serial;
    if (days != 0) named->expires_ms = day(days);
    const auto reply = w.ask(ReceiveGoods{{}, "leipzig", "MUG", "", n, 0, named, "ada"});
    ASSERT_FALSE(reply.error) << reply.error->detail;
    w.settle();
  }
  std::int64_t day(std::int64_t days) const { return begun + days * 86'400'000; }
  // The newest lease of bench 1, packed whole.
  wire::LeaseGranted close(Pieces lots, const char* bench = "bench-1") {
    auto& b = w.bench("leipzig", bench);
    const auto lease = b.leases.back();
    wire::PackClosed closed{lease.order, lease.work, {}, lease.label};
    for (const auto& l : lease.lines) {
      closed.lines.push_back({l.line, l.sku, l.quantity, 0, lots});
    }
    b.say(w.now, std::move(closed), lease.order);
    w.settle();
    return lease;
  }
  void reopen(const wire::LeaseGranted& lease) {
    w.bench("leipzig", "bench-1")
        .say(w.now, wire::PackReopened{lease.order, lease.work}, lease.order);
    w.settle();
  }
  // "place lot/serial pieces"
  std::vector<std::string> held() {
    std::vector<std::string> out;
    const auto rows = store::lots(*w.reader, "MUG").value();
    for (const auto& row : rows) {
      out.push_back(row.place.substr(row.place.find('/') + 1) + " " + row.lot + "/" + row.serial +
                    " " + std::to_string(row.quantity));
    }
    return out;
  }
  std::vector<std::string> scanned(const std::string& order) {
    std::vector<std::string> out;
    const auto all = store::lots_in_boxes(*w.reader, order).value();
    for (const auto& p : all) {
      out.push_back(p.lot + "/" + p.serial + " " + std::to_string(p.quantity));
    }
    return out;
  }
  std::string order(const char* number, domain::Quantity n) {
    (void)w.bench("leipzig", "bench-1");
    return w.order(number, {{"MUG", n}});
  }

  testing::World w;
  std::int64_t begun = w.now.wall_ms;
};

TEST_F(BoxLots, WhatWasScannedIsPackedAndTheRestFirstExpiredFirstOut) {
  receive("SOON", 3, 30);
  receive("LATE", 5, 90);
  const auto id = order("1", 4);
  (void)close({pieces(2, "LATE")});
  EXPECT_THAT(held(),
              ElementsAre("packed SOON/ 2", "packed LATE/ 2", "shelf SOON/ 1", "shelf LATE/ 3"));
  EXPECT_THAT(scanned(id), ElementsAre("LATE/ 2"));
  EXPECT_THAT(w.open_exceptions(), Not(Contains("lot_unknown")));
}

TEST_F(BoxLots, ACodeThatSaysLessOrMoreThanTheBooksIsTheSamePiece) {
  receive("A", 2, 30);
  const auto id = order("1", 2);
  (void)close({pieces(1, "A", "S1"), pieces(1, "", "S2", day(30))});
  EXPECT_THAT(held(), ElementsAre("packed A/S1 1", "packed A/S2 1"));
  EXPECT_THAT(w.open_exceptions(), Not(Contains("lot_unknown")));
}

TEST_F(BoxLots, AReopenedBoxGivesTheSameLotsBack) {
  receive("SOON", 3, 30);
  receive("LATE", 5, 90);
  const auto id = order("1", 4);
  const auto lease = close({pieces(2, "LATE")});
  reopen(lease);
  EXPECT_THAT(held(), ElementsAre("shelf SOON/ 3", "shelf LATE/ 5"));
  EXPECT_THAT(scanned(id), IsEmpty());
  (void)close({pieces(1, "LATE"), pieces(1, "SOON")});
  EXPECT_THAT(scanned(id), ElementsAre("LATE/ 1", "SOON/ 1"));
}

TEST_F(BoxLots, ACancelledOrdersBoxGivesItsLotsBackWhenItIsPutBack) {
  receive("SOON", 3, 30);
  receive("LATE", 5, 90);
  const auto id = order("1", 2);
  (void)close({pieces(2, "LATE")});
  ASSERT_FALSE(w.ask(CancelOrder{id, "mind", {}}).error);
  w.settle();
  const auto page = w.reader->exceptions("open", "", 100).value();
  for (const auto& row : page.items) {
    if (row.kind == "cancelled_after_pack") {
      ASSERT_FALSE(w.ask(ResolveException{row.id, "put_back", "ada"}).error);
    }
  }
  w.settle();
  EXPECT_THAT(held(), ElementsAre("shelf SOON/ 3", "shelf LATE/ 5"));
  EXPECT_THAT(scanned(id), IsEmpty());
}

TEST_F(BoxLots, ALotThatIsNotThereIsPackedAllTheSameAndAPersonIsTold) {
  receive("A", 3, 30);
  const auto id = order("1", 2);
  (void)close({pieces(2, "OTHER")});
  EXPECT_THAT(held(), ElementsAre("packed OTHER/ 2", "shelf A/ 1"));
  EXPECT_THAT(w.open_exceptions(), Contains("lot_unknown"));
}

TEST_F(BoxLots, PiecesOfNoLotMayBeOfAny) {
  receive("", 3, 0);
  (void)order("1", 2);
  (void)close({pieces(2, "ANY")});
  EXPECT_THAT(held(), ElementsAre("packed ANY/ 2"));
  EXPECT_THAT(w.open_exceptions(), Not(Contains("lot_unknown")));
}

TEST_F(BoxLots, OneSerialInTwoBoxesIsForAPersonUnlessItCameBack) {
  receive("A", 1, 0, "S1");
  receive("A", 4, 0);
  (void)order("1", 1);
  (void)close({pieces(1, "A", "S1")});
  EXPECT_THAT(w.open_exceptions(), Not(Contains("serial_twice")));
  receive("A", 1, 0, "S1");  // it came back
  (void)order("2", 1);
  (void)close({pieces(1, "A", "S1")});
  EXPECT_THAT(w.open_exceptions(), Not(Contains("serial_twice")));
  (void)order("3", 1);
  (void)close({pieces(1, "A", "S1")});
  EXPECT_THAT(w.open_exceptions(), Contains("serial_twice"));
}

TEST_F(BoxLots, ARecallFindsTheOrders) {
  receive("LX7", 4, 30);
  const auto first = order("1", 1);
  (void)close({pieces(1, "LX7", "S1")});
  (void)order("2", 1);
  (void)close({});
  const auto third = order("3", 1);
  (void)close({pieces(1, "LX7", "S3")});
  EXPECT_EQ(w.reader->orders({.text = "LX7"}).value().items.size(), 2U) << "the list of orders too";
  const auto by_serial = store::search(*w.reader, "S3", 20).value();
  ASSERT_EQ(by_serial.size(), 1U);
  EXPECT_EQ(by_serial[0].id, third);
  EXPECT_EQ(by_serial[0].match, "serial");
  std::vector<std::string> ids;
  const auto hits = store::search(*w.reader, "LX7", 20).value();
  for (const auto& hit : hits) {
    EXPECT_EQ(hit.match, "lot");
    if (hit.type == "order") ids.push_back(hit.id);
  }
  EXPECT_THAT(ids, ::testing::UnorderedElementsAre(first, third));
  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[2].type, "item") << "what is left of it lies on a shelf";
  EXPECT_EQ(hits[2].id, "MUG");
  receive("KZ 9/b", 1, 30, "S-77");
  for (const auto& [text, match] : {std::pair{"KZ 9/b", "lot"}, std::pair{"s-77", "serial"}}) {
    const auto lies = store::search(*w.reader, text, 20).value();
    ASSERT_EQ(lies.size(), 1U) << text;
    EXPECT_EQ(lies[0].id + " " + lies[0].match, std::string("MUG ") + match);
  }
}

TEST_F(BoxLots, ABoxWithoutTheRightToKeepsItsLotsForTheOneWhoDecides) {
  receive("A", 2, 30);
  receive("B", 3, 60);
  const auto id = order("1", 2);
  auto& b = w.bench("leipzig", "bench-1");
  const auto lease = b.leases.back();
  b.connected = false;
  const auto forced = w.ask(ForceRevoke{id, "silent", "ada"});
  ASSERT_FALSE(forced.error) << forced.error->detail;
  b.connected = true;
  w.settle();
  wire::PackClosed closed{lease.order, lease.work, {}, lease.label};
  closed.lines.push_back({1, "MUG", 2, 0, Pieces{pieces(2, "B")}});
  b.say(w.now, std::move(closed), lease.order);
  w.settle();
  EXPECT_THAT(held(), ElementsAre("packed B/ 2", "shelf A/ 2", "shelf B/ 1"));
  EXPECT_THAT(scanned(id), IsEmpty());
  const auto page = w.reader->exceptions("open", "", 100).value();
  for (const auto& row : page.items) {
    if (row.kind == "fenced_work" || row.kind == "packed_twice") {
      ASSERT_FALSE(w.ask(ResolveException{row.id, "put_back", "ada"}).error);
    }
  }
  w.settle();
  EXPECT_THAT(held(), ElementsAre("shelf A/ 2", "shelf B/ 3"));
}

TEST_F(BoxLots, MoreOfALotThanArePackedIsKeptAside) {
  receive("A", 2, 30);
  (void)order("1", 2);
  (void)close({pieces(3, "A")});
  EXPECT_THAT(w.open_exceptions(), Contains("poison"));
  EXPECT_THAT(held(), ElementsAre("shelf A/ 2"));
}

TEST_F(BoxLots, ABenchIsToldWhatItsCodesMustSay) {
  domain::Item item{"SYRUP", "Syrup", {}, {{"96385074", 1}}, 100};
  item.tracked = "lot";
  ASSERT_FALSE(w.ask(RegisterItem{item, {}}).error);
  ASSERT_FALSE(w.ask(AdjustStock{"SYRUP", "leipzig", 2, "receipt"}).error);
  auto& b = w.bench("leipzig", "bench-1");
  (void)w.order("1", {{"SYRUP", 1}});
  ASSERT_FALSE(b.leases.empty());
  EXPECT_EQ(b.leases.back().lines.front().tracked, "lot");
}

}  // namespace
}  // namespace dockline::server
