// Routing under a configured rulebook: what is gathered, a person's word, dark sites, scarce stock,
// and what other rules would have done.
#include <gmock/gmock.h>

#include "server/routing/json.hpp"
#include "server/rulebook/rulebook.hpp"
#include "server/store/reader_routing.hpp"
#include "server/whatif/whatif.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Ulm is nearer in the configuration's priority, leipzig is cheaper to send from.
constexpr std::string_view kRules = R"([routing]
currency = "EUR"
chain = "cheap"
scarce = ["promised", "age"]
dark_after_minutes = 10
[[chain]]
name = "cheap"
version = 3
rules = ["stock", "capacity", "carrier", "hazardous", "shipping", "handling", "margin"]
[[site]]
name = "leipzig"
capacity_per_day = 2
hazardous = true
handling_parcel_minor = 200
handling_piece_minor = 0
zones.other = "2"
[[site]]
name = "ulm"
capacity_per_day = 50
hazardous = false
handling_parcel_minor = 50
handling_piece_minor = 0
zones.other = "1"
[[service]]
carrier = "Post"
name = "parcel"
countries = ["DE"]
hazardous = true
[service.rates.1]
31500 = 300
[service.rates.2]
31500 = 500
)";

struct HubRouting : ::testing::Test {
  void use(std::string_view rules) {
    auto book = rulebook::read(rules, "routing.toml", std::nullopt);
    ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
    w.config.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    const auto report = w.verify();
    EXPECT_TRUE(report.equal);
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
  }
  std::string order(const std::string& number, const std::string& sku, std::int64_t pieces,
                    const std::string& country = "DE") {
    ReceiveOrder c;
    c.number = number;
    c.ship_to.name = "Ada";
    c.ship_to.country = country;
    c.lines = {
        {.line = 0, .sku = sku, .title = sku, .quantity = pieces, .unit_price_minor = 1'500}};
    const auto reply = w.ask(c);
    EXPECT_FALSE(reply.error.has_value());
    w.settle();
    return reply.id;
  }
  void item(const std::string& sku, bool hazardous) {
    domain::Item item{sku, sku, std::nullopt, {}, 400, hazardous, false, std::nullopt, 600};
    EXPECT_FALSE(w.ask(RegisterItem{item, {}}).error.has_value());
  }
  void put(const std::string& sku, const std::string& site, std::int64_t pieces) {
    EXPECT_FALSE(w.ask(AdjustStock{sku, site, pieces, "receipt"}).error.has_value());
    w.settle();
  }
  wire::DecisionMade newest(const std::string& order) {
    const auto rows = w.look(order).decisions;
    const auto full = store::decision_of(*w.reader, rows.at(0).id).value().value();
    return std::get<wire::DecisionMade>(wire::decode(full.body).value().data);
  }
  std::string site_of(const std::string& order) { return w.look(order).order.site; }
  testing::World w;
};

TEST_F(HubRouting, WithoutARulebookNothingButFiguresIsGathered) {
  w.start();
  item("MUG", true);
  put("MUG", "leipzig", 5);
  const auto made = newest(order("1", "MUG", 2));
  EXPECT_EQ(made.rule, "nearest-with-everything");
  EXPECT_FALSE(made.facts || made.costs || made.rules || made.currency || made.policy || made.by);
  EXPECT_EQ(made.reason, "leipzig is the nearest site that has everything.");
  EXPECT_EQ(made.inputs.size(), 2U);
}

// What the packer sticks on the box is what routing chose; without a choice, what server.toml says.
TEST_F(HubRouting, TheLabelBearsTheServiceThatWasChosen) {
  use(kRules);
  w.config.carrier = "House";
  w.config.service = "standard";
  w.start();
  item("MUG", false);
  put("MUG", "ulm", 5);
  auto& bench = w.bench("ulm", "bench-2");
  (void)order("1", "MUG", 2);
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].label.carrier, "Post");
  EXPECT_EQ(bench.leases[0].label.service, "parcel");
  w.config.rulebook = nullptr;  // the house takes its file away
  w.start();
  w.connect(bench);
  w.settle();
  (void)order("2", "MUG", 1);
  ASSERT_EQ(bench.leases.size(), 2U);
  EXPECT_EQ(bench.leases[1].label.carrier, "House");
  EXPECT_EQ(bench.leases[1].label.service, "standard");
}

