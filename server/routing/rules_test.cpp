// Each rule by itself: what it forbids or costs, what it says, and what it does when nobody knows.
#include <gtest/gtest.h>

#include "server/routing/routing.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000, kHour = 3'600'000;

Facts one_mug() {
  Facts facts{.order = "web:1", .needs = {{1, "MUG", 2}}, .sites = {}, .again = ""};
  facts.now_ms = kNow;
  facts.currency = "EUR";
  facts.country = "DE";
  facts.goods = {{"MUG", 400, false, false}};
  facts.services = {{.carrier = "PL", .service = "parcel", .countries = {{"DE"}}}};
  facts.sites = {{.site = "ulm", .priority = 1, .figures = {{"MUG", 5, 1}}, .services = {{0}}}};
  return facts;
}

Chain with(std::vector<Link> links) {
  ChainSpec spec = nearest_with_everything();
  for (auto& link : links) spec.rules.push_back(std::move(link));
  spec.rules.push_back({.rule = "distance", .settings = {{"per_100_km_minor", 0}}});  // weighs
  return bind(spec).value();
}

// Why the only site is ruled out; empty when it ships.
std::string forbidden(const Facts& facts, const Chain& chain, std::string_view by) {
  const auto made = decide(facts, chain, "d");
  if (!made.allocations.empty()) return "";
  EXPECT_EQ(made.candidates.at(0).ruled_out_by.value_or(""), by);
  EXPECT_NE(made.reason.find(made.candidates[0].why), std::string::npos) << made.reason;
  return made.candidates[0].why;
}

Minor cost(const Facts& facts, std::string_view rule, std::vector<Setting> settings = {}) {
  const auto made = decide(facts, with({{std::string(rule), 1, std::move(settings)}}), "d");
  if (!made.costs) return -1;
  for (const auto& term : *made.costs) {
    if (term.rule == rule) return term.minor;
  }
  return -1;
}

TEST(RoutingRules, StockKeepsBackWhatTheChainKeepsBack) {
  ChainSpec spec = nearest_with_everything();
  spec.rules[0].settings = {{"keep_back", 4}};
  const auto made = decide(one_mug(), bind(spec).value(), "d");
  EXPECT_EQ(made.outcome, "backordered");
  EXPECT_EQ(made.candidates.at(0).why, "lacks 1 of MUG");
}

