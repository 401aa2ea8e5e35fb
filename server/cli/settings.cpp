#include "server/cli/settings.hpp"

namespace dockline::server::cli {
namespace {

std::string config_path(const Flags& flags, const Environment& environment) {
  if (!flags.config_file.empty()) return flags.config_file;
  if (const auto folder = environment("XDG_CONFIG_HOME"); folder && !folder->empty()) {
    return *folder + "/dockline/cli.toml";
  }
  return environment("HOME").value_or("") + "/.config/dockline/cli.toml";
}

std::string first_of(const std::string& flag, const std::optional<std::string>& environment,
                     const std::string& file) {
  if (!flag.empty()) return flag;
  return environment && !environment->empty() ? *environment : file;
}

}  // namespace

const config::Schema& settings_schema() {
  static const config::Schema kSchema{
      {.name = "server",
       .help = "The server that `dockline` speaks to",
       .keys = {{.name = "url",
                 .type = config::Type::url,
                 .help = "Address of the server, such as http://127.0.0.1:8480",
                 .fallback = "http://127.0.0.1:8480"},
                {.name = "token_file",
                 .type = config::Type::path,
                 .help = "File with the API token, readable by you only",
                 .fallback = "/var/lib/dockline-server/token"}}}};
  return kSchema;
}

std::expected<Settings, std::string> find_settings(const Flags& flags,
                                                   const Environment& environment,
                                                   const ReadFile& read_file) {
  const std::string path = config_path(flags, environment);
  const auto text = read_file(path);
  if (!text && !flags.config_file.empty()) {
    return std::unexpected("cannot read " + path + ". Give --config a file that exists");
  }
  const auto file = config::Config::load(settings_schema(), text.value_or(""), path);
  if (!file) return std::unexpected(config::to_text(file.error()));
  const auto& section = file->one("server");
  Settings out{.url = first_of(flags.url, environment("DOCKLINE_URL"), section.text("url")),
               .token_file = first_of(flags.token_file, environment("DOCKLINE_TOKEN_FILE"),
                                      section.text("token_file"))};
  while (out.url.ends_with('/')) out.url.pop_back();
  if (!out.url.starts_with("http://") && !out.url.starts_with("https://")) {
    return std::unexpected("'" + out.url +
                           "' is no address of a server. Write it as http://127.0.0.1:8480");
  }
  return out;
}

}  // namespace dockline::server::cli
