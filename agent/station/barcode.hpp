// What a scanned symbol may stand for. Pure text work: GTIN in all its lengths, GS1 element strings
// as far as an item or a parcel is named by them, SSCC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/domain/types.hpp"

namespace dockline::agent::station {

// Modulo 10, weights 3 1 3 ... from the right (GTIN-8/12/13/14, SSCC). Digits only.
[[nodiscard]] bool check_digit_fits(std::string_view digits);

// The key under which barcodes of items are compared: a GTIN of any length as 14 digits, a GS1
// symbol or Digital Link by its (01) GTIN, anything else as it is.
[[nodiscard]] std::string item_key(std::string_view data, std::string_view symbology = {});

// What a GS1 symbol or Digital Link says of the pieces beside their GTIN: (10) lot, (21) serial,
// (17) expiry. They are good until the end of that day, UTC; day 00 is the month's last. A year's
// century is the one nearest to `now_ms`. Nothing: it names none of them, or one of them cannot be.
[[nodiscard]] std::optional<domain::Lot> lot_in(std::string_view data, std::string_view symbology,
                                                std::int64_t now_ms);

// The 18 digits of an SSCC, plain, with "00" in front or as a GS1-128 symbol.
[[nodiscard]] std::optional<std::string> sscc_in(std::string_view data,
                                                 std::string_view symbology = {});

struct LabelNumbers {
  std::string_view tracking;
  std::string_view sscc;
};
// Is this scan that label's tracking number (case ignored) or SSCC?
[[nodiscard]] bool is_label(const LabelNumbers& label, std::string_view data,
                            std::string_view symbology);
// Does it have the form of a label of ours, whichever?
[[nodiscard]] bool looks_like_label(std::string_view data, std::string_view symbology);

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace dockline::agent::station
