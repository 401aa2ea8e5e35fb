#include "server/rulebook/rulebook.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "server/routing/routing.hpp"
#include "server/routing/strategy.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::rulebook {
namespace {

const Names kNames{{"leipzig", "venlo"}, {"api", "csv", "shop"}};

std::string sample() {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  EXPECT_NE(source, nullptr);
  std::ifstream in(std::string(source) + "/deploy/samples/routing.toml");
  EXPECT_TRUE(in.is_open());
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string problems(std::string_view text) {
  const auto book = read(text, "routing.toml", kNames);
  return book ? "" : config::to_text(book.error());
}

routing::Facts order_to(const std::string& country, const std::string& postal_code) {
  routing::Facts facts;
  facts.order = "shop:1";
  facts.channel = "shop";
  facts.needs = {{1, "MUG", 1}};
  facts.sites = {{.site = "leipzig", .priority = 1, .figures = {{"MUG", 5, 1}}},
                 {.site = "venlo", .priority = 2, .figures = {{"MUG", 5, 1}}}};
  facts.now_ms = base::parse_rfc3339("2026-07-01T10:00:00Z").value();
  facts.placed_ms = facts.now_ms - 3'600'000;
  facts.country = country;
  facts.postal_code = postal_code;
  return facts;
}

TEST(Rulebook, TheSampleIsValidAndDeclaresWhatItSays) {
  const auto book = read(sample(), "routing.toml", kNames);
  ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
  EXPECT_EQ(book->chains.of("shop").name, "cheapest-in-time");
  EXPECT_EQ(book->chains.of("csv").name, "as-near-as-possible");
  EXPECT_EQ(book->dark_after_ms, 45 * 60'000);
  auto facts = order_to("DE", "41061");
  routing::declare(*book, facts);
  EXPECT_EQ(facts.sites[0].zone, "1");
  EXPECT_EQ(facts.sites[1].zone, "1");  // "DE 4" is more exact than DE
  EXPECT_EQ(facts.sites[1].distance_km, 450);
  EXPECT_EQ(facts.promised_ms, facts.now_ms + 71 * 3'600'000LL);
  // Summer: 16:30 in Leipzig is 14:30 UTC.
  EXPECT_EQ(base::to_rfc3339(facts.sites[0].windows->at(0).cut_off_ms), "2026-07-01T14:30:00.000Z");
  EXPECT_EQ(facts.sites[0].services->size(), 2U);
  EXPECT_EQ(facts.sites[1].services->size(), 1U);
  ASSERT_EQ(facts.services.size(), 2U);
  EXPECT_EQ(facts.services[0].rates.front().minor, 390);
  EXPECT_FALSE(facts.services[0].disruption_per_mille.has_value());
  auto saxony = order_to("DE", "04109");
  saxony.region = "SN";
  routing::declare(*book, saxony);
  EXPECT_EQ(saxony.services[0].disruption_per_mille, 150);
}

TEST(Rulebook, AChainSaysHowItChooses) {
  const auto with = [](const std::string& strategy) {
    return "[routing]\ncurrency = \"EUR\"\nchain = \"any\"\n[[chain]]\nname = \"any\"\n" +
           strategy + "rules = [\"stock\", \"shipping\"]\n";
  };
  const auto chosen = [&](const std::string& strategy) {
    const auto book = read(with(strategy), "routing.toml", kNames);
    return book ? std::string(book->chains.standard.strategy->name) : config::to_text(book.error());
  };
  EXPECT_EQ(chosen(""), "cheapest");
  EXPECT_EQ(chosen("strategy = \"in-order\"\n"), "in-order");
  const auto refused = chosen("strategy = \"luck\"\n");
  EXPECT_NE(refused.find("routing.toml:6"), std::string::npos) << refused;
  EXPECT_NE(refused.find("fewest-sites"), std::string::npos) << refused;
}

TEST(Rulebook, TheMostExactPlaceCounts) {
  const auto book = read(sample(), "routing.toml", kNames).value();
  auto germany = order_to("DE", "01067"), france = order_to("FR", "75001");
  routing::declare(book, germany);
  routing::declare(book, france);
  EXPECT_EQ(germany.sites[1].zone, "2");
  EXPECT_EQ(france.sites[1].zone, "3");
}

// ---------------------------------------------------------------- disruption
constexpr std::string_view kDisturbed = R"([routing]
currency = "EUR"
chain = "cheap"
[[chain]]
name = "cheap"
rules = ["stock", "carrier", "disruption"]
[[service]]
carrier = "Post"
name = "parcel"
countries = ["DE"]
[service.disruption]
DE = 10
DE-BY = 800
"DE 89" = 300
other = 5
[[service]]
carrier = "Rail"
name = "parcel"
countries = ["DE"]
)";

TEST(Rulebook, ADisruptionIsOfTheRegionThatAnOrderGoesTo) {
  const auto book = read(kDisturbed, "routing.toml", kNames);
  ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
  const auto of = [&](std::optional<std::string> region, const std::string& country,
                      const std::string& code) {
    auto facts = order_to(country, code);
    facts.region = std::move(region);
    routing::declare(*book, facts);
    EXPECT_FALSE(facts.services.at(1).disruption_per_mille.has_value()) << "nothing is reported";
    return facts.services.at(0).disruption_per_mille;
  };
  EXPECT_EQ(of("BY", "DE", "80331"), 800);
  EXPECT_EQ(of("DE-BY", "DE", "80331"), 800);
  EXPECT_EQ(of("BY", "DE", "89231"), 300) << "a postal code is more exact";
  EXPECT_EQ(of(std::nullopt, "DE", "10115"), 10);
  EXPECT_EQ(of(std::nullopt, "FR", "75001"), 5);
  // By the chain: the service that is disturbed there is not taken.
  auto facts = order_to("DE", "80331");
  facts.region = "BY";
  routing::declare(*book, facts);
  const auto made = routing::decide(facts, book->chains.standard, "d");
  EXPECT_EQ(made.inputs.at(0).name, "service leipzig");
  EXPECT_EQ(made.inputs.at(0).value, "Rail parcel");
}

TEST(Rulebook, ADisruptionThatCannotBeReadIsNamedWithItsPlace) {
  std::string text(kDisturbed);
  text.replace(text.find("DE-BY = 800"), 11, "Bayern = 800");
  EXPECT_NE(problems(text).find("service.disruption.Bayern: 'Bayern' is no place"),
            std::string::npos)
      << problems(text);
  text.assign(kDisturbed);
  text.replace(text.find("DE-BY = 800"), 11, "DE-BY = 1200");
  EXPECT_NE(problems(text).find("disruption.DE-BY: 1200 is out of range"), std::string::npos)
      << problems(text);
}

TEST(Rulebook, WinterAndSummerOfASiteComeFromTheTimeZoneData) {
  const auto offsets = offsets_of("Europe/Berlin").value();
  const auto at = [&](std::string_view when) {
    std::int64_t seconds = offsets.front().seconds;
    for (const auto& o : offsets) {
      if (o.from_ms <= base::parse_rfc3339(when).value()) seconds = o.seconds;
    }
    return seconds;
  };
  EXPECT_EQ(at("2026-03-29T00:59:59Z"), 3'600);
  EXPECT_EQ(at("2026-03-29T01:00:00Z"), 7'200);
  EXPECT_EQ(at("2040-12-01T00:00:00Z"), 3'600);
  EXPECT_EQ(offsets_of("Asia/Kolkata").value().front().seconds, 19'800);
  EXPECT_FALSE(offsets_of("Europe/Leipzig").has_value());
  EXPECT_FALSE(offsets_of("../../etc/passwd").has_value());
}

TEST(Rulebook, HoursAndDatesAreReadStrictly) {
  std::array<routing::Day, 7> week = {};
  ASSERT_TRUE(put_hours(week, "mon-fri", "08:00-16:30").has_value());
  EXPECT_EQ(week[4].cut_off, 16 * 60 + 30);
  EXPECT_EQ(week[5].cut_off, 0);
  EXPECT_FALSE(put_hours(week, "fri", "08:00-12:00").has_value());  // twice
  for (const char* days : {"", "monday", "fri-mon", "mon-", "sun-sat"}) {
    EXPECT_FALSE(put_hours(week, days, "08:00-16:30").has_value()) << days;
  }
  for (const char* hours :
       {"", "8:00-16:30", "08:00", "16:00-08:00", "08:61-09:00", "08:00-24:01"}) {
    EXPECT_FALSE(put_hours(week, "sun", hours).has_value()) << hours;
  }
  EXPECT_TRUE(put_hours(week, "sun", "00:00-24:00").has_value());
  EXPECT_EQ(date_of("1970-01-02").value(), 1);
  for (const char* date : {"", "2026-02-29", "2026-1-1", "26-01-01", "2026/01/01", "2026-13-01"}) {
    EXPECT_FALSE(date_of(date).has_value()) << date;
  }
}

TEST(Rulebook, ReportsAllProblemsAtOnceWithLineAndRemedy) {
  const std::string text = problems(R"([routing]
currency = "Euro"
chain = "fast"
scarce = ["age", "beauty"]
[routing.channels]
ebay = "cheap"
[[chain]]
name = "cheap"
rules = ["stock", "moon", "hours v7"]
[chain.settings.split]
further_minor = 1
[[chain]]
name = "bare"
rules = ["liveness"]
[[site]]
name = "rome"
[site.hours]
mon = "17:00-08:00"
[site.zones]
Germany = "1"
[[service]]
carrier = "Post"
name = "parcel"
sites = ["ulm"]
countries = ["Germany"]
[service.rates.1]
heavy = 5
)");
  for (const char* part :
       {"routing.toml:2: routing.currency: 'Euro' is no currency",
        "routing.toml:3: routing.chain: no [[chain]] is named 'fast'",
        "routing.toml:4: routing.scarce: 'beauty' is not known",
        "routing.channels.ebay: no [[channel]]", "rule moon v1 does not exist. Known: stock",
        "routing.toml:10: chain.settings.split: the chain has no rule 'split'",
        "chain bare lacks the rule stock", "routing.toml:16: site.name: no [[site]]",
        "site.hours.mon: '17:00-08:00' are no hours", "site.time_zone: missing",
        "routing.toml:19: site.zones.Germany: 'Germany' is no place",
        "service.sites: no [[site]] of the server is named 'ulm'",
        "service.countries: 'Germany' is no country",
        "service.rates.1.heavy: 'heavy' is no weight"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

// Each rule of the chains in the sample finds what it wants to know.
TEST(Rulebook, AnOrderIsDecidedUnderTheSample) {
  const auto book = read(sample(), "routing.toml", kNames).value();
  auto facts = order_to("DE", "01067");
  facts.currency = book.currency;
  facts.margin_minor = 900;
  facts.goods = {{"MUG", 400, false, false}};
  routing::declare(book, facts);
  for (auto& site : facts.sites) {
    site.alive = routing::Alive{2, 1, facts.now_ms - 1'000};
    routing::set_load(site, book.site(site.site)->capacity_per_day.value(), 40);
  }
  const auto made = routing::decide(facts, book.chains.of("shop"), "id");
  EXPECT_EQ(made.outcome, "allocated") << made.reason;
  ASSERT_TRUE(made.costs.has_value());
  for (const auto& term : *made.costs) {
    EXPECT_EQ(term.why.find("not known"), std::string::npos) << term.why;
  }
}

}  // namespace
}  // namespace dockline::server::rulebook
