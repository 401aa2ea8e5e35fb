// dockline-server: reads flags and configuration, then runs the composition root.
#include <cstdio>

#include "server/main/server.hpp"
#include "server/main/settings.hpp"
#include "shared/runtime/program.hpp"

namespace {

using namespace dockline;

// server.toml and the routing file it names, with the problems of both.
std::expected<server::Settings, std::vector<config::Problem>> settings_of(
    const config::Config& config) {
  auto settings = server::to_settings(config);
  if (!settings) return settings;
  if (auto problems = server::read_rulebook(*settings); !problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  const runtime::Program program{
      .name = "dockline-server",
      .what = "Dockline's central server: event log, stock, orders, channels, console.",
      .config_file = "/etc/dockline/server.toml",
      .schema = server::settings_schema(),
      .check = [](const config::Config& c) -> std::vector<config::Problem> {
        auto settings = settings_of(c);
        if (settings) return {};
        return std::move(settings).error();
      },
  };
  auto loaded = runtime::load(program, argc, argv);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  server::Program server(*settings_of(std::get<config::Config>(loaded)));
  return server.run();
}
