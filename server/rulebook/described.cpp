// What people say of a site: written as the [[site]] that it stands for, and read by its reader.
#include "server/rulebook/described.hpp"

#include <algorithm>

#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"

namespace dockline::server::rulebook {
namespace {

using config::Key;
using config::Type;

bool is_table(Type type) { return type == Type::map || type == Type::numbers; }

const Key* key_of(std::string_view name) {
  const auto& keys = site_table().keys;
  const auto at = std::ranges::find(keys, name, &Key::name);
  return at == keys.end() || at->name == "name" ? nullptr : &*at;
}

// As a text of TOML.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20 || byte == 0x7f) {
      out.append("\\u00").append({kHex[byte >> 4U], kHex[byte & 15U]});
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Digits are a number; anything else stays a text, and the reader says that it is none.
std::string number(std::string_view text) {
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool whole = !digits.empty() && digits.size() <= 18 &&
                     (digits == "0" || digits.front() != '0') &&
                     std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  return whole ? std::string(text) : quoted(text);
}

// Spreadsheets write TRUE.
std::string boolean(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (low == "true" || low == "yes") return "true";
  if (low == "false" || low == "no") return "false";
  return quoted(text);
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" ,;"), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  std::ranges::sort(out);
  return out;
}

// The value as TOML has it, and in its one form.
struct Written {
  std::string toml, value;
};
Written written(Type type, const std::string& value) {
  switch (type) {
    case Type::integer:
    case Type::numbers:
      return {number(value), value};
    case Type::boolean: {
      const auto yes = boolean(value);
      return {yes, yes.starts_with('"') ? value : yes};
    }
    case Type::list: {
      std::string toml, plain;
      for (const auto& word : words(value)) {
        toml += (toml.empty() ? "" : ", ") + quoted(word);
        plain += (plain.empty() ? "" : " ") + word;
      }
      return {"[" + toml + "]", plain};
    }
    case Type::text:
    case Type::path:
    case Type::listen:
    case Type::url:
    case Type::name:
    case Type::map:
    case Type::groups:
      return {quoted(value), value};
  }
  return {};
}

// What cannot even be written as a section; nothing when it can.
std::optional<config::Problem> misplaced(const std::string& name) {
  const auto dot = name.find('.');
  const std::string head = name.substr(0, dot);
  const auto wrong = [&](const char* what, std::string remedy) {
    return config::Problem{"", 0, name, what, std::move(remedy)};
  };
  if (head == "name") return wrong("is the site itself", "Leave it out");
  const Key* key = key_of(head);
  if (key == nullptr) return std::nullopt;  // the reader says what it may have meant
  const bool has_entry = dot != std::string::npos && dot + 1 < name.size();
  if (is_table(key->type) && !has_entry) {
    return wrong("names no entry", "Write it behind a dot: " + head +
                                       (head == "hours" ? ".mon-fri" : ".DE") + ". " +
                                       std::string(key->help));
  }
  if (!is_table(key->type) && dot != std::string::npos) {
    return wrong("has no entries", "Write " + head + " alone. " + std::string(key->help));
  }
  return std::nullopt;
}

std::string behind_first_dot(const std::string& key) {
  const auto dot = key.find('.');
  return dot == std::string::npos ? key : key.substr(dot + 1);
}

}  // namespace

const config::Table& site_table() {
  return *std::ranges::find(schema(), std::string_view("site"), &config::Table::name);
}

