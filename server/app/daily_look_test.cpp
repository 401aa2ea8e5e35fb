// The daily look at the shelves: suspects, counts asked for, purchases and transfers proposed; what
// is late; and how a purchase flows into receiving.
#include <algorithm>

#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "server/store/reader_buying.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using testing::World;

struct DailyLookTest : ::testing::Test {
  void SetUp() override {
    world.start();
    (void)world.bench("leipzig", "bench-1");
    (void)world.bench("ulm", "bench-2");
  }
  void TearDown() override {
    EXPECT_TRUE(world.verify().equal);
    const auto report = audit::check_files(world.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  Reply done(StockCommand command) {
    auto reply = world.ask(std::move(command));
    world.settle();
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    return reply;
  }
  void look() {
    done(LookAtShelves{"ada"});
    world.pass(1'000);
  }
  // So many pieces were ordered and packed at Leipzig.
  void sell(const std::string& number, domain::Quantity pieces, domain::Quantity missing = 0,
            const std::string& sku = "MUG") {
    auto& bench = world.bench("leipzig", "bench-1");
    const auto before = bench.leases.size();
    (void)world.order(number, {{sku, pieces}});
    ASSERT_EQ(bench.leases.size(), before + 1);
    world.pack(bench, bench.leases.back(), missing);
  }
  World world;
};

TEST_F(DailyLookTest, AShelfWithShortPicksIsSuspectAndABenchIsAskedOnce) {
  world.stock("MUG", "leipzig", 50);
  world.stock("CUP", "leipzig", 50);
  sell("1", 3, 1);
  look();
  const auto found = store::suspects(*world.reader, "leipzig").value();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().sku, "MUG");
  EXPECT_NE(found.front().evidence_json.find("short_picks"), std::string::npos);
  const auto tasks = [&] {
    return store::count_tasks(*world.reader, {.sku = "MUG"}).value().items;
  };
  ASSERT_EQ(tasks().size(), 1U);
  EXPECT_EQ(tasks().front().station, "bench-1");
  look();
  EXPECT_EQ(tasks().size(), 1U);  // it is asked already
  done(CountStock{"MUG", "leipzig", 47, "", "ada"});
  look();
  const auto after = store::suspects(*world.reader, "").value();
  for (const auto& row : after) EXPECT_NE(row.sku, "MUG");
}

TEST_F(DailyLookTest, WhatSellsIsBoughtFromThePreferredSupplierAndFlowsIntoReceiving) {
  world.config.stock.ask_counts = false;
  world.stock("MUG", "leipzig", 60);
  done(SetSupplier{"POTTERS", "The Potters", "order@potters.example", "", 7, 7, "ada"});
  done(DefineSupply{"MUG", "POTTERS", 1, "PM-1", 12, 24, 450, "EUR", 3, "ada"});
  sell("1", 56);
  look();
  auto page = store::purchases(*world.reader, {}).value();
  ASSERT_EQ(page.items.size(), 1U);
  const auto& purchase = page.items.front();
  EXPECT_EQ(purchase.supplier, "POTTERS");
  ASSERT_EQ(purchase.lines.lines.size(), 1U);
  EXPECT_EQ(purchase.lines.lines.front().pieces % 12, 0);
  EXPECT_GE(purchase.lines.lines.front().pieces, 24);
  look();
  EXPECT_EQ(store::purchases(*world.reader, {}).value().items.size(), 1U);  // it is on order
  done(DecidePurchase{purchase.purchase, "sent", {}, "", "ada"});
  EXPECT_FALSE(done(DecidePurchase{purchase.purchase, "sent", {}, "", "ada"}).created);
  const auto delivery = store::delivery(*world.reader, purchase.purchase).value();
  ASSERT_TRUE(delivery.has_value());
  EXPECT_EQ(delivery->purchase, purchase.purchase);
  done(ReceiveGoods{
      purchase.purchase, "", "MUG", "", purchase.lines.lines.front().pieces, 0, {}, "bob"});
  EXPECT_TRUE(store::delivery(*world.reader, purchase.purchase).value()->closed_ms.has_value());
  const auto again = world.ask(DecidePurchase{purchase.purchase, "dropped", {}, "", "ada"});
  EXPECT_TRUE(again.error.has_value());
}

TEST_F(DailyLookTest, EachSuppliersPurchaseHasANumberOfItsOwn) {
  world.config.stock.ask_counts = false;
  int order = 0;
  for (const auto& [sku, supplier] : {std::pair{"MUG", "POTTERS"}, std::pair{"CUP", "GLASS"}}) {
    world.stock(sku, "leipzig", 60);
    done(SetSupplier{supplier, supplier, "order@glass.example", "", 7, 7, "ada"});
    done(DefineSupply{sku, supplier, 1, "PM-1", 12, 24, 450, "EUR", 3, "ada"});
    sell(std::to_string(++order), 56, 0, sku);
  }
  look();
  std::vector<std::string> ids;
  const auto page = store::purchases(*world.reader, {}).value();
  for (const auto& row : page.items) ids.push_back(row.purchase);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, (std::vector<std::string>{"P1001", "P1002"}));
}

TEST_F(DailyLookTest, ASiteThatHasTooMuchIsProposedToHelpTheOther) {
  world.stock("MUG", "leipzig", 60);
  world.stock("MUG", "ulm", 500);
  done(SetSupplier{"POTTERS", "The Potters", "", "", 14, 7, "ada"});
  done(DefineSupply{"MUG", "POTTERS", 1, "", 1, 0, 450, "EUR", 0, "ada"});
  sell("1", 56);
  look();
  const auto proposals = store::transfer_proposals(*world.reader).value();
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals.front().proposal.from_site, "ulm");
  EXPECT_EQ(proposals.front().proposal.to_site, "leipzig");
}

