#include "server/main/settings.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "server/channels/contract/channel.hpp"

namespace dockline::server {
namespace {

config::Config parse(const std::string& text) {
  auto config = config::Config::load(settings_schema(), text, "/etc/server.toml");
  EXPECT_TRUE(config.has_value()) << (config ? "" : config::to_text(config.error()));
  return std::move(*config);
}

TEST(Settings, SamplesAreValid) {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  ASSERT_NE(source, nullptr);
  for (const char* name : {"server.toml", "server-vendure.toml"}) {
    std::ifstream in(std::string(source) + "/deploy/samples/" + name);
    ASSERT_TRUE(in) << name;
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_TRUE(to_settings(parse(text.str())).has_value()) << name;
  }
}

TEST(Settings, TheRoutingFileIsReadWithItAndItsProblemsAreNamed) {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  ASSERT_NE(source, nullptr);
  const std::string sites = "[[site]]\nname = 'leipzig'\n[[site]]\nname = 'venlo'\n";
  const std::string channel =
      "[[channel]]\nname = 'shop'\nkind = 'webhook'\nurl = 'http://x'\nsecret_file = 's'\n";
  const auto with = [&](const std::string& path, const std::string& rest) {
    return to_settings(parse("[server]\nrouting = '" + path + "'\n" + rest)).value();
  };
  auto none = to_settings(parse(sites)).value();
  EXPECT_TRUE(read_rulebook(none).empty());
  EXPECT_EQ(none.rulebook, nullptr);
  const std::string sample = std::string(source) + "/deploy/samples/routing.toml";
  auto good = with(sample, sites + channel);
  EXPECT_EQ(config::to_text(read_rulebook(good)), "");
  ASSERT_NE(good.rulebook, nullptr);
  EXPECT_EQ(good.rulebook->chains.of("shop").name, "cheapest-in-time");
  EXPECT_EQ(good.site_values.at("venlo").front().first, "capacity_per_day");
  auto other = with(sample, "[[site]]\nname = 'leipzig'\n");
  EXPECT_EQ(read_rulebook(other).size(), 2U) << "venlo, and the channel shop";
  auto missing = with("/nowhere/routing.toml", sites);
  const auto problems = read_rulebook(missing);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, "server.routing");
}

TEST(Settings, TheSampleOfEveryChannelIsValid) {
  const std::string sites = "[[site]]\nname = 'berlin'\n[[site]]\nname = 'lyon'\n";
  for (const auto& kind : channels::kinds()) {
    const auto settings = to_settings(parse(sites + std::string(kind.sample)));
    ASSERT_TRUE(settings.has_value()) << kind.name;
    EXPECT_EQ(settings->channels.at(0).kind, kind.name);
  }
}

TEST(Settings, NothingListensBeyondThisComputerUnlessConfigured) {
  const auto s = to_settings(parse("[[site]]\nname='a'\n")).value();
  EXPECT_EQ(s.http_listen, "127.0.0.1:8480");
  EXPECT_EQ(s.broker_listen, "127.0.0.1:1883");
  EXPECT_EQ(s.token_file, "/var/lib/dockline-server/token");
}

TEST(Settings, RulesOverSeveralKeysAreReportedTogether) {
  const auto s = to_settings(parse(R"([broker]
mode = "external"
[labels]
company_prefix = "12x"
[[site]]
name = "a"
[[site]]
name = "a"
[[station]]
site = "b"
name = "x"
[[channel]]
name = "api"
kind = "webhook"
url = "http://x"
secret_file = "s"
[channel.locations]
z = "1"
)"));
  ASSERT_FALSE(s.has_value());
  const auto text = config::to_text(s.error());
  EXPECT_EQ(s.error().size(), 6U) << text;
  for (const char* part : {"broker.url: missing", "no company prefix", "'a' stands twice",
                           "no [[site]] is named 'b'", "'api' is taken", "channel.locations.z"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

}  // namespace
}  // namespace dockline::server