// A service whose parcels come late costs more from then on; what the file says holds against that.
TEST_F(HubRouting, AServiceIsAsReliableAsItsParcelsShowed) {
  std::string rules(kRules);
  rules.replace(rules.find("\"shipping\""), 0, "\"reliability\", ");
  rules.insert(rules.find("countries"), "transit_hours = 24\n");
  use(rules);
  w.start();
  item("MUG", false);
  put("MUG", "ulm", 50);
  auto& bench = w.bench("ulm", "bench-2");
  const auto reliability = [&](const std::string& number) {
    const auto made = newest(order(number, "MUG", 1));
    for (const auto& one : made.candidates) {
      if (!one.chosen) continue;
      for (const auto& term : one.costs.value()) {
        if (term.rule == "reliability") return term.why;
      }
    }
    return std::string();
  };
  EXPECT_EQ(reliability("first"), "900 of 1000 parcels come as said, assumed");
  w.pack(bench, bench.leases.back());
  for (int n = 0; n < 20; ++n) {
    (void)order("N" + std::to_string(n), "MUG", 1);
    w.pack(bench, bench.leases.back());
    const auto tracking = bench.leases.back().label.tracking;
    (void)w.ask(HandOver{.site = {}, .trackings = {tracking}, .by = "kim"});
    // Said for the day after; five of them come a day later.
    w.now.wall_ms += (n < 5 ? 50 : 20) * 3'600'000;
    EXPECT_TRUE(w.ask(DeliverParcel{.tracking = tracking, .by = "carrier"}).created);
    EXPECT_FALSE(w.ask(DeliverParcel{.tracking = tracking, .by = "carrier"}).created);
    w.connect(bench);  // it is heard on the new day too
    w.settle();
  }
  w.now.mono_ms += 600'000;
  w.settle();
  EXPECT_EQ(reliability("after"), "750 of 1000 parcels come as said");
  const auto made = newest("api:after");
  EXPECT_THAT(made.inputs, ::testing::Contains(::testing::AllOf(
                               ::testing::Field(&wire::DecisionInput::name, "Post parcel"),
                               ::testing::Field(&wire::DecisionInput::value,
                                                "750 of 1000 parcels came as said, of 20 in 28 "
                                                "days"))));
  // What-if reckons with it too; of weeks long ago nobody asks.
  const auto book = rulebook::read(rules, "r.toml", std::nullopt).value();
  const auto would = [&](std::int64_t now_ms) {
    return whatif::run(*w.reader, book, {.since_ms = 0, .now_ms = now_ms}).value();
  };
  const auto later = would(w.now.wall_ms + std::int64_t{60} * 86'400'000);
  EXPECT_EQ(would(w.now.wall_ms).would.cost_minor, later.would.cost_minor + 150 * later.decisions);
  rules.insert(rules.find("countries"), "reliability_per_mille = 990\n");
  use(rules);
  w.start();
  w.connect(bench);
  w.settle();
  EXPECT_EQ(reliability("typed"), "990 of 1000 parcels come as said");
}

