// dockline-agent: reads flags and configuration, then runs the composition root.
#include "agent/main/agent.hpp"
#include "agent/main/settings.hpp"
#include "shared/runtime/program.hpp"

int main(int argc, char** argv) {
  using namespace dockline;
  const runtime::Program program{
      .name = "dockline-agent",
      .what = "Dockline's packing station: scanners, label printers, the station page.",
      .config_file = "/etc/dockline/agent.toml",
      .schema = agent::settings_schema(),
      .check = [](const config::Config& c) -> std::vector<config::Problem> {
        auto settings = agent::to_settings(c);
        if (settings) return {};
        return std::move(settings).error();
      },
  };
  auto loaded = runtime::load(program, argc, argv);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  agent::Agent station(*agent::to_settings(std::get<config::Config>(loaded)));
  return station.run();
}
