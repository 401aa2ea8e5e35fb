#include "agent/main/settings.hpp"

#include <set>

#include "firmware-interfaces/transports/factory.hpp"
#include "shared/base/limits.hpp"

namespace dockline::agent {

using config::Key;
using config::Problem;
using config::Section;
using config::Table;
using config::Type;

namespace {

Table station_table() {
  return {.name = "station",
          .help = "Which bench this is.",
          .keys = {
              {.name = "site",
               .type = Type::name,
               .help = "Site this bench stands in",
               .required = true},
              {.name = "name",
               .type = Type::name,
               .help = "Name of the bench within its site",
               .required = true},
              {.name = "title", .help = "Its name for people; default: the name"},
              {.name = "site_title", .help = "The site's name for people; default: the site"},
              {.name = "data_dir",
               .type = Type::path,
               .help = "Folder of the station's database; made if absent",
               .fallback = "/var/lib/dockline-agent"},
              {.name = "outbox_rows",
               .type = Type::integer,
               .help = "Facts kept for the server at most, 1 GB for a million; no new order then",
               .fallback = "2000000",
               .min = 1'000,
               .max = static_cast<std::int64_t>(base::limits::kUpOutboxRowsMax)},
              {.name = "panel_listen",
               .type = Type::listen,
               .help = "Address of the station page; only this computer unless you change it",
               .fallback = "127.0.0.1:8490"},
              {.name = "language",
               .help = "Language of the page",
               .fallback = "en",
               .choices = {"en", "de"}},
              {.name = "theme",
               .help = "Colours of the page",
               .fallback = "light",
               .choices = {"light", "dark"}},
              {.name = "scale",
               .type = Type::integer,
               .help = "Size of the page's text; 115 for panels below 15 inch",
               .fallback = "100",
               .unit = "%",
               .min = 80,
               .max = 150},
              {.name = "log_file",
               .type = Type::path,
               .help = "Log file, rotated at 5 MB; standard error when absent"},
              {.name = "log_level",
               .help = "How much is logged",
               .fallback = "info",
               .choices = {"debug", "info", "warn", "error"}},
          }};
}

Table broker_table() {
  return {
      .name = "broker",
      .help = "MQTT towards the server. Without url the station works alone.",
      .keys = {
          {.name = "url", .type = Type::url, .help = "tcp://host:port or ssl://host:port"},
          {.name = "user", .help = "Account of this station"},
          {.name = "password_file", .type = Type::path, .help = "File with the password in line 1"},
          {.name = "ca_file", .type = Type::path, .help = "Certificate authority, for ssl://"},
      }};
}

Table scanner_table() {
  return {
      .name = "scanner",
      .help = "One each for every scanner at this bench.",
      .repeated = true,
      .keys = {
          {.name = "name", .help = "What people call it, such as left scanner", .required = true},
          {.name = "address",
           .help = "serial:///dev/ttyACM0?baud=9600, tcp://127.0.0.1:7001 or pty:///path",
           .required = true},
          {.name = "suffix",
           .help = "What ends a scan",
           .fallback = "newline",
           .choices = {"newline", "tab", "etx", "none"}},
          {.name = "prefix",
           .help = "What begins a scan",
           .fallback = "none",
           .choices = {"none", "stx", "aim"}},
          {.name = "idle_ms",
           .type = Type::integer,
           .help = "A pause this long ends a scan; only with suffix none",
           .fallback = "50",
           .unit = "ms",
           .min = 5,
           .max = 2'000},
      }};
}

config::Schema make_schema() {
  return {
      station_table(),
      broker_table(),
      scanner_table(),
      {.name = "printer",
       .help = "One each for every label printer; the first is preferred.",
       .repeated = true,
       .keys = {{.name = "name", .help = "What people call it", .required = true},
                {.name = "address", .help = "tcp://127.0.0.1:9100", .required = true},
                {.name = "model",
                 .help = "How it is spoken to",
                 .fallback = "zpl",
                 .choices = {"zpl"}}}},
      {.name = "sound",
       .help = "Sounds of the station.",
       .keys =
           {{.name = "off", .type = Type::boolean, .help = "No sound at all", .fallback = "false"},
            {.name = "device", .help = "ALSA device", .fallback = "default"},
            {.name = "volume",
             .type = Type::integer,
             .help = "Loudness; the stop sound is never below 50",
             .fallback = "80",
             .unit = "%",
             .min = 0,
             .max = 100}}},
  };
}

// A device's name is used once, its address is understood.
void check_device(const config::Config& config, const Section& section, std::string_view table,
                  std::set<std::string>& names, std::vector<Problem>& problems) {
  const std::string key(table);
  if (!names.insert(section.text("name")).second) {
    problems.push_back(config.problem(section, key + ".name",
                                      "\"" + section.text("name") + "\" is used twice",
                                      "Give each device a name of its own"));
  }
  if (auto ok = firmware::check_address(section.text("address")); !ok) {
    problems.push_back(
        config.problem(section, key + ".address", ok.error().detail, "Mend the address"));
  }
}

}  // namespace

const config::Schema& settings_schema() {
  static const config::Schema schema = make_schema();
  return schema;
}

std::expected<Settings, std::vector<Problem>> to_settings(const config::Config& config) {
  std::vector<Problem> problems;
  Settings out;
  const auto& station = config.one("station");
  out.station.site = station.text("site");
  out.station.station = station.text("name");
  out.station.title = station.given("title") ? station.text("title") : station.text("name");
  out.station.site_title =
      station.given("site_title") ? station.text("site_title") : station.text("site");
  out.station.language = station.text("language");
  out.station.theme = station.text("theme");
  out.station.scale_percent = station.integer("scale");
  out.data_dir = station.text("data_dir");
  out.station.database = out.data_dir + "/agent.db";
  out.station.outbox_rows = static_cast<std::uint64_t>(station.integer("outbox_rows"));
  out.log_file = station.text("log_file");
  out.log_level = station.text("log_level");
  if (auto listen = config::parse_listen(station.text("panel_listen"))) {
    out.panel_listen = *listen;
  }
  if (out.station.site == "server") {
    problems.push_back(config.problem(station, "station.site", "\"server\" is no site name",
                                      "Choose another name"));
  }
  const auto& broker = config.one("broker");
  out.broker_url = broker.text("url");
  out.broker_user = broker.text("user");
  out.broker_password_file = broker.text("password_file");
  out.broker_ca_file = broker.text("ca_file");
  out.station.has_broker = !out.broker_url.empty();
  std::set<std::string> names;
  for (const auto& s : config.many("scanner")) {
    check_device(config, s, "scanner", names, problems);
    auto framing =
        firmware::scanner_settings(s.text("suffix"), s.text("prefix"), s.integer("idle_ms"));
    if (!framing) {
      problems.push_back(config.problem(s, "scanner.suffix", framing.error().detail, ""));
      continue;
    }
    out.scanners.push_back({s.text("name"), s.text("address"), "framed", *framing});
    out.station.scanners.push_back(s.text("name"));
  }
  for (const auto& p : config.many("printer")) {
    check_device(config, p, "printer", names, problems);
    out.printers.push_back({p.text("name"), p.text("address"), p.text("model")});
    out.station.printers.push_back(p.text("name"));
  }
  const auto& sound = config.one("sound");
  out.sound = {sound.boolean("off"), sound.text("device"), sound.integer("volume")};
  out.station.sound_off = out.sound.off;
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return out;
}

}  // namespace dockline::agent
