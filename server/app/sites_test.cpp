// Sites as people describe them: in force from the turn that keeps it, and after a restart.
#include <gmock/gmock.h>

#include "server/rulebook/rulebook.hpp"
#include "server/store/reader_routing.hpp"
#include "server/store/reader_sites.hpp"
#include "server/whatif/whatif.hpp"
#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Ulm is the cheaper one.
constexpr std::string_view kRules = R"([routing]
currency = "EUR"
chain = "cheap"
[[chain]]
name = "cheap"
version = 3
rules = ["stock", "handling"]
[[site]]
name = "leipzig"
handling_parcel_minor = 200
handling_piece_minor = 0
[[site]]
name = "ulm"
handling_parcel_minor = 50
handling_piece_minor = 0
)";

struct HubSites : ::testing::Test {
  void use(std::string_view rules) {
    auto book = rulebook::read(rules, "routing.toml", std::nullopt);
    ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
    w.config.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
  }
  void begin() {
    w.start();
    for (const char* site : {"leipzig", "ulm"}) w.stock("MUG", site, 50);
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
  }
  Reply describe(const std::string& site, const rulebook::SiteValues& values) {
    return w.ask(DescribeSite{site, values, "moved", "ann"});
  }
  wire::DecisionMade decided(const std::string& number) {
    const auto order = w.look(w.order(number, {{"MUG", 1}}));
    const auto row = store::decision_of(*w.reader, order.decisions.at(0).id).value().value();
    return std::get<wire::DecisionMade>(wire::decode(row.body).value().data);
  }
  std::string site_of(const std::string& number) { return decided(number).allocations.at(0).site; }
  void restart() {
    w.reader.reset();
    w.turn.reset();
    w.start();
  }
  store::ImportRow take_in(const std::string& name, const std::string& bytes) {
    const auto reply = w.ask(StartImport{.kind = "sites", .name = name, .bytes = bytes});
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    w.settle();
    return w.reader->import(reply.id).value().value();
  }
  std::vector<std::string> why(const store::ImportRow& import) {
    std::vector<std::string> out;
    const auto page = w.reader->import_rows(import.id, "exception", 0, 50).value();
    for (const auto& row : page.items) out.push_back(row.why);
    return out;
  }
  testing::World w;
};

TEST_F(HubSites, TheNextDecisionGoesByTheDescription) {
  use(kRules);
  begin();
  EXPECT_EQ(site_of("1"), "ulm");
  EXPECT_TRUE(
      describe("ulm", {{"handling_parcel_minor", "900"}, {"handling_piece_minor", "0"}}).created);
  EXPECT_EQ(site_of("2"), "leipzig");
  restart();
  EXPECT_EQ(site_of("3"), "leipzig");
  // Without values the file holds again.
  EXPECT_TRUE(describe("ulm", {}).created);
  EXPECT_EQ(site_of("4"), "ulm");
  restart();
  EXPECT_EQ(site_of("5"), "ulm");
}

