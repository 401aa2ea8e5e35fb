// What people ask of an order's life (inputs.hpp has the rest).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server {

// It stands still from now on: reason person, buyer_asked, payment or value.
struct HoldOrder {
  std::string order, reason = "person", about, what, by;
};
// Releases the open holds of a reason and subject; empty: of all.
struct ReleaseHold {
  std::string order, reason, about, why, by;
};

// What is absent stays as it was. Pieces are those wanted from now on; line 0: a new line.
struct AmendLine {
  std::int64_t line = 0, quantity = 0;
  std::string sku, title;
  std::optional<std::int64_t> unit_price_minor;
  std::optional<std::string> external_id;
};
struct AmendOrder {
  std::string order;
  std::vector<AmendLine> lines;
  std::optional<domain::Address> ship_to;
  std::optional<std::int64_t> promised_ms;
  std::optional<bool> vip;
  std::string why, by;
  bool by_channel = false;  // its channel shows it so: its own goods may change
};

// These pieces go in a parcel of their own.
struct SplitOrder {
  std::string order;
  std::vector<std::pair<std::int64_t, std::int64_t>> lines;  // (line, pieces)
  std::string why, by;
};

// How many pieces may be sold that are not there; ended: any number.
struct SetBackorder {
  std::string sku;
  std::int64_t most = 0;
  bool preorder = false;
  std::int64_t released_ms = 0, preorder_most = 0;
  bool ended = false;
  std::string why, by;
};

}  // namespace dockline::server