std::expected<DescribedSite, std::vector<config::Problem>> read_site(const std::string& site,
                                                                     const SiteValues& values) {
  std::vector<config::Problem> problems;
  DescribedSite out;
  std::string text = "[[site]]\nname = " + quoted(site) + "\n";
  for (const auto& [name, value] : values) {
    if (auto problem = misplaced(name)) {
      problems.push_back(std::move(*problem));
      continue;
    }
    if (value.empty()) {
      problems.push_back({"", 0, name, "is empty", "Leave out what nobody knows"});
      continue;
    }
    const auto twice = [&](const auto& known) { return known.first == name; };
    if (std::ranges::any_of(out.values, twice)) {
      problems.push_back({"", 0, name, "stands twice", "Leave one out"});
      continue;
    }
    const auto dot = name.find('.');
    const Key* key = key_of(name.substr(0, dot));
    const auto made = written(key == nullptr ? Type::text : key->type, value);
    const bool entry = key != nullptr && dot != std::string::npos;
    text += entry ? quoted(name.substr(0, dot)) + "." + quoted(name.substr(dot + 1)) : quoted(name);
    text += " = " + made.toml + "\n";
    out.values.emplace_back(name, made.value);
  }
  std::ranges::sort(out.values);
  auto declared = read_section(text);
  if (!declared) {
    for (auto& problem : declared.error()) {
      problem.line = 0;  // of a text that nobody wrote
      problem.key = behind_first_dot(problem.key);
      problems.push_back(std::move(problem));
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  out.declared = std::move(*declared);
  return out;
}

std::string in_one_line(const std::vector<config::Problem>& problems) {
  std::string out;
  for (const auto& p : problems) {
    out += (out.empty() ? "" : "; ") + p.key + ": " + p.what;
    if (!p.remedy.empty()) out += " (" + p.remedy + ")";
  }
  return out;
}

SiteValues values_of(const config::Section& site, const config::Table& table) {
  SiteValues out;
  for (const auto& key : table.keys) {
    const std::string name(key.name);
    if (name == "name" || !site.given(name)) continue;
    switch (key.type) {
      case Type::integer:
        out.emplace_back(name, std::to_string(site.integer(name)));
        break;
      case Type::boolean:
        out.emplace_back(name, site.boolean(name) ? "true" : "false");
        break;
      case Type::map:
        for (const auto& [entry, value] : site.map(name))
          out.emplace_back(name + "." + entry, value);
        break;
      case Type::numbers:
        for (const auto& [entry, value] : site.numbers(name)) {
          out.emplace_back(name + "." + entry, std::to_string(value));
        }
        break;
      case Type::list: {
        std::string all;
        for (const auto& one : site.list(name)) all += (all.empty() ? "" : " ") + one;
        if (!all.empty()) out.emplace_back(name, written(Type::list, all).value);
        break;
      }
      case Type::text:
      case Type::path:
      case Type::listen:
      case Type::url:
      case Type::name:
      case Type::groups:
        out.emplace_back(name, site.text(name));
        break;
    }
  }
  std::ranges::sort(out);
  return out;
}

SiteKeys site_keys() {
  SiteKeys out;
  for (const auto& key : site_table().keys) {
    if (key.name != "name") (is_table(key.type) ? out.tables : out.plain).emplace_back(key.name);
  }
  return out;
}

// ---------------------------------------------------------------- the book in force
namespace {

// Sites by priority, as where nothing is configured; what was described forbids, and what nobody
// described does not. Costs, hazardous goods and chilled goods want carriers: they need a file.
std::shared_ptr<routing::Rulebook> without_file(
    const std::map<std::string, routing::DeclaredSite>& described) {
  const auto any = [&](auto known) {
    return std::ranges::any_of(described, [&](const auto& s) { return known(s.second); });
  };
  routing::ChainSpec spec = routing::nearest_with_everything();
  spec.version = 0;
  const auto add = [&](const char* rule, std::int64_t version) {
    spec.name = "nearest-as-described";
    spec.version += version;  // another set of rules is another version
    spec.rules.push_back({.rule = rule, .version = 1, .settings = {{"if_unknown", 1}}});
  };
  if (any([](const auto& s) { return s.capacity_per_day.has_value(); })) add("capacity", 1);
  if (any([](const auto& s) { return s.hours.has_value(); })) add("hours", 2);
  if (spec.version == 0) spec.version = 1;  // as ever
  auto chain = routing::bind(spec);
  CHECK(chain.has_value());
  auto book = std::make_shared<routing::Rulebook>();
  book->specs.push_back(std::move(spec));
  book->chains.standard = std::move(*chain);
  book->policy = routing::standard_policy();
  return book;
}

bool same_hours(const std::optional<routing::Hours>& a, const std::optional<routing::Hours>& b) {
  if (!a || !b) return !a && !b;
  const auto day = [](const routing::Day& x, const routing::Day& y) {
    return x.opens == y.opens && x.cut_off == y.cut_off;
  };
  const auto offset = [](const routing::Offset& x, const routing::Offset& y) {
    return x.from_ms == y.from_ms && x.seconds == y.seconds;
  };
  return std::ranges::equal(a->week, b->week, day) && a->closed == b->closed &&
         std::ranges::equal(a->offsets, b->offsets, offset);
}

}  // namespace

std::shared_ptr<const routing::Rulebook> in_force(
    const std::shared_ptr<const routing::Rulebook>& file,
    const std::map<std::string, routing::DeclaredSite>& described,
    std::span<const routing::Arrivals> arrivals) {
  const bool shown = file != nullptr && !arrivals.empty();
  if (described.empty() && !shown) return file;
  auto book = file ? std::make_shared<routing::Rulebook>(*file) : without_file(described);
  for (const auto& [name, site] : described) {
    const auto at = std::ranges::find(book->sites, name, &routing::DeclaredSite::site);
    if (at == book->sites.end()) {
      book->sites.push_back(site);
    } else {
      *at = site;
    }
  }
  for (const auto& seen : arrivals) {
    for (auto& [service, sites, disruption] : book->services) {
      if (service.carrier != seen.carrier || service.service != seen.service) continue;
      if (service.reliability_per_mille) continue;
      service.reliability_per_mille = routing::reliability_per_mille(seen);
    }
  }
  return book;
}

bool same(const routing::DeclaredSite& a, const routing::DeclaredSite& b) {
  return a.zones == b.zones && a.distance_km == b.distance_km && same_hours(a.hours, b.hours) &&
         a.capacity_per_day == b.capacity_per_day && a.hazardous == b.hazardous &&
         a.cold_chain == b.cold_chain && a.handling_parcel_minor == b.handling_parcel_minor &&
         a.handling_piece_minor == b.handling_piece_minor;
}

std::string version_of(const SiteValues& values) {
  std::string text;
  for (const auto& [key, value] : values) text += key + "\n" + value + "\n";
  const auto digest = base::sha256("dockline-site-1", text);
  return base::to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 4));
}

}  // namespace dockline::server::rulebook
