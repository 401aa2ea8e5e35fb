#include "server/api/measured.hpp"

#include "server/api/fields.hpp"
#include "server/orders/intake.hpp"
#include "server/stock/units_of_measure.hpp"
#include "server/store/reader_items.hpp"

namespace dockline::server::api {
namespace {

std::string_view text(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                : std::string_view();
}

std::expected<void, Problem> convert(store::Reader& reader, json::object& object,
                                     std::string_view sku, const std::string& path) {
  const auto* named = object.if_contains("unit");
  if (named == nullptr || named->is_null()) return {};
  const std::string unit(text(object, "unit"));
  if (unit.empty()) {
    return std::unexpected(Problem{422, "refused", path + "unit must be a text",
                                   "Send a unit of the item, or leave it out", path + "unit"});
  }
  if (!text(object, "code").empty()) {
    return std::unexpected(Problem{422, "refused", path + "unit stands beside a bar code",
                                   "The code says its unit: leave `unit` out, or name the SKU",
                                   path + "unit"});
  }
  if (!text(object, "sku").empty()) sku = text(object, "sku");
  if (sku.empty()) return {};
  const auto known = orders::normal_sku(sku);
  const auto said = store::item_said(reader, known);
  if (!said) return std::unexpected(to_problem(said.error()));
  const stock::Measures measures(known, said->barcodes);
  for (const auto* key : {"quantity", "damaged", "counted"}) {
    auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_int64()) continue;
    const auto pieces = measures.pieces(unit, value->get_int64());
    if (!pieces) {
      return std::unexpected(Problem{422, "refused", pieces.error().detail,
                                     "GET /api/v1/stock/{sku} names its units", path + "unit"});
    }
    *value = *pieces;
  }
  object.erase("unit");
  return {};
}

}  // namespace

std::expected<std::string, Problem> in_pieces(store::Reader& reader, std::string_view body,
                                              std::string_view sku) {
  if (body.find("\"unit\"") == std::string_view::npos) return std::string(body);
  auto object = parse_object(body);
  if (!object) return std::string(body);
  if (auto done = convert(reader, *object, sku, ""); !done) return std::unexpected(done.error());
  auto* lines = object->if_contains("lines");
  if (lines != nullptr && lines->is_array() &&
      lines->get_array().size() <= limits::kOrderLinesMax) {
    std::size_t at = 0;
    for (auto& line : lines->get_array()) {
      const auto path = "lines[" + std::to_string(at++) + "].";
      if (!line.is_object()) continue;
      if (auto done = convert(reader, line.get_object(), "", path); !done) {
        return std::unexpected(done.error());
      }
    }
  }
  return json::serialize(*object);
}

}  // namespace dockline::server::api