TEST_F(DailyLookTest, WhatIsLateIsAnExceptionAndAStaleTaskIsDropped) {
  world.stock("MUG", "leipzig", 60);
  const auto soon = world.now.wall_ms + 60'000;
  done(AnnounceDelivery{"ASN-1", "POTTERS", "leipzig", soon, {{"MUG", 5}}, "api"});
  const auto transfer = done(OrderTransfer{"MUG", "leipzig", "ulm", 6, soon, "demand", "ada"}).id;
  done(SendTransfer{transfer, 6, {}, "ada"});
  const auto task = done(AskCount{"MUG", "leipzig", "", "silence"}).id;
  world.now.wall_ms += 8 * stock::kDayMs;
  world.pass(2'000);
  auto open = world.open_exceptions();
  std::ranges::sort(open);
  EXPECT_TRUE(
      std::ranges::includes(open, std::vector<std::string>{"delivery_late", "transfer_late"}));
  const auto tasks = store::count_tasks(*world.reader, {}).value();
  ASSERT_FALSE(tasks.items.empty());
  EXPECT_EQ(tasks.items.back().task, task);
  EXPECT_EQ(tasks.items.back().state, "dropped");
}

TEST_F(DailyLookTest, FilesOfEveryKindAreTakenInAndARowThatIsWrongIsAnException) {
  const auto import = [&](const char* kind, const char* bytes) {
    StartImport start{.kind = kind, .name = std::string(kind) + ".csv", .bytes = bytes};
    const auto reply = world.ask(std::move(start));
    ASSERT_FALSE(reply.error.has_value()) << reply.error->detail;
    world.pass(500);
  };
  import("items",
         "sku,title,barcode,weight_g,Hazardous,cold chain,tracked,cost\n"
         "MUG,Mug,4006381333931,310,,no,lot,2.50\nCUP,Cup,,,ja,,,\nPOT,Pot,,,perhaps,,,\n"
         "JUG,Jug,,,,,colour,\n");
  import("barcodes",
         "sku,barcode,pieces,unit\nMUG,14006381333938,12,case\nMUG,4006381333931,,\n"
         "NONE,4006381333948,1,\n");
  import("suppliers", "supplier,title,email,lead_days\nPOTTERS,The Potters,o@p.example,7\n");
  import("supplies", "sku;supplier;pack;price\nMUG;POTTERS;12;4,50\nMUG;NOBODY;1;1\n");
  import("deliveries",
         "delivery,supplier,sku,quantity,site,expected\nA1,POTTERS,MUG,24,leipzig,2026-12-01\n"
         "A1,POTTERS,CUP,6,leipzig,2026-12-01\n");
  import("counts", "sku,site,counted\nMUG,leipzig,5\nCUP,rome,5\nCUP,ulm,many\n");
  EXPECT_EQ(store::supplies(*world.reader, {.sku = "MUG"}).value().items.front().price_minor, 450);
  EXPECT_EQ(store::delivery(*world.reader, "A1").value()->delivery.lines.size(), 2U);
  EXPECT_EQ(store::export_rows(*world.reader, "stock").value().at(1).back(), "5");
  const auto open = world.open_exceptions();
  EXPECT_EQ(std::ranges::count(open, "import_row"), 6);
  // What goes out comes in again as it was: a list of codes does not unsay that one is a case.
  const auto items = store::export_rows(*world.reader, "items").value();
  const auto codes = store::export_rows(*world.reader, "barcodes").value();
  EXPECT_EQ(items.at(2), (std::vector<std::string>{"MUG", "Mug", "14006381333938 4006381333931",
                                                   "310", "", "no", "lot", "250"}));
  EXPECT_EQ(items.at(1), (std::vector<std::string>{"CUP", "Cup", "", "", "yes", "", "", ""}));
  EXPECT_EQ(codes.at(1), (std::vector<std::string>{"MUG", "14006381333938", "12", "case"}));
  std::string again;
  for (const auto& row : items) {
    for (const auto& field : row) again += field + (&field == &row.back() ? "\n" : ",");
  }
  import("items", again.c_str());
  EXPECT_EQ(store::export_rows(*world.reader, "items").value(), items);
  EXPECT_EQ(store::export_rows(*world.reader, "barcodes").value(), codes);
}

TEST_F(DailyLookTest, ExportsAreReadBackAsTheyWere) {
  world.stock("MUG", "leipzig", 5);
  const auto rows = store::export_rows(*world.reader, "stock").value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1], (std::vector<std::string>{"MUG", "MUG title", "MUG-BC", "leipzig", "", "5"}));
  EXPECT_FALSE(store::export_rows(*world.reader, "secrets").has_value());
}

}  // namespace
}  // namespace dockline::server
