#include "server/api/fields.hpp"

#include "shared/base/bytes.hpp"

namespace dockline::server::api {
namespace {

struct Place {
  std::size_t line = 1, column = 1;
};
Place place_of(std::string_view body, std::size_t offset) {
  Place at;
  for (const char c : body.substr(0, offset)) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else {
      ++at.column;
    }
  }
  return at;
}

}  // namespace

std::expected<json::object, Problem> parse_object(std::string_view body) {
  json::stream_parser parser;
  json::error_code failed;
  const std::size_t read = parser.write_some(body.data(), body.size(), failed);
  if (!failed && !parser.done()) failed = json::error::incomplete;
  if (!failed) {
    const auto rest = body.substr(read).find_first_not_of(" \t\r\n");
    if (rest != std::string_view::npos) failed = json::error::extra_data;
  }
  if (failed) {
    const Place at = place_of(body, read);
    const std::string place =
        "line " + std::to_string(at.line) + ", column " + std::to_string(at.column);
    const std::string where = " at " + place;
    if (!base::is_utf8(body)) {
      return std::unexpected(Problem{400, "bad_utf8", "the body is not UTF-8: wrong byte" + where,
                                     "Send the body as UTF-8", place});
    }
    return std::unexpected(Problem{400, "bad_json",
                                   "the body is not JSON: " + failed.message() + where,
                                   "Mend the JSON there (RFC 8259)", place});
  }
  json::value value = parser.release();
  if (!value.is_object()) {
    return std::unexpected(Problem{400, "bad_json", "the body is not a JSON object", "Send {...}"});
  }
  return std::move(value.get_object());
}

}  // namespace dockline::server::api
