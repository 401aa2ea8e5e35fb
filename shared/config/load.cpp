#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>
#include <sstream>

#include <toml++/toml.h>

#include "shared/config/schema.hpp"

namespace dockline::config {
namespace {

// Edit distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

template <class Range, class Name>
std::string did_you_mean(std::string_view word, const Range& known, Name name_of) {
  std::string best;
  std::size_t least = 4;
  std::string all;
  for (const auto& k : known) {
    const std::string name(name_of(k));
    all += (all.empty() ? "" : ", ") + name;
    if (const auto d = distance(word, name); d < least) {
      least = d;
      best = name;
    }
  }
  return best.empty() ? "Known here: " + all : "Did you mean " + best + "?";
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

class Loader {
 public:
  Loader(const Schema& schema, const std::string& file) : schema_(schema) { config_.file_ = file; }

  std::expected<Config, std::vector<Problem>> run(std::string_view text) {
    // toml++ throws on a syntax error: the exception stops here.
    try {
      const toml::table root = toml::parse(text, config_.file_);
      for (const auto& [name, node] : root) unknown_table(name.str(), node);
      for (const auto& table : schema_) load_table(table, root);
    } catch (const toml::parse_error& e) {
      add(e.source().begin.line, "", "not valid TOML: " + std::string(e.description()),
          "Mend that line; https://toml.io shows the form");
    }
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return std::move(config_);
  }

 private:
  void add(std::int64_t line, std::string key, std::string what, std::string remedy) {
    problems_.push_back({config_.file_, line, std::move(key), std::move(what), std::move(remedy)});
  }

  void unknown_table(std::string_view name, const toml::node& node) {
    const auto known =
        std::any_of(schema_.begin(), schema_.end(), [&](const Table& t) { return t.name == name; });
    if (known) return;
    add(node.source().begin.line, std::string(name), "unknown table",
        did_you_mean(name, schema_, [](const Table& t) { return t.name; }));
  }

  void load_table(const Table& table, const toml::table& root) {
    auto& sections = config_.tables_[std::string(table.name)];
    const toml::node* node = root.get(table.name);
    const std::string written = table.repeated ? "[[" + std::string(table.name) + "]]"
                                               : "[" + std::string(table.name) + "]";
    if (!table.repeated) {
      if (node != nullptr && !node->is_table()) {
        add(node->source().begin.line, std::string(table.name), "a table is needed",
            "Write it as " + written);
        return;
      }
      static const toml::table kEmpty;
      load_section(table, node == nullptr ? kEmpty : *node->as_table(), std::string(table.name),
                   sections.emplace_back());
      return;
    }
    if (node != nullptr && (!node->is_array() || !node->as_array()->is_array_of_tables())) {
      add(node->source().begin.line, std::string(table.name), "a repeated table is needed",
          "Write each as " + written);
      return;
    }
    std::size_t n = 0;
    if (node != nullptr) {
      for (const auto& element : *node->as_array()) {
        const std::string path = std::string(table.name) + "[" + std::to_string(++n) + "]";
        load_section(table, *element.as_table(), path, sections.emplace_back());
      }
    }
    if (n < table.least) {
      add(0, std::string(table.name),
          "at least " + std::to_string(table.least) + " needed, " + std::to_string(n) + " given",
          "Add " + written);
    }
  }

  void load_section(const Table& table, const toml::table& in, const std::string& path,
                    Section& out) {
    out.line_ = in.source().begin.line;
    for (const auto& [name, node] : in) {
      const auto known = std::any_of(table.keys.begin(), table.keys.end(),
                                     [&](const Key& k) { return k.name == name.str(); });
      if (!known) {
        add(node.source().begin.line, path + "." + std::string(name.str()), "unknown key",
            did_you_mean(name.str(), table.keys, [](const Key& k) { return k.name; }));
      }
    }
    for (const auto& key : table.keys) load_key(key, in, path, out);
  }

  void load_key(const Key& key, const toml::table& in, const std::string& path, Section& out) {
    auto& value = out.values_[std::string(key.name)];
    const std::string where = path + "." + std::string(key.name);
    const toml::node* node = in.get(key.name);
    value.given = node != nullptr;
    if (node == nullptr) {
      if (key.required) {
        add(out.line_, where, "missing", "Add it: " + std::string(key.help));
      } else {
        use_fallback(key, value);
      }
      return;
    }
    value.line = static_cast<std::int64_t>(node->source().begin.line);
    const bool many = key.type == Type::numbers || key.type == Type::groups;
    if (many) return read_many(key, *node, where, value);
    const std::string problem = read(key, *node, value);
    if (!problem.empty()) add(value.line, where, problem, std::string(key.help));
  }

  // Each wrong entry of a sub-table is a problem of its own, with its own line.
  void read_many(const Key& key, const toml::node& node, const std::string& where,
                 Section::Value& value) {
    if (!node.is_table()) {
      add(value.line, where, "a table is needed", std::string(key.help));
      return;
    }
    if (key.type == Type::numbers) return read_numbers(key, *node.as_table(), where, value.numbers);
    for (const auto& [name, inner] : *node.as_table()) {
      const std::string path = where + "." + std::string(name.str());
      if (inner.is_table()) {
        read_numbers(key, *inner.as_table(), path, value.groups[std::string(name.str())]);
      } else {
        add(inner.source().begin.line, path, "a table of whole numbers is needed",
            std::string(key.help));
      }
    }
  }

  void read_numbers(const Key& key, const toml::table& in, const std::string& where,
                    Section::Numbers& out) {
    for (const auto& [name, node] : in) {
      const std::string path = where + "." + std::string(name.str());
      const auto line = static_cast<std::int64_t>(node.source().begin.line);
      if (!node.is_integer()) {
        add(line, path, "a whole number is needed", std::string(key.help));
        continue;
      }
      const std::int64_t number = node.as_integer()->get();
      if (number < key.min || number > key.max) {
        add(line, path, out_of_range(key, number), std::string(key.help));
      }
      out.emplace(name.str(), number);
    }
  }

  static std::string out_of_range(const Key& key, std::int64_t number) {
    return std::to_string(number) + " is out of range: " + std::to_string(key.min) + " to " +
           std::to_string(key.max) + " " + std::string(key.unit);
  }

  void use_fallback(const Key& key, Section::Value& value) const {
    value.text = key.fallback;
    if (key.type == Type::integer && !key.fallback.empty()) {
      std::from_chars(key.fallback.data(), key.fallback.data() + key.fallback.size(),
                      value.integer);
    }
    value.boolean = key.fallback == "true";
    if (key.type == Type::path) value.text = resolve(value.text);
  }

  [[nodiscard]] std::string resolve(const std::string& path) const {
    if (path.empty() || path.front() == '/') return path;
    return (std::filesystem::path(config_.file_).parent_path() / path).lexically_normal().string();
  }

  // Empty when fine, else what is wrong.
  std::string read(const Key& key, const toml::node& node, Section::Value& value) const {
    switch (key.type) {
      case Type::integer: {
        if (!node.is_integer()) return "a whole number is needed";
        value.integer = node.as_integer()->get();
        if (value.integer >= key.min && value.integer <= key.max) return "";
        return out_of_range(key, value.integer);
      }
      case Type::boolean:
        if (!node.is_boolean()) return "true or false is needed, without quotes";
        value.boolean = node.as_boolean()->get();
        return "";
      case Type::map: {
        if (!node.is_table()) return "a table of texts is needed";
        for (const auto& [k, v] : *node.as_table()) {
          if (!v.is_string()) return std::string(k.str()) + ": a text in quotes is needed";
          value.map.emplace(k.str(), v.as_string()->get());
        }
        return "";
      }
      case Type::list: {
        if (!node.is_array()) return "a list of texts is needed: [\"a\", \"b\"]";
        for (const auto& element : *node.as_array()) {
          if (!element.is_string()) return "each entry is a text in quotes";
          value.list.push_back(element.as_string()->get());
        }
        return "";
      }
      case Type::numbers:
      case Type::groups:
        return "";  // read_many
      case Type::text:
      case Type::path:
      case Type::listen:
      case Type::url:
      case Type::name:
        if (!node.is_string()) return "a text in quotes is needed";
        value.text = node.as_string()->get();
        return read_text(key, value);
    }
    return "";
  }

  std::string read_text(const Key& key, Section::Value& value) const {
    if (!key.choices.empty() &&
        std::find(key.choices.begin(), key.choices.end(), value.text) == key.choices.end()) {
      return "'" + value.text + "' is not known here. " +
             did_you_mean(value.text, key.choices, [](std::string_view c) { return c; });
    }
    if (key.type == Type::name && !is_name(value.text)) {
      return "'" + value.text + "' is no name: 1 to 32 of a-z, 0-9 and -";
    }
    if (key.type == Type::url && !value.text.empty() &&
        value.text.find("://") == std::string::npos) {
      return "'" + value.text + "' is no URL: it has no scheme such as http://";
    }
    if (key.type == Type::listen && !value.text.empty()) {
      if (const auto ok = parse_listen(value.text); !ok) return ok.error().detail;
    }
    if (key.type == Type::path) value.text = resolve(value.text);
    return "";
  }

  const Schema& schema_;
  Config config_;
  std::vector<Problem> problems_;
};

std::expected<Config, std::vector<Problem>> Config::load(const Schema& schema,
                                                         std::string_view text,
                                                         const std::string& file) {
  return Loader(schema, file).run(text);
}

}  // namespace dockline::config
