// The check digit of GS1 numbers (GTIN-8/12/13/14, SSCC): modulo 10, weights 3 1 3 ... from the
// right (GS1 General Specifications, section 7.9). The one place of the house. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace dockline::base {

// Of the digits that stand before it. Nothing: there are none, or something else is among them.
[[nodiscard]] std::optional<char> gs1_check_digit(std::string_view digits);
// Whether the last digit is the check digit of the others.
[[nodiscard]] bool gs1_check_fits(std::string_view digits);

}  // namespace dockline::base
