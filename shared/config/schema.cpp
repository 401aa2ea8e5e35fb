#include "shared/config/schema.hpp"

#include <charconv>

#include "shared/base/check.hpp"

namespace dockline::config {

std::string to_text(const std::vector<Problem>& problems) {
  std::string out;
  for (const auto& p : problems) {
    out += p.file;
    if (p.line > 0) out += ":" + std::to_string(p.line);
    out += ": " + (p.key.empty() ? "" : p.key + ": ") + p.what;
    if (!p.remedy.empty()) out += ". " + p.remedy;
    out += "\n";
  }
  return out;
}

const Section::Value& Section::at(std::string_view key) const {
  const auto found = values_.find(key);
  CHECK(found != values_.end());
  return found->second;
}

const std::string& Section::text(std::string_view key) const { return at(key).text; }
std::int64_t Section::integer(std::string_view key) const { return at(key).integer; }
bool Section::boolean(std::string_view key) const { return at(key).boolean; }
const std::map<std::string, std::string>& Section::map(std::string_view key) const {
  return at(key).map;
}
const std::vector<std::string>& Section::list(std::string_view key) const { return at(key).list; }
const Section::Numbers& Section::numbers(std::string_view key) const { return at(key).numbers; }
const std::map<std::string, Section::Numbers>& Section::groups(std::string_view key) const {
  return at(key).groups;
}
bool Section::given(std::string_view key) const { return at(key).given; }
std::int64_t Section::line_of(std::string_view key) const {
  const auto found = values_.find(key);
  return found != values_.end() && found->second.line > 0 ? found->second.line : line_;
}

const Section& Config::one(std::string_view table) const {
  const auto found = tables_.find(table);
  CHECK(found != tables_.end());
  return found->second.front();
}

const std::vector<Section>& Config::many(std::string_view table) const {
  const auto found = tables_.find(table);
  CHECK(found != tables_.end());
  return found->second;
}

Problem Config::problem(const Section& section, std::string key, std::string what,
                        std::string remedy) const {
  const auto dot = key.find('.');
  const std::string_view rest = std::string_view(key).substr(dot == key.npos ? 0 : dot + 1);
  const std::int64_t line = section.line_of(rest.substr(0, rest.find('.')));
  return {file_, line, std::move(key), std::move(what), std::move(remedy)};
}

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string list_text(const std::vector<std::string>& list) {
  std::string out = "[";
  for (const auto& text : list) out += (out.size() > 1 ? ", " : "") + quoted(text);
  return out + "]";
}

std::string numbers_text(const std::map<std::string, std::int64_t>& numbers) {
  std::string out;
  for (const auto& [k, v] : numbers) out += quoted(k) + " = " + std::to_string(v) + "\n";
  return out;
}

std::string_view type_name(Type type) {
  switch (type) {
    case Type::text:
      return "text";
    case Type::integer:
      return "whole number";
    case Type::boolean:
      return "true or false";
    case Type::path:
      return "path";
    case Type::listen:
      return "host:port";
    case Type::url:
      return "URL";
    case Type::name:
      return "name (a-z 0-9 -)";
    case Type::map:
      return "table of texts";
    case Type::list:
      return "list of texts";
    case Type::numbers:
      return "table of whole numbers";
    case Type::groups:
      return "tables of whole numbers";
  }
  return "";
}

}  // namespace

std::string Config::print(const Schema& schema) const {
  std::string out = "# in force, from " + file_ + "\n";
  for (const auto& table : schema) {
    for (const auto& section : many(table.name)) {
      out += table.repeated ? "\n[[" + std::string(table.name) + "]]\n"
                            : "\n[" + std::string(table.name) + "]\n";
      std::string maps;
      for (const auto& key : table.keys) {
        const auto& value = section.at(key.name);
        const std::string left = std::string(key.name) + " = ";
        switch (key.type) {
          case Type::integer:
            out += left + std::to_string(value.integer) + "\n";
            break;
          case Type::boolean:
            out += left + (value.boolean ? "true\n" : "false\n");
            break;
          case Type::map:
            maps += "[" + std::string(table.name) + "." + std::string(key.name) + "]\n";
            for (const auto& [k, v] : value.map) maps += quoted(k) + " = " + quoted(v) + "\n";
            break;
          case Type::list:
            out += left + list_text(value.list) + "\n";
            break;
          case Type::numbers:
            if (value.numbers.empty()) break;
            maps += "[" + std::string(table.name) + "." + std::string(key.name) + "]\n";
            maps += numbers_text(value.numbers);
            break;
          case Type::groups:
            for (const auto& [k, numbers] : value.groups) {
              maps += "[" + std::string(table.name) + "." + std::string(key.name) + "." +
                      quoted(k) + "]\n" + numbers_text(numbers);
            }
            break;
          case Type::text:
          case Type::path:
          case Type::listen:
          case Type::url:
          case Type::name:
            out += left + quoted(value.text) + "\n";
            break;
        }
      }
      out += maps;
    }
  }
  return out;
}

std::string reference(const Schema& schema, std::string_view title) {
  std::string out = "# " + std::string(title) + "\n";
  for (const auto& table : schema) {
    out += "\n## " + std::string(table.repeated ? "[[" : "[") + std::string(table.name) +
           std::string(table.repeated ? "]]" : "]") + "\n" + std::string(table.help) +
           "\n\n| key | kind | default | meaning |\n|---|---|---|---|\n";
    for (const auto& key : table.keys) {
      out += "| `" + std::string(key.name) + "` | " + std::string(type_name(key.type));
      for (std::size_t i = 0; i < key.choices.size(); ++i) {
        out += (i == 0 ? ": " : ", ") + std::string(key.choices[i]);
      }
      if (!key.unit.empty()) out += ", " + std::string(key.unit);
      out += " | " + (key.required           ? "needed"
                      : key.fallback.empty() ? "none"
                                             : "`" + std::string(key.fallback) + "`");
      out += " | " + std::string(key.help) + " |\n";
    }
  }
  return out;
}

base::Result<HostPort> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos && colon > 0) {
    const auto digits = text.substr(colon + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failed == std::errc{} && end == digits.data() + digits.size() && !digits.empty()) {
      std::string host(text.substr(0, colon));
      if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
      }
      return HostPort{host, port};
    }
  }
  return base::fail(base::Fault::reject,
                    "'" + std::string(text) + "' is not host:port, such as 127.0.0.1:8480");
}

}  // namespace dockline::config
