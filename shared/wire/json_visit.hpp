// JSON writer, strict reader and schema maker over the visit() lists. Includes Boost.JSON, so only
// .cpp files of shared/wire and server/channels include it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/json.hpp>

#include "shared/base/bytes.hpp"

namespace dockline::wire::detail {

namespace json = boost::json;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

// ---------------------------------------------------------------- write
class Writer {
 public:
  explicit Writer(json::object& out) : out_(out) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    if constexpr (IsOptional<T>::value) {
      if (value) (*this)(key, *value);
    } else {
      out_.emplace(key, to_value(value, out_.storage()));
    }
  }

  // The tree lies where `memory` says: a value of another memory would be copied into its parent.
  template <class T>
  static json::value to_value(const T& value, const json::storage_ptr& memory = {}) {
    if constexpr (IsVector<T>::value) {
      json::array array(memory);
      array.reserve(value.size());
      for (const auto& element : value) array.push_back(to_value(element, memory));
      return array;
    } else if constexpr (std::is_same_v<T, std::string> || std::is_arithmetic_v<T>) {
      return json::value(value, memory);
    } else {
      json::object object(memory);
      Writer writer(object);
      T::visit(value, writer);
      return object;
    }
  }

 private:
  json::object& out_;
};

// ---------------------------------------------------------------- strict read
// The first problem is kept, with its path ("data.lines[2].quantity: a whole number is needed"). A
// place is a chain of views on the stack: its text is made only for a problem.
struct Place {
  const Place* above = nullptr;
  std::string_view key;   // a member of `above`, or the first word of the path
  std::size_t index = 0;  // an element of `above`, when there is no key

  [[nodiscard]] std::string text() const {
    if (above == nullptr) return std::string(key);
    if (key.empty()) return above->text() + "[" + std::to_string(index) + "]";
    return above->text().append(".").append(key);
  }
};

class Reader {
 public:
  Reader(const json::object& in, std::string_view name, std::string& problem)
      : in_(in), own_{nullptr, name, 0}, place_(&own_), problem_(problem) {}
  Reader(const json::object& in, const Place& place, std::string& problem)
      : in_(in), place_(&place), problem_(problem) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (!problem_.empty()) return;
    const json::value* found = in_.if_contains(key);
    const Place place{place_, key, 0};
    if constexpr (IsOptional<T>::value) {
      if (found == nullptr || found->is_null()) return;
      read(*found, value.emplace(), place, problem_);
    } else if (found == nullptr) {
      problem_ = place.text() + ": missing";
    } else {
      read(*found, value, place, problem_);
    }
  }

  template <class T>
  static void read(const json::value& in, T& out, const Place& place, std::string& problem) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!in.is_string()) {
        problem = place.text() + ": a text is needed";
      } else {
        out.assign(in.get_string().data(), in.get_string().size());
      }
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!in.is_bool())
        problem = place.text() + ": true or false is needed";
      else
        out = in.get_bool();
    } else if constexpr (std::is_integral_v<T>) {
      boost::system::error_code failed;
      out = in.to_number<T>(failed);
      if (failed || in.is_double()) problem = place.text() + ": a whole number is needed";
    } else if constexpr (IsVector<T>::value) {
      read_array(in, out, place, problem);
    } else {
      if (!in.is_object()) {
        problem = place.text() + ": an object is needed";
        return;
      }
      Reader reader(in.get_object(), place, problem);
      T::visit(out, reader);
    }
  }

 private:
  template <class T>
  static void read_array(const json::value& in, std::vector<T>& out, const Place& place,
                         std::string& problem) {
    if (!in.is_array()) {
      problem = place.text() + ": a list is needed";
      return;
    }
    out.reserve(in.get_array().size());
    for (std::size_t i = 0; i < in.get_array().size() && problem.empty(); ++i) {
      read(in.get_array()[i], out.emplace_back(), Place{&place, {}, i}, problem);
    }
  }

  const json::object& in_;
  Place own_;
  const Place* place_;
  std::string& problem_;
};

// ---------------------------------------------------------------- JSON Schema 2020-12
class SchemaMaker {
 public:
  template <class T>
  void operator()(std::string_view key, const T& value) {
    if constexpr (IsOptional<T>::value) {
      properties_.emplace(key, describe(typename T::value_type{}));
    } else {
      properties_.emplace(key, describe(value));
      required_.emplace_back(key);
    }
  }

  template <class T>
  static json::value describe(const T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      return json::object{{"type", "string"}};
    } else if constexpr (std::is_same_v<T, bool>) {
      return json::object{{"type", "boolean"}};
    } else if constexpr (std::is_integral_v<T>) {
      return json::object{{"type", "integer"}};
    } else if constexpr (IsVector<T>::value) {
      return json::object{{"type", "array"}, {"items", describe(typename T::value_type{})}};
    } else {
      SchemaMaker maker;
      T::visit(value, maker);
      return json::object{{"type", "object"},
                          {"properties", std::move(maker.properties_)},
                          {"required", std::move(maker.required_)}};
    }
  }

 private:
  json::object properties_;
  json::array required_;
};

}  // namespace dockline::wire::detail
