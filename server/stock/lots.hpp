// Why pieces of a lot are not sold: where they lie, whose they are, when they expire. Which lot
// goes first is server/store/lot_book. Pure; any thread. Wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/stock/places.hpp"

namespace dockline::server::stock {

enum class Ownership {
  own,
  consignment,  // a supplier's until it is sold; sold like our own
  customer,     // a customer's: for that customer alone
};
// As facts write it; what they do not know is our own.
[[nodiscard]] Ownership ownership_of(std::string_view name);

struct Lot {
  PlaceKind kind = PlaceKind::shelf;
  std::optional<std::int64_t> expires_ms;
  Ownership ownership = Ownership::own;
  std::string owner;  // of consignment and of a customer's
};
// Why it may not be sold to anybody at that moment; empty when it may.
[[nodiscard]] std::string withheld(const Lot& lot, std::int64_t now_ms);

}  // namespace dockline::server::stock
