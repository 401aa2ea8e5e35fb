// What is wrong with items, bar codes, listings and kits, before go-live and ever after: each
// finding with its place and its remedy. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/kits.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::stock {

// The gravest first: what keeps goods from being sold, then what costs a packer time.
enum class Flaw {
  duplicate_sku,  // two items whose SKUs are one in normal form
  listing_without_sku,
  listing_of_unknown_sku,
  shared_sku,         // two listings of one channel and place with one SKU
  shared_barcode,     // one bar code on two SKUs
  unknown_part,       // of a kit
  wrong_kit,          // recipes that contradict themselves; nothing more is checked of kits
  no_barcode,         // the packer has nothing to scan
  wrong_check_digit,  // of the length of a GTIN, but it is none
  look_alike_sku,     // people take one for the other (look_alike.hpp)
  no_weight,          // the weight of a box cannot be checked
};
inline constexpr int kFlaws = static_cast<int>(Flaw::no_weight) + 1;
[[nodiscard]] std::string_view name(Flaw flaw);
[[nodiscard]] std::optional<Flaw> flaw_named(std::string_view name);

struct Listing {
  std::string channel, id, sku, title;  // SKU as it is written there
  std::string location;                 // "" when it is one for all places of the channel
  bool known = false;                   // an item has its SKU, be it none of those given here
  std::int64_t seen_ms = 0;             // wall clock: shown so since; 0: not known
};
struct Catalogue {
  std::span<const domain::Item> items;
  std::span<const Listing> listings;
  std::span<const Recipe> kits;  // a kit needs no bar code and no weight of its own
};
// The rules of the house, so that there is one of each: orders::normal_sku and
// fleet::gs1_check_digit.
struct Rules {
  std::string (*normal_sku)(std::string_view sku) = nullptr;
  char (*check_digit)(std::string_view digits_before_it) = nullptr;
};

struct Finding {
  Flaw flaw = Flaw::no_barcode;
  std::string place;   // "item MUG", "listing 17 of shop", "kit TEASET"
  std::string detail;  // what is wrong there
  std::string remedy;
  std::int64_t seen_ms = 0;  // of a listing: shown so since; else 0
};
// The gravest first, then in the order of the catalogue.
[[nodiscard]] std::vector<Finding> report(const Catalogue& catalogue, const Rules& rules);

// 8, 12, 13 or 14 digits of which the last is not the check digit of the others.
[[nodiscard]] bool wrong_check_digit(std::string_view code, const Rules& rules);

}  // namespace dockline::server::stock
