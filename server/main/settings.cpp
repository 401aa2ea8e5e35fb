#include "server/main/settings.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "server/rulebook/rulebook.hpp"

namespace dockline::server {

using config::Key;
using config::Table;
using config::Type;

namespace {

Table server_table() {
  return {.name = "server",
          .help = "The process itself.",
          .keys = {
              {.name = "data_dir",
               .type = Type::path,
               .help = "Folder of the database and the broker's files; made if absent",
               .fallback = "/var/lib/dockline-server"},
              {.name = "http_listen",
               .type = Type::listen,
               .help = "Address of API and console; only this computer unless you change it",
               .fallback = "127.0.0.1:8480"},
              {.name = "hosts",
               .help = "Further names this server is reached by, behind a proxy: \"a.example, b\""},
              {.name = "offers_open",
               .type = Type::boolean,
               .help = "Whether GET /api/v1/offers, what can be had, needs no token",
               .fallback = "false"},
              {.name = "token_file",
               .type = Type::path,
               .help = "File with the API token, made with a random one if absent; default "
                       "data_dir/token"},
              {.name = "routing",
               .type = Type::path,
               .help = "File with routing chains, sites and carriers, best beside this one: see "
                       "the sample routing.toml. Without it the nearest site that has everything "
                       "ships"},
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
  return {.name = "broker",
          .help = "MQTT. `managed`: the server runs its own Mosquitto; `external`: any broker.",
          .keys = {
              {.name = "mode",
               .help = "Who runs the broker",
               .fallback = "managed",
               .choices = {"managed", "external"}},
              {.name = "listen",
               .type = Type::listen,
               .help = "managed: where it listens; only this computer unless you change it",
               .fallback = "127.0.0.1:1883"},
              {.name = "url", .type = Type::url, .help = "external: tcp://host:port or ssl://..."},
              {.name = "user", .help = "external: account"},
              {.name = "password_file",
               .type = Type::path,
               .help = "external: file with the password in line 1"},
              {.name = "ca_file",
               .type = Type::path,
               .help = "external: certificate authority, for ssl://"},
          }};
}

Table backup_table() {
  return {.name = "backup",
          .help =
              "Verified copies of the database. With them, stations keep every fact until a "
              "copy holds it; without, they let go of it as soon as this disk has it.",
          .keys = {{.name = "folder",
                    .type = Type::path,
                    .help = "Where copies go, best on another disk; none are made when absent"},
                   {.name = "every_minutes",
                    .type = Type::integer,
                    .help = "A copy each",
                    .fallback = "60",
                    .unit = "min",
                    .min = 1,
                    .max = 100'000},
                   {.name = "keep",
                    .type = Type::integer,
                    .help = "Verified copies that stay",
                    .fallback = "3",
                    .min = 1,
                    .max = 1'000}}};
}

Table retention_table() {
  return {.name = "retention",
          .help =
              "When the bytes of older facts leave the database for archive segments, beside it "
              "in data_dir/archive. They stay readable and replayable there. Needs [backup].",
          .keys = {{.name = "keep_days",
                    .type = Type::integer,
                    .help = "Facts heard in these last days stay in the database; 0: all",
                    .fallback = "0",
                    .unit = "days",
                    .min = 0,
                    .max = 36'500},
                   {.name = "keep_events",
                    .type = Type::integer,
                    .help = "At most so many facts stay in the database; 0: any number",
                    .fallback = "0",
                    .unit = "facts",
                    .min = 0,
                    .max = 1'000'000'000}}};
}

Table orders_table() {
  return {.name = "orders",
          .help =
              "What about an order a person should see before anything is sent, and how long "
              "a parcel is on its way. Times are those of the forecast.",
          .keys = {{.name = "unchecked",
                    .help = "Channels whose orders are taken as they are: \"csv, shop\"",
                    .fallback = "csv"},
                   {.name = "address_needed",
                    .help = "Channels whose orders need a whole address; of others only what "
                            "contradicts itself is asked about"},
                   {.name = "house_number_needed",
                    .type = Type::boolean,
                    .help = "A street without a number is doubtful",
                    .fallback = "false"},
                   {.name = "merge",
                    .type = Type::boolean,
                    .help = "A person may put orders of one buyer, address and channel in one "
                            "parcel",
                    .fallback = "true"},
                   {.name = "line_quantity_most",
                    .type = Type::integer,
                    .help = "More pieces of one line are doubtful; 0: never",
                    .fallback = "0",
                    .unit = "pieces",
                    .min = 0,
                    .max = 1'000'000},
                   {.name = "value_most",
                    .type = Type::map,
                    .help = "Goods worth more are doubtful: EUR = \"500000\" is 5,000.00"},
                   {.name = "transit_hours",
                    .type = Type::integer,
                    .help = "From the site's door to the buyer's, where the routing file's service "
                            "does not say it",
                    .fallback = "24",
                    .unit = "h",
                    .min = 0,
                    .max = 8'760},
                   {.name = "margin_minutes",
                    .type = Type::integer,
                    .help = "An order with less time than this to spare is at risk",
                    .fallback = "120",
                    .unit = "min",
                    .min = 0,
                    .max = 100'000}}};
}

Table stock_table() {
  const auto days = [](std::string_view name, std::string_view help, std::string_view fallback) {
    return config::Key{.name = name,
                       .type = Type::integer,
                       .help = help,
                       .fallback = fallback,
                       .unit = "days",
                       .min = 1,
                       .max = 1'000};
  };
  return {.name = "stock",
          .help = "How stock is watched: once a day the server looks at all shelves.",
          .keys = {{.name = "ask_counts",
                    .type = Type::boolean,
                    .help = "Once a day, tasks are made to count the most suspect shelves",
                    .fallback = "true"},
                   {.name = "counts_per_station",
                    .type = Type::integer,
                    .help = "At most so many counts are asked of a station in a day",
                    .fallback = "20",
                    .unit = "counts",
                    .min = 0,
                    .max = 1'000},
                   {.name = "suspect_from",
                    .type = Type::integer,
                    .help = "Shelves are suspect from this chance on that the books are wrong",
                    .fallback = "200",
                    .unit = "per mille",
                    .min = 1,
                    .max = 1'000},
                   {.name = "propose_purchases",
                    .type = Type::boolean,
                    .help = "What runs short is proposed to be bought, by itself",
                    .fallback = "true"},
                   days("demand_days", "What left in these last days is the demand", "28"),
                   days("stale_task_days", "A count that nobody makes is asked no more", "7")}};
}

Table channel_table() {
  return {
      .name = "channel",
      .help = "One each for every place where you sell.",
      .repeated = true,
      .keys = {
          {.name = "name",
           .type = Type::name,
           .help = "Short name; part of each order's id",
           .required = true},
          {.name = "kind",
           .help = "What it is",
           .required = true,
           .choices = {"vendure", "webhook"}},
          {.name = "url", .type = Type::url, .help = "Its API address", .required = true},
          {.name = "user", .help = "Account, where the channel logs in by name"},
          {.name = "secret_file",
           .type = Type::path,
           .help = "File with API key, password or signing key in line 1",
           .required = true},
          {.name = "locations", .type = Type::map, .help = "site = \"the channel's location id\""},
          {.name = "tell",
           .help = "When it is told that a parcel is sent",
           .fallback = "closed",
           .choices = {"closed", "handed_over"}},
          {.name = "poll_ms",
           .type = Type::integer,
           .help = "Look for new orders each",
           .fallback = "2000",
           .unit = "ms",
           .min = 200,
           .max = 3'600'000},
          {.name = "sweep_ms",
           .type = Type::integer,
           .help = "Look for cancellations each",
           .fallback = "10000",
           .unit = "ms",
           .min = 1'000,
           .max = 86'400'000},
          {.name = "audit_ms",
           .type = Type::integer,
           .help = "Compare what it shows with what we told it each",
           .fallback = "60000",
           .unit = "ms",
           .min = 1'000,
           .max = 86'400'000},
          {.name = "buffer",
           .type = Type::integer,
           .help = "Pieces kept back per site",
           .fallback = "0",
           .unit = "pieces",
           .min = 0,
           .max = 1'000'000},
      }};
}

config::Schema make_schema() {
  return {
      server_table(),
      broker_table(),
      {.name = "labels",
       .help = "Shipping labels that the server buys ahead.",
       .keys = {{.name = "company_prefix",
                 .help = "GS1 company prefix for the SSCC, 7 to 10 digits",
                 .fallback = "0340123"},
                {.name = "carrier",
                 .help = "Carrier printed on labels where routing chose none",
                 .fallback = "House"},
                {.name = "service",
                 .help = "Service printed on labels where routing chose none",
                 .fallback = "standard"}}},
      backup_table(),
      retention_table(),
      orders_table(),
      stock_table(),
      {.name = "site",
       .help = "A warehouse.",
       .repeated = true,
       .least = 1,
       .keys = {{.name = "name",
                 .type = Type::name,
                 .help = "Short name, never changed again",
                 .required = true},
                {.name = "title", .help = "Name for people"},
                {.name = "priority",
                 .type = Type::integer,
                 .help = "The lowest number ships first when it has everything",
                 .fallback = "100",
                 .min = 0,
                 .max = 1'000'000}}},
      {.name = "station",
       .help = "A packing station. Its broker password is made at the first start, in "
               "data_dir/broker/credentials/<site>.<station>.",
       .repeated = true,
       .keys =
           {{.name = "site", .type = Type::name, .help = "Name of its [[site]]", .required = true},
            {.name = "name", .type = Type::name, .help = "Short name", .required = true},
            {.name = "title", .help = "Name for people"}}},
      channel_table(),
      {.name = "supplier",
       .help = "A supplier whose address (`dockline suppliers set --webhook`) takes orders.",
       .repeated = true,
       .keys = {{.name = "name", .help = "Its short name, as it was entered", .required = true},
                {.name = "secret_file",
                 .type = Type::path,
                 .help = "File with the key in line 1 that orders are signed with",
                 .required = true}}},
  };
}

class Rules {
 public:
  explicit Rules(const config::Config& config) : config_(config) {}

  void check(const Settings& s) {
    broker(s);
    labels(s);
    keeping(s);
    places(s);
    channels(s);
    suppliers(s);
    orders();
  }
  std::vector<config::Problem> problems;

 private:
  void add(const config::Section& at, std::string key, std::string what, std::string remedy) {
    problems.push_back(config_.problem(at, std::move(key), std::move(what), std::move(remedy)));
  }

  void broker(const Settings& s) {
    const auto& at = config_.one("broker");
    if (!s.broker_managed && s.broker_url.empty()) {
      add(at, "broker.url", "missing", "mode is external: say where the broker is");
    }
    if (s.broker_managed && at.given("url")) {
      add(at, "broker.url", "not used", "mode is managed: remove url, or set mode = \"external\"");
    }
  }

  void labels(const Settings& s) {
    const auto& p = s.company_prefix;
    const bool digits =
        std::all_of(p.begin(), p.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || p.size() < 7 || p.size() > 10) {
      add(config_.one("labels"), "labels.company_prefix", "'" + p + "' is no company prefix",
          "7 to 10 digits, as GS1 assigned them to you");
    }
  }

  void keeping(const Settings& s) {
    const bool moves = s.retention_keep_days > 0 || s.retention_keep_events > 0;
    if (moves && s.backup_folder.empty()) {
      add(config_.one("retention"), "retention", "nothing may leave the database without backups",
          "Set folder in [backup], or remove [retention]");
    }
  }

  void places(const Settings& s) {
    std::set<std::string> sites;
    const auto& site_sections = config_.many("site");
    for (std::size_t i = 0; i < s.sites.size(); ++i) {
      if (!sites.insert(s.sites[i].name).second) {
        add(site_sections[i], "site.name", "'" + s.sites[i].name + "' stands twice", "Rename one");
      }
      if (s.sites[i].name == "server") {
        add(site_sections[i], "site.name", "'server' is taken by the protocol", "Choose another");
      }
    }
    std::set<std::pair<std::string, std::string>> stations;
    const auto& station_sections = config_.many("station");
    for (std::size_t i = 0; i < s.stations.size(); ++i) {
      const auto& st = s.stations[i];
      if (!sites.contains(st.site)) {
        add(station_sections[i], "station.site", "no [[site]] is named '" + st.site + "'",
            "Add the site, or mend the name");
      }
      if (!stations.emplace(st.site, st.name).second) {
        add(station_sections[i], "station.name", "'" + st.name + "' stands twice in " + st.site,
            "Rename one");
      }
    }
  }

  void orders() {
    const auto& at = config_.one("orders");
    for (const auto& [currency, most] : at.map("value_most")) {
      const bool digits =
          !most.empty() && most.size() <= 12 &&
          std::all_of(most.begin(), most.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (currency.size() == 3 && digits) continue;
      add(at, "orders.value_most." + currency, "'" + most + "' is no limit",
          "Write cents of a currency: EUR = \"500000\"");
    }
  }

  void suppliers(const Settings& s) {
    std::set<std::string> names;
    const auto& sections = config_.many("supplier");
    for (std::size_t i = 0; i < s.suppliers.size(); ++i) {
      if (names.insert(s.suppliers[i].name).second) continue;
      add(sections[i], "supplier.name", "'" + s.suppliers[i].name + "' stands twice",
          "Keep one of them");
    }
  }

  void channels(const Settings& s) {
    std::set<std::string> names{"api", "csv"};
    const auto& sections = config_.many("channel");
    for (std::size_t i = 0; i < s.channels.size(); ++i) {
      const auto& c = s.channels[i];
      if (!names.insert(c.name).second) {
        add(sections[i], "channel.name", "'" + c.name + "' is taken",
            "api and csv are the server's own; others stand once");
      }
      for (const auto& [site, location] : c.locations) {
        const bool known = std::any_of(s.sites.begin(), s.sites.end(),
                                       [&](const auto& x) { return x.name == site; });
        if (!known) {
          add(sections[i], "channel.locations." + site, "no [[site]] has this name",
              "Write site = \"location id\"");
        }
      }
    }
  }

  const config::Config& config_;
};

// "a.example, b" -> a.example and b.
std::vector<std::string> words(const std::string& list) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : list + ",") {
    if (c != ',' && c != ' ') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::exchange(word, ""));
    }
  }
  return out;
}

}  // namespace

namespace {

Settings::Orders orders_of(const config::Section& at) {
  Settings::Orders out;
  out.unchecked = words(at.text("unchecked"));
  out.address_needed = words(at.text("address_needed"));
  out.house_number_needed = at.boolean("house_number_needed");
  out.merge = at.boolean("merge");
  out.line_quantity_most = at.integer("line_quantity_most");
  out.transit_hours = at.integer("transit_hours");
  out.margin_minutes = at.integer("margin_minutes");
  for (const auto& [currency, most] : at.map("value_most")) {
    std::int64_t minor = 0;
    const auto read = std::from_chars(most.data(), most.data() + most.size(), minor);
    if (read.ec == std::errc{}) out.value_most.emplace_back(currency, minor);
  }
  return out;
}

}  // namespace

const config::Schema& settings_schema() {
  static const config::Schema kSchema = make_schema();
  return kSchema;
}

std::expected<Settings, std::vector<config::Problem>> to_settings(const config::Config& config) {
  Settings out;
  const auto& server = config.one("server");
  const auto& broker = config.one("broker");
  const auto& labels = config.one("labels");
  out.file = config.file();
  out.data_dir = server.text("data_dir");
  out.http_listen = server.text("http_listen");
  out.hosts = words(server.text("hosts"));
  out.offers_open = server.boolean("offers_open");
  out.token_file = server.text("token_file");
  if (out.token_file.empty()) out.token_file = out.data_dir + "/token";
  out.routing_file = server.text("routing");
  out.log_file = server.text("log_file");
  out.log_level = server.text("log_level");
  out.broker_managed = broker.text("mode") == "managed";
  out.broker_listen = broker.text("listen");
  out.broker_url = broker.text("url");
  out.broker_user = broker.text("user");
  out.broker_password_file = broker.text("password_file");
  out.broker_ca_file = broker.text("ca_file");
  out.company_prefix = labels.text("company_prefix");
  out.carrier = labels.text("carrier");
  out.service = labels.text("service");
  const auto& backup = config.one("backup");
  out.backup_folder = backup.text("folder");
  out.backup_every_minutes = backup.integer("every_minutes");
  out.backup_keep = backup.integer("keep");
  const auto& retention = config.one("retention");
  out.retention_keep_days = retention.integer("keep_days");
  out.retention_keep_events = retention.integer("keep_events");
  const auto& stock = config.one("stock");
  out.stock_ask_counts = stock.boolean("ask_counts");
  out.stock_counts_per_station = stock.integer("counts_per_station");
  out.stock_suspect_from = stock.integer("suspect_from");
  out.stock_propose_purchases = stock.boolean("propose_purchases");
  out.stock_demand_days = stock.integer("demand_days");
  out.stock_stale_task_days = stock.integer("stale_task_days");
  const auto titled = [](const config::Section& s) {
    return s.text("title").empty() ? s.text("name") : s.text("title");
  };
  for (const auto& s : config.many("site")) {
    out.sites.push_back({s.text("name"), titled(s), s.integer("priority")});
  }
  for (const auto& s : config.many("station")) {
    out.stations.push_back({s.text("site"), s.text("name"), titled(s)});
  }
  for (const auto& s : config.many("channel")) {
    ChannelSettings c{s.text("name"),
                      s.text("kind"),
                      s.text("url"),
                      s.text("user"),
                      s.text("secret_file"),
                      {},
                      s.integer("poll_ms"),
                      s.integer("sweep_ms"),
                      s.integer("audit_ms"),
                      s.integer("buffer"),
                      s.text("tell") == "handed_over"};
    for (const auto& [site, location] : s.map("locations"))
      c.locations.emplace_back(site, location);
    out.channels.push_back(std::move(c));
  }
  for (const auto& s : config.many("supplier")) {
    out.suppliers.push_back({s.text("name"), s.text("secret_file")});
  }
  out.orders = orders_of(config.one("orders"));
  Rules rules(config);
  rules.check(out);
  if (!rules.problems.empty()) return std::unexpected(std::move(rules.problems));
  return out;
}

std::vector<config::Problem> read_rulebook(Settings& settings) {
  if (settings.routing_file.empty()) return {};
  std::ifstream in(settings.routing_file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    return {{settings.file, 0, "server.routing", settings.routing_file + " cannot be read",
             "Mend the path, or remove routing"}};
  }
  rulebook::Names names{{}, {"api", "csv"}};
  for (const auto& site : settings.sites) names.sites.push_back(site.name);
  for (const auto& channel : settings.channels) names.channels.push_back(channel.name);
  auto book = rulebook::read(text.str(), settings.routing_file, names);
  if (!book) return std::move(book).error();
  settings.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
  settings.site_values = rulebook::sites_in(text.str());
  return {};
}

}  // namespace dockline::server