TEST_F(HubRouting, DecisionsAreFoundByOutcomeAndByTheSiteThatGotSomethingToDo) {
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 3);
  put("MUG", "ulm", 50);
  for (int n = 0; n < 6; ++n) (void)order("R" + std::to_string(n), "MUG", 3);
  (void)order("MANY", "MUG", 90);
  const auto found = [&](store::DecisionQuery query) {
    std::vector<std::string> out;
    for (int pages = 0; pages < 50; ++pages) {
      const auto page = store::decisions_where(*w.reader, query).value();
      EXPECT_LE(page.items.size(), static_cast<std::size_t>(query.limit));
      for (const auto& d : page.items) out.push_back(d.subject);
      if (page.next.empty()) return out;
      query.after = page.next;
    }
    ADD_FAILURE() << "no end";
    return out;
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(found({.site = "leipzig"}), ElementsAre("api:R0"));
  const auto at_ulm = ElementsAre("api:R5", "api:R4", "api:R3", "api:R2", "api:R1");
  EXPECT_THAT(found({.site = "ulm"}), at_ulm);
  EXPECT_THAT(found({.site = "ulm", .limit = 2}), at_ulm);
  EXPECT_THAT(found({.outcome = "allocated", .site = "ulm", .limit = 1}), at_ulm);
  EXPECT_THAT(found({.outcome = "backordered"}), ElementsAre("api:MANY"));
  EXPECT_THAT(found({.outcome = "backordered", .site = "ulm"}), ElementsAre());
  EXPECT_THAT(found({.subject = "api:R3", .outcome = "allocated"}), ElementsAre("api:R3"));
  EXPECT_THAT(found({.subject = "api:R3", .site = "leipzig"}), ElementsAre());
  EXPECT_EQ(found({.limit = 3}).size(), 7U);
  const auto page =
      store::decisions_where(*w.reader, {.outcome = "allocated", .limit = 2, .skip = 1});
  EXPECT_EQ(page->total, 6);
  EXPECT_EQ(page->items.at(0).subject, "api:R4");
}

TEST_F(HubRouting, AKitEarnsItsOwnPriceLessWhatItsPartsWereBoughtFor) {
  use(kRules);
  w.start();
  item("MUG", false);
  item("POT", false);
  (void)w.ask(RegisterItem{{"SET", "SET", std::nullopt, {}, std::nullopt}, {}});
  ASSERT_TRUE(w.ask(DefineKit{"SET", {{"MUG", 2}, {"POT", 1}}, "ann"}).created);
  put("MUG", "leipzig", 9);
  put("POT", "leipzig", 9);
  const auto made = newest(order("1", "SET", 2));
  const auto facts = routing::facts_from_json(made.facts.value()).value();
  EXPECT_EQ(facts.margin_minor, 2 * 1'500 - 2 * 3 * 600);
}

TEST_F(HubRouting, TheChainInForceGetsWhatItAsksFor) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 5);
  put("MUG", "ulm", 5);
  const auto made = newest(order("1", "MUG", 2));
  EXPECT_EQ(made.rule, "cheap");
  EXPECT_EQ(made.version, 3);
  EXPECT_EQ(made.allocations.at(0).site, "ulm") << made.reason;
  EXPECT_EQ(made.optimality->cost_minor, 350);
  EXPECT_EQ(made.optimality->method, "exact");
  const auto facts = routing::facts_from_json(made.facts.value()).value();
  EXPECT_EQ(facts.margin_minor, 2 * 1'500 - 2 * 600);
  EXPECT_EQ(facts.goods.at(0).weight_g, 400);
  EXPECT_EQ(facts.sites.at(0).capacity_left, 2);
  EXPECT_EQ(facts.sites.at(0).load_as_of_ms, facts.now_ms);
  EXPECT_FALSE(facts.sites.at(0).alive.has_value()) << "no rule of the chain asks";
  // The record's facts give the same decision again, byte for byte.
  auto again = routing::decide(facts, w.config.rulebook->chains.standard, made.decision);
  EXPECT_EQ(again.reason, made.reason);
}

TEST_F(HubRouting, HardRulesForbid) {
  use(kRules);
  w.start();
  item("ACID", true);
  put("ACID", "ulm", 5);
  const auto id = order("1", "ACID", 1);
  EXPECT_EQ(w.look(id).order.state, "backordered");
  EXPECT_THAT(newest(id).candidates.at(1).why, HasSubstr("may not handle hazardous goods"));
  put("ACID", "leipzig", 5);
  EXPECT_EQ(site_of(id), "leipzig");
  EXPECT_EQ(w.look(order("2", "ACID", 1, "FR")).order.state, "backordered");
}

