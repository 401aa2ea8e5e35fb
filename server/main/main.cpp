// dockline-server: reads flags and configuration, then runs the composition root.
#include <cstdio>

#include "server/main/house.hpp"
#include "server/main/server.hpp"
#include "shared/runtime/program.hpp"

namespace {

using namespace dockline;

}  // namespace

int main(int argc, char** argv) {
  const runtime::Program program{
      .name = "dockline-server",
      .what = "Dockline's central server: event log, stock, orders, channels, console.",
      .config_file = "/etc/dockline/server.toml",
      .schema = server::settings_schema(),
      .check = [](const config::Config& c) -> std::vector<config::Problem> {
        auto settings = server::read_settings(c);
        if (settings) return {};
        return std::move(settings).error();
      },
  };
  auto loaded = runtime::load(program, argc, argv);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  server::Program server(*server::read_settings(std::get<config::Config>(loaded)));
  return server.run();
}
