// What left the shelves per day: the region it is counted for, what stations used beside orders,
// and what both mean: proposals, and the figures of a silent station.
#include <gmock/gmock.h>

#include "server/audit/audit.hpp"
#include "server/rulebook/rulebook.hpp"
#include "server/store/reader_buying.hpp"
#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::IsEmpty;
using testing::World;

// Bavaria is Ulm's, Saxony is Leipzig's; both are declared for no other country.
constexpr std::string_view kRules = R"([routing]
currency = "EUR"
chain = "any"
[[chain]]
name = "any"
rules = ["stock"]
[[site]]
name = "leipzig"
[site.distance_km]
"DE 0" = 40
"DE 8" = 420
[[site]]
name = "ulm"
[site.distance_km]
"DE 0" = 430
"DE 8" = 90
)";

struct TallyTest : ::testing::Test {
  void start(bool with_rules) {
    if (with_rules) {
      auto book = rulebook::read(kRules, "routing.toml", std::nullopt);
      ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
      w.config.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
    }
    w.config.stock.ask_counts = false;
    w.start();
    (void)w.bench("leipzig", "bench-1");
    (void)w.bench("ulm", "bench-2");
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
    const auto report = audit::check_files(w.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  Reply done(StockCommand command) {
    auto reply = w.ask(std::move(command));
    w.settle();
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    return reply;
  }
  void look() {
    done(LookAtShelves{"ada"});
    w.pass(1'000);
  }
  void suppliers(const std::vector<std::string>& skus) {
    done(SetSupplier{"POTTERS", "The Potters", "", "", 14, 7, "ada"});
    for (const auto& sku : skus) {
      done(DefineSupply{sku, "POTTERS", 1, "", 1, 0, 450, "EUR", 0, "ada"});
    }
  }
  // Ordered from there, sent and packed by Leipzig, which alone has it.
  void sell(const std::string& number, domain::Quantity pieces, const std::string& code) {
    ReceiveOrder command;
    command.number = number;
    command.ship_to.name = "Ada";
    command.ship_to.country = "DE";
    command.ship_to.postal_code = code;
    command.lines.push_back({.line = 0, .sku = "MUG", .title = "MUG", .quantity = pieces});
    EXPECT_FALSE(w.ask(std::move(command)).error.has_value());
    w.settle();
    auto& bench = w.bench("leipzig", "bench-1");
    ASSERT_FALSE(bench.leases.empty());
    w.pack(bench, bench.leases.back());
  }
  std::int64_t sum(const std::string& sql) {
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto query = db.prepare(sql);
    return query.step().value() ? query.integer(0) : 0;
  }
  World w;
};

TEST_F(TallyTest, DemandBelongsToTheSiteOfTheRegionNotToTheOneThatHelpedOut) {
  start(true);
  w.stock("MUG", "leipzig", 600);
  w.stock("MUG", "ulm", 1);
  suppliers({"MUG"});
  sell("1", 56, "89073");
  look();
  auto proposals = store::transfer_proposals(*w.reader).value();
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals.front().proposal.from_site, "leipzig");
  EXPECT_EQ(proposals.front().proposal.to_site, "ulm");
  EXPECT_GT(proposals.front().proposal.pieces, 20) << "three weeks of 56 in 28 days";
}

TEST_F(TallyTest, WithoutARoutingFileDemandBelongsToTheSiteThatSentIt) {
  start(false);
  w.stock("MUG", "leipzig", 600);
  w.stock("MUG", "ulm", 1);
  suppliers({"MUG"});
  sell("1", 56, "89073");
  look();
  EXPECT_THAT(store::transfer_proposals(*w.reader).value(), IsEmpty());
}

TEST_F(TallyTest, ASiteThatNeverHadTheArticleGetsNoneOfItsDemand) {
  start(true);
  w.stock("MUG", "leipzig", 60);
  suppliers({"MUG"});
  sell("1", 56, "89073");
  look();
  EXPECT_THAT(store::transfer_proposals(*w.reader).value(), IsEmpty());
  const auto page = store::purchases(*w.reader, {}).value();
  ASSERT_EQ(page.items.size(), 1U) << "Leipzig has sold it, and needs it again";
  EXPECT_EQ(page.items.front().site, "leipzig");
}

TEST_F(TallyTest, EachPieceIsCountedOnceAcrossLooksAndStarts) {
  start(true);
  w.stock("MUG", "leipzig", 600);
  sell("1", 5, "89073");
  look();
  w.start();
  look();
  sell("2", 7, "04109");
  look();
  look();
  EXPECT_EQ(sum("SELECT sum(pieces) FROM tally_sold"), 12);
  EXPECT_EQ(sum("SELECT sum(pieces) FROM tally_sold WHERE code = '04'"), 7);
  // Read from more days than were kept: counted again, not on top.
  w.config.stock.demand_days = 90;
  w.start();
  look();
  EXPECT_EQ(sum("SELECT sum(pieces) FROM tally_sold"), 12);
  w.now.wall_ms += 91 * stock::kDayMs;
  look();
  EXPECT_EQ(sum("SELECT count(*) FROM tally_sold"), 0) << "nothing is kept for ever";
}

TEST_F(TallyTest, WhatIsOrderedAndNeverLayAnywhereIsBought) {
  start(false);
  (void)w.ask(RegisterItem{{"NEW", "New", std::nullopt, {}, 100}, {}});
  suppliers({"NEW"});
  (void)w.order("1", {{"NEW", 9}});
  look();
  const auto page = store::purchases(*w.reader, {}).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items.front().site, "leipzig") << "the site that is tried first";
  ASSERT_EQ(page.items.front().lines.lines.size(), 1U);
  EXPECT_EQ(page.items.front().lines.lines.front().sku, "NEW");
  EXPECT_EQ(page.items.front().lines.lines.front().pieces, 9);
  look();
  EXPECT_EQ(store::purchases(*w.reader, {}).value().items.size(), 1U) << "it is proposed already";
}

TEST_F(TallyTest, OnlyWhatABenchSaysIsItsUse) {
  start(false);
  w.stock("MUG", "leipzig", 100);
  auto& bench = w.bench("leipzig", "bench-1");
  const auto count = [&](domain::Quantity pieces) {
    const auto task = done(AskCount{"MUG", "leipzig", "bench-1", "silence"}).id;
    bench.say(w.now, wire::StockCounted{"leipzig", "MUG", pieces, {}, task, {}, "bench-1"}, "MUG");
    w.settle();
  };
  count(86);
  done(CountStock{"MUG", "leipzig", 80, "", "ada"});  // by hand: nobody is silent about it
  look();
  EXPECT_EQ(sum("SELECT sum(pieces) FROM tally_used"), 14);
  count(82);
  look();
  EXPECT_EQ(sum("SELECT sum(pieces) FROM tally_used WHERE station = 'bench-1'"), 12)
      << "what turns up again was not used";
}

}  // namespace
}  // namespace dockline::server