TEST_F(HubRouting, ASiteThatIsFullGetsNothingMoreThatDay) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 50);
  EXPECT_EQ(site_of(order("1", "MUG", 1)), "leipzig");
  EXPECT_EQ(site_of(order("2", "MUG", 1)), "leipzig");
  const auto third = order("3", "MUG", 1);
  EXPECT_EQ(w.look(third).order.state, "backordered");
  EXPECT_THAT(newest(third).reason, HasSubstr("no capacity left today"));
}

// Ulm is cheaper, but its only carrier does not get through to Bavaria now.
TEST_F(HubRouting, ADisruptionInARegionMovesItsOrdersToAnotherCarrierAndSite) {
  use(R"([routing]
currency = "EUR"
chain = "cheap"
[[chain]]
name = "cheap"
rules = ["stock", "carrier", "shipping", "handling", "disruption"]
[[site]]
name = "leipzig"
handling_parcel_minor = 100
handling_piece_minor = 0
zones.other = "1"
[[site]]
name = "ulm"
handling_parcel_minor = 0
handling_piece_minor = 0
zones.other = "1"
[[service]]
carrier = "Post"
name = "parcel"
countries = ["DE"]
[service.rates.1]
31500 = 300
[service.disruption]
DE-BY = 800
[[service]]
carrier = "Rail"
name = "parcel"
sites = ["leipzig"]
countries = ["DE"]
[service.rates.1]
31500 = 500
)");
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 5);
  put("MUG", "ulm", 5);
  const auto to = [&](const std::string& number, const std::string& region) {
    ReceiveOrder c;
    c.number = number;
    c.ship_to.name = "Ada";
    c.ship_to.country = "DE";
    c.ship_to.region = region;
    c.lines = {{.line = 0, .sku = "MUG", .title = "MUG", .quantity = 1}};
    const auto reply = w.ask(c);
    EXPECT_FALSE(reply.error.has_value());
    w.settle();
    return newest(reply.id);
  };
  const auto undisturbed = to("1", "BW"), moved = to("2", "BY");
  EXPECT_EQ(undisturbed.allocations.at(0).site, "ulm") << undisturbed.reason;
  EXPECT_EQ(undisturbed.inputs.at(0).value, "Post parcel");
  EXPECT_EQ(moved.allocations.at(0).site, "leipzig") << moved.reason;
  EXPECT_EQ(moved.inputs.at(0).name, "service leipzig");
  EXPECT_EQ(moved.inputs.at(0).value, "Rail parcel");
  bool told = false;
  for (const auto& candidate : moved.candidates) {
    for (const auto& term : candidate.costs.value_or(std::vector<wire::CostTerm>{})) {
      if (candidate.site != "ulm" || term.rule != "disruption") continue;
      EXPECT_EQ(term.minor, 1'200);
      EXPECT_EQ(term.why, "80 % of Post parcel is disturbed in BY");
      told = true;
    }
  }
  EXPECT_TRUE(told) << "the record says why ulm is dearer";
}

TEST_F(HubRouting, APersonDecidesAndTheRecordSaysWho) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 5);
  put("MUG", "ulm", 5);
  const auto id = order("1", "MUG", 2);
  EXPECT_EQ(site_of(id), "ulm");
  const auto reply = w.ask(RouteOrder{id, "leipzig", {}, "the buyer fetches it there", "ada"});
  ASSERT_FALSE(reply.error.has_value()) << reply.error->detail;
  w.settle();
  EXPECT_EQ(site_of(id), "leipzig");
  const auto made = newest(id);
  EXPECT_EQ(reply.id, made.decision);
  EXPECT_EQ(made.rule, "person");
  EXPECT_EQ(made.by, "ada");
  EXPECT_THAT(made.reason, HasSubstr("the buyer fetches it there"));
  EXPECT_THAT(made.reason, HasSubstr("cheap v3 says: ulm ships everything for 3.50 EUR"));
  const auto stock = w.reader->stock_of("MUG").value()->stock;
  for (const auto& site : stock.sites) EXPECT_EQ(site.reserved, site.site == "leipzig" ? 2 : 0);
}

