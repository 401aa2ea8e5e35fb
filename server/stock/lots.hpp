// Which pieces are taken: lots, serials, expiry, ownership. First expired, first out; what is
// expired, or would be too soon, is never chosen, nor is what belongs to somebody else or lies
// where nothing is sold from. Pure; any thread. Wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/bounds.hpp"
#include "server/stock/places.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

enum class Ownership {
  own,
  consignment,  // a supplier's until it is sold; sold like our own
  customer,     // a customer's: for that customer alone
};
[[nodiscard]] std::string_view name(Ownership ownership);

// Pieces of one SKU that are alike: same lot, serial, expiry, owner and place.
struct Lot {
  std::string sku, site;
  PlaceKind kind = PlaceKind::shelf;
  std::string bin;
  std::string lot;     // may be empty
  std::string serial;  // empty, or these are at most one piece
  std::optional<std::int64_t> expires_ms;
  Ownership ownership = Ownership::own;
  std::string owner;  // of consignment and of a customer's
  Quantity pieces = 0;
  std::int64_t received_ms = 0;
};

struct LotNeed {
  std::string sku, site;
  Quantity pieces = 0;
  std::string customer;        // who gets them; may be empty
  std::int64_t ships_ms = 0;   // when they leave
  std::int64_t days_min = 0;   // that must be left until they expire, when they leave
  bool expiry_needed = false;  // of an item with expiry: pieces without one are not sold
};

struct Take {
  std::string lot, serial, bin;
  std::optional<std::int64_t> expires_ms;
  Quantity pieces = 0;
};
// Pieces of the SKU at the site that may not be sold to this need.
struct Withheld {
  std::string lot, serial, bin;
  Quantity pieces = 0;
  std::string why;
};
struct Choice {
  std::vector<Take> taken;
  Quantity shortage = 0;  // taken pieces and shortage sum to the need, always
  std::vector<Withheld> withheld;
};
// Earliest expiry first, then without expiry; among equals the oldest received, then lot, serial
// and bin by name. Fault::reject: the need is not within 1 to kPiecesMax; days_min below zero; a
// lot with a serial and more than one piece. Pieces below zero are as good as none.
[[nodiscard]] base::Result<Choice> choose(std::span<const Lot> lots, const LotNeed& need);

// Why a lot may not be sold to a need; empty when it may.
[[nodiscard]] std::string withheld(const Lot& lot, const LotNeed& need);
// Pieces of a lot list that could be sold to a need, beyond what it asks for.
[[nodiscard]] Quantity sellable_pieces(std::span<const Lot> lots, const LotNeed& need);

// One serial of a SKU that is at two places, or twice at one.
struct SerialConflict {
  std::string sku, serial;
  std::vector<std::string> places;  // "site/kind" and bin, each where pieces of it are
  std::string remedy;
};
[[nodiscard]] std::vector<SerialConflict> serial_conflicts(std::span<const Lot> lots);

}  // namespace dockline::server::stock
