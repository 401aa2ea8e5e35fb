#include "agent/main/settings.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace dockline::agent {
namespace {

std::string sample() {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  std::ifstream in(std::string(source == nullptr ? "." : source) + "/deploy/samples/agent.toml");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(AgentSettings, TheSampleIsValid) {
  auto config = config::Config::load(settings_schema(), sample(), "/etc/dockline/agent.toml");
  ASSERT_TRUE(config.has_value()) << config::to_text(config.error());
  const auto settings = to_settings(*config);
  ASSERT_TRUE(settings.has_value()) << config::to_text(settings.error());
  EXPECT_EQ(settings->scanners.size(), 2U);
  EXPECT_EQ(settings->printers.size(), 1U);
  EXPECT_EQ(settings->panel_listen.host, "127.0.0.1");
}

TEST(AgentSettings, AnAddressThatNoTransportSpeaksIsNamed) {
  const std::string text =
      "[station]\nsite='a'\nname='b'\n[[scanner]]\nname='s'\naddress='gopher://x'\n";
  auto config = config::Config::load(settings_schema(), text, "/etc/dockline/agent.toml");
  ASSERT_TRUE(config.has_value());
  const auto settings = to_settings(*config);
  ASSERT_FALSE(settings.has_value());
  EXPECT_NE(config::to_text(settings.error()).find("gopher"), std::string::npos);
}

}  // namespace
}  // namespace dockline::agent
