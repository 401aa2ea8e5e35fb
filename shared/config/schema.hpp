// Configuration by schema tables. Each module owns a Table that lists its keys; loading reports
// *all* problems at once, each with file, line, key and remedy; unknown keys are problems. Reads no
// files: the caller passes the text.
//
// Secrets are given as file references (a key of type `path` named *_file), never as values.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::config {

enum class Type {
  text,
  integer,
  boolean,
  path,     // relative paths are relative to the configuration file's folder
  listen,   // "host:port", port 0 to 65535
  url,      // scheme://...
  name,     // [a-z0-9-]{1,32}: sites, stations, channels (PROTOCOL.md section 3)
  map,      // a sub-table of texts, free keys
  list,     // texts: ["a", "b"]
  numbers,  // a sub-table of whole numbers, free keys; min and max hold for each
  groups,   // a sub-table of sub-tables of whole numbers, free keys
};

struct Key {
  std::string_view name;
  Type type = Type::text;
  std::string_view help;      // one sentence for the reference page
  std::string_view fallback;  // as written in TOML without quotes; see `required`
  bool required = false;      // no fallback: must be given
  std::string_view unit;      // "ms", "bytes": shown in messages and reference
  std::int64_t min = INT64_MIN, max = INT64_MAX;  // integers
  std::vector<std::string_view> choices;          // texts: one of these
};

struct Table {
  std::string_view name;  // "broker"; repeated tables are written [[name]]
  std::string_view help;
  bool repeated = false;
  std::size_t least = 0;  // repeated: how many at least
  std::vector<Key> keys;
};

using Schema = std::vector<Table>;

struct Problem {
  std::string file;
  std::int64_t line = 0;  // 1..; 0 when no line can be named
  std::string key;        // "broker.url", "scanner[2].address"
  std::string what;
  std::string remedy;
};
// "agent.toml:12: broker.ulr: unknown key. Did you mean broker.url?" one line a problem.
[[nodiscard]] std::string to_text(const std::vector<Problem>& problems);

// One table's values, complete (defaults filled in) and typed. Asking for a key that is not in the
// schema is a programmer's error (CHECK).
class Section {
 public:
  [[nodiscard]] const std::string& text(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view key) const;
  [[nodiscard]] const std::map<std::string, std::string>& map(std::string_view key) const;
  [[nodiscard]] const std::vector<std::string>& list(std::string_view key) const;
  using Numbers = std::map<std::string, std::int64_t>;
  [[nodiscard]] const Numbers& numbers(std::string_view key) const;
  [[nodiscard]] const std::map<std::string, Numbers>& groups(std::string_view key) const;
  [[nodiscard]] bool given(std::string_view key) const;  // written in the file, not defaulted
  [[nodiscard]] std::int64_t line() const { return line_; }
  // Where the key is written; the table's own line when it is not.
  [[nodiscard]] std::int64_t line_of(std::string_view key) const;

 private:
  friend class Loader;
  friend class Config;
  struct Value {
    std::string text;
    std::int64_t integer = 0;
    bool boolean = false;
    std::map<std::string, std::string> map;
    std::vector<std::string> list;
    Numbers numbers;
    std::map<std::string, Numbers> groups;
    std::int64_t line = 0;
    bool given = false;
  };
  [[nodiscard]] const Value& at(std::string_view key) const;
  std::map<std::string, Value, std::less<>> values_;
  std::int64_t line_ = 0;
};

class Config {
 public:
  // `file` is used in messages and to resolve relative paths.
  [[nodiscard]] static std::expected<Config, std::vector<Problem>> load(const Schema& schema,
                                                                        std::string_view text,
                                                                        const std::string& file);
  [[nodiscard]] const Section& one(std::string_view table) const;
  [[nodiscard]] const std::vector<Section>& many(std::string_view table) const;
  [[nodiscard]] const std::string& file() const { return file_; }
  // What is in force, as TOML, defaults included. Values of secret files are never in here.
  [[nodiscard]] std::string print(const Schema& schema) const;
  // A problem found by the caller (a rule over several keys), with this file's name in front and
  // the line of the key, when `key` ends in one that the section has ("channel.url").
  [[nodiscard]] Problem problem(const Section& section, std::string key, std::string what,
                                std::string remedy) const;

 private:
  friend class Loader;
  std::map<std::string, std::vector<Section>, std::less<>> tables_;
  std::string file_;
};

// The reference page (Markdown) of a schema.
[[nodiscard]] std::string reference(const Schema& schema, std::string_view title);

// "127.0.0.1:8480" -> host and port; the schema has checked the form already.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] base::Result<HostPort> parse_listen(std::string_view text);

}  // namespace dockline::config