TEST_F(HubRouting, ARuleThatForbidsRefusesAPersonToo) {
  use(kRules);
  w.start();
  item("ACID", true);
  put("ACID", "leipzig", 50);
  put("ACID", "ulm", 5);
  const auto id = order("1", "ACID", 1);
  const auto hazardous = w.ask(RouteOrder{id, "ulm", {}, "nearer", "ada", true});
  ASSERT_TRUE(hazardous.error.has_value());
  EXPECT_EQ(hazardous.error->fault, base::Fault::conflict);
  EXPECT_THAT(hazardous.error->detail, HasSubstr("the rule hazardous forbids it"));
  EXPECT_THAT(hazardous.error->detail, HasSubstr("nobody can set this rule aside"));
  // A full site is a person's business.
  item("MUG", false);
  put("MUG", "leipzig", 5);
  put("MUG", "ulm", 5);
  (void)order("2", "ACID", 1);
  const auto mug = order("3", "MUG", 1);
  EXPECT_EQ(site_of(mug), "ulm");
  const auto full = w.ask(RouteOrder{mug, "leipzig", {}, "it fetches", "ada"});
  ASSERT_TRUE(full.error.has_value());
  EXPECT_THAT(full.error->detail, HasSubstr("the rule capacity forbids it"));
  EXPECT_THAT(full.error->detail, HasSubstr("send force"));
  EXPECT_FALSE(w.ask(RouteOrder{mug, "leipzig", {}, "it fetches", "ada", true}).error.has_value());
  EXPECT_THAT(newest(mug).reason, HasSubstr("Set aside: capacity"));
  const auto lacking = w.ask(RouteOrder{mug, "nowhere", {}, "x", "ada"});
  EXPECT_THAT(lacking.error->detail, HasSubstr("is not configured"));
}

TEST_F(HubRouting, WhatAStationHoldsNobodyRoutesAway) {
  use(kRules);
  w.start();
  w.bench("ulm", "bench-2");
  item("MUG", false);
  put("MUG", "leipzig", 5);
  put("MUG", "ulm", 5);
  const auto id = order("1", "MUG", 2);
  EXPECT_EQ(w.look(id).order.state, "released");
  const auto refused = w.ask(RouteOrder{id, "leipzig", {}, "no reason", "ada"});
  ASSERT_TRUE(refused.error.has_value());
  EXPECT_THAT(refused.error->detail, HasSubstr("take it back from the station first"));
}

TEST_F(HubRouting, OrdersLeaveASiteThatStaysSilentUnlessAPersonSentThemThere) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 5);
  put("MUG", "ulm", 5);
  w.bench("leipzig", "bench-1");
  const auto machine = order("1", "MUG", 1);
  const auto person = order("2", "MUG", 1);
  ASSERT_FALSE(w.ask(RouteOrder{person, "ulm", {}, "said so", "ada"}).error.has_value());
  EXPECT_EQ(site_of(machine), "ulm");  // where no station was ever heard
  for (int minute = 0; minute < 12; ++minute) {
    w.now.mono_ms += 60'000;
    w.now.wall_ms += 60'000;
    w.connect(w.bench("leipzig", "bench-1"));
    w.settle();
  }
  EXPECT_EQ(site_of(machine), "leipzig");
  EXPECT_THAT(newest(machine).reason, HasSubstr("Decided again: ulm is silent"));
  EXPECT_EQ(site_of(person), "ulm");
}

