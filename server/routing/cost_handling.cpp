// What picking and packing costs at this site.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kUnknownParcel, kUnknownPiece };
constexpr Parameter kParameters[] = {
    {"unknown_parcel_minor", 150, "a parcel, where the site's cost is not known"},
    {"unknown_piece_minor", 30, "a piece, where the site's cost is not known"}};

Minor once(const Ask&, const Site& site, const Service*, Values values) {
  return clamped(site.handling_parcel_minor.value_or(values[kUnknownParcel]));
}
Minor piece(const Ask&, const Site& site, Values values) {
  return clamped(site.handling_piece_minor.value_or(values[kUnknownPiece]));
}

std::string say(const Spoken& about) {
  std::string text = "packing " + std::to_string(about.load.pieces) + " pieces";
  const bool known = about.site.handling_parcel_minor && about.site.handling_piece_minor;
  return known ? text : text + ": its cost there is assumed";
}

}  // namespace

Rule cost_handling() {
  return {.name = "handling",
          .kind = Rule::Kind::cost,
          .parameters = kParameters,
          .say = say,
          .asks = kAsksPlace,
          .cash = true,
          .once = once,
          .piece = piece};
}

}  // namespace dockline::server::routing
