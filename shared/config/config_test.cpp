#include <gtest/gtest.h>

#include "shared/config/schema.hpp"

namespace dockline::config {
namespace {

const Schema& schema() {
  static const Schema kSchema{
      {.name = "broker",
       .help = "Where facts travel.",
       .keys = {{.name = "url", .type = Type::url, .help = "tcp://host:port", .required = true},
                {.name = "keep_alive",
                 .type = Type::integer,
                 .help = "Ping.",
                 .fallback = "15",
                 .unit = "s",
                 .min = 5,
                 .max = 600},
                {.name = "password_file", .type = Type::path, .help = "One line."}}},
      {.name = "scanner",
       .help = "One each.",
       .repeated = true,
       .least = 1,
       .keys = {{.name = "name", .help = "For people.", .required = true},
                {.name = "suffix",
                 .help = "End of a scan.",
                 .fallback = "crlf",
                 .choices = {"crlf", "tab", "none"}},
                {.name = "on", .type = Type::boolean, .help = "In use.", .fallback = "true"},
                {.name = "extra", .type = Type::map, .help = "Free."}}},
  };
  return kSchema;
}

TEST(Config, FillsDefaultsAndResolvesPaths) {
  const auto c = Config::load(schema(), R"([broker]
url = "tcp://127.0.0.1:1883"
password_file = "secret"
[[scanner]]
name = "left"
[scanner.extra]
a = "1"
)",
                              "/etc/dockline/agent.toml");
  ASSERT_TRUE(c.has_value()) << to_text(c.error());
  EXPECT_EQ(c->one("broker").integer("keep_alive"), 15);
  EXPECT_FALSE(c->one("broker").given("keep_alive"));
  EXPECT_EQ(c->one("broker").text("password_file"), "/etc/dockline/secret");
  EXPECT_EQ(c->many("scanner")[0].text("suffix"), "crlf");
  EXPECT_TRUE(c->many("scanner")[0].boolean("on"));
  EXPECT_EQ(c->many("scanner")[0].map("extra").at("a"), "1");
}

TEST(Config, ReportsAllProblemsAtOnceWithLineKeyAndRemedy) {
  const auto c = Config::load(schema(), R"([broker]
ulr = "tcp://x"
keep_alive = 1
[[scanner]]
name = 5
suffix = "tabb"
[sanner]
)",
                              "agent.toml");
  ASSERT_FALSE(c.has_value());
  const std::string text = to_text(c.error());
  EXPECT_NE(text.find("agent.toml:2: broker.ulr: unknown key. Did you mean url?"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("agent.toml:3: broker.keep_alive: 1 is out of range: 5 to 600 s"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("broker.url: missing"), std::string::npos) << text;
  EXPECT_NE(text.find("agent.toml:5: scanner[1].name: a text in quotes is needed"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("Did you mean tab?"), std::string::npos) << text;
  EXPECT_NE(text.find("sanner: unknown table. Did you mean scanner?"), std::string::npos) << text;
  EXPECT_EQ(c.error().size(), 6U) << text;
}

TEST(Config, NamesTheLineOfASyntaxError) {
  const auto c = Config::load(schema(), "[broker]\nurl = \n", "a.toml");
  ASSERT_FALSE(c.has_value());
  EXPECT_EQ(c.error()[0].line, 2);
}

TEST(Config, PrintsWhatItReadsAgain) {
  const auto c =
      Config::load(schema(), "[broker]\nurl='tcp://a:1'\n[[scanner]]\nname='x\"y'\n", "/a.toml")
          .value();
  const auto again = Config::load(schema(), c.print(schema()), "/a.toml");
  ASSERT_TRUE(again.has_value()) << to_text(again.error());
  EXPECT_EQ(again->many("scanner")[0].text("name"), "x\"y");
}

const Schema& nested() {
  static const Schema kSchema{
      {.name = "service",
       .help = "What a carrier does.",
       .repeated = true,
       .keys = {{.name = "countries", .type = Type::list, .help = "Codes."},
                {.name = "disruption", .type = Type::numbers, .help = "Of 1000.", .max = 1'000},
                {.name = "rates", .type = Type::groups, .help = "By zone.", .min = 0}}}};
  return kSchema;
}

TEST(Config, ReadsListsAndTablesOfNumbersAndPrintsThem) {
  const auto c = Config::load(nested(), R"([[service]]
countries = ["DE", "AT"]
disruption = { DE-BY = 300 }
[service.rates.1]
1000 = 490
5000 = 690
)",
                              "/r.toml");
  ASSERT_TRUE(c.has_value()) << to_text(c.error());
  const auto again = Config::load(nested(), c->print(nested()), "/r.toml");
  ASSERT_TRUE(again.has_value()) << to_text(again.error());
  for (const auto* config : {&*c, &*again}) {
    const auto& service = config->many("service")[0];
    EXPECT_EQ(service.list("countries"), (std::vector<std::string>{"DE", "AT"}));
    EXPECT_EQ(service.numbers("disruption").at("DE-BY"), 300);
    EXPECT_EQ(service.groups("rates").at("1").at("5000"), 690);
  }
  EXPECT_EQ(c->many("service")[0].line_of("disruption"), 3);
  EXPECT_EQ(c->problem(c->many("service")[0], "service.disruption.DE-BY", "", "").line, 3);
}

TEST(Config, NamesTheLineOfEachWrongEntryOfATable) {
  const auto c = Config::load(nested(), R"([[service]]
countries = ["DE", 5]
[service.disruption]
DE = 1001
AT = "half"
[service.rates]
zone = 5
[service.rates.1]
1000 = "x"
)",
                              "r.toml");
  ASSERT_FALSE(c.has_value());
  const std::string text = to_text(c.error());
  for (const char* part : {"r.toml:2: service[1].countries: each entry is a text",
                           "r.toml:4: service[1].disruption.DE: 1001 is out of range",
                           "r.toml:5: service[1].disruption.AT: a whole number",
                           "r.toml:7: service[1].rates.zone: a table of whole numbers",
                           "r.toml:9: service[1].rates.1.1000: a whole number"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(c.error().size(), 5U) << text;
}

TEST(Config, ReadsAddresses) {
  EXPECT_EQ(parse_listen("127.0.0.1:80")->port, 80);
  EXPECT_EQ(parse_listen("[::1]:80")->host, "::1");
  for (const char* bad : {"", "80", ":80", "a:", "a:99999", "a:1x"}) {
    EXPECT_FALSE(parse_listen(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace dockline::config
