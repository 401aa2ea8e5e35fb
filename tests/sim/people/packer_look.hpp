// Private to tests/sim/people: the page as a packer reads it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "tests/sim/people/packer.hpp"

namespace dockline::sim {

namespace json = boost::json;

inline std::string text(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}
inline std::int64_t number(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_int64() ? v->as_int64() : 0;
}

// The page as a person reads it.
struct Packer::Look {
  explicit Look(const std::string& view)
      : page(
            json::parse(view, json::make_shared_resource<json::monotonic_resource>()).as_object()) {
    const auto& b = page.at("banner").as_object();
    banner = text(b, "id");
    if (banner == "qty") several = std::atoll(text(b.at("p").as_object(), "digits").c_str());
    body = &page.at("body").as_object();
    kind = text(*body, "kind");
    if (const auto* o = page.at("order").if_object()) {
      order = text(*o, "number");
      pieces_done = number(*o, "pieces_done");
    }
  }
  [[nodiscard]] std::vector<const json::object*> rows(std::string_view key) const {
    std::vector<const json::object*> out;
    if (const auto* list = body->if_contains(key)) {
      for (const auto& row : list->as_array()) out.push_back(&row.as_object());
    }
    return out;
  }
  [[nodiscard]] bool offers(std::string_view command) const {
    for (const auto& slot : page.at("commands").as_array()) {
      if (slot.is_string() && slot.as_string() == command) return true;
    }
    return false;
  }
  // "closed 4711" stands among the last actions.
  [[nodiscard]] bool did(std::string_view kind_of, const std::string& order_number) const {
    for (const auto& action : page.at("actions").as_array()) {
      const auto& a = action.as_object();
      if (text(a, "kind") == kind_of && text(a.at("p").as_object(), "number") == order_number) {
        return true;
      }
    }
    return false;
  }

  json::object page;
  const json::object* body = nullptr;
  std::string banner, kind, order;
  std::int64_t pieces_done = 0;
  std::int64_t several = -1;  // so many pieces the next scan counts; 0: no digits yet; -1: one
};

}  // namespace dockline::sim
