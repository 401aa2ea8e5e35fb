// A delivery that was announced (ASN) held against what was received: too much, too little, the
// wrong goods, goods nobody knows. Reality is booked as it is received; this says what is to be
// settled with the supplier. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

struct ExpectedLine {
  std::int64_t line = 0;
  std::string sku;
  Quantity pieces = 0;
};
struct Delivery {
  std::string id, supplier, site;
  std::int64_t expected_ms = 0;  // wall clock; 0: no date was given
  std::vector<ExpectedLine> lines;
  bool closed = false;  // a person or the station said: nothing more will come
};
// One fact of receiving. `sku` is empty when the scanned code belongs to no item.
struct Receipt {
  std::string id;  // of the event: the same one twice counts once
  std::string sku, code;
  Quantity pieces = 0;
  Quantity damaged = 0;  // of the pieces
};

enum class LineState { expected, partly, complete, under, over };
enum class DeliveryState { expected, overdue, arriving, complete, differs };
[[nodiscard]] std::string_view name(LineState state);
[[nodiscard]] std::string_view name(DeliveryState state);

struct LineOutcome {
  std::int64_t line = 0;
  std::string sku;
  Quantity expected = 0, received = 0, damaged = 0;
  LineState state = LineState::expected;
  std::string remedy;  // empty when all is well
};
// Received, but on no line.
struct Stranger {
  std::string sku, code;
  Quantity pieces = 0, damaged = 0;
  bool known = false;  // an item of ours: wrong goods; else nobody knows it
  std::string remedy;
};
struct Outcome {
  DeliveryState state = DeliveryState::expected;
  std::vector<LineOutcome> lines;   // as the delivery has them
  std::vector<Stranger> strangers;  // by SKU, then code
};
// Pieces fill the lines of their SKU in order, the last of them takes what is too much. Pieces of
// lines and strangers sum to those of the receipts. A line is "under" only when the delivery is
// closed; "complete" lines with damaged pieces make the delivery differ too.
// Fault::reject: a line without SKU or pieces, a line number twice, receipts out of bounds.
// Fault::conflict: two receipts with one id and other contents.
[[nodiscard]] base::Result<Outcome> compare(const Delivery& delivery,
                                            std::span<const Receipt> receipts, std::int64_t now_ms);

}  // namespace dockline::server::stock