// With the last description the rules end that made orders wait, and with them who asks again.
TEST_F(HubSites, WhoWaitedForAFullSiteIsSentWhenNothingIsSaidOfSitesAnyMore) {
  begin();
  for (const char* site : {"leipzig", "ulm"}) {
    EXPECT_TRUE(describe(site, {{"capacity_per_day", "0"}}).created);
  }
  const auto first = w.order("1", {{"MUG", 1}}), second = w.order("2", {{"MUG", 2}});
  EXPECT_EQ(w.look(first).lines[0].backordered, 1);
  EXPECT_EQ(w.look(second).lines[0].backordered, 2);
  for (const char* site : {"leipzig", "ulm"}) EXPECT_TRUE(describe(site, {}).created);
  w.pass(2'000);
  EXPECT_EQ(w.look(first).lines[0].backordered, 0);
  EXPECT_EQ(w.look(second).lines[0].backordered, 0);
}

TEST_F(HubSites, ARecordNamesTheDescriptionThatWasUsed) {
  std::string rules(kRules);
  rules.replace(rules.find("\"handling\""), 10, "\"handling\", \"distance\"");
  use(rules);
  begin();
  const auto named = [](const wire::DecisionMade& made) {
    std::vector<std::string> out;
    for (const auto& input : made.inputs) out.push_back(input.name + ": " + input.value);
    return out;
  };
  EXPECT_THAT(named(decided("1")), Not(Contains(HasSubstr("as described"))));
  const rulebook::SiteValues values{
      {"distance_km.other", "10"}, {"handling_parcel_minor", "1"}, {"handling_piece_minor", "0"}};
  EXPECT_TRUE(describe("ulm", values).created);
  const auto made = decided("2");
  EXPECT_EQ(made.rule, "cheap");
  EXPECT_EQ(made.version, 3);
  EXPECT_THAT(named(made),
              Contains("site ulm: as described, version " + rulebook::version_of(values)));
}

TEST_F(HubSites, AWrongValueIsRefusedWholeAndChangesNothing) {
  use(kRules);
  begin();
  const auto position = w.reader->last_position().value();
  const auto reply =
      describe("ulm", {{"handling_parcel_minor", "900"}, {"handling_piece_minor", "a lot"}});
  ASSERT_TRUE(reply.error.has_value());
  EXPECT_EQ(reply.error->fault, base::Fault::reject);
  EXPECT_THAT(reply.error->detail, HasSubstr("handling_piece_minor: a whole number is needed"));
  EXPECT_TRUE(describe("rome", {{"hazardous", "true"}}).error.has_value());
  EXPECT_EQ(w.reader->last_position().value(), position);
  EXPECT_EQ(site_of("1"), "ulm");
  const rulebook::SiteValues same{{"hazardous", "yes"}};
  EXPECT_TRUE(describe("ulm", same).created);
  EXPECT_FALSE(describe("ulm", same).created);
  EXPECT_EQ(store::described_sites(*w.reader).value().at("ulm").at(0).second, "true");
}

TEST_F(HubSites, WithoutARoutingFileCapacityCountsWhereItIsDescribed) {
  begin();
  EXPECT_EQ(decided("1").rule, "nearest-with-everything");
  EXPECT_TRUE(describe("leipzig", {{"capacity_per_day", "3"}}).created);
  const auto second = decided("2");
  EXPECT_EQ(second.rule, "nearest-as-described");
  EXPECT_EQ(second.allocations.at(0).site, "leipzig");
  EXPECT_EQ(site_of("3"), "leipzig");
  EXPECT_EQ(site_of("4"), "ulm");
  restart();
  EXPECT_EQ(site_of("5"), "ulm");
  EXPECT_TRUE(describe("leipzig", {}).created);
  EXPECT_EQ(decided("6").rule, "nearest-with-everything");
}

TEST_F(HubSites, AForecastWaitsForTheCollectionThatWasDescribed) {
  begin();
  ReceiveOrder order;
  order.number = "P";
  order.ship_to.name = "Ada";
  order.lines = {{.line = 0, .sku = "MUG", .title = "MUG", .quantity = 1}};
  order.promised_ms = w.now.wall_ms + 3 * 86'400'000LL;
  const auto on_time = w.ask(order);
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted")));
  // No carrier comes for a week: closed every day of it but in the far future.
  EXPECT_TRUE(describe("leipzig", {{"time_zone", "Europe/Berlin"},
                                   {"hours.mon", "08:00-08:01"},
                                   {"closed", "2026-09-21 2026-09-28 2026-10-05"}})
                  .created);
  w.pass(30'000);
  EXPECT_THAT(w.open_exceptions(), Contains("delay_predicted"));
}

TEST_F(HubSites, WhatIfTakesSitesAsPeopleDescribedThem) {
  use(kRules);
  begin();
  EXPECT_EQ(site_of("1"), "ulm");
  const auto file = rulebook::read(kRules, "r.toml", std::nullopt).value();
  EXPECT_EQ(whatif::run(*w.reader, file, {.since_ms = 0}).value().moved_total, 0);
  EXPECT_TRUE(
      describe("ulm", {{"handling_parcel_minor", "900"}, {"handling_piece_minor", "0"}}).created);
  const auto report = whatif::run(*w.reader, file, {.since_ms = 0}).value();
  EXPECT_EQ(report.moved_total, 1);
  EXPECT_EQ(report.moved.at(0).to, "leipzig");
  EXPECT_THAT(report.described, ::testing::ElementsAre("ulm"));
}

// A time zone that this computer does not know: told, and the file holds.
TEST_F(HubSites, ADescriptionThatCannotBeReadAnyMoreIsToldAndTheFileHolds) {
  use(kRules);
  begin();
  EXPECT_TRUE(
      describe("ulm", {{"handling_parcel_minor", "900"}, {"handling_piece_minor", "0"}}).created);
  w.reader.reset();
  w.turn.reset();
  {
    auto db = sqlite::Db::open(w.config.db_path, {}).value();
    ASSERT_TRUE(db.exec("UPDATE p_site SET value = 'x' WHERE key = 'handling_piece_minor'"));
  }
  w.start();
  w.settle();
  EXPECT_THAT(w.open_exceptions(), Contains("site_unread"));
  EXPECT_EQ(site_of("2"), "ulm");
  EXPECT_TRUE(describe("ulm", {}).created);  // whole again, for verify()
}

constexpr const char* kHead =
    "site,title,priority,from,skus,pieces,time_zone,closed,capacity_per_day,hazardous,cold_chain,"
    "handling_parcel_minor,handling_piece_minor,hours.mon-fri,zones.DE 4\n";

TEST_F(HubSites, AFileOfSitesIsAllThatIsKnownOfThem) {
  use(kRules);
  begin();
  const std::string row =
      "leipzig,Leipzig,1,people,1,50,Europe/Berlin,2026-12-25,400,TRUE,,120,15,08:00-16:30,1\n";
  const auto first = take_in("sites.csv", kHead + row);
  EXPECT_EQ(first.state, "done") << first.problem;
  EXPECT_EQ(first.items, 1);
  EXPECT_EQ(first.changes, 1);
  const auto held = store::described_sites(*w.reader).value().at("leipzig");
  EXPECT_EQ(held.size(), 8U);
  EXPECT_THAT(held, Contains(::testing::Pair("zones.DE 4", "1")));
  EXPECT_EQ(take_in("again.csv", kHead + row).changes, 0);
  EXPECT_TRUE(describe("leipzig", {{"hazardous", "false"}}).created);
  EXPECT_EQ(take_in("again.csv", kHead + row).changes, 1) << "it says so again";
  // A row without values: what the file says; one that says what the file says: nothing to do.
  EXPECT_EQ(take_in("empty.csv", std::string(kHead) + "leipzig,,,,,,,,,,,,,,\n").changes, 1);
  EXPECT_EQ(take_in("file.csv", std::string(kHead) + "ulm,,,,,,,,,,,50,0,,\n").changes, 0);
  EXPECT_THAT(store::described_sites(*w.reader).value(), IsEmpty());
}

TEST_F(HubSites, WrongRowsOfAFileNameTheirColumnAndChangeNothing) {
  begin();
  const auto import = take_in("wrong.csv", std::string(kHead) +
                                               "leipzig,,,,,,,,many,,,,,,\n"
                                               "rome,,,,,,,,5,,,,,,\n"
                                               ",,,,,,,,5,,,,,,\n"
                                               "ulm,,,,,,,,5,,,,,,\n"
                                               "ulm,,,,,,,,6,,,,,,\n");
  EXPECT_EQ(import.items, 1);
  EXPECT_THAT(why(import),
              ::testing::ElementsAre(
                  HasSubstr("column 9 (capacity_per_day): \"many\": a whole number is needed"),
                  HasSubstr("\"rome\" is not configured"), HasSubstr("column 1 (site) is empty"),
                  HasSubstr("stands in row 4 already")));
  const auto old = take_in("old.csv", "site,skus,pieces\nulm,1,50\n");
  EXPECT_EQ(old.state, "failed");
  EXPECT_THAT(old.problem, HasSubstr("the header lacks: time_zone, closed"));
  const auto twice = take_in("twice.csv", "site,zones.DE,zones.DE\nulm,1,2\n");
  EXPECT_THAT(twice.problem, HasSubstr("columns 2 and 3 are both zones.DE"));
  const auto described = store::described_sites(*w.reader).value();
  EXPECT_EQ(described.size(), 1U);
  EXPECT_EQ(described.at("ulm").at(0).second, "5");
}

}  // namespace
}  // namespace dockline::server
