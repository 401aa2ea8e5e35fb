// GS1 numbers: check digits, GTIN in its stored form, SSCC. Pure functions over digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockline::firmware::gs1 {

// Modulo 10, weights 3, 1, 3... from the right, over the digits before the check digit. Empty when
// `digits` is empty or holds anything else.
[[nodiscard]] std::optional<char> check_digit(std::string_view digits);
// All digits, and the last one is the check digit of the rest.
[[nodiscard]] bool has_right_check_digit(std::string_view digits);
// GTIN-8, -12, -13 or -14 with a right check digit, as 14 digits; else empty.
[[nodiscard]] std::optional<std::string> gtin14(std::string_view digits);
// UPC-E (number system, six digits, check digit) as the UPC-A it stands for; else empty.
[[nodiscard]] std::optional<std::string> upc_a(std::string_view upc_e);
// 18 digits, right check digit.
[[nodiscard]] bool is_sscc(std::string_view digits);

}  // namespace dockline::firmware::gs1