TEST(RoutingRules, LivenessWantsStationsAndPrintersHeardOfLately) {
  Facts facts = one_mug();
  const Chain chain = with({{.rule = "liveness"}});
  EXPECT_EQ(forbidden(facts, chain, "liveness"), "nothing is known of its stations");
  facts.sites[0].alive = Alive{2, 1, kNow - 700'000};
  EXPECT_EQ(forbidden(facts, chain, "liveness"), "silent for 11 min");
  facts.sites[0].alive = Alive{0, 1, kNow};
  EXPECT_EQ(forbidden(facts, chain, "liveness"), "no station works");
  facts.sites[0].alive = Alive{2, 0, kNow};
  EXPECT_EQ(forbidden(facts, chain, "liveness"), "no printer is ready");
  facts.sites[0].alive = Alive{2, 1, kNow - 600'000};
  EXPECT_EQ(forbidden(facts, chain, "liveness"), "");
}

TEST(RoutingRules, CapacityForbidsAFullDayAndAnUnknownOne) {
  Facts facts = one_mug();
  EXPECT_EQ(forbidden(facts, with({{.rule = "capacity"}}), "capacity"),
            "its capacity is not known");
  EXPECT_EQ(forbidden(facts, with({{"capacity", 1, {{"if_unknown", 1}}}}), "capacity"), "");
  facts.sites[0].capacity_left = 0;
  EXPECT_EQ(forbidden(facts, with({{.rule = "capacity"}}), "capacity"),
            "has no capacity left today");
  facts.sites[0].capacity_left = 1;
  EXPECT_EQ(forbidden(facts, with({{.rule = "capacity"}}), "capacity"), "");
}

TEST(RoutingRules, HoursWantACarrierThatLeavesInTime) {
  Facts facts = one_mug();
  const Chain chain = with({{"hours", 1, {{"wait_ms", 10 * kHour}}}});
  EXPECT_EQ(forbidden(facts, chain, "hours"), "its hours are not known");
  facts.sites[0].windows.emplace();
  EXPECT_EQ(forbidden(facts, chain, "hours"), "is closed, as far as its hours are known");
  facts.sites[0].windows = {{kNow - 9 * kHour, kNow}, {kNow + kHour, kNow + 11 * kHour}};
  EXPECT_EQ(forbidden(facts, chain, "hours"), "its next carrier leaves in 11 h");
  facts.now_ms -= 1;  // one millisecond before the cut-off
  EXPECT_EQ(forbidden(facts, chain, "hours"), "");
}

TEST(RoutingRules, CarrierMustDeliverToTheCountry) {
  Facts facts = one_mug();
  const Chain chain = with({{.rule = "carrier"}});
  EXPECT_EQ(forbidden(facts, chain, "carrier"), "");
  facts.country = "NO";
  EXPECT_EQ(forbidden(facts, chain, "carrier"), "has no carrier that delivers to NO");
  facts.country.reset();
  EXPECT_EQ(forbidden(facts, chain, "carrier"), "nobody knows which country it goes to");
  facts = one_mug();
  facts.sites[0].services.reset();
  EXPECT_EQ(forbidden(facts, chain, "carrier"), "its carriers are not known");
  facts.sites[0].services = {7};  // no such service
  EXPECT_NE(forbidden(facts, chain, "carrier"), "");
}

TEST(RoutingRules, HazardousGoodsNeedASiteAndAServiceForThem) {
  Facts facts = one_mug();
  const Chain chain = with({{.rule = "hazardous"}});
  EXPECT_EQ(forbidden(facts, chain, "hazardous"), "");
  facts.goods[0].hazardous = true;
  EXPECT_EQ(forbidden(facts, chain, "hazardous"), "is not known to handle hazardous goods: MUG");
  facts.sites[0].hazardous = false;
  EXPECT_EQ(forbidden(facts, chain, "hazardous"), "may not handle hazardous goods: MUG");
  facts.sites[0].hazardous = true;
  EXPECT_EQ(forbidden(facts, chain, "hazardous"),
            "has no carrier service that takes hazardous goods: MUG");
  facts.services[0].hazardous = true;
  EXPECT_EQ(forbidden(facts, chain, "hazardous"), "");
  facts.goods.clear();
  facts.sites[0].hazardous = false;
  EXPECT_EQ(forbidden(facts, chain, "hazardous"),
            "may not handle hazardous goods: MUG (nobody said)");
}

TEST(RoutingRules, ColdChainNeedsASiteAndAServiceForIt) {
  Facts facts = one_mug();
  facts.goods[0].cold_chain = true;
  const Chain chain = with({{.rule = "cold chain"}});
  EXPECT_EQ(forbidden(facts, chain, "cold chain"), "is not known to handle chilled goods: MUG");
  facts.sites[0].cold_chain = true;
  facts.services[0].cold_chain = true;
  EXPECT_EQ(forbidden(facts, chain, "cold chain"), "");
}

TEST(RoutingRules, ShippingTakesTheRateOfZoneAndWeight) {
  Facts facts = one_mug();
  EXPECT_EQ(cost(facts, "shipping"), 2'000);  // no rate is known
  facts.services[0].rates = {{"1", 500, 390}, {"1", 1'000, 490}, {"2", 1'000, 990}};
  facts.sites[0].zone = "1";
  EXPECT_EQ(cost(facts, "shipping"), 490);  // 800 g
  facts.sites[0].zone = "2";
  EXPECT_EQ(cost(facts, "shipping"), 990);
  facts.sites[0].zone = "3";
  EXPECT_EQ(cost(facts, "shipping"), 2'000);
  facts.sites[0].zone = "1";
  facts.goods[0].weight_g = 1'200;  // 2400 g: two full parcels and 400 g
  EXPECT_EQ(cost(facts, "shipping"), 490 + 490 + 390);
  facts.goods.clear();  // 1000 g a piece are assumed
  EXPECT_EQ(cost(facts, "shipping"), 980);
}

TEST(RoutingRules, HandlingDistanceLoadAndSilenceAssumeWhenNobodyKnows) {
  Facts facts = one_mug();
  EXPECT_EQ(cost(facts, "handling"), 150 + 2 * 30);
  EXPECT_EQ(cost(facts, "load"), 100);
  EXPECT_EQ(cost(facts, "silence"), 500);
  facts.sites[0].handling_parcel_minor = 80;
  facts.sites[0].handling_piece_minor = 5;
  facts.sites[0].load_per_mille = 250;
  facts.sites[0].alive = Alive{1, 1, kNow - 300'000};
  EXPECT_EQ(cost(facts, "handling"), 90);
  EXPECT_EQ(cost(facts, "load"), 25);
  EXPECT_EQ(cost(facts, "silence"), 100);
}

TEST(RoutingRules, LatenessCountsHoursAfterThePromise) {
  Facts facts = one_mug();
  EXPECT_EQ(cost(facts, "lateness"), 0);  // nothing promised
  facts.promised_ms = kNow + 20 * kHour;
  EXPECT_EQ(cost(facts, "lateness"), 500);  // nobody knows when it arrives
  facts.sites[0].windows = {{kNow, kNow + 4 * kHour}};
  facts.services[0].transit_ms = 16 * kHour;
  EXPECT_EQ(cost(facts, "lateness"), 0);
  facts.services[0].transit_ms = 17 * kHour + 1;
  EXPECT_EQ(cost(facts, "lateness"), 2 * 25);
  facts.services[0].transit_ms = 9'000 * kHour;
  EXPECT_EQ(cost(facts, "lateness"), 3'000);
}

TEST(RoutingRules, ReliabilityAndDisruptionPriceTheCarrier) {
  Facts facts = one_mug();
  EXPECT_EQ(cost(facts, "reliability"), 100);
  EXPECT_EQ(cost(facts, "disruption"), 0);
  facts.services[0].reliability_per_mille = 985;
  facts.services[0].disruption_per_mille = 400;
  EXPECT_EQ(cost(facts, "reliability"), 15);
  EXPECT_EQ(cost(facts, "disruption"), 600);
}

TEST(RoutingRules, MarginForbidsAnUpgradeThatEatsWhatTheOrderEarns) {
  Facts facts = one_mug();
  facts.promised_ms = kNow + 24 * kHour;
  facts.sites[0].zone = "1";
  facts.sites[0].windows = {{kNow, kNow + kHour}};
  facts.services = {
      {.carrier = "PL", .service = "slow", .transit_ms = 90 * kHour, .rates = {{"1", 5'000, 500}}},
      {.carrier = "PL",
       .service = "express",
       .transit_ms = 20 * kHour,
       .rates = {{"1", 5'000, 1'900}}}};
  facts.sites[0].services = {0, 1};
  const Chain chain = with({{.rule = "shipping"}, {.rule = "lateness"}, {.rule = "margin"}});
  const auto service = [&] { return decide(facts, chain, "d").costs->front().why; };
  EXPECT_NE(service().find("PL slow"), std::string::npos);  // nobody knows what it earns
  facts.margin_minor = 1'900;
  EXPECT_NE(service().find("PL express"), std::string::npos);
  facts.margin_minor = 1'899;
  EXPECT_NE(service().find("PL slow"), std::string::npos);
}

TEST(RoutingRules, AChainIsRefusedForWhatItNamesWrong) {
  const auto refused = [](auto change) {
    ChainSpec spec = all_things_weighed();
    change(spec);
    const auto chain = bind(spec);
    return chain ? std::string() : chain.error().detail;
  };
  EXPECT_EQ(refused([](ChainSpec&) {}), "");
  EXPECT_EQ(refused([](ChainSpec& s) { s.rules[1].rule = "moon"; }),
            "chain all-things-weighed: rule moon v1 does not exist");
  EXPECT_EQ(refused([](ChainSpec& s) { s.rules[1].version = 9; }),
            "chain all-things-weighed: rule liveness v9 does not exist");
  EXPECT_EQ(refused([](ChainSpec& s) { s.rules[1].settings = {{"x", 1}}; }),
            "chain all-things-weighed: rule liveness v1 has no setting x");
  EXPECT_EQ(refused([](ChainSpec& s) { s.rules.erase(s.rules.begin()); }),
            "chain all-things-weighed lacks the rule stock");
  EXPECT_EQ(refused([](ChainSpec& s) { s.rules.push_back({.rule = "stock"}); }),
            "chain all-things-weighed: rule stock stands twice");
  EXPECT_NE(refused([](ChainSpec& s) { s.split = "often"; }), "");
  EXPECT_NE(refused([](ChainSpec& s) { s.sites_max = 9; }), "");
}

TEST(RoutingRules, EveryRuleIsRegisteredOnceAndSaysItsWords) {
  EXPECT_EQ(rules().size(), 17U);
  for (const auto& rule : rules()) {
    EXPECT_EQ(find_rule(rule.name, rule.version), &rule) << rule.name;
    EXPECT_NE(rule.say, nullptr) << rule.name;
    EXPECT_EQ(rule.narrow != nullptr, rule.kind == Rule::Kind::must) << rule.name;
    EXPECT_EQ(rule.cash_limit != nullptr, rule.kind == Rule::Kind::guard) << rule.name;
  }
}

TEST(RoutingRules, MoneyAndTimesAreWrittenForPeople) {
  EXPECT_EQ(money(490, "EUR"), "4.90 EUR");
  EXPECT_EQ(money(5, std::nullopt), "0.05");
  EXPECT_EQ(money(-1'205, "EUR"), "-12.05 EUR");
  EXPECT_EQ(money(490, "JPY"), "490 JPY");
  EXPECT_EQ(money(490, "KWD"), "0.490 KWD");
  EXPECT_EQ(duration(119 * 60'000), "119 min");
  EXPECT_EQ(duration(47 * kHour), "47 h");
  EXPECT_EQ(duration(49 * kHour), "2 days");
}

}  // namespace
}  // namespace dockline::server::routing
