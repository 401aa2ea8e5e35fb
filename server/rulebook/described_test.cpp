// What people say of a site, by the reader of the file; and the book that is in force with it.

#include <gmock/gmock.h>

#include "server/routing/routing.hpp"
#include "server/rulebook/rulebook.hpp"

namespace dockline::server::rulebook {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const SiteValues kAll{{"capacity_per_day", "400"},
                      {"closed", "2026-12-25 2026-12-26"},
                      {"cold_chain", "false"},
                      {"distance_km.DE", "300"},
                      {"handling_parcel_minor", "120"},
                      {"handling_piece_minor", "15"},
                      {"hazardous", "true"},
                      {"hours.mon-fri", "08:00-16:30"},
                      {"time_zone", "Europe/Berlin"},
                      {"zones.DE", "1"},
                      {"zones.DE 4", "a \"b\" \\"},
                      {"zones.other", "3"}};

std::string file_text() {
  return R"([routing]
currency = "EUR"
chain = "a"
[[chain]]
name = "a"
rules = ["stock", "capacity", "hours"]
[[site]]
name = "leipzig"
capacity_per_day = 400
closed = ["2026-12-26", "2026-12-25"]
cold_chain = false
handling_parcel_minor = 120
handling_piece_minor = 15
hazardous = true
time_zone = "Europe/Berlin"
[site.hours]
mon-fri = "08:00-16:30"
[site.distance_km]
DE = 300
[site.zones]
DE = "1"
"DE 4" = 'a "b" \'
other = "3"
[[site]]
name = "venlo"
)";
}

std::string problem_of(const SiteValues& values) {
  const auto read = read_site("leipzig", values);
  return read ? "" : in_one_line(read.error());
}

TEST(RulebookSites, ValuesReadAsTheSectionThatTheyStandFor) {
  const auto described = read_site("leipzig", kAll);
  ASSERT_TRUE(described.has_value()) << in_one_line(described.error());
  EXPECT_EQ(described->values, kAll);
  const auto file = read(file_text(), "r.toml", std::nullopt);
  ASSERT_TRUE(file.has_value()) << config::to_text(file.error());
  EXPECT_TRUE(same(described->declared, *file->site("leipzig")));
  EXPECT_FALSE(same(described->declared, *file->site("venlo")));
  // And the section gives the same values back.
  const auto sites = sites_in(file_text());
  EXPECT_EQ(sites.at("leipzig"), kAll);
  EXPECT_TRUE(sites.at("venlo").empty());
}

TEST(RulebookSites, EachValueHasOneForm) {
  const auto read = read_site("leipzig", {{"hazardous", "TRUE"},
                                          {"cold_chain", "No"},
                                          {"closed", "2026-12-26, 2026-12-25;2026-12-24"}});
  ASSERT_TRUE(read.has_value()) << in_one_line(read.error());
  EXPECT_THAT(read->values, ElementsAre(Pair("closed", "2026-12-24 2026-12-25 2026-12-26"),
                                        Pair("cold_chain", "false"), Pair("hazardous", "true")));
  EXPECT_EQ(version_of(read->values), version_of(read->values));
  EXPECT_NE(version_of(read->values), version_of(kAll));
}

TEST(RulebookSites, AProblemNamesKeyAndRemedy) {
  EXPECT_THAT(problem_of({{"capacity_per_day", "4e2"}}),
              HasSubstr("capacity_per_day: a whole number is needed (Orders it packs"));
  EXPECT_THAT(problem_of({{"capacity_per_day", "-1"}}), HasSubstr("-1 is out of range: 0 to"));
  EXPECT_THAT(problem_of({{"distance_km.DE", "far"}}),
              HasSubstr("distance_km.DE: a whole number is needed"));
  EXPECT_THAT(problem_of({{"distance_km.DE", "50001"}}), HasSubstr("out of range"));
  EXPECT_THAT(problem_of({{"zones.Germany", "1"}}),
              HasSubstr("zones.Germany: 'Germany' is no place (Write \"DE\""));
  EXPECT_THAT(problem_of({{"zonse.DE", "1"}}), HasSubstr("zonse.DE: unknown key"));
  EXPECT_THAT(problem_of({{"capacity", "1"}}), HasSubstr("capacity: unknown key"));
  EXPECT_THAT(problem_of({{"zones", "1"}}), HasSubstr("zones: names no entry"));
  EXPECT_THAT(problem_of({{"zones.", "1"}}), HasSubstr("names no entry"));
  EXPECT_THAT(problem_of({{"hazardous.DE", "true"}}), HasSubstr("has no entries"));
  EXPECT_THAT(problem_of({{"hazardous", "maybe"}}), HasSubstr("true or false is needed"));
  EXPECT_THAT(problem_of({{"name", "ulm"}}), HasSubstr("is the site itself"));
  EXPECT_THAT(problem_of({{"time_zone", ""}}), HasSubstr("is empty"));
  EXPECT_THAT(problem_of({{"zones.DE", "1"}, {"zones.DE", "2"}}), HasSubstr("stands twice"));
  EXPECT_THAT(problem_of({{"hours.mon", "08:00-16:00"}}), HasSubstr("time_zone: missing"));
  EXPECT_THAT(problem_of({{"hours.mon-tue", "08:00-16:00"},
                          {"hours.tue", "08:00-16:00"},
                          {"time_zone", "Europe/Berlin"}}),
              HasSubstr("tue stands twice"));
  // All at once.
  const auto both = problem_of({{"closed", "soon"}, {"hazardous", "maybe"}, {"zones", "1"}});
  EXPECT_THAT(both, HasSubstr("hazardous"));
  EXPECT_THAT(both, HasSubstr("zones"));
}

