// A shipping label as a document, and its ZPL: 4 x 6 inch at 203 dpi (812 x 1218 dots). What is on
// it and where is data: templates/shipping-4x6.zpl. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::agent::labels {

struct LabelPiece {
  std::string sku;
  std::string title;
  domain::Quantity quantity = 0;
};

struct LabelDocument {
  std::string order_number;  // what people and barcodes say
  std::string sender;        // site title; may be empty
  domain::Address ship_to;
  domain::ShippingLabel label;
  std::vector<LabelPiece> pieces;  // what is in the box
  std::int64_t attempt = 1;        // of this label: 2.. print the mark "COPY n-1"
};

// One format, ^XA to ^XZ. Any text prints as text, whatever it holds; long text is wrapped and cut.
// Fault::reject when the label could not be scanned or sent: order number or tracking number empty,
// too long or not ASCII, SSCC not 18 digits with a right check digit.
[[nodiscard]] base::Result<std::string> to_zpl(const LabelDocument& document);

}  // namespace dockline::agent::labels
