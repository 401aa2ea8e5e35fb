#include "shared/runtime/program.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>

#include "shared/runtime/system.hpp"

namespace dockline::runtime {
namespace {

constexpr int kBadConfig = 78;  // EX_CONFIG

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int refuse(const std::vector<config::Problem>& problems) {
  const std::string text = config::to_text(problems);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return kBadConfig;
}

}  // namespace

std::variant<config::Config, int> load(const Program& program, int argc, char** argv) {
  CLI::App app(std::string(program.what), std::string(program.name));
  std::string file(program.config_file);
  bool check = false, show = false, reference = false;
  app.set_version_flag("--version", std::string(program.name) + " " + std::string(kVersion));
  app.add_option("--config", file, "Configuration file (TOML)")->capture_default_str();
  app.add_flag("--check-config", check, "Report every problem of the configuration and end");
  app.add_flag("--print-config", show, "Print what is in force, defaults included, and end");
  app.add_flag("--print-reference", reference, "Print every key with its meaning (Markdown)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (reference) {
    print(config::reference(program.schema, std::string(program.name) + " configuration"));
    return 0;
  }
  const auto text = read_file(file);
  if (!text) {
    return refuse({{file, 0, "", text.error().detail, "Name the file with --config FILE"}});
  }
  auto config = config::Config::load(program.schema, *text, file);
  if (!config) return refuse(config.error());
  if (program.check) {
    if (const auto more = program.check(*config); !more.empty()) return refuse(more);
  }
  if (show) print(config->print(program.schema));
  if (check && !show) print(file + ": fine\n");
  if (show || check) return 0;
  return std::move(*config);
}

}  // namespace dockline::runtime
