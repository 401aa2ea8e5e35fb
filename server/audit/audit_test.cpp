// A real database, made by the product itself; then one breach at a time, planted with SQL. Each
// must be found, under its name.
#include "server/audit/audit.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "server/store/store.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server::audit {
namespace {

using server::testing::Bench;
using server::testing::World;

// A day: orders packed, short, cancelled, reopened, fenced, parked; two sites.
void a_day(World& w) {
  w.start();
  auto& leipzig = w.bench("leipzig", "bench-1");
  auto& ulm = w.bench("ulm", "bench-2");
  w.stock("MUG", "leipzig", 40);
  w.stock("TEA", "leipzig", 40);
  w.stock("TEA", "ulm", 40);
  for (int i = 1; i <= 6; ++i) w.order("A" + std::to_string(i), {{"MUG", 2}, {"TEA", 1}});
  w.order("U1", {{"TEA", 30}});
  w.order("BIG", {{"MUG", 500}});  // backordered
  w.pack(leipzig, leipzig.leases.at(0));
  w.pack(leipzig, leipzig.leases.at(1), 1);  // one short: routed again
  const auto third = leipzig.leases.at(2);
  w.pack(leipzig, third);
  leipzig.say(w.now, wire::PackReopened{third.order, third.work}, third.order);
  w.settle();
  w.pack(leipzig, third);
  EXPECT_FALSE(w.ask(CancelOrder{leipzig.leases.at(3).order, "changed his mind", {}}).error);
  EXPECT_FALSE(w.ask(CancelOrder{leipzig.leases.at(0).order, "too late", {{1, 1}}}).error);
  leipzig.say_raw(w.now, "01900000-0000-7000-8000-000000000001", "no json at all");
  leipzig.say(w.now, wire::ProblemNoted{{}, {}, "unknown-barcode", "123"}, "");
  w.settle();
  EXPECT_FALSE(w.ask(ForceRevoke{leipzig.leases.at(4).order, "bench is dead", "Kim"}).error);
  w.pack(leipzig, leipzig.leases.at(4));  // fenced: goods moved, does not count
  if (!ulm.leases.empty()) w.pack(ulm, ulm.leases.at(0));
  EXPECT_FALSE(w.ask(SetStockPolicy{.site = "leipzig", .safety = 2, .why = "test"}).error);
  EXPECT_FALSE(
      w.ask(SetStockPolicy{.site = "leipzig", .sku = "MUG", .quota = 5, .why = "test"}).error);
  EXPECT_FALSE(w.ask(RegisterItem{{"SET", "A set", std::nullopt, {}, 100}, {}}).error);
  EXPECT_FALSE(w.ask(DefineKit{"SET", {{"MUG", 2}, {"TEA", 1}}, "ann"}).error);
  EXPECT_FALSE(
      w.ask(DescribeSite{"ulm", {{"capacity_per_day", "500"}, {"zones.DE", "1"}}, "test", "ann"})
          .error);
  w.order("K1", {{"SET", 2}, {"TEA", 1}});
  EXPECT_FALSE(w.ask(RegisterItem{{"TEA", "Tea", std::nullopt, {}, 50}, {{"ulm", "T-1"}}}).error);
  EXPECT_FALSE(w.ask(StockCommand(MoveStock{
                         "TEA", "leipzig", "shelf", "shelf", 4, "reserve", {}, "", "R-1"}))
                   .error);
  w.pass(2'000);
}

struct Book {
  World world;
  Book() { a_day(world); }

  // Runs SQL on the stopped server's file and checks it.
  Report with(const std::string& sql) {
    world.reader.reset();
    world.turn.reset();
    auto db = sqlite::Db::open(world.config.db_path, {}).value();
    const auto done = db.exec(("PRAGMA ignore_check_constraints=ON;" + sql).c_str());
    EXPECT_TRUE(done.has_value()) << done.error().detail;
    return checked();
  }
  Report checked() { return check_files(world.config.db_path, {}, "").value(); }
};

std::string all(const Report& report) { return to_text(report); }

TEST(Audit, FindsNothingInAnHonestDay) {
  Book book;
  const auto running = book.checked();
  EXPECT_TRUE(running.clean()) << all(running);
  EXPECT_GT(running.events, 60);
  EXPECT_GT(running.leases, 5);
  EXPECT_EQ(running.parked, 1);
  EXPECT_EQ(running.streams, 2);
  const auto stopped = book.with("SELECT 1");
  EXPECT_TRUE(stopped.clean()) << all(stopped);
}

struct Breach {
  const char* name;
  const char* sql;
  const char* check;
  const char* says;  // part of place or sentence
};

class AuditBreach : public ::testing::TestWithParam<Breach> {};

TEST_P(AuditBreach, IsFoundAndNamed) {
  Book book;
  ASSERT_TRUE(book.checked().clean()) << all(book.checked());
  const auto report = book.with(GetParam().sql);
  bool found = false;
  for (const auto& f : report.findings) {
    EXPECT_FALSE(f.place.empty());
    EXPECT_FALSE(f.remedy.empty());
    found = found || (f.check == GetParam().check &&
                      (f.place + ": " + f.what).find(GetParam().says) != std::string::npos);
  }
  EXPECT_TRUE(found) << GetParam().check << ", \"" << GetParam().says << "\" expected in\n"
                     << all(report);
}

#define DOCKLINE_LAST_FACT "(SELECT max(position) FROM events WHERE source = '/leipzig/bench-1')"

constexpr Breach kBreaches[] = {
    // what is kept back
    {"APolicyIsChanged", "UPDATE p_policy SET safety = 3 WHERE sku = ''", "policies", "3|-|-|-|-"},
    {"AKitIsChanged", "UPDATE p_kit SET pieces = 3 WHERE part = 'MUG'", "policies",
     "p_kit SET|MUG"},
    {"APartOfAKitIsGone", "DELETE FROM p_kit WHERE part = 'TEA'", "policies", "SET|TEA"},
    {"APolicyIsGone", "DELETE FROM p_policy WHERE sku = 'MUG'", "policies", "the table has no row"},
    {"APolicyIsMadeUp",
     "INSERT INTO p_policy VALUES('TEA', 'ulm', '', 9, NULL, NULL, NULL, NULL, '', '', 1)",
     "policies", "no row"},
    {"ASiteIsDescribedOtherwise", "UPDATE p_site SET value = '501' WHERE key = 'capacity_per_day'",
     "policies", "ulm|capacity_per_day"},
    {"AValueOfASiteIsGone", "DELETE FROM p_site WHERE key = 'zones.DE'", "policies",
     "ulm|zones.DE"},
    {"AValueOfASiteIsMadeUp", "INSERT INTO p_site VALUES('leipzig', 'hazardous', 'true')",
     "policies", "leipzig|hazardous"},
    // streams
    {"AFactIsLost", "DELETE FROM events WHERE position = " DOCKLINE_LAST_FACT, "streams",
     "neither in the log, nor parked"},
    {"AFactIsLostWithItsPosition", "DELETE FROM events WHERE position = 30", "log",
     "Positions 30 to 30 are missing"},
    {"AParkedFactIsLost", "DELETE FROM parked", "streams", "neither in the log, nor parked"},
    {"TheCursorIsAheadOfTheLog", "UPDATE stream_in SET through = through + 3", "streams",
     "were acknowledged"},
    {"TheCursorIsBehindTheLog", "UPDATE stream_in SET through = through - 3", "streams",
     "The log holds facts up to"},
    {"TheCursorsChainIsWrong", "UPDATE stream_in SET chain = zeroblob(16)", "streams",
     "is not the one the cursor holds"},
    {"TheSafeMarkIsBeyondTheCursor", "UPDATE stream_in SET safe = through + 1", "streams",
     "safe mark"},
    {"ACursorIsGone", "DELETE FROM stream_in WHERE site = 'leipzig'", "streams", "has no cursor"},
    {"AFactIsAppliedTwice",
     "INSERT INTO events SELECT (SELECT max(position) + 1 FROM events), 'twice', type, source, "
     "subject, correlation, time_ms, heard_ms, body, chain FROM events WHERE position "
     "= " DOCKLINE_LAST_FACT,
     "ids", "column id"},
    {"AFactIsAppliedTwiceUnderAnotherId",
     "INSERT INTO events SELECT (SELECT max(position) + 1 FROM events), 'twice', type, source, "
     "subject, correlation, time_ms, heard_ms, CAST(replace(CAST(body AS TEXT), id, 'twice') AS "
     "BLOB), chain FROM events WHERE position = " DOCKLINE_LAST_FACT,
     "streams", "is there twice"},
    {"AFactsBytesAreChanged",
     "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '4006381333931', '4006381333930') "
     "AS BLOB) WHERE type = 'dockline.pack.item.counted.v1'",
     "streams", "bytes of a fact were changed"},
    {"ARowForAStationIsGone", "DELETE FROM stream_out_row WHERE site = 'leipzig' AND seq = 2",
     "streams", "missing between the rows kept"},
    {"ARowForAStationIsChanged",
     "UPDATE stream_out_row SET bytes = CAST('{}' AS BLOB) WHERE site = 'leipzig' AND seq = 2",
     "streams", "chain does not fit"},
    {"TheLastRowForAStationIsGone",
     "DELETE FROM stream_out_row WHERE site = 'ulm' AND seq = (SELECT max(seq) FROM stream_out_row "
     "WHERE site = 'ulm')",
     "streams", "the rows end at"},
    // the hash chain and the archive
    {"ATimeIsChanged", "UPDATE events SET heard_ms = heard_ms + 1 WHERE position = 20", "chain",
     "event 20"},
    {"AnEventOfTheServerIsChanged",
     "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), 'receipt', 'receipT') AS BLOB) "
     "WHERE type = 'dockline.stock.moved.v1'",
     "chain", "was changed"},
    {"AHashIsChanged", "UPDATE events SET chain = zeroblob(32) WHERE position = 7", "chain",
     "event 7"},
    {"BytesAreGone", "UPDATE events SET body = x'' WHERE position = 12", "archive", "event 12"},
    {"ASegmentIsMissing",
     "INSERT INTO archive VALUES(1, '000001-1-9.dls', 1, 9, 9, zeroblob(32), '00', 1, 1); UPDATE "
     "events SET body = x'' WHERE position <= 9",
     "archive", "is missing"},
    // ledger
    {"ABalanceIsChanged",
     "UPDATE p_balance SET quantity = quantity + 1 WHERE sku = 'MUG' AND place = 'leipzig/shelf'",
     "ledger", "moves of the log add up"},
    {"PiecesAreMadeFromNothing",
     "UPDATE p_balance SET quantity = quantity + 1 WHERE sku = 'MUG' AND place = 'leipzig/shelf'",
     "ledger", "instead of zero"},
    {"AMoveIsLost", "DELETE FROM p_move WHERE position = (SELECT max(position) FROM p_move)",
     "ledger", "the table says nothing"},
    {"AMoveIsInvented",
     "INSERT INTO p_move VALUES(3, 9, 'MUG', 5, 'adjustment', 'leipzig/shelf', 'gift', "
     "'', '')",
     "ledger", "MUG"},
    {"ABinHoldsMore", "UPDATE p_bin_stock SET quantity = quantity + 1", "bins", "TEA at leipzig"},
    {"ABinIsGone", "DELETE FROM p_bin_stock", "bins", "bin R-1"},
    {"ABinIsInvented", "INSERT INTO p_bin_stock VALUES('MUG', 'ulm', 'X-1', 1)", "bins",
     "MUG at ulm"},
    {"AHomeBinIsChanged", "UPDATE p_bin SET bin = 'T-2'", "bins", "say T-1"},
    {"AMoveNamesAnotherBin", "UPDATE p_move SET to_bin = 'R-2' WHERE to_bin = 'R-1'", "ledger",
     "bin R-1"},
    {"ABalanceIsGone", "DELETE FROM p_balance WHERE sku = 'TEA' AND place = 'leipzig/packed'",
     "ledger", "has no row"},
    // orders
    {"APieceIsInTwoStates", "UPDATE p_line SET open = open + 1 WHERE ord = 1 AND line = 1",
     "orders", "pieces in these states"},
    {"APieceIsInTheWrongState",
     "UPDATE p_line SET packed = packed - 1, shipped = shipped + 1 WHERE packed > 0", "orders",
     "the table says"},
    {"AnOrderIsLost", "DELETE FROM p_order WHERE ord = 5", "orders", "is missing in the table"},
    {"AnOrdersStateIsWrong", "UPDATE p_order SET state = 'packed' WHERE state = 'backordered'",
     "orders", "By the facts it is backordered"},
    {"ATotalOfOrdersIsWrong", "UPDATE p_order_count SET orders = orders + 1", "orders",
     "The table of totals says"},
    {"AnOrderIsFoundByAnothersName", "INSERT INTO p_order_word VALUES('customer', 'nobody', 1)",
     "orders", "by words that are not in it"},
    {"AnOrderIsNotFoundByItsName", "UPDATE p_order_worded SET ord = 3", "orders",
     "would not be found by its name"},
    {"ALineIsLost", "DELETE FROM p_line WHERE ord = 2 AND line = 2", "orders", "lines, the table"},
    {"ABoxIsEmptied", "DELETE FROM p_parcel", "orders", "contents of this box"},
    // reservations and leases
    {"AReservationIsLost",
     "DELETE FROM p_reservation WHERE ord = (SELECT max(ord) FROM p_reservation)", "reservations",
     "not reserved"},
    {"AReservationIsTooHigh", "UPDATE p_reservation SET quantity = quantity + 1", "reservations",
     "are reserved"},
    {"AReservationOutlivesItsLease",
     "INSERT INTO p_reservation SELECT ord, 1, site, lease, 'MUG', 1 FROM p_lease WHERE state = "
     "'done' LIMIT 1",
     "reservations", "not in force"},
    {"ALeaseHasAnotherHolder", "UPDATE p_lease SET station = 'bench-9' WHERE state = 'held'",
     "leases", "holder is"},
    {"ALeaseIsInForceAgain", "UPDATE p_lease SET state = 'held' WHERE state = 'done'", "leases",
     "By the facts it is done"},
    {"ALeaseIsLost", "DELETE FROM p_lease WHERE state = 'done'", "leases", "leases, the table has"},
    // labels
    {"TwoBoxesHaveOneLabel", "UPDATE p_lease SET tracking = (SELECT min(tracking) FROM p_lease)",
     "labels", "is also that"},
    {"TwoBoxesHaveOneSscc", "UPDATE p_lease SET sscc = (SELECT min(sscc) FROM p_lease)", "labels",
     "is also that"},
    // exceptions, decisions
    {"AnExceptionIsHidden", "DELETE FROM p_exception WHERE kind = 'poison'", "exceptions",
     "nobody sees them"},
    {"AnExceptionIsClosedByNobody", "UPDATE p_exception SET resolved_ms = 1 WHERE kind = 'poison'",
     "exceptions", "it is open"},
    {"ADecisionIsLost",
     "DELETE FROM p_decision WHERE position = (SELECT min(position) FROM "
     "p_decision)",
     "decisions", "decisions are in the log"},
    // outbox
    {"AnOutboxRowHasNoState",
     "INSERT INTO outbox VALUES(1, 'api', 'stock', 'MUG|', 'MUG', '{}', 'lost', 0, 0, 0, 0, 0, '')",
     "outbox", "no state \"lost\""},
    {"AFulfilmentIsQueuedForABoxThatNobodyClosed",
     "INSERT INTO outbox VALUES(1, 'api', 'fulfilment', 'api:A6|DL9', 'api:A6', '{}', 'waiting', "
     "0, 0, 0, 0, 0, '')",
     "outbox", "no fact closed"},
    {"AFulfilmentIsQueuedTwice",
     "INSERT INTO outbox VALUES(1, 'api', 'fulfilment', 'api:A6|DL9', 'api:A6', '{}', 'waiting', "
     "0, 0, 0, 0, 0, ''), (2, 'api', 'fulfilment', 'api:A6|DL9', 'api:A6', '{}', 'waiting', 0, 0, "
     "0, 0, 0, '')",
     "outbox", "queued twice"},
    {"AFulfilmentIsMissing", "INSERT INTO cursor VALUES('orders:api', 'x')", "outbox",
     "nothing waits to tell it"},
    {"AFigureThatAChannelShowsIsInvented",
     "INSERT INTO p_told VALUES('shop', 'MUG', '', 'MUG', 5, 0, 0, 0)", "channels",
     "last confirmation"},
    // listings
    {"AListingWithASkuIsSaidToHaveNone",
     "INSERT INTO listing_flaw VALUES('shop', '7', '', 'MUG', 'Mug', 'no_sku', 0)", "listings",
     "Its SKU is \"MUG\""},
    {"MoreListingsAreKeptThanAReadingKeeps",
     "INSERT INTO listing_flaw WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
     "1001) SELECT 'shop', i, '', '', '', 'no_sku', 0 FROM n",
     "listings", "1001 listings"},
};
INSTANTIATE_TEST_SUITE_P(Planted, AuditBreach, ::testing::ValuesIn(kBreaches),
                         [](const auto& i) { return std::string(i.param.name); });

// A station on an old image sends what the server lacks again, under other numbers; what cannot be
// read says nothing of where it was born.
constexpr const char* kFork =
    "INSERT INTO stream_in SELECT site, station, 'f0f0f0f0-0000-4000-8000-000000000000', place + "
    "9, "
    "3, x'00112233445566778899aabbccddeeff', boot, nonce, 0, 3, 0 FROM stream_in "
    "WHERE station = 'bench-1';"
    "UPDATE parked SET inc = 'f0f0f0f0-0000-4000-8000-000000000000', seq = 2;";

TEST(Audit, AnUnreadableFactThatAForkSentAgainIsNoLoss) {
  Book book;
  const auto report = book.with(kFork);
  EXPECT_TRUE(report.clean()) << all(report);
}

TEST(Audit, AndExcusesNoOther) {
  Book book;
  const auto report =
      book.with(std::string(kFork) + "DELETE FROM parked WHERE 1 = (SELECT count(*) FROM parked);");
  EXPECT_NE(all(report).find("neither in the log, nor parked"), std::string::npos) << all(report);
}

TEST(Audit, KnowsAHeadThatWasExportedBefore) {
  Book book;
  const auto now = book.checked();
  const Head head{now.events, now.head};
  const std::string path = book.world.config.db_path;
  book.world.order("LATER", {{"MUG", 1}});
  EXPECT_TRUE(check_files(path, {}, "", &head).value().clean());
  const Head foreign{now.events, std::string(64, 'a')};
  const auto report = check_files(path, {}, "", &foreign).value();
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.findings.back().check, "chain");
  const Head beyond{now.events + 1'000, now.head};
  const auto cut = check_files(path, {}, "", &beyond).value();
  ASSERT_FALSE(cut.clean());
  EXPECT_NE(cut.findings.back().what.find("ends at"), std::string::npos) << all(cut);
}

// Whoever rewrites a fact and all hashes behind it is found by a head that was kept elsewhere.
TEST(Audit, AHeadKeptElsewhereShowsARewrittenLog) {
  Book book;
  const auto before = book.checked();
  const Head head{before.events, before.head};
  const auto report = book.with(
      "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), 'receipt', 'receipT') AS BLOB) "
      "WHERE type = 'dockline.stock.moved.v1';"
      "UPDATE p_move SET reason = 'receipT' WHERE reason = 'receipt';"
      "UPDATE events SET chain = NULL; INSERT INTO counter VALUES('chain_fill', 0)");
  EXPECT_FALSE(report.clean());
  {
    auto rewritten = store::Store::open(book.world.config.db_path, "");  // fills the hashes in
    ASSERT_TRUE(rewritten.has_value());
  }
  EXPECT_TRUE(book.checked().clean()) << all(book.checked());
  const auto shown = check_files(book.world.config.db_path, {}, "", &head).value();
  ASSERT_EQ(shown.findings.size(), 1U) << all(shown);
  EXPECT_EQ(shown.findings.front().check, "chain");
}

TEST(Audit, OfAFileThatIsNoDatabaseSaysSo) {
  World w;
  const auto path = (w.folder / "x.db").string();
  EXPECT_FALSE(check_files(path, {}, "").has_value());
  {
    std::ofstream out(path);
    out << std::string(8'192, 'x');
  }
  const auto report = check_files(path, {}, "");
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().fault, base::Fault::corrupt);
}

TEST(Audit, OfAnotherProgramsFileSaysSo) {
  World w;
  const auto path = (w.folder / "other.db").string();
  {
    auto db = sqlite::Db::open(path, {}).value();
    ASSERT_TRUE(db.exec("CREATE TABLE t(a)").has_value());
  }
  const auto report = check_files(path, {}, "");
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().detail.find("this program's version"), std::string::npos);
}

TEST(Audit, OfADamagedPageIsAFinding) {
  Book book;
  book.world.reader.reset();
  book.world.turn.reset();
  {
    std::fstream file(book.world.config.db_path, std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 20; page < 24; ++page) {
      file.seekp(page * 4096);
      file << std::string(4096, '\xa5');
    }
  }
  const auto report = book.checked();
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.findings.front().check, "file") << all(report);
}

}  // namespace
}  // namespace dockline::server::audit
