// Completion scripts, made from the command tree, so that they never lag behind it.
#include "server/cli/command_line.hpp"

namespace dockline::server::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string words_of(const CommandInfo& command, const CommandInfo& root) {
  std::string out = joined(command.commands);
  for (const auto* options : {&command.options, &root.options}) {
    const std::string more = joined(*options);
    if (!more.empty()) out += (out.empty() ? "" : " ") + more;
    if (&command == &root) break;
  }
  if (command.path == "completion") out = "bash zsh fish " + out;
  return out;
}

// The words before the cursor that are commands name the place in the tree.
std::string bash(const std::vector<CommandInfo>& commands) {
  std::string out =
      "# dockline completion for bash: source <(dockline completion bash)\n"
      "_dockline() {\n"
      "  local word path=\"\" current=\"${COMP_WORDS[COMP_CWORD]}\" words\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$path $word\" in\n";
  for (const auto& command : commands) {
    if (command.path.empty()) continue;
    const auto space = command.path.rfind(' ');
    const std::string before = space == std::string::npos ? "" : command.path.substr(0, space);
    out += "      \"" + before + " " + command.path.substr(space + 1) + "\") path=\"" +
           command.path + "\" ;;\n";
  }
  out += "    esac\n  done\n  case \"$path\" in\n";
  for (const auto& command : commands) {
    out +=
        "    \"" + command.path + "\") words=\"" + words_of(command, commands.front()) + "\" ;;\n";
  }
  return out +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  if [[ ${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- \"$current\")); fi\n"
         "}\n"
         "complete -o filenames -F _dockline dockline\n";
}

std::string zsh(const std::vector<CommandInfo>& commands) {
  return "#compdef dockline\n"
         "# dockline completion for zsh: source <(dockline completion zsh)\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash(commands);
}

std::string fish(const std::vector<CommandInfo>& commands) {
  std::string out =
      "# dockline completion for fish: dockline completion fish | source\n"
      "complete -c dockline -f\n";
  for (const auto& command : commands) {
    std::string condition = "__fish_use_subcommand";
    if (!command.path.empty()) {
      condition.clear();
      std::string rest = command.path;
      while (!rest.empty()) {
        const auto space = rest.find(' ');
        condition += (condition.empty() ? "" : "; and ") +
                     ("__fish_seen_subcommand_from " + rest.substr(0, space));
        rest = space == std::string::npos ? "" : rest.substr(space + 1);
      }
    }
    for (const auto& word : command.commands) {
      out += "complete -c dockline -n '" + condition + "' -a " + word + "\n";
    }
    for (const auto& option : command.options) {
      out += "complete -c dockline -n '" + condition + "' -l " + option.substr(2) + "\n";
    }
    if (command.path == "completion") {
      out += "complete -c dockline -n '" + condition + "' -a 'bash zsh fish'\n";
    }
    if (command.path.ends_with("import") || command.path.ends_with("create")) {
      out += "complete -c dockline -n '" + condition + "' -F\n";
    }
  }
  return out;
}

}  // namespace

std::string completion(const std::string& shell, const std::vector<CommandInfo>& commands) {
  if (shell == "bash") return bash(commands);
  return shell == "zsh" ? zsh(commands) : fish(commands);
}

}  // namespace dockline::server::cli
