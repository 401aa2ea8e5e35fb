// Where the server is and which token to show: flags, then environment, then the user's file.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "shared/config/schema.hpp"

namespace dockline::server::cli {

struct Flags {
  std::string url, token_file, config_file;  // empty: not given
};
struct Settings {
  std::string url;         // without a trailing slash
  std::string token_file;  // the token itself is read when it is needed
};

using Environment = std::function<std::optional<std::string>(const char* name)>;
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

// The error is for people, one problem a line.
[[nodiscard]] std::expected<Settings, std::string> find_settings(const Flags& flags,
                                                                 const Environment& environment,
                                                                 const ReadFile& read_file);
[[nodiscard]] const config::Schema& settings_schema();

}  // namespace dockline::server::cli