// Whatever stands in a value, it stays a value: no section begins in it.
TEST(RulebookSites, AValueCannotBecomeAnotherKey) {
  for (const char* value :
       {"1\"\nhazardous = true", "\"]\n[[site]]\nname=\"x\"", "\\", "\x01\x7f"}) {
    const auto read = read_site("leipzig", {{"zones.DE", value}});
    ASSERT_TRUE(read.has_value()) << in_one_line(read.error());
    EXPECT_EQ(read->declared.zones.at(0).second, value);
    EXPECT_FALSE(read->declared.hazardous.has_value());
    EXPECT_FALSE(read_site("leipzig", {{value, "1"}}).has_value());
  }
}

TEST(RulebookSites, ADescriptionHoldsInsteadOfTheFilesSection) {
  const auto file =
      std::make_shared<const routing::Rulebook>(read(file_text(), "r", std::nullopt).value());
  EXPECT_EQ(in_force(file, {}), file);
  EXPECT_EQ(in_force(nullptr, {}), nullptr);
  const auto ulm = read_site("ulm", {{"capacity_per_day", "7"}}).value().declared;
  const auto leipzig = read_site("leipzig", {{"capacity_per_day", "5"}}).value().declared;
  const auto book = in_force(file, {{"leipzig", leipzig}, {"ulm", ulm}});
  EXPECT_EQ(book->site("leipzig")->capacity_per_day, 5);
  EXPECT_FALSE(book->site("leipzig")->hours.has_value()) << "all that is known, not some of it";
  EXPECT_EQ(book->site("ulm")->capacity_per_day, 7);
  EXPECT_NE(book->site("venlo"), nullptr);
  EXPECT_EQ(book->chains.standard.name, "a");
  EXPECT_EQ(file->site("leipzig")->capacity_per_day, 400) << "the file stays as it is";
}

TEST(RulebookSites, WithoutAFileWhatIsDescribedForbidsAndTheRestIsAsEver) {
  const auto zones = read_site("ulm", {{"zones.DE", "1"}}).value().declared;
  EXPECT_EQ(in_force(nullptr, {{"ulm", zones}})->chains.standard.name, "nearest-with-everything");
  const auto small = read_site("ulm", {{"capacity_per_day", "1"}}).value().declared;
  const auto book = in_force(nullptr, {{"ulm", small}});
  EXPECT_EQ(book->chains.standard.name, "nearest-as-described");
  EXPECT_FALSE(book->chains.standard.weighs());
  EXPECT_EQ(book->dark_after_ms, 0);
  routing::Facts facts;
  facts.order = "api:1";
  facts.needs = {{1, "MUG", 1}};
  facts.sites = {{.site = "ulm", .priority = 1, .figures = {{"MUG", 5, 1}}},
                 {.site = "venlo", .priority = 2, .figures = {{"MUG", 5, 1}}}};
  routing::set_load(facts.sites[0], 1, 1);
  EXPECT_EQ(routing::decide(facts, book->chains.standard, "id").allocations.at(0).site, "venlo");
  routing::set_load(facts.sites[0], 1, 0);
  EXPECT_EQ(routing::decide(facts, book->chains.standard, "id").allocations.at(0).site, "ulm");
}

}  // namespace
}  // namespace dockline::server::rulebook
