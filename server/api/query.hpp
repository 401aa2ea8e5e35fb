// Percent-decoding of paths and query strings (RFC 3986), strict: bad escapes and bytes that are
// no UTF-8 are refused, unknown parameters too, so that a typo never looks like an empty answer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"

namespace dockline::server::api {

// What a page gives as `next`: the key of its last row, opaque to clients, so that it may change.
// A row that is inserted or removed meanwhile neither doubles nor hides another.
[[nodiscard]] std::string cursor(const std::string& key);
// The key in it; a text that is none is taken as the key itself (the log's positions are public
// numbers). Nothing: damaged.
[[nodiscard]] std::optional<std::string> cursor_key(const std::string& text);

// Nothing when the escapes or the bytes are wrong.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

class Query {
 public:
  // `known` lists the parameters this path takes.
  [[nodiscard]] static std::expected<Query, Problem> parse(
      std::string_view query, const std::vector<std::string_view>& known);
  [[nodiscard]] std::string text(std::string_view name) const;  // "" when absent
  // One of `choices` or absent.
  [[nodiscard]] std::expected<std::string, Problem> choice(
      std::string_view name, const std::vector<std::string_view>& choices) const;
  [[nodiscard]] std::expected<std::int64_t, Problem> integer(std::string_view name,
                                                             std::int64_t fallback,
                                                             std::int64_t min,
                                                             std::int64_t max) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace dockline::server::api
