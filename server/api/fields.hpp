// Fields out of a JSON body, strictly. Private to server/api and its topics; includes Boost.JSON.
#pragma once

#include <algorithm>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "server/api/http_types.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::api {

namespace json = boost::json;
namespace limits = base::limits;

constexpr std::size_t kCodeBytesMax = 100;  // order numbers, SKUs, barcodes, places
constexpr std::int64_t kMoneyMax = 1'000'000'000'000;
constexpr std::int64_t kWallMsMax = 253'402'300'799'999;  // end of year 9999

// The body as an object, or the place of the wrong byte.
[[nodiscard]] std::expected<json::object, Problem> parse_object(std::string_view body);

// Takes fields out of one object. The first problem is kept; reading goes on harmlessly.
class Fields {
 public:
  Fields(const json::object& in, std::string path, Problem& problem)
      : in_(in), path_(std::move(path)), problem_(problem) {}

  // At the end: any field that nobody asked for is a typo.
  void only(std::initializer_list<std::string_view> known) {
    for (const auto& field : in_) {
      if (std::find(known.begin(), known.end(), std::string_view(field.key())) != known.end()) {
        continue;
      }
      std::string all;
      for (const auto name : known) all += (all.empty() ? "" : ", ") + std::string(name);
      refuse(at(field.key()), "is not known here", "Known: " + all);
    }
  }

  std::string text(std::string_view name, std::size_t bytes_min,
                   std::size_t bytes_max = limits::kTextBytesMax) {
    return maybe_text(name, bytes_min, bytes_max, true).value_or("");
  }
  std::optional<std::string> maybe_text(std::string_view name, std::size_t bytes_min = 0,
                                        std::size_t bytes_max = limits::kTextBytesMax,
                                        bool needed = false) {
    const json::value* found = member(name, needed && bytes_min > 0);
    if (found == nullptr) return std::nullopt;
    if (!found->is_string()) {
      refuse(at(name), "must be a text", "Put it in quotes");
      return std::nullopt;
    }
    const std::string value(found->get_string());
    if (value.size() < bytes_min || value.size() > bytes_max) {
      refuse(at(name), "has " + std::to_string(value.size()) + " bytes",
             std::to_string(bytes_min) + " to " + std::to_string(bytes_max) + " are allowed");
    }
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
      refuse(at(name), "holds a control character", "Send printable text in one line");
    }
    return value;
  }

  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max) {
    return maybe_integer(name, min, max, true).value_or(0);
  }
  std::optional<std::int64_t> maybe_integer(std::string_view name, std::int64_t min,
                                            std::int64_t max, bool needed = false) {
    const json::value* found = member(name, needed);
    if (found == nullptr) return std::nullopt;
    json::error_code failed;
    const auto value = found->to_number<std::int64_t>(failed);
    if (failed || found->is_double()) {
      refuse(at(name), "must be a whole number", "Send digits without quotes or fraction");
      return std::nullopt;
    }
    if (value < min || value > max) {
      refuse(at(name), "is " + std::to_string(value),
             std::to_string(min) + " to " + std::to_string(max) + " is allowed");
    }
    return value;
  }

  bool boolean(std::string_view name) {
    const json::value* found = member(name, true);
    if (found == nullptr) return false;
    if (found->is_bool()) return found->get_bool();
    refuse(at(name), "must be true or false", "Send true or false without quotes");
    return false;
  }

  std::optional<bool> maybe_yes(std::string_view name) {
    if (member(name, false) == nullptr) return std::nullopt;
    return boolean(name);
  }

  // A list of texts.
  std::vector<std::string> texts(std::string_view name, std::size_t least, std::size_t most) {
    std::vector<std::string> out;
    const json::value* found = member(name, true);
    if (found == nullptr) return out;
    const bool fits = found->is_array() && found->get_array().size() >= least &&
                      found->get_array().size() <= most;
    if (!fits) {
      refuse(at(name), "must be a list",
             "Send [...] with " + std::to_string(least) + " to " + std::to_string(most) + " texts");
      return out;
    }
    for (const auto& one : found->get_array()) {
      const bool fine =
          one.is_string() && !one.get_string().empty() && one.get_string().size() <= kCodeBytesMax;
      if (!fine) refuse(at(name), "holds what is no text of 1 to 100 bytes", "Put it in quotes");
      if (fine) out.emplace_back(one.get_string());
    }
    return out;
  }

  // A text of many lines, as in a file.
  std::string lines(std::string_view name) {
    const json::value* found = member(name, true);
    if (found == nullptr) return "";
    if (found->is_string()) return std::string(found->get_string());
    refuse(at(name), "must be a text", "Put it in quotes");
    return "";
  }

  // Calls read(Fields&) for each object of the list.
  template <class Read>
  void list(std::string_view name, std::size_t least, std::size_t most, Read read) {
    const json::value* found = member(name, least > 0);
    if (found == nullptr) return;
    if (!found->is_array()) return refuse(at(name), "must be a list", "Send [...]");
    const auto& array = found->get_array();
    if (array.size() < least || array.size() > most) {
      return refuse(at(name), "has " + std::to_string(array.size()) + " entries",
                    std::to_string(least) + " to " + std::to_string(most) + " are allowed");
    }
    for (std::size_t i = 0; i < array.size(); ++i) {
      std::string where = at(name) + "[" + std::to_string(i) + "]";
      if (!array[i].is_object()) return refuse(where, "must be an object", "Send {...}");
      Fields inner(array[i].get_object(), where, problem_);
      read(inner);
    }
  }
  template <class Read>
  void object(std::string_view name, bool needed, Read read) {
    const json::value* found = member(name, needed);
    if (found == nullptr) return;
    if (!found->is_object()) return refuse(at(name), "must be an object", "Send {...}");
    Fields inner(found->get_object(), at(name), problem_);
    read(inner);
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& field : in_) out.emplace_back(field.key());
    return out;
  }

 private:
  [[nodiscard]] std::string at(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }
  const json::value* member(std::string_view name, bool needed) {
    const json::value* found = in_.if_contains(name);
    if (found != nullptr && !found->is_null()) return found;
    if (needed) refuse(at(name), "is missing", "Add it");
    return nullptr;
  }
  void refuse(const std::string& where, const std::string& what, std::string remedy) {
    if (problem_.code.empty()) {
      problem_ = {422, "refused", where + " " + what, std::move(remedy), where};
    }
  }

  const json::object& in_;
  std::string path_;
  Problem& problem_;
};

// Parses, reads, and gives the command or the first problem.
template <class Command, class Read>
std::expected<Command, Problem> read_body(std::string_view body, Command command, Read read) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  Problem problem;
  Fields fields(*object, "", problem);
  read(fields, command);
  if (!problem.code.empty()) return std::unexpected(std::move(problem));
  return command;
}

}  // namespace dockline::server::api
