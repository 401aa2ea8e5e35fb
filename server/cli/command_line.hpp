// The command line: parses it, finds the server, runs one command.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/cli/client.hpp"
#include "server/cli/exit_code.hpp"
#include "server/cli/io.hpp"
#include "server/cli/settings.hpp"

namespace dockline::server::cli {

using MakeClient = std::function<std::unique_ptr<Client>(const Settings&)>;

struct World {
  Io& io;
  Environment environment;
  ReadFile read_file;
  MakeClient make_client;
};

// `arguments` without the program's name.
[[nodiscard]] Exit run(std::vector<std::string> arguments, World& world);

// One command of the program, for shell completion.
struct CommandInfo {
  std::string path;  // "orders list"; "" is the program itself
  std::string help;
  std::vector<std::string> commands, options;
};
[[nodiscard]] std::string completion(const std::string& shell,
                                     const std::vector<CommandInfo>& commands);

}  // namespace dockline::server::cli