TEST_F(HubRouting, WhatWaitedForAFullSiteGoesWhenItHasRoomAgain) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 50);
  for (const char* number : {"1", "2", "3"}) (void)order(number, "MUG", 1);
  EXPECT_EQ(w.look("api:3").order.state, "backordered");
  EXPECT_FALSE(w.ask(CancelOrder{"api:1", "not wanted", {}}).error.has_value());
  w.pass(70'000);
  EXPECT_EQ(site_of("api:3"), "leipzig");
}

TEST_F(HubRouting, ACancelledNeighbourLeavesItsPiecesToThoseWhoWait) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "ulm", 1);
  const auto first = order("1", "MUG", 1);
  const auto second = order("2", "MUG", 1);
  EXPECT_EQ(w.look(second).order.state, "backordered");
  EXPECT_FALSE(w.ask(CancelOrder{first, "changed her mind", {}}).error.has_value());
  w.settle();
  EXPECT_EQ(site_of(second), "ulm");
}

TEST_F(HubRouting, ScarceStockGoesByTheDeclaredPolicy) {
  use(kRules);
  w.start();
  item("MUG", false);
  const auto late = order("1", "MUG", 1);
  ReceiveOrder c;
  c.number = "2";
  c.placed_ms = w.now.wall_ms - 86'400'000;  // older, but heard of later
  c.ship_to.name = "Bob";
  c.ship_to.country = "DE";
  c.lines = {{.line = 0, .sku = "MUG", .title = "MUG", .quantity = 1}};
  const auto early = w.ask(c).id;
  w.settle();
  put("MUG", "ulm", 1);
  EXPECT_EQ(site_of(early), "ulm");
  EXPECT_EQ(w.look(late).order.state, "backordered");
  EXPECT_EQ(newest(early).policy, "promised-age v1: place 1 of 2 by promised date, age, number");
}

TEST_F(HubRouting, WhatIfPricesBothAndTouchesNothing) {
  use(kRules);
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 9);
  put("MUG", "ulm", 9);
  for (const char* number : {"1", "2", "3"}) (void)order(number, "MUG", 1);
  std::string dear(kRules);
  dear.replace(dear.find("handling_parcel_minor = 50"), 26, "handling_parcel_minor = 950");
  const auto book = rulebook::read(dear, "dear.toml", std::nullopt).value();
  const auto before = w.verify().digest;
  const auto report = whatif::run(*w.reader, book, {.since_ms = 0}).value();
  EXPECT_EQ(w.verify().digest, before);
  EXPECT_EQ(report.decisions, 3);
  EXPECT_EQ(report.of_facts, 3);
  EXPECT_EQ(report.moved_total, 3);
  EXPECT_EQ(report.was.cost_minor, 3 * (300 + 950));
  EXPECT_EQ(report.would.cost_minor, 3 * (500 + 200));
  EXPECT_EQ(report.would.margin_minor - report.was.margin_minor, 3 * 550);
  EXPECT_EQ(report.moved.at(0).from, "ulm");
  EXPECT_EQ(report.moved.at(0).to, "leipzig");
}

TEST_F(HubRouting, WhatIfRebuildsWhatTheOldRecordsDoNotHold) {
  w.start();
  item("MUG", false);
  put("MUG", "leipzig", 9);
  put("MUG", "ulm", 9);
  (void)order("1", "MUG", 1);
  const auto book = rulebook::read(kRules, "r.toml", std::nullopt).value();
  const auto report = whatif::run(*w.reader, book, {.since_ms = 0}).value();
  EXPECT_EQ(report.rebuilt, 1);
  EXPECT_EQ(report.assumed, 1);
  EXPECT_EQ(report.moved.at(0).from, "leipzig");
  EXPECT_EQ(report.moved.at(0).to, "ulm");
  EXPECT_EQ(report.was.cost_minor, 700);
  EXPECT_EQ(report.would.cost_minor, 350);
  EXPECT_EQ(report.margins, 1);
  EXPECT_EQ(report.would.margin_minor, 1'500 - 600 - 350);
}

}  // namespace
}  // namespace dockline::server
