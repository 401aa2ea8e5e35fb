// Kinds of place at a site, and what may be sold from them. The names are those of the ledger
// (shared/ledger); staging, quarantine, damaged and transit are the ones it does not know yet.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockline::server::stock {

enum class PlaceKind {
  shelf,
  staging,     // picked or received, not yet put away
  packed,      // in a box for a buyer
  quarantine,  // waits for a decision
  damaged,
  transit,  // sent by another site, not yet received here
};
// "<site>/shelf", "<site>/transit", ...
[[nodiscard]] std::string place(std::string_view site, PlaceKind kind);
[[nodiscard]] std::string_view name(PlaceKind kind);
// Nothing for a virtual place, and for a text that names none.
[[nodiscard]] std::optional<PlaceKind> kind_of(std::string_view place);
// Only what lies on the shelf: staging is on its way there, the rest is spoken for or unfit.
[[nodiscard]] bool sellable(PlaceKind kind);

}  // namespace dockline::server::stock
