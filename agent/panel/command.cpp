#include "agent/panel/command.hpp"

#include <boost/json.hpp>

namespace dockline::agent::panel {
namespace {

constexpr std::size_t kTextMax = 200;  // nobody types a longer code

}  // namespace

std::optional<FromPage> parse_from_page(std::string_view message) {
  namespace json = boost::json;
  boost::system::error_code failed;
  json::parse_options options;
  options.max_depth = 4;
  const auto value = json::parse(message, failed, {}, options);
  if (failed || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  const auto text = [&](std::string_view key) -> std::string {
    const auto* found = object.if_contains(key);
    if (found == nullptr || !found->is_string() || found->get_string().size() > kTextMax) return {};
    return std::string(found->get_string());
  };
  const std::string what = text("do");
  FromPage out;
  if (what == "unknown-keys") {
    out.what = FromPage::Do::unknown_keys;
    return out;
  }
  if (what == "command") {
    out.text = text("command");
  } else if (what == "type") {
    out.what = FromPage::Do::type;
    out.text = text("text");
  } else if (what == "undo") {
    out.what = FromPage::Do::undo;
    out.text = text("action");
  } else {
    return std::nullopt;
  }
  if (out.text.empty()) return std::nullopt;
  return out;
}

}  // namespace dockline::agent::panel
