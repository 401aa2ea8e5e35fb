#include <algorithm>
#include <charconv>
#include <set>

#include "server/rulebook/described.hpp"
#include "server/rulebook/rulebook.hpp"

namespace dockline::server::rulebook {
namespace {

using config::Config;
using config::Section;
using routing::Rulebook;

template <class T>
routing::ByPlace<T> by_place(const std::map<std::string, T>& table) {
  return {table.begin(), table.end()};  // a map is sorted
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> maybe_yes(const Section& s, std::string_view key) {
  return s.given(key) ? std::optional(s.boolean(key)) : std::nullopt;
}
std::optional<std::int64_t> maybe_number(const Section& s, std::string_view key) {
  return s.given(key) ? std::optional(s.integer(key)) : std::nullopt;
}

bool is_country(std::string_view text) {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
// "DE", "DE-BY", "DE 89", "other".
bool is_place(std::string_view text) {
  if (text == "other") return true;
  if (!is_country(text.substr(0, 2))) return false;
  return text.size() == 2 || (text.size() > 3 && (text[2] == '-' || text[2] == ' '));
}

class Reading {
 public:
  Reading(const Config& config, const std::optional<Names>& names)
      : config_(config), names_(names) {}

  Rulebook book;
  std::vector<config::Problem> problems;

  void run() {
    chains();
    head();
    sites();
    services();
  }
  // Of a text that has nothing but sites.
  void run_sites() { sites(); }

 private:
  void add(const Section& at, std::string key, std::string what, std::string remedy) {
    problems.push_back(config_.problem(at, std::move(key), std::move(what), std::move(remedy)));
  }

  void places(const Section& at, const std::string& table, std::string_view key,
              const std::string& place) {
    if (is_place(place)) return;
    add(at, table + "." + std::string(key) + "." + place, "'" + place + "' is no place",
        "Write \"DE\", \"DE-BY\", \"DE 89\" or other");
  }

  // ---------------------------------------------------------------- chains
  void chains() {
    for (const auto& at : config_.many("chain")) {
      routing::ChainSpec spec;
      spec.name = at.text("name");
      spec.version = at.integer("version");
      spec.split = at.text("split");
      spec.strategy = at.text("strategy");
      spec.partial = at.boolean("partial");
      spec.sites_max = at.integer("sites_max");
      spec.unknown_weight_g = at.integer("unknown_weight_g");
      for (const auto& rule : at.list("rules")) link(at, spec, rule);
      for (const auto& [rule, settings] : at.groups("settings")) set(at, spec, rule, settings);
      const bool twice = std::any_of(book.specs.begin(), book.specs.end(),
                                     [&](const auto& s) { return s.name == spec.name; });
      if (twice) add(at, "chain.name", "'" + spec.name + "' stands twice", "Rename one");
      auto made = routing::bind(spec);
      if (!made) add(at, "chain.rules", made.error().detail, known_rules());
      bound_.push_back(made ? std::optional(std::move(*made)) : std::nullopt);
      book.specs.push_back(std::move(spec));
    }
  }

  static std::string known_rules() {
    std::string text;
    for (const auto& rule : routing::rules()) {
      text += (text.empty() ? "Known: " : ", ") + std::string(rule.name);
      if (rule.version > 1) text += " v" + std::to_string(rule.version);
    }
    return text;
  }

  void link(const Section& at, routing::ChainSpec& spec, const std::string& written) {
    routing::Link made{.rule = written};
    if (const auto v = written.rfind(" v"); v != std::string::npos) {
      const auto version = whole(std::string_view(written).substr(v + 2));
      if (version) {
        made.rule = written.substr(0, v);
        made.version = *version;
      } else {
        add(at, "chain.rules", "'" + written + "' names no version", "Write \"hours v2\"");
      }
    }
    spec.rules.push_back(std::move(made));
  }

  void set(const Section& at, routing::ChainSpec& spec, const std::string& rule,
           const Section::Numbers& settings) {
    const auto link = std::find_if(spec.rules.begin(), spec.rules.end(),
                                   [&](const auto& l) { return l.rule == rule; });
    if (link == spec.rules.end()) {
      add(at, "chain.settings." + rule, "the chain has no rule '" + rule + "'",
          "Add it to rules, or remove its settings");
      return;
    }
    for (const auto& [name, value] : settings) link->settings.push_back({name, value});
  }

  const routing::Chain* chain(const std::string& name) const {
    for (std::size_t i = 0; i < book.specs.size(); ++i) {
      if (book.specs[i].name == name && bound_[i]) return &*bound_[i];
    }
    return nullptr;
  }

  // True also for a chain that has a problem of its own.
  bool named(const std::string& name) const {
    return std::any_of(book.specs.begin(), book.specs.end(),
                       [&](const auto& s) { return s.name == name; });
  }

  // ---------------------------------------------------------------- [routing]
  void head() {
    const auto& at = config_.one("routing");
    book.currency = at.text("currency");
    if (book.currency.size() != 3) {
      add(at, "routing.currency", "'" + book.currency + "' is no currency", "Write EUR");
    }
    if (const auto* standard = chain(at.text("chain"))) book.chains.standard = *standard;
    if (!named(at.text("chain"))) {
      add(at, "routing.chain", "no [[chain]] is named '" + at.text("chain") + "'",
          "Add it, or mend the name");
    }
    for (const auto& [channel, name] : at.map("channels")) {
      know_channel(at, "routing.channels." + channel, channel);
      if (const auto* own = chain(name)) book.chains.by_channel.emplace_back(channel, *own);
      if (!named(name)) {
        add(at, "routing.channels." + channel, "no [[chain]] is named '" + name + "'",
            "Add it, or mend the name");
      }
    }
    for (const auto& [channel, hours] : at.numbers("promise_hours")) {
      if (channel != "other") know_channel(at, "routing.promise_hours." + channel, channel);
      book.promise_hours.emplace_back(channel, hours);
    }
    book.dark_after_ms = at.integer("dark_after_minutes") * 60'000;
    policy(at);
  }

  void policy(const Section& at) {
    book.policy = routing::standard_policy();
    if (!at.given("scarce")) return;
    book.policy.by.clear();
    book.policy.name.clear();
    for (const auto& word : at.list("scarce")) {
      using routing::By;
      const auto by = word == "class"      ? std::optional(By::priority_class)
                      : word == "promised" ? std::optional(By::promised)
                      : word == "age"      ? std::optional(By::placed)
                                           : std::nullopt;
      if (!by) {
        add(at, "routing.scarce", "'" + word + "' is not known here",
            "Known: class, promised, age");
        continue;
      }
      book.policy.by.push_back(*by);
      book.policy.name += (book.policy.name.empty() ? "" : "-") + word;
    }
    if (book.policy.by.empty())
      add(at, "routing.scarce", "nothing is named", "[\"class\", \"age\"]");
  }

  void know_channel(const Section& at, const std::string& key, const std::string& channel) {
    if (!names_) return;
    const auto& all = names_->channels;
    if (std::find(all.begin(), all.end(), channel) != all.end()) return;
    add(at, key, "no [[channel]] of the server is named '" + channel + "'", "Mend the name");
  }
  void know_site(const Section& at, const std::string& key, const std::string& site) {
    if (!names_) return;
    const auto& all = names_->sites;
    if (std::find(all.begin(), all.end(), site) != all.end()) return;
    add(at, key, "no [[site]] of the server is named '" + site + "'", "Mend the name");
  }

  // ---------------------------------------------------------------- sites and carriers
  void sites() {
    std::set<std::string> seen;
    for (const auto& at : config_.many("site")) {
      routing::DeclaredSite made{.site = at.text("name")};
      know_site(at, "site.name", made.site);
      if (!seen.insert(made.site).second) {
        add(at, "site.name", "'" + made.site + "' stands twice", "Put both into one");
      }
      for (const auto& [place, zone] : at.map("zones")) places(at, "site", "zones", place);
      for (const auto& [place, km] : at.numbers("distance_km")) {
        places(at, "site", "distance_km", place);
      }
      made.zones = by_place(at.map("zones"));
      made.distance_km = by_place(at.numbers("distance_km"));
      made.capacity_per_day = maybe_number(at, "capacity_per_day");
      made.hazardous = maybe_yes(at, "hazardous");
      made.cold_chain = maybe_yes(at, "cold_chain");
      made.handling_parcel_minor = maybe_number(at, "handling_parcel_minor");
      made.handling_piece_minor = maybe_number(at, "handling_piece_minor");
      hours(at, made);
      book.sites.push_back(std::move(made));
    }
  }

  void hours(const Section& at, routing::DeclaredSite& site) {
    routing::Hours made;
    for (const auto& [days, text] : at.map("hours")) {
      if (auto ok = put_hours(made.week, days, text); !ok) {
        add(at, "site.hours." + days, ok.error().detail, "Write mon-fri = \"08:00-16:30\"");
      }
    }
    for (const auto& text : at.list("closed")) {
      const auto date = date_of(text);
      if (!date) add(at, "site.closed", date.error().detail, "Write \"2026-12-25\"");
      if (date) made.closed.push_back(*date);
    }
    std::sort(made.closed.begin(), made.closed.end());
    if (at.given("time_zone")) {
      auto offsets = offsets_of(at.text("time_zone"));
      if (!offsets) {
        add(at, "site.time_zone", offsets.error().detail,
            "Write its IANA name, such as Europe/Berlin; the package tzdata has the list");
      } else {
        made.offsets = std::move(*offsets);
      }
    } else if (at.given("hours")) {
      add(at, "site.time_zone", "missing", "Hours are in the site's own time: Europe/Berlin");
    }
    if (at.given("hours")) site.hours = std::move(made);
  }

  void services() {
    const auto& sections = config_.many("service");
    for (const auto& at : sections) {
      routing::DeclaredService made;
      made.service.carrier = at.text("carrier");
      made.service.service = at.text("name");
      made.sites = at.list("sites");
      for (const auto& site : made.sites) know_site(at, "service.sites", site);
      if (at.given("countries")) {
        auto countries = at.list("countries");
        for (const auto& country : countries) {
          if (!is_country(country)) {
            add(at, "service.countries", "'" + country + "' is no country", "Write DE, AT, CH");
          }
        }
        std::sort(countries.begin(), countries.end());
        made.service.countries = std::move(countries);
      }
      if (at.given("transit_hours")) {
        made.service.transit_ms = at.integer("transit_hours") * 3'600'000;
      }
      made.service.hazardous = maybe_yes(at, "hazardous");
      made.service.cold_chain = maybe_yes(at, "cold_chain");
      made.service.reliability_per_mille = maybe_number(at, "reliability_per_mille");
      for (const auto& [place, share] : at.numbers("disruption")) {
        places(at, "service", "disruption", place);
      }
      made.disruption = by_place(at.numbers("disruption"));
      for (const auto& [zone, steps] : at.groups("rates")) rates(at, zone, steps, made.service);
      book.services.push_back(std::move(made));
    }
    if (sections.size() > routing::kServicesPerSiteMax) {
      add(sections.back(), "service", "more than 32 services", "Leave out what is never used");
    }
  }

  void rates(const Section& at, const std::string& zone, const Section::Numbers& steps,
             routing::Service& service) {
    std::vector<routing::Rate> made;
    for (const auto& [up_to, minor] : steps) {
      const auto grams = whole(up_to);
      if (!grams || *grams < 1) {
        add(at, "service.rates." + zone + "." + up_to, "'" + up_to + "' is no weight",
            "Write grams = minor units: 1000 = 490");
        continue;
      }
      made.push_back({zone, *grams, minor});
    }
    std::sort(made.begin(), made.end(),
              [](const auto& a, const auto& b) { return a.up_to_g < b.up_to_g; });
    service.rates.insert(service.rates.end(), made.begin(), made.end());
  }

  const Config& config_;
  const std::optional<Names>& names_;
  std::vector<std::optional<routing::Chain>> bound_;  // as book.specs
};

}  // namespace

std::expected<routing::DeclaredSite, std::vector<config::Problem>> read_section(
    std::string_view text) {
  static const config::Schema kSites{site_table()};
  const auto config = Config::load(kSites, text, "");
  if (!config) return std::unexpected(config.error());
  const std::optional<Names> nobody;
  Reading reading(*config, nobody);
  reading.run_sites();
  if (!reading.problems.empty()) return std::unexpected(std::move(reading.problems));
  return std::move(reading.book.sites.front());
}

std::map<std::string, SiteValues> sites_in(std::string_view text) {
  std::map<std::string, SiteValues> out;
  const auto config = Config::load(schema(), text, "");
  if (!config) return out;
  for (const auto& at : config->many("site")) {
    out[at.text("name")] = values_of(at, site_table());
  }
  return out;
}

std::expected<Rulebook, std::vector<config::Problem>> read(std::string_view text,
                                                           const std::string& file,
                                                           const std::optional<Names>& names) {
  auto config = Config::load(schema(), text, file);
  if (!config) return std::unexpected(std::move(config.error()));
  Reading reading(*config, names);
  reading.run();
  if (!reading.problems.empty()) return std::unexpected(std::move(reading.problems));
  return std::move(reading.book);
}

}  // namespace dockline::server::rulebook
