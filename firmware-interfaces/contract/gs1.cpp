#include "firmware-interfaces/contract/gs1.hpp"

#include <algorithm>

#include "shared/base/gs1.hpp"

namespace dockline::firmware::gs1 {
namespace {

bool all_digits(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<char> check_digit(std::string_view digits) { return base::gs1_check_digit(digits); }

bool has_right_check_digit(std::string_view digits) { return base::gs1_check_fits(digits); }

std::optional<std::string> gtin14(std::string_view digits) {
  const auto n = digits.size();
  if ((n != 8 && n != 12 && n != 13 && n != 14) || !has_right_check_digit(digits)) {
    return std::nullopt;
  }
  return std::string(14 - n, '0').append(digits);
}

std::optional<std::string> upc_a(std::string_view upc_e) {
  if (upc_e.size() != 8 || !all_digits(upc_e) || (upc_e[0] != '0' && upc_e[0] != '1')) {
    return std::nullopt;
  }
  const std::string d(upc_e.substr(1, 6));
  std::string a(1, upc_e[0]);
  switch (d[5]) {
    case '0':
    case '1':
    case '2':
      a += d.substr(0, 2) + d[5] + "0000" + d.substr(2, 3);
      break;
    case '3':
      a += d.substr(0, 3) + "00000" + d.substr(3, 2);
      break;
    case '4':
      a += d.substr(0, 4) + "00000" + d[4];
      break;
    default:
      a += d.substr(0, 5) + "0000" + d[5];
      break;
  }
  a += upc_e[7];
  return has_right_check_digit(a) ? std::optional(a) : std::nullopt;
}

bool is_sscc(std::string_view digits) {
  return digits.size() == 18 && has_right_check_digit(digits);
}

}  // namespace dockline::firmware::gs1
