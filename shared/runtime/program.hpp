// The flags both programs share: --config FILE, --check-config, --print-config, --print-reference,
// --version, --help; and reading the configuration with all its problems.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/config/schema.hpp"

namespace dockline::runtime {

inline constexpr std::string_view kVersion = DOCKLINE_VERSION;

struct Program {
  std::string_view name;         // "dockline-agent"
  std::string_view what;         // one sentence for --help
  std::string_view config_file;  // default path of --config
  const config::Schema& schema;
  // Rules over several keys; what it returns is reported like the schema's own problems.
  std::function<std::vector<config::Problem>(const config::Config&)> check;
};

// The configuration, or the exit code when the program has said what it had to say: 0 after
// --version, --print-config ..., 2 for wrong flags, 78 (EX_CONFIG of sysexits.h) for a bad
// configuration.
[[nodiscard]] std::variant<config::Config, int> load(const Program& program, int argc, char** argv);

}  // namespace dockline::runtime
