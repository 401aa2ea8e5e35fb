#include "server/stock/places.hpp"

#include <array>

namespace dockline::server::stock {
namespace {

constexpr std::array kKinds = {PlaceKind::shelf,      PlaceKind::staging, PlaceKind::packed,
                               PlaceKind::quarantine, PlaceKind::damaged, PlaceKind::transit};

}  // namespace

std::string_view name(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::shelf:
      return "shelf";
    case PlaceKind::staging:
      return "staging";
    case PlaceKind::packed:
      return "packed";
    case PlaceKind::quarantine:
      return "quarantine";
    case PlaceKind::damaged:
      return "damaged";
    case PlaceKind::transit:
      return "transit";
  }
  return "";
}

std::string place(std::string_view site, PlaceKind kind) {
  return std::string(site).append("/").append(name(kind));
}

std::optional<PlaceKind> kind_of(std::string_view place) {
  const auto slash = place.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  for (const auto kind : kKinds) {
    if (place.substr(slash + 1) == name(kind)) return kind;
  }
  return std::nullopt;
}

bool sellable(PlaceKind kind) { return kind == PlaceKind::shelf; }

}  // namespace dockline::server::stock
