#include "server/api/query.hpp"

#include <algorithm>
#include <charconv>

#include "shared/base/bytes.hpp"

namespace dockline::server::api {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

std::unexpected<Problem> bad(std::string message, std::string remedy, std::string_view name = {}) {
  return std::unexpected(Problem{400, "bad_query", std::move(message), std::move(remedy),
                                 name.empty() ? "query" : "query." + std::string(name)});
}

constexpr std::string_view kCursor = "c_";  // before base64url without padding

}  // namespace

std::string cursor(const std::string& key) {
  std::string out = base::to_base64(key);
  while (out.ends_with('=')) out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return std::string(kCursor) + out;
}

std::optional<std::string> cursor_key(const std::string& text) {
  if (!text.starts_with(kCursor)) return text;
  std::string code = text.substr(kCursor.size());
  std::replace(code.begin(), code.end(), '-', '+');
  std::replace(code.begin(), code.end(), '_', '/');
  while (code.size() % 4 != 0) code += '=';
  auto key = base::from_base64(code);
  if (!key || key->empty() || !base::is_utf8(*key) || cursor(*key) != text) return std::nullopt;
  return key;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  if (!base::is_utf8(out) || out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

std::expected<Query, Problem> Query::parse(std::string_view query,
                                           const std::vector<std::string_view>& known) {
  Query out;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decode(pair.substr(0, equals), true);
    const auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) {
      return bad("query parameter '" + base::printable(pair, 60) + "' is not valid UTF-8 text",
                 "Percent-encode it as UTF-8");
    }
    if (std::find(known.begin(), known.end(), *name) == known.end()) {
      return bad("unknown query parameter '" + base::printable(*name, 60) + "'",
                 known.empty() ? "This path takes none" : "Known here: " + joined(known));
    }
    if (*name == "after") {
      const auto key = cursor_key(*value);
      if (!key) return bad("after is not a cursor that a page gave as next", "Take `next`", *name);
      out.values_[*name] = *key;
      continue;
    }
    out.values_[*name] = *value;
  }
  return out;
}

std::string Query::text(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

std::expected<std::string, Problem> Query::choice(
    std::string_view name, const std::vector<std::string_view>& choices) const {
  const std::string value = text(name);
  if (value.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) {
    return value;
  }
  return bad(
      "query parameter " + std::string(name) + "='" + base::printable(value, 60) + "' is not known",
      "One of " + joined(choices), name);
}

std::expected<std::int64_t, Problem> Query::integer(std::string_view name, std::int64_t fallback,
                                                    std::int64_t min, std::int64_t max) const {
  const std::string value = text(name);
  if (value.empty()) return fallback;
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (failed == std::errc{} && end == value.data() + value.size() && out >= min && out <= max) {
    return out;
  }
  return bad("query parameter " + std::string(name) + "='" + base::printable(value, 60) +
                 "' is no whole number in range",
             "Give " + std::to_string(min) + " to " + std::to_string(max), name);
}

}  // namespace dockline::server::api
