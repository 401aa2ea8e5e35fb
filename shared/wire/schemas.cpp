#include <type_traits>

#include "shared/wire/event.hpp"
#include "shared/wire/json_visit.hpp"

namespace dockline::wire {
namespace {

namespace json = boost::json;

// Boost.JSON writes no indentation; schemas are read by people.
void pretty(const json::value& value, std::string& out, std::size_t depth) {
  const std::string pad(depth * 2 + 2, ' ');
  if (value.is_object() && !value.get_object().empty()) {
    out += "{\n";
    bool first = true;
    for (const auto& [key, member] : value.get_object()) {
      out += (first ? "" : ",\n") + pad + json::serialize(json::string(key)) + ": ";
      pretty(member, out, depth + 1);
      first = false;
    }
    out += "\n" + std::string(depth * 2, ' ') + "}";
  } else {
    out += json::serialize(value);
  }
}

template <class T>
SchemaFile schema_of() {
  auto described = detail::SchemaMaker::describe(T{}).as_object();
  json::object schema{
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"$id", "urn:dockline:event:" + std::string(T::kType)},
      {"title", T::kType},
  };
  for (auto& [key, member] : described) schema.emplace(key, std::move(member));
  std::string out;
  pretty(schema, out, 0);
  return {std::string(T::kType) + ".json", out + "\n"};
}

template <std::size_t... I>
std::vector<SchemaFile> all(std::index_sequence<I...>) {
  return {schema_of<std::variant_alternative_t<I + 1, EventData>>()...};
}

}  // namespace

std::vector<SchemaFile> schemas() {
  return all(std::make_index_sequence<std::variant_size_v<EventData> - 1>{});
}

}  // namespace dockline::wire
